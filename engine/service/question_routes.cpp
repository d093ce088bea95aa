// Routes that ask more about one case: what to test next, what if, what would turn the ranking, why not.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/assess/what_if.hpp"
#include "engine/case/reader.hpp"
#include "engine/report/next.hpp"
#include "engine/report/sensitivity.hpp"
#include "engine/report/what_if.hpp"
#include "engine/report/why_not.hpp"
#include "engine/service/answer.hpp"
#include "engine/service/case_requests.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/problem.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {
namespace {

// "neural-tension" or "neural-tension@left", of a state that the differential ranks.
std::optional<response> read_focus(const call& c, assess::test_options& asked) {
  const std::string* text = c.where.find("focus");
  if (text == nullptr)
    return {};
  const std::size_t at = text->find('@');
  const std::string id = text->substr(0, at);
  const kb::state* s = c.now.knowledge->find_state(id);
  if (s == nullptr || (s->kind != kb::state_kind::cause && s->kind != kb::state_kind::other)) {
    std::vector<std::string_view> known;
    for (const kb::state& x : c.now.knowledge->all.states)
      if (x.kind == kb::state_kind::cause || x.kind == kb::state_kind::other)
        known.push_back(x.id);
    return usage_problem("focus", *text, "a cause of the knowledge base (kb list cause)",
                         did_you_mean(nearest(id, known)));
  }
  asked.focus = id;
  if (at == std::string::npos)
    return {};
  const std::string where = text->substr(at + 1);
  if (!s->lateral || (where != "left" && where != "right"))
    return usage_problem("focus", *text,
                         s->lateral ? "\"" + id + "@left\" or \"" + id + "@right\""
                                    : "\"" + id + "\": it has no sides");
  asked.focus_side = where == "left" ? side::left : side::right;
  return {};
}

// --- what if ----------------------------------------------------------------------

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    if (!part.empty())
      out.push_back(part);
  }
  return out;
}

// "slr-passive@left=55deg": id, side and state.
struct assignment {
  std::string id, where, state;
};

std::optional<assignment> split(std::string_view part) {
  const std::size_t equal = part.find('=');
  if (equal == std::string_view::npos || equal == 0 || equal + 1 == part.size())
    return {};
  const std::string_view name = part.substr(0, equal);
  const std::size_t at = name.find('@');
  return assignment{std::string(name.substr(0, at)),
                    at == std::string_view::npos ? std::string() : std::string(name.substr(at + 1)),
                    std::string(part.substr(equal + 1))};
}

bool is_number_start(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.';
}

// One observation as the case's own JSON form has it, so that the case's reader judges it.
void write_observation(json_writer& w, const assignment& a, const kb::snapshot& knowledge) {
  w.begin_object().member("finding", a.id);
  if (!a.where.empty())
    w.member("side", a.where);
  const bool is_state = a.state == "present" || a.state == "absent" || a.state == "unknown";
  if (is_state) {
    w.member("state", a.state);
  } else if (is_number_start(a.state[0])) {
    const char* first = a.state.data() + (a.state[0] == '+' ? 1 : 0);
    double value = 0;
    const auto [end, error] = std::from_chars(first, a.state.data() + a.state.size(), value);
    const std::string unit(end, a.state.data() + a.state.size());
    const kb::finding* f = knowledge.find_finding(a.id);
    if (error == std::errc() && std::isfinite(value))
      w.member("value", value).member("unit", unit.empty() && f != nullptr ? f->unit : unit);
    else
      w.member("state", a.state);
  } else {
    const kb::finding* f = knowledge.find_finding(a.id);
    w.member(f != nullptr && !f->levels.empty() ? "level" : "state", a.state);
  }
  w.end_object();
}

struct changes_read {
  std::vector<cases::observation> observations;
  diagnostics notes;
  std::optional<response> problem;
};

// Places in a document nobody wrote help nobody: the change itself is named instead.
diagnostics about_changes(diagnostics all) {
  if (all.size() > 1)
    std::erase_if(all, [](const diagnostic& d) { return d.code.ends_with("nothing-usable"); });
  for (diagnostic& d : all)
    d.where = {"the change", 0, 0, ""};
  return all;
}

changes_read read_changes(const call& c) {
  changes_read out;
  const std::string* text = c.where.find("changes");
  if (text == nullptr)
    return out;
  json_writer w;
  w.begin_object().member("schema", "posterior.case/1").key("observation").begin_array();
  for (std::string_view part : parts_of(*text)) {
    const auto a = split(part);
    if (!a) {
      out.problem = usage_problem("changes", part, "FINDING=STATE, for example slump@left=absent");
      return out;
    }
    write_observation(w, *a, *c.now.knowledge);
  }
  w.end_array().end_object();
  const cases::reading read = cases::read(w.take(), "the change", *c.now.knowledge);
  if (!read.value || has_errors(read.problems))
    out.problem = problems_response(400, exit_code::usage, about_changes(read.problems));
  else
    out.observations = read.value->observations;
  return out;
}

