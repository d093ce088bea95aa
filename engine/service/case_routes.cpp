// Routes that take a case.
#include "engine/case/reader.hpp"
#include "engine/report/assessment.hpp"
#include "engine/report/plugins.hpp"
#include "engine/report/why.hpp"
#include "engine/service/answer.hpp"
#include "engine/service/case_requests.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/routes.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::service {

static_assert(body_bytes_limit == cases::case_bytes_limit);

namespace {

constexpr int leaders_explained = 3;
constexpr double why_cells = 0x1p28;        // table cells for the balance sheets where somebody asked why
constexpr double cells_in_passing = 0x1p24; // the same where nobody did (some 8 ms)

assessed assess_explained(const call& c, assess::options::depth explain) {
  wishes_read wishes = read_wishes(c);
  if (wishes.problem)
    return {{}, wishes.problem};
  wishes.options.explain = std::move(explain);
  return assess_case(c, wishes.options);
}

} // namespace

response assess_route(const call& c) {
  const bool in_full = form_of(c.asked.accept) == form::json; // the letter does without what `why` tells
  const assessed done = assess_explained(c, {in_full ? leaders_explained : 0, {}, in_full, cells_in_passing});
  if (done.problem)
    return *done.problem;
  if (in_full)
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
  if (!k.find_state(plain) && !k.find_exercise(plain) && !k.find_finding(plain) && !k.find_rule(plain) &&
      !k.find_sequence(plain))
    return unknown_id_problem(std::string(plain), k);
  assess::options::depth explain;
  if (k.find_state(plain))
    explain = {0, {std::string(plain)}, true, why_cells};
  const assessed done = assess_explained(c, std::move(explain));
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
