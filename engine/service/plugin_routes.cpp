// Routes that change which plugins there are and whose code runs.
#include "engine/service/answer.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/problem.hpp"
#include "engine/service/routes.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::service {

int status_of(change_verdict how) {
  switch (how) {
  case change_verdict::done:
    return 200;
  case change_verdict::refused:
    return 422;
  case change_verdict::needs_word:
    return 409;
  case change_verdict::unknown:
    return 404;
  case change_verdict::busy:
    return 503;
  case change_verdict::failed:
    break;
  }
  return 500;
}

namespace {

std::string as_json(const change_outcome& o) {
  json_writer w;
  w.begin_object().member("schema", "posterior.plugin-change/1").member("change", o.change);
  w.member("plugin", o.plugin).member("version", o.version).member("digest", o.digest);
  w.member("location", o.location)
      .member("trust", o.trust)
      .member("key", o.key)
      .member("key_name", o.key_name);
  w.member("replaced", o.replaced).key("dormant").begin_array();
  for (const kb::dormant& d : o.sleep)
    w.begin_object()
        .member("statement", d.statement)
        .member("missing", d.missing)
        .member("plugin", d.plugin)
        .end_object();
  w.end_array().key("warnings").begin_array();
  for (const diagnostic& d : o.problems)
    w.value(to_string(d));
  w.end_array().strings("notes", o.notes).end_object();
  return w.take();
}

std::string sentence(const change_outcome& o) {
  const std::string name = o.plugin + " " + o.version;
  if (!o.key.empty())
    return "The key " + o.key + " (" + o.key_name + ")" +
           (o.change == "key-revoked"   ? " is revoked: nothing that it signed runs."
            : o.change == "key-trusted" ? " is trusted: code that it signed runs."
                                        : ": nothing was to change.");
  if (o.change == "installed")
    return name + " is installed.";
  if (o.change == "replaced")
    return name + " is installed in the place of " + o.replaced + ".";
  if (o.change == "pinned")
    return "The code of this build of " + name + " may run.";
  if (o.change == "allowed")
    return "The code of " + name + " may run again.";
  if (o.change == "lifted")
    return "The quarantine of " + name + " is lifted.";
  if (o.change == "revoked")
    return "The code of this build of " + name + " does not run any more.";
  return o.change == "unchanged" ? name + ": nothing was to change." : name + " is " + o.change + ".";
}

report::sheet as_sheet(const change_outcome& o) {
  report::sheet page;
  page.text(sentence(o));
  if (!o.location.empty() && (o.change == "installed" || o.change == "replaced")) {
    page.item("lies at:", o.location, 1);
    page.item("digest:", o.digest, 1);
    page.item("code:", o.trust == "data" ? "none" : o.trust, 1);
  }
  for (const diagnostic& d : o.problems)
    page.item(std::string(to_string(d.level)) + ":", to_string(d), 1);
  for (const std::string& note : o.notes)
    page.item("note:", note, 1);
  if (!o.sleep.empty())
    page.heading("STATEMENTS OF OTHERS THAT NOW SLEEP");
  for (const kb::dormant& d : o.sleep)
    page.item("*", d.statement + " of " + d.plugin + " names " + d.missing, 1);
  return page;
}

response changed(const call& c, change_request asked) {
  if (!c.plugins)
    return problem_response(503, exit_code::failed, "plugin.no-home", "", "plugins cannot be changed here");
  const change_outcome o = c.plugins(asked);
  if (o.how != change_verdict::done)
    return problems_response(status_of(o.how), exit_code::failed, o.problems);
  if (form_of(c.asked.accept) == form::json)
    return json_answer(as_json(o));
  return text_answer(report::render_text(as_sheet(o), look_of(c.where)));
}

bool flag(const call& c, std::string_view name) {
  const std::string* value = c.where.find(name);
  return value != nullptr && *value == "1";
}

// The value of `id`, or a problem.
response by_id(const call& c, plugin_change what) {
  const std::string* id = c.where.find("id");
  if (id == nullptr || id->empty())
    return usage_problem("id", "", "the id of a plugin");
  change_request asked;
  asked.what = what;
  asked.id = *id;
  return changed(c, std::move(asked));
}

} // namespace

response install_route(const call& c) {
  if (c.asked.body.empty())
    return usage_problem("the body", "", "the bytes of an archive or of a pack");
  change_request asked;
  asked.bytes = c.asked.body;
  asked.trust = flag(c, "trust");
  asked.downgrade = flag(c, "downgrade");
  return changed(c, std::move(asked));
}

response remove_route(const call& c) {
  return by_id(c, plugin_change::remove);
}

response enable_route(const call& c) {
  return by_id(c, plugin_change::enable);
}

response disable_route(const call& c) {
  return by_id(c, plugin_change::disable);
}

response trust_route(const call& c) {
  const std::string *id = c.where.find("id"), *key = c.where.find("key"), *name = c.where.find("name");
  if ((id == nullptr) == (key == nullptr))
    return usage_problem("id and key", id == nullptr ? "none" : "both", "one of them");
  change_request asked;
  const bool revoke = flag(c, "revoke");
  asked.what = key != nullptr ? (revoke ? plugin_change::revoke_key : plugin_change::trust_key)
                              : (revoke ? plugin_change::revoke_plugin : plugin_change::trust_plugin);
  asked.id = key != nullptr ? *key : *id;
  asked.name = name != nullptr ? *name : "";
  asked.pin_always = flag(c, "pin");
  return changed(c, std::move(asked));
}

} // namespace posterior::service
