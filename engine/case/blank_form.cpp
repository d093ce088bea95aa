#include <algorithm>
#include <array>

#include "engine/case/reader.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::cases {
namespace {

constexpr std::string_view head_text =
    R"(# A case for Posterior: one person at one time. No name, no birth date, no other identifier.
# Take the "# " away from the lines that were asked, seen or measured, and leave the rest:
# what was not asked is simply not there. One observation is one line:
#   state = "present", "absent" or "unknown"; or value with unit; or level.
#   side = "left", "right" or "both" where the line has a side.
#   certainty = 0.9 (0 to 1, with state), error = 2 (with value), when = "2026-11-02" may be added.
schema = "posterior.case/1"
)";

constexpr std::string_view patient_text = R"(
# --- the patient ---------------------------------------------------------------
# patient.age = 34             # years
# patient.sex = "female"       # female, male, other, unknown
# patient.body_mass = 68       # kg
# patient.height = 1.72        # m
# patient.leg_length = 88      # cm
# patient.pregnant = false
# context.complaint = "in the patient's words, without names"
# context.setting = "physio-outpatient" # primary-care, hospital, sport, surgical, unknown
)";

constexpr std::string_view screening_text = R"(
# --- the safety screen ---------------------------------------------------------
# "done = true" says that every question of this group was asked, and is absent unless recorded below.
# screening.done = true
# screening.by = "clinician"
# screening.when = "2026-11-02"
# screening.not_asked = []
)";

struct heading {
  std::string_view title;
  std::vector<kb::finding_kind> kinds;
};

const std::array<heading, 5>& headings() {
  using kind = kb::finding_kind;
  static const std::array<heading, 5> all{
      heading{"history", {kind::history}}, heading{"symptoms", {kind::symptom}},
      heading{"signs", {kind::sign, kind::safety}}, heading{"tests", {kind::test}},
      heading{"measures", {kind::measure}}};
  return all;
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string recorded(const kb::finding& f) {
  if (!f.unit.empty()) {
    const double example = f.bounds ? (f.bounds->min + f.bounds->max) / 2 : 1;
    return "value = " + format_number(example) + ", unit = \"" + f.unit + "\"";
  }
  return f.levels.empty() ? "state = \"present\"" : "level = \"" + f.levels.front() + "\"";
}

std::string allowed(const kb::finding& f) {
  if (!f.unit.empty() && f.bounds)
    return " (" + format_number(f.bounds->min) + " to " + format_number(f.bounds->max) + " " + f.unit + ")";
  std::string out;
  for (const std::string& level : f.levels)
    out += (out.empty() ? " (" : ", ") + level;
  return out.empty() ? out : out + ")";
}

// A line that becomes one more entry of the array once it is uncommented.
std::string line(const kb::finding& f) {
  const std::string asks = f.question.empty() ? f.name : f.question;
  return "# " + one_line(asks) + allowed(f) + "\n#   { finding = \"" + f.id + "\", " +
         (f.lateral ? "side = \"left\", " : "") + recorded(f) + " },\n";
}

bool on_form(const kb::finding& f) {
  return !f.derived && f.kind != kb::finding_kind::attribute;
}

std::string group(std::string_view title, const std::vector<const kb::finding*>& list) {
  std::string out;
  for (const kb::finding* f : list)
    out += line(*f);
  return list.empty() ? out : "\n# --- " + std::string(title) + " ---\n" + out;
}

} // namespace

// Dotted keys and one array of inline tables: so each line can be uncommented alone, in any number.
std::string blank_form(const kb::snapshot& knowledge) {
  std::string out = std::string(head_text) + std::string(patient_text) + std::string(screening_text) +
                    "\nobservation = [\n";
  std::vector<const kb::finding*> safety;
  for (const kb::finding& f : knowledge.all.findings)
    if (f.safety && on_form(f))
      safety.push_back(&f);
  out += group("safety questions", safety);
  for (const heading& h : headings()) {
    std::vector<const kb::finding*> members;
    for (const kb::finding& f : knowledge.all.findings)
      if (!f.safety && on_form(f) && std::find(h.kinds.begin(), h.kinds.end(), f.kind) != h.kinds.end())
        members.push_back(&f);
    out += group(h.title, members);
  }
  return out + "]\n";
}

} // namespace posterior::cases
