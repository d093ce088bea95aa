#include "engine/report/history.hpp"

#include <cstdio>
#include <map>

#include "engine/report/words.hpp"
#include "kb/values/date.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::report {
namespace {

std::string count_of(std::int64_t n, std::string_view one, std::string_view many) {
  return counted(static_cast<std::size_t>(n), one, many);
}

void write(json_writer& w, const kb::bundle_change& b) {
  w.begin_object().member("plugin", b.id).member("what", b.what).member("before", b.version_before);
  w.member("now", b.version_now).end_object();
}

void write(json_writer& w, const kb::statement_event& e) {
  w.begin_object().member("kind", e.kind).member("id", e.id).member("plugin", e.plugin);
  w.member("version", e.version).member("what", e.why.empty() ? "begun" : "ended").member("why", e.why);
  w.member("by", e.by).end_object();
}

void write(json_writer& w, const kb::revision_change& r) {
  w.begin_object().member("revision", r.number).member("made_at", utc_time(r.made_at));
  w.member("program", r.program).member("digest", r.digest).member("statements", r.statements);
  w.member("added", r.added).member("changed", r.changed).member("gone", r.gone);
  w.key("plugins").begin_array();
  for (const kb::bundle_change& b : r.bundles)
    write(w, b);
  w.end_array().key("events").begin_array();
  for (const kb::statement_event& e : r.events)
    write(w, e);
  w.end_array().end_object();
}

// "com.a.pack 1.0.0 -> 1.1.0 changed".
std::string line_of(const kb::bundle_change& b) {
  const bool both = !b.version_before.empty() && !b.version_now.empty() && b.version_before != b.version_now;
  const std::string version = both                    ? b.version_before + " -> " + b.version_now
                              : b.version_now.empty() ? b.version_before
                                                      : b.version_now;
  const std::string what = b.what == "in-force" ? "in force again" : b.what;
  return b.id + " " + version + ": " + what;
}

std::string why_words(const std::string& why, const std::string& by) {
  if (why == "changed")
    return "its plugin says something else";
  if (why == "renewed")
    return "another version of its plugin says the same";
  if (why == "superseded")
    return by.empty() ? "another plugin says it now" : by + " says it now";
  if (why == "withdrawn")
    return "its plugin no longer says it";
  if (why == "asleep")
    return "something that it names is gone";
  if (why == "plugin-removed")
    return "its plugin was removed";
  if (why == "plugin-disabled")
    return "its plugin was disabled";
  return why == "plugin-refused" ? "its plugin was refused" : why;
}

void add_revision(sheet& page, const kb::revision_change& r) {
  page.entry("revision " + std::to_string(r.number) + ", " + utc_time(r.made_at));
  std::string words = count_of(r.statements, "statement", "statements") + ": " + std::to_string(r.added) +
                      " added, " + std::to_string(r.changed) + " changed, " + std::to_string(r.gone) +
                      " gone";
  if (!r.program.empty())
    words += "; by version " + r.program;
  page.text(words, 1);
  for (const kb::bundle_change& b : r.bundles)
    page.item("*", line_of(b), 1);
  for (const kb::statement_event& e : r.events)
    page.item(e.why.empty() ? "+" : "-",
              e.kind + " " + e.id + " (" + e.plugin + " " + e.version + ")" +
                  (e.why.empty() ? "" : ": " + why_words(e.why, e.by)),
              1);
}

void write(json_writer& w, const kb::statement_change& c) {
  w.begin_object().member("kind", c.kind).member("id", c.id).member("name", c.name).member("what", c.what);
  w.member("plugin_before", c.plugin_before).member("plugin_now", c.plugin_now).member("why", c.why);
  w.key("fields").begin_array();
  for (const kb::field_change& f : c.fields)
    w.begin_object().member("field", f.field).member("before", f.before).member("now", f.now).end_object();
  w.end_array().end_object();
}

const std::string& plugin_of(const kb::statement_change& c) {
  return c.plugin_now.empty() ? c.plugin_before : c.plugin_now;
}

void add_change(sheet& page, const kb::statement_change& c) {
  const char* mark = c.what == "added" ? "+" : c.what == "removed" ? "-" : "~";
  std::string words = c.kind + " " + c.id + (c.name.empty() ? "" : ": " + c.name);
  if (!c.why.empty())
    words += " (" + why_words(c.why, "") + ")";
  if (c.what == "changed" && c.plugin_before != c.plugin_now)
    words += " (said by " + c.plugin_before + " before)";
  page.item(mark, words, 1);
  for (const kb::field_change& f : c.fields)
    page.item(f.field + ":",
              (f.before.empty() ? "nothing" : f.before) + " -> " + (f.now.empty() ? "nothing" : f.now), 2);
}

} // namespace

