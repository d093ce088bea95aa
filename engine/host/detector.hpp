// What is asked of a detector and what it answers, as plain values. Any thread.
// Observations and findings are patient data: never log them. A `reason` holds none, but may hold a path: it
// is for the operator and never part of an assessment.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kb/values/side.hpp"

namespace posterior::host {

enum class reading : std::uint8_t { unknown = 0, present = 1, absent = 2, measured = 3, graded = 4 };

// One recorded value, or one attribute of the patient under its name (`age`, `sex`, `body-mass`, `height`).
struct observation {
  std::string finding;
  side where = side::none;
  reading says = reading::unknown;
  double value = 0; // measured only, in the finding's unit
  double certainty = 1;
  std::uint32_t level = 0;         // graded only
  std::optional<std::int64_t> day; // since 1970-01-01; undated is older than every date

  bool operator==(const observation&) const = default;
};

// What the bundle's document declares of a derived finding. Present and absent may be said of each; a value
// or a level only where the finding has a unit or levels.
struct declared_finding {
  bool lateral = false;
  bool has_unit = false;
  std::uint32_t levels = 0;
  std::optional<double> value_min, value_max;

  bool operator==(const declared_finding&) const = default;
};

struct detector_limits {
  int evaluate_ms = 250;
  int memory_mib = 256;
  int records = 256;

  bool operator==(const detector_limits&) const = default;
};

enum class answer_status : std::uint8_t {
  answered,
  failed,
  timed_out,
  quarantined,
  not_trusted,
  not_confined
};
std::string_view to_string(answer_status status); // "answered", "failed", "timed-out", ...

// Why a detector gave no answer. detail_of() has one sentence for each.
enum class failure : std::uint8_t {
  none,
  file, // the library's file was refused; the sentence is the file's own
  // The code does not run, and did nothing in this case:
  not_trusted,     // nobody of this clinic has said that it may run
  revoked,         // somebody has said that it may not
  tampered,        // the bundle is not what was packed, signed or pinned
  quarantined,     // it failed too often
  resting,         // it failed a moment ago, and is started again soon
  weakly_confined, // not the engine's own, and this system cannot keep it from files
  case_too_large,
  not_started, // the worker process could not be started or broke off before loading
  not_confined,
  not_loadable,
  no_symbol,
  foreign_symbol,
  bad_descriptor,
  abi_major,
  abi_minor,
  other_id,
  other_version,
  bad_class,
  init_failed,
  create_failed,
  load_late,
  create_late,
  died_loading,
  died_evaluating,
  forbidden_call, // asked the kernel for what no detector may have, and was ended for it
  evaluate_late,
  cancelled, // the detector itself gave up at the deadline
  reported,  // the detector returned a negative status
  too_many,
  unreadable_record,
  left_environment,
  bad_frame,
  undeclared_finding,
  undeclared_rule,
  wrong_side,
  wrong_reading,
  not_finite,
  out_of_range,
  wrong_certainty,
  repeated_finding
};

answer_status status_of(failure why);
// A fixed sentence, the same for every run; empty for none and file.
std::string_view detail_of(failure why);

// A detector and everything that its answers are held against.
struct detector_spec {
  std::string plugin;
  std::string version;
  std::string library;  // absolute path of detector.so
  std::string class_id; // empty: as `plugin`
  std::string config;   // JSON object of the clinic's settings, or empty
  std::string sha256;   // what the file must hash to, 64 hex digits; empty: not checked
  detector_limits limits;
  std::vector<std::string> consumes; // finding ids, in any order
  std::map<std::string, declared_finding, std::less<>> produces;
  std::vector<std::string> rules; // message keys that findings and errors may name, in any order
  std::string bundle_digest;      // what strikes and quarantine are counted by; empty: as `sha256`
  bool bundled = false;           // comes with this build, so that a weaker confinement is enough for it
  failure barred = failure::none; // decided before any case: its code does not run
  std::string barred_reason;      // for the operator

  bool operator==(const detector_spec&) const = default;
};

struct derived_finding {
  std::string plugin;
  std::string finding;
  side where = side::none;
  std::string rule;
  reading says = reading::unknown;
  double value = 0;
  double certainty = 1;
  std::uint32_t level = 0;

  bool operator==(const derived_finding&) const = default;
};

struct detector_answer {
  std::string plugin;
  std::string version;
  answer_status status = answer_status::failed;
  failure why = failure::none;
  std::string detail;    // a fixed sentence; may stand in an assessment
  std::string error_key; // message key that the detector gave as its reason, one of its rules; or empty
  std::string reason;    // for the operator: loader's text, signal, status
  std::vector<derived_finding> findings; // by finding, then side; empty unless answered
};

// Answers by plugin id. `findings` are those of all answers in the same order.
struct detection {
  std::vector<detector_answer> answers;
  std::vector<derived_finding> findings;
  // What the workers could enforce on themselves: empty when no code ran; "full" when each that ran could be
  // kept from files, processes and the network; else "partial": at least one could not be kept from reading
  // files.
  std::string confinement;
};

} // namespace posterior::host
