#include "engine/host/trial.hpp"

#include <charconv>

#include "engine/wire/trial.hpp"

namespace posterior::host {
namespace {

void add(std::string& words, std::string_view name, int value) {
  if (value != 0)
    words += std::string(name) + "=" + std::to_string(value) + " ";
}

// "status -9001" and "create returned -9006: ..." hold it behind their last blank or colon.
std::optional<std::int32_t> status_in(std::string_view reason) {
  const auto at = reason.find('-');
  if (at == std::string_view::npos)
    return {};
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(reason.data() + at, reason.data() + reason.size(), value);
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

trial_breach breach_of(std::int32_t status) {
  switch (status) {
  case wire::trial_unsupported:
    return trial_breach::unsupported;
  case wire::trial_ignored_sink:
    return trial_breach::ignored_sink;
  case wire::trial_left_signals:
    return trial_breach::left_signals;
  case wire::trial_left_descriptors:
    return trial_breach::left_descriptors;
  case wire::trial_left_variables:
    return trial_breach::left_variables;
  case wire::trial_ended_well:
    return trial_breach::ended_well;
  case wire::trial_created_null:
    return trial_breach::created_null;
  case wire::trial_odd_status:
    return trial_breach::odd_status;
  default:
    return status <= wire::trial_leak ? trial_breach::leaked : trial_breach::none;
  }
}

} // namespace

std::string config_of(const trial& how, std::string_view config) {
  std::string words(wire::trial_mark);
  add(words, "newer", how.newer_host);
  add(words, "strange", how.strange_records);
  add(words, "cancelled", how.cancelled);
  add(words, "watched", how.watched);
  add(words, "ends", how.ends);
  add(words, "creations", how.creations);
  add(words, "calls", how.calls);
  add(words, "failing", how.failing_allocations);
  add(words, "refused", how.refused_at);
  return words + "\n" + std::string(config);
}

trial_finding finding_of(const detector_answer& answer) {
  if (answer.why != failure::reported && answer.why != failure::create_failed)
    return {};
  const auto status = status_in(answer.reason);
  if (!status)
    return {};
  const trial_breach what = breach_of(*status);
  return {what, what == trial_breach::leaked ? wire::trial_leak - std::int64_t{*status} : 0};
}

} // namespace posterior::host
