// How rules of sequence are said and written: what one says, what it asks of a plan.
#include "engine/report/letter_parts.hpp"
#include "engine/report/statement_parts.hpp"
#include "engine/report/words.hpp"

namespace posterior::report {
namespace {

std::string group_words(const std::vector<std::string>& exercises, const std::vector<kb::phase>& phases,
                        const kb::snapshot& knowledge) {
  std::string out;
  for (const std::string& id : exercises)
    out += (out.empty() ? "" : ", ") + exercise_name(id, knowledge);
  for (const kb::phase p : phases)
    out += (out.empty() ? "" : ", ") + ("all of phase " + std::string(to_string(p)));
  return out;
}

std::string groups_words(const std::vector<kb::exercise_group>& list, std::string_view between,
                         const kb::snapshot& knowledge) {
  std::string out;
  for (const kb::exercise_group& g : list)
    if (!g.empty())
      out += (out.empty() ? "" : std::string(between)) + group_words(g.exercises, g.phases, knowledge);
  return out;
}

std::string_view form_of(const kb::sequence& s) {
  return s.at_most_one ? "at_most_one" : s.covers ? "covers" : s.apart ? "apart" : "order";
}

std::string form_words(const kb::sequence& s, const kb::snapshot& knowledge) {
  if (s.at_most_one)
    return "at most one in a session" +
           (s.at_most_one->first_weeks > 0
                ? " in the first " + std::to_string(s.at_most_one->first_weeks) + " weeks"
                : std::string()) +
           ": " + group_words(s.at_most_one->exercises, {}, knowledge);
  if (s.covers)
    return plan::how_often(*s.covers) +
           ", one of: " + groups_words(s.covers->each, "; and one of: ", knowledge) +
           (s.covers->once_begun ? " (once it has begun)" : "");
  if (s.apart)
    return plan::hours_words(*s.apart) + " between two sessions" +
           (s.apart->event.empty() ? "" : " and before " + s.apart->event) + ": " +
           group_words(s.apart->exercises, s.apart->phases, knowledge);
  return "in one session: " + groups_words(s.order, "; then ", knowledge);
}

// As the plan names it, else as the knowledge does.
std::string name_in(const plan::programme& p, const std::string& exercise, const kb::snapshot& knowledge) {
  for (const plan::plan_phase& phase : p.phases)
    for (const plan::plan_item& item : phase.items)
      if (item.exercise == exercise)
        return item.name;
  return exercise_name(exercise, knowledge);
}

} // namespace

void add_sequence_line(sheet& page, const plan::sequence_line& line) {
  page.item(line.met ? "*" : "!",
            line.text + (line.sources.empty() ? "" : " [" + citations(line.sources) + "]"), 1,
            line.met ? tone::plain : tone::caution);
}

void add_session(sheet& page, const letter_view& v) {
  const plan::programme& p = v.a.programme;
  if (p.session.size() < 2 && p.sequence.empty())
    return;
  page.entry("Order and spacing");
  std::string names;
  for (const std::string& id : p.session)
    names += (names.empty() ? "" : "; ") + name_in(p, id, v.knowledge);
  if (p.session.size() > 1)
    page.item("session:", names, 1);
  for (const plan::sequence_line& line : p.sequence)
    add_sequence_line(page, line);
}

void add_sequence(sheet& page, const kb::sequence& s, const kb::snapshot& knowledge) {
  page.text("rule of sequence", 1);
  page.item("says:", form_words(s, knowledge), 1, tone::strong);
  page.item("why:", s.why, 1);
  if (!s.cause.empty())
    page.item("for:", state_name(s.cause, knowledge), 1);
  if (!s.when.empty())
    page.item("when:", clause_words(s.when, knowledge), 1);
  add_basis(page, s.rests_on, s.from, knowledge, 1);
}

void sequence_members(json_writer& w, const kb::sequence& s, const kb::snapshot& knowledge) {
  w.member("id", s.id).member("name", s.name).member("why", s.why).member("form", form_of(s));
  w.member("text", form_words(s, knowledge)).member("cause", s.cause);
  w.member("when", s.when.empty() ? std::string() : clause_words(s.when, knowledge));
  basis_members(w, s.rests_on, s.from, knowledge);
}

} // namespace posterior::report
