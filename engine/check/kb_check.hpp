// Checks of the knowledge in force as a whole, all bundles together: what `posterior kb check` runs is the
// list of all_kb_checks(). A check is data: id, name, sentence, how grave a fault of it is, and the function
// that looks. Each finds what it finds in the order of the statements, so that the same knowledge gives the
// same report. Pure; any thread. Borrows the knowledge for the call.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kb/bundle.hpp"
#include "kb/snapshot.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::check {

// What is looked at. `refused` are bundles that were found and contribute nothing.
struct kb_subject {
  const kb::snapshot& knowledge;
  const std::vector<kb::bundle>& refused;
};

// One fault: what of which statement, and where that stands.
struct kb_remark {
  std::string statement, plugin; // ids; the plugin that says it
  place where;
  std::string text; // WHAT was FOUND, must be NEEDED
  std::string hint; // may be empty
};

// Filled by one check.
class kb_remarks {
public:
  void add(std::string statement, const kb::origin& from, std::string text, std::string hint = {}) {
    list_.push_back({std::move(statement), from.plugin, from.where, std::move(text), std::move(hint)});
  }
  void add(kb_remark r) { list_.push_back(std::move(r)); }
  std::vector<kb_remark> take() { return std::move(list_); }

private:
  std::vector<kb_remark> list_;
};

struct kb_spec {
  std::string_view id;   // "M03"
  std::string_view name; // "loops-cut"
  std::string_view description;
  // error: must be mended. warning: somebody should look. note: worth knowing, nothing is wrong.
  severity level = severity::error;
  void (*run)(const kb_subject&, kb_remarks&) = nullptr;
};

// In the order in which they are made and reported.
std::vector<kb_spec> all_kb_checks();

// The parts of that list.
std::vector<kb_spec> kb_network_checks();
std::vector<kb_spec> kb_basis_checks();
std::vector<kb_spec> kb_exercise_checks();
std::vector<kb_spec> kb_safety_checks();
std::vector<kb_spec> kb_text_checks();

struct kb_outcome {
  kb_spec check;
  std::vector<kb_remark> remarks;
};

struct kb_check_report {
  std::vector<kb_outcome> outcomes; // of the checks that were asked for
  bool strict = false;              // warnings are faults
  std::size_t errors = 0, warnings = 0, notes = 0;
  bool sound = false;
};

// Ids of `only` that no check has.
std::vector<std::string> unknown_kb_checks(const std::set<std::string>& only);

// Makes the checks named in `only`, all if it is empty.
kb_check_report check_knowledge(const kb_subject& s, const std::set<std::string>& only, bool strict);

// Schema posterior.kb-check/1.
std::string as_json(const kb_check_report& r, const kb::snapshot& knowledge);

} // namespace posterior::check
