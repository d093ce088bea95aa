#include "engine/check/code_parts.hpp"

#include "engine/check/subject.hpp"

namespace posterior::check {

using host::failure;
using host::trial_breach;

bool died(const host::detector_answer& a) {
  return a.why == failure::died_loading || a.why == failure::died_evaluating;
}

std::string in_words(const host::detector_answer& a) {
  if (a.why == failure::none)
    return "answered";
  std::string out = a.detail;
  while (!out.empty() && out.back() == '.')
    out.pop_back();
  const std::string reason = a.reason.substr(0, 200);
  if (out.empty())
    return reason;
  return "\"" + out + "\"" + (reason.empty() ? "" : " (" + reason + ")");
}

std::string cure_of(const host::detector_answer& a) {
  switch (a.why) {
  case failure::file:
    return "the file itself is refused; the checks E01 to E10 and B09 say more";
  case failure::not_confined:
  case failure::weakly_confined:
    return "this system cannot confine foreign code, so nothing of it runs; `posterior doctor` says what is "
           "missing";
  case failure::not_loadable:
    return "link with -z defs, so that a missing symbol is an error of the build";
  case failure::abi_major:
  case failure::abi_minor:
    return "build it with an SDK of this engine's version, or upgrade posterior";
  case failure::other_id:
  case failure::other_version:
    return "use POSTERIOR_BUNDLE_ID and POSTERIOR_BUNDLE_VERSION, which posterior_add_plugin() takes from "
           "plugin.toml";
  case failure::init_failed:
  case failure::create_failed:
    return "init() and create() must do without files, settings and network";
  default:
    return {};
  }
}

namespace {

std::string_view left_what(trial_breach what) {
  switch (what) {
  case trial_breach::left_signals:
    return "another signal handler";
  case trial_breach::left_descriptors:
    return "descriptors opened or closed";
  case trial_breach::left_variables:
    return "another environment variable";
  default:
    return {};
  }
}

} // namespace

void tell_trial(const subject& s, verdict& out, const host::detector_answer& a, std::string_view during) {
  const place where{s.library, 0, 0, ""};
  const trial_breach what = host::finding_of(a).what;
  if (died(a))
    return out.crash(where, fault(during, in_words(a), "without fault"));
  if (const std::string_view left = left_what(what); !left.empty())
    return out.fault(
        where, fault("what is left after " + std::string(during), left, "all as it was"),
        "put back what was changed; better, do not change it: see the rules at the head of abi.h");
  if (a.why == failure::left_environment)
    out.fault(where, fault("what is left after " + std::string(during), "another rounding mode or locale",
                           "all as it was"));
}

double milliseconds_since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
}

} // namespace posterior::check
