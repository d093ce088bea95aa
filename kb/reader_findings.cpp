// Findings. How they speak about states: reader_observes.cpp.
#include "kb/item.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"
#include "kb/values/unit.hpp"

namespace posterior::kb {
namespace {

void read_unit(item& f, finding& out) {
  out.unit = f.text_or("unit", "");
  if (!out.unit.empty() && !is_unit(out.unit))
    f.problem(
        *f.raw("unit"), "unknown-unit",
        fault("\"unit\" of " + f.what(), describe(*f.raw("unit")), "one of " + std::string(known_units())));
}

void read_bounds(item& f, finding& out) {
  const node* list = f.array("range");
  if (!list)
    return;
  const auto& n = list->items;
  const bool good = n.size() == 2 && n[0].is_number() && n[1].is_number() && n[0].number < n[1].number;
  if (!good)
    f.problem(*list, "bad-range",
              fault("\"range\" of " + f.what(), "not two numbers", "[lowest, highest], the lower first"));
  else
    out.bounds = range{n[0].number, n[1].number};
}

cutoff read_cutoff(const node& table, item& parent) {
  cutoff out;
  fields f(table, parent.file(), "kb", "the cut-off of " + parent.what(), parent.problems());
  out.above = f.number("above");
  out.below = f.number("below");
  if (out.above.has_value() == out.below.has_value())
    f.problem("bad-cutoff", fault(f.what(), out.above ? "both above and below" : "without a limit",
                                  "either { above = } or { below = }"));
  if (const auto i = f.choice("sex", {"female", "male"}))
    out.sex = *i == 0 ? "female" : "male";
  out.age_min = f.number_between("age_min", 18, 120);
  out.age_max = f.number_between("age_max", 18, 120);
  f.finish();
  return out;
}

void read_cutoffs(item& f, finding& out) {
  const node* value = f.raw("cutoff");
  if (!value)
    return;
  if (value->kind == node::type::table)
    out.cutoffs.push_back(read_cutoff(*value, f));
  else
    for (const node* table : f.tables("cutoff"))
      out.cutoffs.push_back(read_cutoff(*table, f));
}

void read_sem(item& f, finding& out) {
  out.sem = f.number("sem");
  if (!out.sem || *out.sem > 0)
    return;
  f.problem(*f.raw("sem"), "bad-sem", fault("\"sem\" of " + f.what(), format_number(*out.sem), "above 0"));
  out.sem.reset();
}

// What cannot be together on one finding.
void check_measure(item& f, const finding& out) {
  const auto needs_unit = [&](std::string_view key, bool given) {
    if (given && out.unit.empty())
      f.problem(*f.raw(key), "no-unit",
                fault("\"" + std::string(key) + "\" of " + f.what(), "given without \"unit\"",
                      "on a measured finding"));
  };
  needs_unit("range", out.bounds.has_value());
  needs_unit("cutoff", !out.cutoffs.empty());
  needs_unit("sem", out.sem.has_value());
  if (!out.unit.empty() && !out.bounds)
    f.missing("range", "[lowest, highest], since it has a unit");
  if (!out.unit.empty() && !out.levels.empty())
    f.problem(*f.raw("levels"), "unit-and-levels",
              fault("\"levels\" of " + f.what(), "given beside \"unit\"", "one of the two"));
  if (out.levels.size() == 1)
    f.problem(*f.raw("levels"), "bad-levels",
              fault("\"levels\" of " + f.what(), "a single level", "two or more"));
  for (const cutoff& c : out.cutoffs) {
    const double limit = c.above.value_or(c.below.value_or(0));
    if (out.bounds && (limit < out.bounds->min || limit > out.bounds->max))
      f.problem(*f.raw("cutoff"), "bad-cutoff",
                fault("the cut-off of " + f.what(), format_number(limit), "within its range"));
  }
}

void read_derived(item& f, finding& out) {
  out.derived = f.truth("derived");
  out.consumes = f.references("consumes");
  out.replaces = f.references("replaces");
  if (!out.derived && (!out.consumes.empty() || !out.replaces.empty()))
    f.problem("not-derived",
              fault(f.what(), "with \"consumes\" or \"replaces\" but not derived", "derived = true"));
  if (out.derived && out.consumes.empty())
    f.missing("consumes", "the findings that the detector computes it from");
}

finding read_finding(item& f) {
  finding out;
  out.id = f.own_id();
  out.name = f.required_name();
  out.aliases = f.references("aliases");
  out.kind = f.required_word("kind", finding_kind::attribute).value_or(finding_kind::sign);
  out.question = f.required_text("question").value_or("");
  out.how = f.text_or("how", "");
  out.lateral = f.truth("lateral");
  read_unit(f, out);
  read_bounds(f, out);
  out.levels = f.texts("levels");
  read_sem(f, out);
  read_cutoffs(f, out);
  check_measure(f, out);
  out.position = f.text_or("position", "");
  out.minutes = f.number_between("minutes", 0, 240).value_or(1);
  out.needs = f.references("equipment");
  out.family = f.reference("family");
  out.retest_of = f.reference("retest_of");
  out.reliability = f.text_or("reliability", "");
  out.safety = f.truth("safety");
  if (out.safety && !f.context().core)
    f.problem(*f.raw("safety"), "core-only",
              fault("\"safety\" of " + f.what(), "in another bundle", "in " + std::string(core_id)));
  read_derived(f, out);
  out.codes = f.codes();
  out.rests_on = f.rests_on();
  out.from = f.from();
  return out;
}

} // namespace

void read_findings(fields& top, const reading_context& context, statements& into, diagnostics& problems) {
  read_reviewed_list(top, "finding", context, into, into.findings, problems, read_finding);
}

} // namespace posterior::kb
