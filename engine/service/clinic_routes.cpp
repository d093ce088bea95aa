// Routes about what the clinic itself says of the shared knowledge: what stands there, and changes of it.
#include "engine/report/overlay.hpp"
#include "engine/service/answer.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/problem.hpp"
#include "engine/service/routes.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {
namespace {

std::string as_json(const clinic_outcome& o) {
  json_writer w;
  w.begin_object().member("schema", "posterior.kb-change/1").member("change", o.change);
  w.member("statement", o.statement).member("kind", o.kind).member("name", o.name);
  w.member("status", o.status).member("until", o.until).key("fields").begin_array();
  for (const kb::change& c : o.fields)
    w.begin_object().member("field", c.field).member("before", c.before).member("now", c.now).end_object();
  w.end_array().member("file", o.file).strings("notes", o.notes).end_object();
  return w.take();
}

std::string sentence(const clinic_outcome& o) {
  const std::string what =
      o.name.empty() || o.name == o.statement ? o.statement : o.name + " (" + o.statement + ")";
  if (o.change == "overridden")
    return what + " says what the clinic says.";
  if (o.change == "disabled")
    return what + " is taken out.";
  if (o.change == "suspended")
    return what + " raises no flag until " + o.until +
           ". Every assessment begins with that, and says whether it "
           "would have fired.";
  if (o.change == "reviewed")
    return what + " is reviewed. It reasons once somebody else has accepted it, too.";
  if (o.change == "accepted")
    return what + " is active.";
  if (o.change == "rejected")
    return what + " is retired.";
  return "What the clinic said about " + what + " is taken back.";
}

report::sheet as_sheet(const clinic_outcome& o) {
  report::sheet page;
  page.text(sentence(o));
  for (const kb::change& c : o.fields)
    page.item("*", c.field + ": " + (c.before.empty() ? "nothing" : c.before) + " -> " + c.now, 1);
  for (const std::string& note : o.notes)
    page.item("note:", note, 1);
  return page;
}

std::string value_of(const call& c, std::string_view name) {
  const std::string* value = c.where.find(name);
  return value == nullptr ? std::string() : *value;
}

response changed(const call& c, clinic_act what, clinic_request asked = {}) {
  asked.what = what;
  asked.id = value_of(c, "id");
  asked.by = value_of(c, "by");
  asked.reason = value_of(c, "reason");
  if (asked.id.empty())
    return usage_problem("id", "",
                         what == clinic_act::suspend ? "the id of a rule" : "the id of a statement");
  if (what != clinic_act::reset && asked.by.empty())
    return usage_problem("by", "", "the name of whoever decides this");
  if (what != clinic_act::reset && asked.reason.empty())
    return usage_problem("reason", "", "one sentence why");
  if (!c.clinic)
    return problem_response(503, exit_code::failed, "overlay.no-home", "",
                            "the overlay cannot be changed here");
  const clinic_outcome o = c.clinic(asked);
  if (o.how != change_verdict::done)
    return problems_response(status_of(o.how), exit_code::failed, o.problems);
  return form_of(c.asked.accept) == form::json
             ? json_answer(as_json(o))
             : text_answer(report::render_text(as_sheet(o), look_of(c.where)));
}

} // namespace

response overlay_route(const call& c) {
  if (form_of(c.asked.accept) == form::json)
    return json_answer(report::overlay_json(c.now.overlay, *c.now.knowledge));
  return drawn(report::overlay_sheet(c.now.overlay, *c.now.knowledge), c, "Posterior: the clinic's own word");
}

response drafts_route(const call& c) {
  const std::string id = value_of(c, "id");
  const kb::snapshot& k = *c.now.knowledge;
  if (!id.empty() && k.find_draft(id) == nullptr) {
    std::vector<std::string_view> known;
    for (const kb::draft& d : k.all.drafts)
      known.push_back(d.statement);
    return unknown_problem("the draft", id, did_you_mean(nearest(id, known)));
  }
  if (form_of(c.asked.accept) == form::json)
    return json_answer(report::drafts_json(k, id));
  return drawn(report::drafts_sheet(k, id), c, "Posterior: drafts");
}

response override_route(const call& c) {
  if (c.asked.body.empty())
    return usage_problem("the body", "", "TOML, one field and its value a line");
  clinic_request asked;
  asked.fields = c.asked.body;
  return changed(c, clinic_act::override, std::move(asked));
}

response withdraw_route(const call& c) {
  return changed(c, clinic_act::disable);
}

response suspend_route(const call& c) {
  clinic_request asked;
  asked.until = value_of(c, "until");
  if (asked.until.empty())
    return usage_problem("until", "", "the last day, for example 2026-12-31, at most 90 days from today");
  return changed(c, clinic_act::suspend, std::move(asked));
}

response review_route(const call& c) {
  clinic_request asked;
  asked.verdict = value_of(c, "verdict");
  if (asked.verdict != "accept" && asked.verdict != "reject")
    return usage_problem("verdict", asked.verdict, "accept or reject");
  return changed(c, clinic_act::review, std::move(asked));
}

response reset_route(const call& c) {
  clinic_request asked;
  asked.field = value_of(c, "field");
  return changed(c, clinic_act::reset, std::move(asked));
}

} // namespace posterior::service
