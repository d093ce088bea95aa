// Inside of assess(): the pieces that turn reasoning into the lines of an assessment. Not for other folders.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/assess/assess.hpp"
#include "engine/inference/reasoner.hpp"

namespace posterior::assess {

// Everything the pieces read; borrowed for the call.
struct material {
  const kb::snapshot& knowledge;
  const cases::patient_case& patient_case;
  const cases::picture& picture; // derived findings included
  const detected& from_detectors;
  const cases::screen_result& screened;
  const inference::grounding& ground;
  const inference::evidence& evidence;
  const inference::reasoning& reasoned;
  const inference::reasoning_options& how;
  const std::vector<std::pair<std::string, side>>& suspended; // counted in derived findings
  const options& asked;
};

// The picture with what the detectors derived.
cases::picture with_derived(const cases::picture& recorded, const detected& found);
// Raw findings that do not speak for themselves, because a derived one counts them in.
std::vector<std::pair<std::string, side>> suspended(const cases::picture& p, const detected& found,
                                                    const kb::snapshot& knowledge);

// Causes by rank, and apart from them the conditions of the differential packs that stand out.
std::vector<cause_entry> differential(const material& m);
std::vector<cause_entry> outside(const material& m);

// The member of a group that speaks for it in a line: on that side if any does, then the strongest; nullptr
// if none counts. And the line, which says how many others it stands for.
const inference::speaker* spokesman(const material& m, const std::string& group, side where);
std::string with_company(const material& m, const std::string& group, const inference::speaker& s);

// Balance sheet, rivals and ways of one belief, as far as they were asked for.
void add_explanation(const material& m, std::size_t belief, cause_entry& e);
void add_sets(const material& m, assessment& a);
// A sentence where the findings are much less probable together than each by itself.
std::optional<conflict> incoherence(const material& m);
std::optional<comparison> compare(const material& m, const assessment& a);

// States from a risk through the cause to something recorded.
std::vector<std::string> path_through(const material& m, const kb::state& cause, side where);

std::vector<unexplained_finding> unexplained(const material& m);
std::vector<conflict> conflicts(const material& m);
// `exact`: the posteriors are, and their ranges are those of the knowledge.
std::vector<std::pair<std::string, std::string>> inseparable(const std::vector<cause_entry>& ranked,
                                                             bool exact);
std::vector<observation_ref> recorded(const material& m);

// Beliefs as the planner reads them; with `outcome` (by belief) instead of the posteriors.
std::vector<plan::belief> beliefs(const material& m, const std::vector<double>* outcome = nullptr);

// Tests worth asking, with what each outcome would do and whether the plan would change; what else could have
// been asked; whether to go on; tests for a given time. Reads the differential, the plan and safety, and
// fills `next_tests`, `other_tests`, `stop` and `chosen_tests`.
void add_tests(const material& m, assessment& a);

// What the clinic itself said, and whether it took part; reads the finished assessment.
std::vector<clinic_line> clinic_lines(const material& m, const assessment& a);
diagnostics clinic_problems(const kb::snapshot& knowledge);

// What would change the first rank, if it was asked for.
std::vector<sensitivity_line> sensitivity(const material& m);

// The statements that took part, sorted (kb/FORMAT.md section 16). Reads network, programme and tensions.
std::vector<statement_ref> took_part(const material& m, const assessment& a);

// "neural-tension@left", or the id alone for midline states.
std::string at_side(std::string_view id, side where);

// Order of ranks: probabilities compare by their value rounded to 1e-9.
std::int64_t rank_value(double probability);

} // namespace posterior::assess