// "neural-tension@left=absent,...". Present is said of one side: of a cause that has sides, "present" alone
// would leave open whether one or both are meant.
std::optional<response> read_held(const call& c, std::string_view name, bool done,
                                  std::vector<assess::held_cause>& held) {
  const std::string* text = c.where.find(name);
  if (text == nullptr)
    return {};
  for (std::string_view part : parts_of(*text)) {
    const auto a = split(part);
    if (!a || (a->state != "present" && a->state != "absent"))
      return usage_problem(name, part,
                           "CAUSE=present or CAUSE=absent, for example neural-tension@left=absent");
    const kb::state* s = c.now.knowledge->find_state(a->id);
    if (s == nullptr || (s->kind != kb::state_kind::cause && s->kind != kb::state_kind::other)) {
      std::vector<std::string_view> known;
      for (const kb::state& x : c.now.knowledge->all.states)
        if (x.kind == kb::state_kind::cause || x.kind == kb::state_kind::other)
          known.push_back(x.id);
      return usage_problem(name, part, "about a cause of the knowledge base (kb list cause)",
                           did_you_mean(nearest(a->id, known)));
    }
    if (!a->where.empty() && (!s->lateral || (a->where != "left" && a->where != "right")))
      return usage_problem(name, part,
                           s->lateral ? "about left or right" : "\"" + a->id + "=...\": it has no sides");
    if (a->where.empty() && s->lateral && a->state == "present")
      return usage_problem(name, part, "with its side, for example \"" + a->id + "@left=present\"");
    const side where = a->where == "left" ? side::left : a->where == "right" ? side::right : side::none;
    held.push_back({a->id, where, a->state == "present", done});
  }
  return {};
}

} // namespace

response next_route(const call& c) {
  wishes_read wishes = read_wishes(c, false);
  assess::test_options& tests = wishes.options.tests;
  tests.full = true;
  if (!wishes.problem)
    wishes.problem = read_focus(c, tests);
  const number_read minutes = read_number(c.where, "minutes", 1, 240);
  tests.minutes = minutes.value;
  if (!wishes.problem)
    wishes.problem = minutes.problem;
  if (wishes.problem)
    return *wishes.problem;
  const assessed done = assess_case(c, wishes.options);
  if (done.problem)
    return *done.problem;
  if (form_of(c.asked.accept) == form::json)
    return finish(json_answer(report::next_json(done.value, tests)), done.value, c);
  return finish(drawn(report::next_sheet(done.value, *c.now.knowledge, tests), c, "Posterior: next tests"),
                done.value, c);
}

response whatif_route(const call& c) {
  wishes_read wishes = read_wishes(c);
  const changes_read changes = read_changes(c);
  std::vector<assess::held_cause> held;
  for (const auto& problem :
       {wishes.problem, changes.problem, read_held(c, "given", false, held), read_held(c, "do", true, held)})
    if (problem)
      return *problem;
  if (changes.observations.empty() && held.empty())
    return usage_problem("changes", "", "at least one of FINDING=STATE, given and do",
                         "for example: posterior whatif case.toml slump@left=absent");
  const case_read read = read_case(c);
  if (read.problem)
    return *read.problem;
  wishes.options.plans = c.now.plans.get();
  wishes.options.with_drafts = c.now.with_drafts;
  const assess::what_if done = assess::compare_with(read.value, read.problems, changes.observations, held,
                                                    *c.now.knowledge, c.now.detectors, wishes.options);
  if (form_of(c.asked.accept) == form::json)
    return finish(json_answer(report::what_if_json(done, *c.now.knowledge)), done.after, c);
  return finish(drawn(report::what_if_sheet(done, *c.now.knowledge), c, "Posterior: what if"), done.after, c);
}

response sensitivity_route(const call& c) {
  wishes_read wishes = read_wishes(c);
  if (wishes.problem)
    return *wishes.problem;
  wishes.options.sensitivity = true;
  wishes.options.tests.none = true;
  const assessed done = assess_case(c, wishes.options);
  if (done.problem)
    return *done.problem;
  if (form_of(c.asked.accept) == form::json)
    return finish(json_answer(report::sensitivity_json(done.value)), done.value, c);
  return finish(drawn(report::sensitivity_sheet(done.value, *c.now.knowledge), c, "Posterior: sensitivity"),
                done.value, c);
}

response why_not_route(const call& c) {
  const std::string* id = c.where.find("id");
  if (id == nullptr)
    return usage_problem("id", "", "the id of a cause, exercise or test");
  const std::string plain = id->substr(0, id->find('@'));
  const kb::snapshot& k = *c.now.knowledge;
  const bool is_cause = k.find_state(plain) != nullptr;
  if (!is_cause && !k.find_exercise(plain) && !k.find_finding(plain))
    return unknown_id_problem(plain, k);
  wishes_read wishes = read_wishes(c);
  if (wishes.problem)
    return *wishes.problem;
  const case_read read = read_case(c);
  if (read.problem)
    return *read.problem;
  const assess::assessment now = assess_read(c, read.value, read.problems, wishes.options);
  std::optional<assess::assessment> without;
  if (is_cause && !now.differential.empty()) {
    wishes.options.tests.none = true;
    wishes.options.held = {{now.differential.front().cause, now.differential.front().where, false, false}};
    without = assess_read(c, read.value, read.problems, wishes.options);
  }
  const assess::assessment* beside = without ? &*without : nullptr;
  if (form_of(c.asked.accept) == form::json)
    return finish(json_answer(*report::why_not_json(now, beside, k, *id)), now, c);
  return finish(drawn(*report::why_not_sheet(now, beside, k, *id), c, "Posterior: why not"), now, c);
}

} // namespace posterior::service
