// Exercises with their doses, and what they are indicated for.
#include "kb/item.hpp"

namespace posterior::kb {
namespace {

std::optional<dose> read_dose(item& parent) {
  const node* table = parent.table("dose");
  if (!table)
    return std::nullopt;
  item f = parent.part(*table, "dose");
  dose d;
  d.sets = f.min_max("sets");
  d.reps = f.min_max("reps");
  d.hold_s = f.min_max("hold_s");
  d.rest_s = f.min_max("rest_s");
  d.per_day = f.min_max("per_day");
  d.per_week = f.min_max("per_week");
  d.weeks = f.min_max("weeks");
  d.minutes = f.min_max("minutes");
  d.tempo = f.text_or("tempo", "");
  d.load = f.text_or("load", "");
  d.note = f.text_or("note", "");
  d.basis = f.text_or("basis", "");
  f.finish();
  return d;
}

exercise read_exercise(item& f) {
  exercise e;
  e.id = f.own_id();
  e.name = f.required_name();
  e.aliases = f.references("aliases");
  e.purpose = f.required_text("purpose").value_or("");
  e.targets = f.texts("targets");
  e.stage = f.required_word("phase", phase::integration).value_or(phase::activation);
  e.sided = f.truth("sided");
  e.needs = f.reference_groups("equipment");
  if (!f.has("dose"))
    f.missing("dose", "a table ([exercise.dose])");
  e.how_much = read_dose(f).value_or(dose{});
  e.easier = f.references("easier");
  e.harder = f.references("harder");
  e.depth = f.whole("depth", 1, 20, 1);
  e.allowed_up_to = f.required_word("irritability", irritability::high).value_or(irritability::low);
  e.avoid = f.references("avoid");
  e.caution = f.text_or("caution", "");
  e.cues = f.texts("cues");
  e.errors = f.texts("errors");
  e.stop = f.texts("stop");
  e.note = f.text_or("note", "");
  e.cap = f.text_or("cap", "");
  e.codes = f.codes();
  e.rests_on = f.rests_on();
  e.from = f.from();
  return e;
}

indication read_indication(item& f) {
  indication i;
  i.exercise = f.required_reference("exercise");
  i.cause = f.required_reference("cause");
  i.primary = f.required_choice("role", {"primary", "supporting"}).value_or(1) == 0;
  i.purpose = f.required_text("purpose").value_or("");
  i.stage = f.word("phase", phase::integration);
  i.how_much = read_dose(f);
  i.rests_on = f.rests_on();
  i.from = f.from();
  return i;
}

} // namespace

void read_exercises(fields& top, const reading_context& context, statements& into, diagnostics& problems) {
  read_reviewed_list(top, "exercise", context, into, into.exercises, problems, read_exercise);
  read_reviewed_list(top, "indication", context, into, into.indications, problems, read_indication);
}

} // namespace posterior::kb
