#include "engine/check/check.hpp"

#include <algorithm>

namespace posterior::check {

std::string_view to_string(result r) {
  switch (r) {
  case result::ok:
    return "ok";
  case result::warn:
    return "warn";
  case result::fail:
    return "fail";
  case result::skip:
    return "skip";
  case result::crash:
    return "crash";
  }
  return "crash";
}

void verdict::fault(place where, std::string text, std::string hint) {
  notes_.push_back({severity::error, "", std::move(where), std::move(text), std::move(hint)});
}

void verdict::warn(place where, std::string text, std::string hint) {
  notes_.push_back({severity::warning, "", std::move(where), std::move(text), std::move(hint)});
}

void verdict::crash(place where, std::string text, std::string hint) {
  crashed_ = true;
  fault(std::move(where), std::move(text), std::move(hint));
}

void verdict::skip(std::string reason) {
  skipped_ = true;
  reason_ = std::move(reason);
}

void verdict::take(const diagnostic& d) {
  if (d.level != severity::note)
    notes_.push_back(d);
}

result verdict::how() const {
  if (crashed_)
    return result::crash;
  if (has_errors(notes_))
    return result::fail;
  if (skipped_)
    return result::skip;
  return notes_.empty() ? result::ok : result::warn;
}

std::vector<spec> all_checks() {
  std::vector<spec> out;
  for (const auto& part : {bundle_checks(), knowledge_checks(), binary_checks(), load_checks(),
                           behaviour_checks(), document_checks()})
    out.insert(out.end(), part.begin(), part.end());
  return out;
}

} // namespace posterior::check
