// Routes that take a case.
#include <algorithm>

#include "engine/case/reader.hpp"
#include "engine/report/assessment.hpp"
#include "engine/report/plugins.hpp"
#include "engine/report/why.hpp"
#include "engine/service/answer.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/problem.hpp"
#include "engine/service/routes.hpp"
#include "kb/show.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {

static_assert(body_bytes_limit == cases::case_bytes_limit);

namespace {

constexpr std::size_t label_limit = 200;

// What the asker calls the case; only ever told back to the asker.
std::string label(const target& where) {
  const std::string* name = where.find("name");
  return name == nullptr || name->empty() ? "case" : quoted(*name, label_limit);
}

struct wishes_read {
  assess::options options;
  std::optional<response> problem;
};

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!word.empty())
      out.emplace_back(word);
  }
  return out;
}

std::optional<response> read_equipment(const target& where, const kb::snapshot& knowledge,
                                       plan::wishes& wanted) {
  const std::string* text = where.find("have");
  if (text == nullptr)
    return {};
  wanted.have = split(*text);
  std::sort(wanted.have.begin(), wanted.have.end());
  wanted.have.erase(std::unique(wanted.have.begin(), wanted.have.end()), wanted.have.end());
  std::vector<std::string_view> known;
  for (const kb::equipment& e : knowledge.all.tools)
    known.push_back(e.id);
  for (const std::string& id : wanted.have)
    if (std::find(known.begin(), known.end(), id) == known.end())
      return usage_problem("have", id, "equipment that the knowledge base has (kb list equipment)",
                           did_you_mean(nearest(id, known)));
  return {};
}

std::optional<response> read_side(const target& where, plan::wishes& wanted) {
  const std::string* text = where.find("side");
  if (text == nullptr)
    return {};
  if (*text != "left" && *text != "right")
    return usage_problem("side", *text, "left or right");
  wanted.only = *text == "left" ? side::left : side::right;
  return {};
}

std::optional<response> read_count(const target& where, plan::wishes& wanted) {
  const number_read read = read_number(where, "max_exercises", 1, 6);
  if (read.value && *read.value != static_cast<int>(*read.value))
    return usage_problem("max_exercises", *where.find("max_exercises"), "a whole number from 1 to 6");
  if (read.value)
    wanted.max_exercises = static_cast<int>(*read.value);
  return read.problem;
}

wishes_read read_wishes(const call& c) {
  wishes_read out;
  plan::wishes& wanted = out.options.wanted;
  const number_read minutes = read_number(c.where, "minutes", 1, 240);
  wanted.minutes = minutes.value;
  out.problem = minutes.problem;
  if (!out.problem)
    out.problem = read_equipment(c.where, *c.now.knowledge, wanted);
  if (!out.problem)
    out.problem = read_count(c.where, wanted);
  if (!out.problem)
    out.problem = read_side(c.where, wanted);
  return out;
}

struct assessed {
  assess::assessment value;
  std::optional<response> problem;
};

assessed assess_case(const call& c) {
  assessed out;
  wishes_read wishes = read_wishes(c);
  if (wishes.problem)
    return {{}, wishes.problem};
  wishes.options.plans = c.now.plans.get();
  const cases::reading read = cases::read(c.asked.body, label(c.where), *c.now.knowledge);
  if (!read.value)
    return {{}, problems_response(422, exit_code::case_refused, read.problems)};
  out.value = assess::assess(*read.value, read.problems, *c.now.knowledge, c.now.detectors, wishes.options);
  return out;
}

bool silent(const assess::plugin_answer& p) {
  return p.status != "answered" && p.status != "no-code";
}

int exit_of(const assess::assessment& a, bool flags_count) {
  if (flags_count && !a.red_flags.empty())
    return exit_code::red_flag;
  const bool part = std::any_of(a.plugins.begin(), a.plugins.end(), silent) || has_errors(a.problems);
  return part ? exit_code::in_part : exit_code::done;
}

std::string notes_of(const assess::assessment& a) {
  std::string out;
  for (const assess::plugin_answer& p : a.plugins)
    if (silent(p))
      out += "plugin " + p.id + " " + p.version + ": " + p.status + "\n";
  const auto errors = std::count_if(a.problems.begin(), a.problems.end(),
                                    [](const diagnostic& d) { return d.level == severity::error; });
  if (errors > 0)
    out += std::to_string(errors) + (errors == 1 ? " fault" : " faults") +
           " in the case; `posterior case check` lists them\n";
  return out;
}

response finish(response given, const assess::assessment& a, const call& c) {
  const std::string* wanted = c.where.find("exit_code");
  given.exit_code = exit_of(a, wanted != nullptr && *wanted == "1");
  given.notes = notes_of(a);
  return given;
}

} // namespace

response assess_route(const call& c) {
  const assessed done = assess_case(c);
  if (done.problem)
    return *done.problem;
  if (form_of(c.asked.accept) == form::json)
    return finish(json_answer(report::to_json(done.value)), done.value, c);
  const report::sheet page = report::letter(done.value, *c.now.knowledge);
  return finish(drawn(page, c, "Posterior: assessment"), done.value, c);
}

response why_route(const call& c) {
  const std::string* id = c.where.find("id");
  if (id == nullptr)
    return usage_problem("id", "", "the id of a cause, exercise, test or rule");
  const std::string_view plain = std::string_view(*id).substr(0, id->find('@'));
  const kb::snapshot& k = *c.now.knowledge;
  if (!k.find_state(plain) && !k.find_exercise(plain) && !k.find_finding(plain) && !k.find_rule(plain))
    return unknown_id_problem(std::string(plain), k);
  const assessed done = assess_case(c);
  if (done.problem)
    return *done.problem;
  if (form_of(c.asked.accept) == form::json)
    return finish(json_answer(*report::why_json(done.value, k, *id)), done.value, c);
  return finish(drawn(*report::why_sheet(done.value, k, *id), c, "Posterior: why"), done.value, c);
}

response check_route(const call& c) {
  const cases::reading read = cases::read(c.asked.body, label(c.where), *c.now.knowledge);
  const std::size_t usable = read.value ? read.value->observations.size() : 0;
  response given;
  if (form_of(c.asked.accept) == form::json)
    given = json_answer(report::check_json(read.problems, read.readable, usable));
  else
    given = drawn(report::check_sheet(label(c.where), read.problems, read.readable, usable), c,
                  "Posterior: case check");
  if (!read.readable)
    given.exit_code = exit_code::case_refused;
  else if (has_errors(read.problems) || !read.value)
    given.exit_code = exit_code::check_faults;
  return given;
}

response form_route(const call& c) {
  std::string form_text = cases::blank_form(*c.now.knowledge);
  if (form_of(c.asked.accept) != form::json)
    return text_answer(std::move(form_text));
  json_writer w;
  w.begin_object().member("schema", "posterior.case-form/1").member("form", form_text).end_object();
  return json_answer(w.take());
}

} // namespace posterior::service
