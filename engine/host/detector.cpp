#include "engine/host/detector.hpp"

namespace posterior::host {

std::string_view to_string(answer_status status) {
  switch (status) {
  case answer_status::answered:
    return "answered";
  case answer_status::failed:
    return "failed";
  case answer_status::timed_out:
    return "timed-out";
  case answer_status::quarantined:
    return "quarantined";
  case answer_status::not_trusted:
    return "not-trusted";
  case answer_status::not_confined:
    return "not-confined";
  }
  return "failed";
}

answer_status status_of(failure why) {
  switch (why) {
  case failure::none:
    return answer_status::answered;
  case failure::load_late:
  case failure::create_late:
  case failure::evaluate_late:
  case failure::cancelled:
    return answer_status::timed_out;
  case failure::quarantined:
    return answer_status::quarantined;
  case failure::not_trusted:
  case failure::revoked:
  case failure::tampered:
    return answer_status::not_trusted;
  case failure::not_confined:
  case failure::weakly_confined:
    return answer_status::not_confined;
  default:
    return answer_status::failed;
  }
}

std::string_view detail_of(failure why) {
  switch (why) {
  case failure::none:
  case failure::file:
    return "";
  case failure::not_trusted:
    return "The detector's code is not trusted here, so it was not run.";
  case failure::revoked:
    return "Trust in the detector's code was withdrawn, so it was not run.";
  case failure::tampered:
    return "The detector's bundle is not what was packed, so its code was not run.";
  case failure::quarantined:
    return "The detector failed too often and is in quarantine.";
  case failure::resting:
    return "The detector failed a moment ago and is started again soon.";
  case failure::weakly_confined:
    return "This system cannot keep the detector from files, so its code was not run.";
  case failure::case_too_large:
    return "The case holds more observations than can be handed to a detector.";
  case failure::not_started:
    return "The detector's process could not be started.";
  case failure::not_confined:
    return "The detector's process could not be confined, so its code was not loaded.";
  case failure::not_loadable:
    return "The detector's library could not be loaded.";
  case failure::no_symbol:
    return "The detector's library does not export posterior_plugin_v1.";
  case failure::foreign_symbol:
    return "The detector's library exports posterior_plugin_v1 only through a library that it depends on.";
  case failure::bad_descriptor:
    return "The detector's descriptor is not as the ABI says.";
  case failure::abi_major:
    return "The detector was built for another major version of the ABI.";
  case failure::abi_minor:
    return "The detector needs a newer minor version of the ABI than this engine speaks.";
  case failure::other_id:
    return "The detector's library names another plugin than its manifest does.";
  case failure::other_version:
    return "The detector's library names another version than its manifest does.";
  case failure::bad_class:
    return "The detector's class is missing or incomplete.";
  case failure::init_failed:
    return "The detector's init() reported an error.";
  case failure::create_failed:
    return "The detector could not be created and said so.";
  case failure::load_late:
    return "The detector did not load in time and was ended.";
  case failure::create_late:
    return "The detector was not created in time and was ended.";
  case failure::died_loading:
    return "The detector's process ended while it was loading.";
  case failure::died_evaluating:
    return "The detector's process ended while it was answering.";
  case failure::forbidden_call:
    return "The detector tried what no detector may do and was ended.";
  case failure::evaluate_late:
    return "The detector did not answer in time and was ended.";
  case failure::cancelled:
    return "The detector gave up at its deadline.";
  case failure::reported:
    return "The detector reported that it could not answer.";
  case failure::too_many:
    return "The detector gave more findings than its manifest allows.";
  case failure::unreadable_record:
    return "The detector gave a record that cannot be read.";
  case failure::left_environment:
    return "The detector left the rounding mode or the locale changed.";
  case failure::bad_frame:
    return "The detector's process sent something that is no answer.";
  case failure::undeclared_finding:
    return "The detector gave a finding that its bundle does not declare as derived.";
  case failure::undeclared_rule:
    return "The detector named a rule that its bundle has no message for.";
  case failure::wrong_side:
    return "The detector gave a finding on a side that it cannot have.";
  case failure::wrong_reading:
    return "The detector gave a finding a kind of value that it cannot have.";
  case failure::not_finite:
    return "The detector gave a value that is not finite.";
  case failure::out_of_range:
    return "The detector gave a value outside the finding's range.";
  case failure::wrong_certainty:
    return "The detector gave a certainty outside 0 to 1.";
  case failure::repeated_finding:
    return "The detector gave the same finding twice for one side.";
  }
  return "";
}

} // namespace posterior::host
