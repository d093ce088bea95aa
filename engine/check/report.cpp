// The report as JSON and as JUnit XML. JUnit has no warnings: with --strict they are failures, else output.
#include "engine/check/runner.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior::check {
namespace {

void write_place(json_writer& w, const place& p) {
  w.member("file", p.file);
  if (p.line > 0)
    w.member("line", p.line).member("column", p.column);
}

void write_outcome(json_writer& w, const outcome& o) {
  w.begin_object()
      .member("id", o.check.id)
      .member("name", o.check.name)
      .member("description", o.check.description)
      .member("result", to_string(o.how));
  if (!o.reason.empty())
    w.member("reason", o.reason);
  if (!o.remark.empty())
    w.member("measured", o.remark);
  w.key("notes").begin_array();
  for (const diagnostic& d : o.notes) {
    w.begin_object().member("level", to_string(d.level));
    write_place(w, d.where);
    w.member("text", d.text).member("hint", d.hint).end_object();
  }
  w.end_array().end_object();
}

std::string all_notes(const outcome& o) {
  std::string out;
  for (const diagnostic& d : o.notes)
    out += to_string(d) + "\n";
  return out;
}

std::string body(const outcome& o, bool strict) {
  const bool fault = o.how == result::fail || (strict && o.how == result::warn);
  const auto element = [&](std::string_view name, std::string_view message, const std::string& text) {
    return "    <" + std::string(name) + " message=\"" + markup(message) + "\">" + markup(text) + "</" +
           std::string(name) + ">\n";
  };
  if (o.how == result::crash || fault)
    return element(fault ? "failure" : "error", o.notes.empty() ? "" : o.notes.front().text, all_notes(o));
  if (o.how == result::skip)
    return "    <skipped message=\"" + markup(o.reason) + "\"/>\n";
  return o.notes.empty() ? "" : "    <system-out>" + markup(all_notes(o)) + "</system-out>\n";
}

std::string number(double seconds) {
  return format_number(static_cast<double>(static_cast<std::int64_t>(seconds * 1000)) / 1000);
}

} // namespace

std::string as_json(const report& r) {
  json_writer w;
  w.begin_object()
      .member("schema", "posterior.plugin-check/1")
      .member("path", r.path)
      .member("id", r.id)
      .member("version", r.version)
      .member("seed", static_cast<std::int64_t>(r.seed))
      .member("strict", r.total.strict)
      .member("sound", r.total.sound);
  w.key("summary")
      .begin_object()
      .member("ok", r.total.ok)
      .member("warn", r.total.warn)
      .member("fail", r.total.fail)
      .member("crash", r.total.crash)
      .member("skip", r.total.skip)
      .end_object();
  w.key("checks").begin_array();
  for (const outcome& o : r.outcomes)
    write_outcome(w, o);
  w.end_array().end_object();
  return w.take();
}

std::string as_junit(const report& r) {
  const std::size_t failures = r.total.fail + (r.total.strict ? r.total.warn : 0);
  double seconds = 0;
  for (const outcome& o : r.outcomes)
    seconds += o.seconds;
  const std::string suite = r.id.empty() ? r.path : r.id;
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  out += "  <testsuite name=\"" + markup(suite) + "\" tests=\"" + std::to_string(r.outcomes.size()) +
         "\" failures=\"" + std::to_string(failures) + "\" errors=\"" + std::to_string(r.total.crash) +
         "\" skipped=\"" + std::to_string(r.total.skip) + "\" time=\"" + number(seconds) + "\">\n";
  for (const outcome& o : r.outcomes) {
    const std::string inside = body(o, r.total.strict);
    out += "  <testcase classname=\"" + markup(suite) + "\" name=\"" + markup(o.check.id) + " " +
           markup(o.check.name) + "\" time=\"" + number(o.seconds) + "\"";
    out += inside.empty() ? "/>\n" : ">\n" + inside + "  </testcase>\n";
  }
  return out + "  </testsuite>\n</testsuites>\n";
}

std::string list_json() {
  json_writer w;
  w.begin_object().member("schema", "posterior.plugin-checks/1").key("checks").begin_array();
  for (const spec& c : all_checks())
    w.begin_object()
        .member("id", c.id)
        .member("name", c.name)
        .member("description", c.description)
        .end_object();
  w.end_array().end_object();
  return w.take();
}

} // namespace posterior::check
