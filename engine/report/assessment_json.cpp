// Key order is the order of the schema file; a test reads both and compares.
#include "engine/report/assessment.hpp"
#include "engine/report/clinic.hpp"
#include "engine/report/explained_parts.hpp"
#include "engine/report/json_parts.hpp"

namespace posterior::report {
namespace {

using report::write;

void write(json_writer& w, const assess::plugin_answer& p) {
  w.begin_object().member("id", p.id).member("version", p.version).member("status", p.status);
  w.member("detail", p.detail).end_object();
}

void write(json_writer& w, const cases::watch_line& line) {
  w.begin_object().member("id", line.id).member("text", line.text).member("action", line.action);
  observations(w, "because", line.because);
  w.strings("asks", line.asks);
  sources(w, line.sources);
  w.end_object();
}

void write(json_writer& w, const cases::red_flag& f) {
  w.begin_object().member("id", f.id).member("urgency", to_string(f.level));
  observations(w, "because", f.because);
  w.member("action", f.action);
  sources(w, f.sources);
  w.member("name", f.name).member("timing", f.timing).member("closes", to_string(f.closes)).end_object();
}

void write(json_writer& w, const assess::unexplained_finding& u) {
  w.begin_object().member("finding", u.finding).member("side", to_string(u.where)).member("why", u.why);
  w.end_object();
}

void write(json_writer& w, const std::pair<std::string, std::string>& two) {
  w.begin_array().value(two.first).value(two.second).end_array();
}

void write(json_writer& w, const assess::conflict& c) {
  w.begin_object().member("text", c.text);
  observations(w, "between", c.between);
  w.end_object();
}

void write(json_writer& w, const plan::tension_line& t) {
  w.begin_object().member("id", t.id).member("same_plan", t.same_plan).member("text", t.text);
  w.strings("decides", t.decides).member("taken", t.taken).member("decided_by", t.decided_by).end_object();
}

void write(json_writer& w, const plan::left_out_line& l) {
  w.begin_object().member("exercise", l.exercise).member("because", l.because).member("by", l.by);
  sources(w, l.sources);
  w.member("name", l.name).end_object();
}

void write(json_writer& w, const plan::plan_phase& p) {
  w.begin_object().member("phase", to_string(p.stage)).member("entry", p.entry).member("exit", p.exit);
  w.key("items").begin_array();
  for (const plan::plan_item& item : p.items)
    write(w, item);
  w.end_array().end_object();
}

template <typename T>
void list(json_writer& w, std::string_view name, const std::vector<T>& items) {
  w.key(name).begin_array();
  for (const T& item : items)
    write(w, item);
  w.end_array();
}

void write_plan(json_writer& w, const plan::programme& p) {
  w.key("plan").begin_object().member("status", p.status);
  w.strings("because", p.because).strings("depends_on", p.depends_on);
  list(w, "phases", p.phases);
  list(w, "left_out", p.left_out);
  w.member("minutes_per_session", p.minutes_per_session);
  w.member("reassess_after_days", p.reassess_after_days).key("referral");
  if (p.refer) {
    w.begin_object().member("urgency", to_string(p.refer->level)).member("action", p.refer->action);
    w.strings("rules", p.refer->rules).end_object();
  } else {
    w.null();
  }
  w.strings("session", p.session);
  list(w, "sequence", p.sequence);
  w.end_object();
}

void write_head(json_writer& w, const assess::assessment& a) {
  w.member("schema", "posterior.assessment/1");
  standing_members(w, a);
  w.key("knowledge").begin_object().member("revision", a.revision).member("digest", a.digest).end_object();
  w.key("engine").begin_object().member("version", a.engine_version).end_object();
  list(w, "plugins", a.plugins);
  w.key("safety").begin_object().member("status", a.safe.status).strings("missing", a.safe.missing);
  w.member("unreadable", a.safe.unreadable);
  w.end_object();
  list(w, "watch", a.watch);
  list(w, "red_flags", a.red_flags);
}

void write_causes(json_writer& w, std::string_view name, const std::vector<assess::cause_entry>& list_of) {
  w.key(name).begin_array();
  for (const assess::cause_entry& c : list_of)
    if (!c.hidden || c.cannot_be_excluded)
      write(w, c);
  w.end_array();
}

} // namespace

std::string to_json(const assess::assessment& a) {
  json_writer w;
  w.begin_object();
  write_head(w, a);
  write_causes(w, "differential", a.differential);
  list(w, "unexplained", a.unexplained);
  w.member("none_of_these", a.none_of_these);
  list(w, "inseparable", a.inseparable);
  list(w, "conflicts", a.conflicts);
  list(w, "tensions", a.tensions);
  w.key("next_tests").begin_array();
  for (const assess::next_test& t : a.next_tests)
    write(w, t, a);
  w.end_array();
  w.key("stop").begin_object().member("reached", a.stop.reached).member("why", a.stop.why).end_object();
  write_plan(w, a.programme);
  w.key("method").begin_object().member("rung", a.how.rung).member("gap", a.how.gap);
  w.member("standard_error", a.how.standard_error).member("draws", a.how.draws).end_object();
  list(w, "diagnostics", a.problems);
  write_causes(w, "outside", a.outside);
  observations(w, "recorded", a.recorded);
  w.member("confinement", a.confinement).member("case_digest", a.case_digest);
  sets_member(w, a);
  overlay_member(w, a);
  w.end_object();
  return w.take();
}

} // namespace posterior::report
