#include "engine/report/json_parts.hpp"

#include <algorithm>

#include "engine/report/explained_parts.hpp"

namespace posterior::report {

void sources(json_writer& w, const std::vector<cases::cited>& list) {
  w.key("sources").begin_array();
  for (const cases::cited& c : list)
    w.begin_object()
        .member("source", c.source)
        .member("place", c.place)
        .member("seen", to_string(c.seen))
        .end_object();
  w.end_array();
}

void observations(json_writer& w, std::string_view name, const std::vector<cases::observation_ref>& list) {
  w.key(name).begin_array();
  for (const cases::observation_ref& o : list)
    w.begin_object()
        .member("finding", o.finding)
        .member("side", to_string(o.where))
        .member("text", o.text)
        .end_object();
  w.end_array();
}

void reasons(json_writer& w, std::string_view name, const std::vector<assess::reason>& list) {
  w.key(name).begin_array();
  for (const assess::reason& r : list) {
    w.begin_object().member("finding", r.finding).member("side", to_string(r.where));
    w.member("weight_db", r.weight_db).member("text", r.text);
    sources(w, r.sources);
    w.end_object();
  }
  w.end_array();
}

namespace {

void number_or_null(json_writer& w, std::string_view name, double value, bool known) {
  w.key(name);
  if (known)
    w.value(value);
  else
    w.null();
}

void outcome(json_writer& w, std::string_view name, const assess::test_outcome& o,
             const assess::assessment& a) {
  w.key(name).begin_object().member("cause", o.cause).member("side", to_string(o.where));
  number_or_null(w, "posterior", o.posterior, !is_hidden(a, o.cause, o.where));
  w.end_object();
}

void dose_field(json_writer& w, std::string_view name, const std::optional<kb::range>& r,
                std::string_view unit) {
  if (!r)
    return;
  w.key(name).begin_object().member("min", r->min).member("max", r->max).member("unit", unit).end_object();
}

void text_field(json_writer& w, std::string_view name, const std::string& text) {
  if (!text.empty())
    w.member(name, text);
}

} // namespace

void write(json_writer& w, const assess::cause_entry& c) {
  const bool known = !c.hidden;
  w.begin_object().member("cause", c.cause).member("name", c.name).member("side", to_string(c.where));
  number_or_null(w, "prior", c.prior, known);
  number_or_null(w, "posterior", c.posterior, known);
  w.key("interval");
  if (known)
    w.begin_array().value(c.low).value(c.high).end_array();
  else
    w.null();
  number_or_null(w, "either_side", c.either_side, known);
  w.member("examined", c.examined);
  reasons(w, "for", c.in_favour);
  reasons(w, "against", c.against);
  reasons(w, "unknown", c.unknown);
  w.member("grade", to_string(c.level)).member("contested", c.contested).strings("path", c.path);
  w.member("cannot_be_excluded", c.cannot_be_excluded).member("counter_evidence", c.counter_evidence);
  sources(w, c.sources);
  explanation_members(w, c);
  w.end_object();
}

bool is_hidden(const assess::assessment& a, std::string_view cause, side where) {
  const auto hidden = [&](const assess::cause_entry& c) {
    return c.hidden && c.cause == cause && c.where == where;
  };
  return std::any_of(a.differential.begin(), a.differential.end(), hidden) ||
         std::any_of(a.outside.begin(), a.outside.end(), hidden);
}

void write(json_writer& w, const assess::next_test& t, const assess::assessment& a) {
  w.begin_object().member("finding", t.finding).member("side", to_string(t.where)).member("bits", t.bits);
  w.member("minutes", t.minutes).member("bits_per_minute", t.bits_per_minute);
  w.member("changes_plan", t.changes_plan);
  outcome(w, "if_positive", t.if_positive, a);
  outcome(w, "if_negative", t.if_negative, a);
  w.member("position", t.position).member("name", t.name);
  w.member("probability_positive", t.probability_positive).end_object();
}

void write(json_writer& w, const kb::dose& d, const std::string& week_one) {
  w.begin_object();
  dose_field(w, "sets", d.sets, "1");
  dose_field(w, "reps", d.reps, "1");
  dose_field(w, "hold", d.hold_s, "s");
  dose_field(w, "rest", d.rest_s, "s");
  dose_field(w, "minutes", d.minutes, "min");
  dose_field(w, "per_day", d.per_day, "/d");
  dose_field(w, "per_week", d.per_week, "/wk");
  dose_field(w, "weeks", d.weeks, "wk");
  text_field(w, "tempo", d.tempo);
  text_field(w, "load", d.load);
  text_field(w, "basis", d.basis);
  text_field(w, "note", d.note);
  text_field(w, "week_one", week_one);
  w.end_object();
}

void write(json_writer& w, const plan::plan_item& item) {
  w.begin_object().member("exercise", item.exercise).member("name", item.name);
  w.member("side", to_string(item.where)).strings("for_causes", item.for_causes).key("dose");
  write(w, item.dose.how_much, item.dose.week_one);
  w.member("why", item.why).strings("stop_rules", item.stop_rules).strings("easier", item.easier);
  w.strings("harder", item.harder).member("grade", to_string(item.level));
  sources(w, item.sources);
  w.strings("cues", item.cues).strings("warnings", item.warnings).end_object();
}

void write(json_writer& w, const plan::sequence_line& l) {
  w.begin_object().member("rule", l.rule).member("text", l.text).member("met", l.met);
  sources(w, l.sources);
  w.end_object();
}

void write(json_writer& w, const diagnostic& d) {
  w.begin_object().member("severity", to_string(d.level)).member("code", d.code);
  w.key("place").begin_object().member("line", d.where.line).member("column", d.where.column);
  w.member("pointer", d.where.pointer).end_object();
  w.member("text", d.text).member("hint", d.hint).end_object();
}

void basis_member(json_writer& w, const kb::basis& b) {
  w.key("basis").begin_object().member("grade", to_string(b.level)).member("seen", to_string(b.seen));
  w.member("contested", b.contested).strings("claims", b.claims).key("sources").begin_array();
  for (const kb::citation& c : b.sources)
    w.begin_object().member("source", c.source).member("place", c.place).end_object();
  w.end_array().member("judgement", b.judgement).end_object();
}

void origin_members(json_writer& w, const kb::origin& from) {
  w.member("plugin", from.plugin).member("version", from.version);
}

} // namespace posterior::report
