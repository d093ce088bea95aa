// Routes that show what lies between a case and its assessment. What they answer goes to the asker only.
#include <optional>

#include "engine/assess/timing.hpp"
#include "engine/case/reader.hpp"
#include "engine/report/inside.hpp"
#include "engine/service/answer.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/problem.hpp"
#include "engine/service/routes.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {
namespace {

constexpr std::size_t label_limit = 200;

cases::reading read_case(const call& c) {
  const std::string* name = c.where.find("name");
  const std::string label = name == nullptr || name->empty() ? "case" : quoted(*name, label_limit);
  return cases::read(c.asked.body, label, *c.now.knowledge);
}

response told(const cases::reading& read, response given) {
  if (has_errors(read.problems)) {
    given.exit_code = exit_code::in_part;
    given.notes = "the case has faults; `posterior case check` lists them\n";
  }
  return given;
}

response network_in(const call& c, const assess::inside& in, const std::string& wanted) {
  const inference::case_question q = inference::question_of(in.ground(), in.seen(), {});
  if (wanted == "dot")
    return {200, 0, "text/vnd.graphviz", report::network_dot(in, q), {}};
  if (wanted == "infer")
    return json_answer(report::question_json(q.asked));
  if (form_of(c.asked.accept) == form::json)
    return json_answer(report::network_json(in, q));
  return drawn(report::network_sheet(in, q), c, "Posterior: network");
}

} // namespace

response debug_network_route(const call& c) {
  const std::string* asked = c.where.find("as");
  const std::string wanted = asked == nullptr ? "" : *asked;
  if (!wanted.empty() && wanted != "dot" && wanted != "infer")
    return usage_problem("as", wanted, "dot or infer");
  const cases::reading read = read_case(c);
  if (!read.value)
    return problems_response(422, exit_code::case_refused, read.problems);
  const assess::inside in(*read.value, *c.now.knowledge, c.now.detectors);
  return told(read, network_in(c, in, wanted));
}

response debug_evidence_route(const call& c) {
  const cases::reading read = read_case(c);
  if (!read.value)
    return problems_response(422, exit_code::case_refused, read.problems);
  const assess::inside in(*read.value, *c.now.knowledge, c.now.detectors);
  const assess::evidence_view e = assess::evidence_of(in);
  if (form_of(c.asked.accept) == form::json)
    return told(read, json_answer(report::evidence_json(e)));
  return told(read, drawn(report::evidence_sheet(e), c, "Posterior: evidence"));
}

response debug_timings_route(const call& c) {
  const cases::reading read = read_case(c);
  if (!read.value)
    return problems_response(422, exit_code::case_refused, read.problems);
  const assess::timings t = assess::time_case(*read.value, *c.now.knowledge, c.now.detectors, {}, c.time);
  if (form_of(c.asked.accept) == form::json)
    return told(read, json_answer(report::timings_json(t)));
  return told(read, drawn(report::timings_sheet(t), c, "Posterior: timings"));
}

} // namespace posterior::service
