#include "engine/host/supervisor.hpp"

#include <algorithm>
#include <utility>

namespace posterior::host {
namespace {

const std::string& digest_of(const detector_spec& spec) {
  return !spec.bundle_digest.empty() ? spec.bundle_digest : !spec.sha256.empty() ? spec.sha256 : spec.library;
}

bool is_of(const offender& one, const detector_spec& spec) {
  return one.plugin == spec.plugin && one.digest == digest_of(spec);
}

template <class Offenders>
auto find(Offenders& all, const detector_spec& spec) {
  return std::find_if(all.begin(), all.end(), [&](const offender& one) { return is_of(one, spec); });
}

std::string told(const strike& one) {
  return one.what + (one.how.empty() ? "" : " (" + one.how + ")");
}

std::string seconds(std::int64_t ms) {
  return std::to_string((ms + 999) / 1000) + " s";
}

void forget_old(offender& one, std::int64_t now, std::int64_t window) {
  std::erase_if(one.strikes, [&](const strike& s) { return s.at_ms > now || now - s.at_ms >= window; });
}

bool never_ran(failure why) {
  return why == failure::not_trusted || why == failure::revoked || why == failure::tampered ||
         why == failure::quarantined || why == failure::resting || why == failure::weakly_confined ||
         why == failure::not_confined || why == failure::file || why == failure::not_started ||
         why == failure::case_too_large;
}

} // namespace

bool is_strike(failure why) {
  switch (why) {
  case failure::load_late:
  case failure::create_late:
  case failure::died_loading:
  case failure::died_evaluating:
  case failure::forbidden_call:
  case failure::evaluate_late:
  case failure::left_environment:
  case failure::bad_frame:
    return true;
  default:
    return false;
  }
}

supervisor::supervisor(std::shared_ptr<strike_book> book, clock now, listener told, supervision_rules rules)
    : book_{std::move(book)}
    , now_{std::move(now)}
    , told_{std::move(told)}
    , rules_{std::move(rules)} {}

std::vector<supervisor::verdict> supervisor::judge(const std::vector<const detector_spec*>& wanted) {
  const std::vector<offender> all = book_->read();
  std::vector<verdict> out(wanted.size());
  for (std::size_t i = 0; i < wanted.size() && !all.empty(); ++i) {
    const auto at = find(all, *wanted[i]);
    if (at == all.end() || at->strikes.empty())
      continue;
    const strike& last = at->strikes.back();
    if (at->quarantined_ms) {
      out[i] = {failure::quarantined, told(last)};
      continue;
    }
    const std::size_t rests = rules_.rests_ms.size();
    if (at->in_a_row <= 0 || rests == 0)
      continue;
    const std::int64_t rest = rules_.rests_ms[std::min(static_cast<std::size_t>(at->in_a_row), rests) - 1];
    const std::int64_t past = now_() - last.at_ms;
    if (past >= 0 && past < rest)
      out[i] = {failure::resting, told(last) + "; again in " + seconds(rest - past)};
  }
  return out;
}

void supervisor::note(const detector_spec& spec, const detector_answer& answer) {
  if (never_ran(answer.why))
    return;
  if (!is_strike(answer.why)) {
    const std::vector<offender> all = book_->read();
    const auto known = find(all, spec);
    if (known == all.end() || known->in_a_row == 0)
      return;
    book_->change([&](std::vector<offender>& now) {
      if (const auto at = find(now, spec); at != now.end())
        at->in_a_row = 0;
    });
    return;
  }
  std::optional<offender> fresh;
  book_->change([&](std::vector<offender>& all) {
    auto at = find(all, spec);
    if (at == all.end())
      at = all.insert(all.end(), {digest_of(spec), spec.plugin, spec.version, {}, 0, {}});
    const std::int64_t now = now_();
    forget_old(*at, now, rules_.window_ms);
    at->strikes.push_back({now, std::string{detail_of(answer.why)}, answer.reason});
    ++at->in_a_row;
    if (!at->quarantined_ms && at->strikes.size() >= static_cast<std::size_t>(rules_.strikes)) {
      at->quarantined_ms = now;
      fresh = *at;
    }
  });
  if (fresh && told_)
    told_(*fresh);
}

bool supervisor::lift(std::string_view plugin_or_digest) {
  bool found = false;
  book_->change([&](std::vector<offender>& all) {
    found = std::erase_if(all, [&](const offender& one) {
              return one.plugin == plugin_or_digest || one.digest == plugin_or_digest;
            }) > 0;
  });
  return found;
}

} // namespace posterior::host
