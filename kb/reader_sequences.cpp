// Rules of sequence: what comes first in a session, what excludes what, what must not be missing from a week,
// and what needs time in between.
#include <algorithm>

#include "kb/item.hpp"

namespace posterior::kb {
namespace {

constexpr int longest_weeks = 104;
constexpr int longest_hours = 336;

exercise_group read_group(item& f) {
  exercise_group g{f.references("exercises"), f.phases("phases")};
  if (!f.has("exercises") && !f.has("phases"))
    f.problem("empty-group", fault(f.what(), "about nothing", "given \"exercises\" or \"phases\""));
  return g;
}

std::vector<exercise_group> read_groups(item& f, std::string_view key) {
  std::vector<exercise_group> out;
  for (const node* table : f.tables(key)) {
    item g = f.part(*table, key);
    out.push_back(read_group(g));
    g.finish();
  }
  return out;
}

template <typename T>
void note_twice(item& f, std::vector<T>& seen, const T& one, std::string_view name) {
  if (std::find(seen.begin(), seen.end(), one) != seen.end())
    f.problem("bad-order", fault("\"order\" of " + f.what(), "with \"" + std::string(name) + "\" twice",
                                 "in one place for each"));
  seen.push_back(one);
}

void check_order(item& f, const std::vector<exercise_group>& order) {
  if (order.size() < 2)
    f.problem("bad-order", fault("\"order\" of " + f.what(), order.empty() ? "empty" : "one group",
                                 "two groups at least, the first ones first"));
  std::vector<std::string> exercises;
  std::vector<phase> phases;
  for (const exercise_group& g : order) {
    for (const std::string& id : g.exercises)
      note_twice(f, exercises, id, id);
    for (const phase p : g.phases)
      note_twice(f, phases, p, to_string(p));
  }
}

exclusion read_exclusion(item& f) {
  exclusion out{f.references("exercises"), f.whole("first_weeks", 1, longest_weeks, 0)};
  if (out.exercises.size() < 2)
    f.problem("empty-group", fault(f.what(), "about fewer than two exercises", "about two at least"));
  return out;
}

coverage read_coverage(item& f) {
  coverage out;
  out.each = read_groups(f, "each");
  if (out.each.empty())
    f.problem("empty-group", fault(f.what(), "about nothing", "given \"each\", a list of groups"));
  out.weeks = f.whole("weeks", 1, longest_weeks, 1);
  out.times = f.whole("times", 1, 7 * out.weeks, 1);
  out.from_week = f.whole("from_week", 1, longest_weeks, 1);
  out.once_begun = f.truth("once_begun");
  return out;
}

spacing read_spacing(item& f) {
  spacing out;
  exercise_group of = read_group(f);
  out.exercises = std::move(of.exercises);
  out.phases = std::move(of.phases);
  if (!f.has("hours"))
    f.missing("hours", "a whole number of hours");
  out.hours = f.whole("hours", 1, longest_hours, 1);
  out.first_hours = f.whole("first_hours", out.hours, longest_hours, 0);
  out.first_weeks = f.whole("first_weeks", 1, longest_weeks, 0);
  if (f.has("first_hours") != f.has("first_weeks"))
    f.problem("half-start", fault(f.what(), "with one of \"first_hours\" and \"first_weeks\"", "given both"));
  out.event = f.text_or("event", "");
  return out;
}

template <typename T, typename Read>
void read_form(item& f, std::string_view key, std::optional<T>& to, Read read) {
  if (const node* table = f.table(key)) {
    item part = f.part(*table, key);
    to = read(part);
    part.finish();
  }
}

void read_forms(item& f, sequence& s) {
  s.order = read_groups(f, "order");
  if (f.has("order"))
    check_order(f, s.order);
  read_form(f, "at_most_one", s.at_most_one, read_exclusion);
  read_form(f, "covers", s.covers, read_coverage);
  read_form(f, "apart", s.apart, read_spacing);
  const int forms = f.has("order") + f.has("at_most_one") + f.has("covers") + f.has("apart");
  if (forms != 1)
    f.problem("one-form", fault(f.what(), "with " + std::to_string(forms) + " forms",
                                "given one of \"order\", \"at_most_one\", \"covers\" and \"apart\""));
}

sequence read_sequence(item& f) {
  sequence s;
  s.id = f.own_id("seq-");
  s.name = f.required_name();
  s.why = f.required_text("why").value_or("");
  s.when = f.conditions("when").value_or(clauses{});
  if (f.has("when") && s.when.empty())
    f.problem("bad-condition", fault("\"when\" of " + f.what(), "empty", "at least one alternative"));
  s.cause = f.reference("cause");
  read_forms(f, s);
  s.rests_on = f.rests_on();
  s.from = f.from();
  return s;
}

} // namespace

void read_sequences(fields& top, const reading_context& context, statements& into, diagnostics& problems) {
  read_reviewed_list(top, "sequence", context, into, into.sequences, problems, read_sequence);
}

} // namespace posterior::kb