std::string utc_time(std::int64_t seconds) {
  constexpr std::int64_t day = 86'400;
  const std::int64_t past = ((seconds % day) + day) % day; // of that day
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return format_date((seconds - past) / day) + " " + two(past / 3600) + ":" + two(past / 60 % 60) + " UTC";
}

std::string log_json(const std::string& id, const std::vector<kb::revision_change>& log) {
  json_writer w;
  w.begin_object().member("schema", "posterior.kb-log/1").member("asked", id).key("revisions").begin_array();
  for (const kb::revision_change& r : log)
    write(w, r);
  w.end_array().end_object();
  return w.take();
}

sheet log_sheet(const std::string& id, const std::vector<kb::revision_change>& log) {
  sheet page;
  page.title(id.empty() ? "What changed in the knowledge base" : "What became of " + id);
  for (const kb::revision_change& r : log)
    add_revision(page, r);
  return page;
}

std::string diff_json(const kb::revision_diff& d) {
  json_writer w;
  w.begin_object().member("schema", "posterior.kb-diff/1");
  w.key("from").begin_object().member("revision", d.from).member("digest", d.digest_from).end_object();
  w.key("to").begin_object().member("revision", d.to).member("digest", d.digest_to).end_object();
  w.key("changes").begin_array();
  for (const kb::statement_change& c : d.changes)
    write(w, c);
  w.end_array().end_object();
  return w.take();
}

sheet diff_sheet(const kb::revision_diff& d) {
  std::map<std::string, std::vector<const kb::statement_change*>> by_plugin;
  std::map<std::string, std::int64_t> counts;
  for (const kb::statement_change& c : d.changes) {
    by_plugin[plugin_of(c)].push_back(&c);
    ++counts[c.what];
  }
  sheet page;
  page.title("From revision " + std::to_string(d.from) + " to " + std::to_string(d.to) + ": " +
             std::to_string(counts["added"]) + " added, " + std::to_string(counts["changed"]) + " changed, " +
             std::to_string(counts["removed"]) + " removed");
  if (d.changes.empty())
    page.text(d.digest_from == d.digest_to ? "Both say the same." : "No statement differs.", 1);
  for (const auto& [plugin, changes] : by_plugin) {
    page.heading(plugin.empty() ? "scale" : plugin);
    for (const kb::statement_change* c : changes)
      add_change(page, *c);
  }
  return page;
}

std::string verify_json(const kb::store_verdict& v) {
  json_writer w;
  w.begin_object().member("schema", "posterior.kb-verify/1").member("whole", v.faults.empty());
  w.member("digest", v.digest).member("revisions", v.revisions).member("rows", v.rows);
  w.key("faults").begin_array();
  for (const kb::store_fault& f : v.faults)
    w.begin_object()
        .member("table", f.table)
        .member("row", f.row)
        .member("revision", f.revision)
        .member("text", f.text)
        .end_object();
  w.end_array().end_object();
  return w.take();
}

sheet verify_sheet(const kb::store_verdict& v) {
  sheet page;
  if (v.faults.empty()) {
    page.text("The knowledge base is whole: " + count_of(v.revisions, "revision", "revisions") + ", " +
              count_of(v.rows, "row", "rows") + ", all as the program wrote them.");
    page.text("digest " + v.digest, 1, tone::faint);
    return page;
  }
  page.title("The knowledge base was changed outside the program, or damaged");
  for (const kb::store_fault& f : v.faults)
    page.item("*", f.text, 1, tone::alarm);
  page.gap().text("`posterior restore FILE` brings back a backup.");
  return page;
}

} // namespace posterior::report
