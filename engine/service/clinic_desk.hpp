// What the clinic says about the shared knowledge (kb/FORMAT.md section 13), as the routes ask for it and get
// it back: a port, so that the service itself knows no file. Values; any thread. Names of clinicians are
// never logged.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/service/plugin_desk.hpp"
#include "kb/model.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::service {

enum class clinic_act : std::uint8_t { override, disable, suspend, review, reset };

struct clinic_request {
  clinic_act what = clinic_act::override;
  std::string id;         // of a statement, or of a rule
  std::string fields;     // override: TOML, the fields as they are written in that kind of statement
  std::string field;      // reset: this one alone; empty: everything said about `id`
  std::string verdict;    // review: accept or reject
  std::string until;      // suspend: the last day, YYYY-MM-DD
  std::string by, reason; // whose word it is, and why; not needed for a reset
};

struct clinic_outcome {
  change_verdict how = change_verdict::failed;
  std::string change; // overridden, disabled, suspended, reviewed, accepted, rejected, reset
  std::string statement, kind, name;
  std::string status;             // of a draft that was judged: reviewed, active or retired
  std::string until;              // of a suspension
  std::vector<kb::change> fields; // of an override: what each replaced
  std::string file;               // that was written
  std::vector<std::string> notes; // for people: what disagrees now
  diagnostics problems;           // why not
};

using clinic_desk = std::function<clinic_outcome(const clinic_request&)>;

} // namespace posterior::service
