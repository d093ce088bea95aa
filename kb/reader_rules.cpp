// Red-flag rules (core) and precautions.
#include "kb/item.hpp"

namespace posterior::kb {
namespace {

rule read_rule(item& f) {
  rule r;
  r.id = f.own_id("rf-");
  r.name = f.required_name();
  r.level = f.required_word("urgency", urgency::watch).value_or(urgency::emergency);
  if (!f.has("when"))
    f.missing("when", "a list of lists of conditions");
  r.when = f.conditions("when").value_or(clauses{});
  if (f.has("when") && r.when.empty())
    f.problem("bad-condition", fault("\"when\" of " + f.what(), "empty", "at least one alternative"));
  r.action = f.required_text("action").value_or("");
  r.timing = f.text_or("timing", "");
  const bool closes_all = r.level == urgency::emergency || r.level == urgency::urgent;
  r.closes = f.word("closes", closing::nothing).value_or(closes_all ? closing::plan : closing::nothing);
  if (closes_all && r.closes != closing::plan)
    f.problem(*f.raw("closes"), "must-close",
              fault("\"closes\" of " + f.what(), "\"" + std::string(to_string(r.closes)) + "\"",
                    "\"plan\": emergency and urgent rules always close the plan"));
  r.asks = f.references("asks");
  r.rests_on = f.rests_on();
  r.from = f.from();
  return r;
}

void read_reach(item& f, precaution& p) {
  p.exercises = f.references("exercises");
  p.except = f.references("except");
  p.all = f.truth("all");
  p.phases = f.phases("phases");
}

precaution read_precaution(item& f) {
  precaution p;
  p.id = f.own_id("pc-");
  p.name = f.required_name();
  p.effect = f.required_word("effect", precaution_effect::warn).value_or(precaution_effect::block);
  p.why = f.required_text("why").value_or("");
  p.when = f.conditions("when").value_or(clauses{});
  p.cause = f.reference("cause");
  p.above = f.number_between("above", 0, 1).value_or(1);
  if (f.has("cause") != f.has("above"))
    f.problem("half-cause",
              fault(f.what(),
                    f.has("cause") ? "with \"cause\" but not \"above\"" : "with \"above\" but not \"cause\"",
                    "given both"));
  if (p.when.empty() && p.cause.empty())
    f.problem("no-trigger",
              fault(f.what(), "without a trigger", "given \"when\", or \"cause\" with \"above\""));
  read_reach(f, p);
  p.rests_on = f.rests_on();
  p.from = f.from();
  return p;
}

} // namespace

void read_rules(fields& top, const reading_context& context, statements& into, diagnostics& problems) {
  if (context.core)
    read_list(top, "rule", context, into.rules, problems, read_rule);
  read_reviewed_list(top, "precaution", context, into, into.precautions, problems, read_precaution);
}

} // namespace posterior::kb
