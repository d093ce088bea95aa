// Reads [[observation]] tables of a case, one at a time. Internal to engine/case; borrows the knowledge and
// the case it fills; one thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/case/case.hpp"
#include "kb/snapshot.hpp"
#include "kb/values/fields.hpp"

namespace posterior::cases {

// Whether `id` is retired, which is then a problem that names what took its place.
bool tell_retired(fields& f, const node& at, const std::string& what, const std::string& id,
                  const kb::snapshot& knowledge);

class observation_reader {
public:
  observation_reader(const kb::snapshot& knowledge, std::string file, patient_case& into,
                     diagnostics& problems);

  // Appends one observation (two for `both`), or says why not and notes what it was probably meant to be.
  // `number` counts from 1 and is used in messages.
  void read(const node& table, std::size_t number);

  // The finding that `id` names, aliases resolved with a note; nullptr (and reported at `at`) if none does.
  const kb::finding* find(fields& f, const node& at, const std::string& id);

private:
  bool accepted(fields& f, const node& at, const kb::finding& finding);
  bool read_what(fields& f, const kb::finding& finding, observation& o);
  bool read_state(fields& f, observation& o);
  bool read_value(fields& f, const kb::finding& finding, observation& o);
  bool read_level(fields& f, const kb::finding& finding, observation& o);
  bool read_error(fields& f, const kb::finding& finding, const std::string& unit, observation& o);
  std::vector<side> read_sides(fields& f, const kb::finding& finding);
  void salvage(const node& table, const kb::finding& finding, observation o);
  void unusable(const std::string& id);
  std::string_view nearest_known(const std::string& id);

  const kb::snapshot& knowledge_;
  std::string file_;
  patient_case& into_;
  diagnostics& problems_;
  std::vector<std::string_view> known_;          // ids and aliases, sorted
  std::map<std::string, std::string_view> near_; // looked up already; a look-up compares with all of them
};

// A date field; reported as case.bad-date if it is not one.
std::optional<std::int64_t> read_date(fields& f, std::string_view key);

} // namespace posterior::cases
