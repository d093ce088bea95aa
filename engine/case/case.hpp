// A patient's case as plain values: what the clinic handed in, checked against the knowledge. No name, no
// birth date. Values; any thread. Holds patient data: never log any of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kb/values/diagnostic.hpp"
#include "kb/values/side.hpp"

namespace posterior::cases {

enum class sex : std::uint8_t { unknown, female, male, other };
enum class setting : std::uint8_t { unknown, physio_outpatient, primary_care, hospital, sport, surgical };
enum class truth : std::uint8_t { unknown, present, absent }; // three-valued logic; also what a state says

std::string_view to_string(sex s);
std::string_view to_string(setting s);
std::string_view to_string(truth t);

struct patient {
  std::optional<double> age; // years
  sex sex_is = sex::unknown;
  std::optional<double> body_mass;  // kg
  std::optional<double> height;     // cm
  std::optional<double> leg_length; // cm
  std::optional<bool> pregnant;
};

struct screening {
  bool done = false;
  std::string by;
  std::optional<std::int64_t> day;
  std::vector<std::string> not_asked; // finding ids
};

struct choice {
  std::string tension, take, by;
  std::optional<std::int64_t> day;
};

// One recorded value. Exactly one of state (present/absent/unknown), value, level. `where` is none for a
// lateral finding recorded without a side ("one side or the other") and for midline findings. `both` in a
// file arrives as two observations.
struct observation {
  std::string finding; // canonical id (aliases are resolved)
  side where = side::none;
  truth state = truth::unknown;
  std::optional<double> value; // in the finding's own unit
  std::optional<int> level;    // index into the finding's levels
  double certainty = 1;
  std::optional<double> error;     // measurement error (sd), in the finding's unit
  std::optional<std::int64_t> day; // days since 1970-01-01
  place at;
};

// One case. Observations keep the order of the file.
struct patient_case {
  patient who;
  std::string complaint; // never interpreted, not part of the digest
  setting in = setting::unknown;
  screening screened;
  std::vector<choice> choices;
  std::vector<observation> observations;
  // Findings that an unusable observation was probably meant to be; a safety finding here makes safety at
  // best incomplete.
  std::vector<std::string> unusable_near;
  bool unusable_unknown = false; // an unusable observation without any near match
};

// What currently holds for one finding and side after repeats are settled (decisions: same date pooled,
// newest counts).
struct settled {
  std::string finding;
  side where = side::none;
  truth state = truth::unknown; // for a value: by the finding's cut-off for this patient, or unknown
  std::optional<double> value;
  std::optional<int> level;
  double certainty = 1;
  std::optional<double> error;
  std::optional<std::int64_t> day;
  bool from_screening = false;   // absent because the screen says so
  std::vector<std::size_t> from; // indices into observations
};

} // namespace posterior::cases
