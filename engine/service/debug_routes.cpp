// Routes that show how the engine came to an answer.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/inference/graded.hpp"
#include "engine/inference/probable_sets.hpp"
#include "engine/inference/question_reader.hpp"
#include "engine/inference/whole_answer.hpp"
#include "engine/report/inference.hpp"
#include "engine/service/answer.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/problem.hpp"
#include "engine/service/routes.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {

static_assert(network_bytes_limit == inference::network_bytes_limit);

namespace {

constexpr std::size_t label_limit = 200;
constexpr std::size_t loop_names_limit = 20;

// What the asker calls the document; only ever told back to the asker.
std::string label(const target& where) {
  const std::string* name = where.find("name");
  return name == nullptr || name->empty() ? "network" : quoted(*name, label_limit);
}

// Microseconds since the lap before; 0 without a clock.
class laps {
public:
  explicit laps(const stopwatch& time)
      : time_(time)
      , last_(now()) {}
  double lap() {
    const double start = last_;
    last_ = now();
    return std::round((last_ - start) * 1000) / 1000;
  }

private:
  double now() const { return time_ ? time_() : 0; }

  const stopwatch& time_;
  double last_;
};

response loop_problem(const call& c, const inference::network_question& q,
                      const std::vector<inference::node_index>& loop) {
  std::string names;
  for (std::size_t i = 0; i < loop.size() && i < loop_names_limit; ++i)
    names += quoted(q.ids[static_cast<std::size_t>(loop[i])]) + " -> ";
  names += loop.size() > loop_names_limit ? "... -> " : "";
  names += quoted(q.ids[static_cast<std::size_t>(loop.front())]);
  return problem_response(422, exit_code::failed, "network.loop", label(c.where),
                          fault("the network", "a loop " + names, "free of directed loops"),
                          "leave out one of these links");
}

response too_wide_problem(const call& c) {
  return problem_response(422, exit_code::failed, "network.too-wide", label(c.where),
                          fault("the network", "too wide, and no world with this evidence was met",
                                "narrow enough for tables, or the evidence likelier"),
                          "fewer positive findings that share many parents make it narrower");
}

response told(const call& c, const report::inference_answer& a) {
  response given = form_of(c.asked.accept) == form::json
                       ? json_answer(report::inference_json(a))
                       : drawn(report::inference_sheet(a), c, "Posterior: inference");
  if (!a.conflict.empty())
    given.exit_code = exit_code::failed;
  else if (std::any_of(a.posterior.begin(), a.posterior.end(), [](double p) { return p < 0; }))
    given.exit_code = exit_code::in_part;
  return given;
}

void take_answer(const inference::whole_answer& whole, report::inference_answer& a) {
  a.evidence_known = whole.evidence().value > 0;
  a.log10_evidence = a.evidence_known ? whole.log10_evidence() : 0;
  a.posterior = whole.posterior();
  a.grades = whole.grades();
  a.by = whole.by();
  a.gap = whole.gap();
  a.standard_error = whole.standard_error();
  a.beliefs = whole.beliefs();
  a.operations = whole.cost();
}

// Of evidence that is impossible. Where that is proved without tables, all of it is named.
response contradiction(const call& c, const inference::network_question& q, report::inference_answer& a) {
  a.conflict = inference::conflicting(q);
  if (a.conflict.empty())
    for (std::size_t row = 0; row < q.seen.size(); ++row)
      a.conflict.push_back(row);
  return told(c, a);
}

response answer_question(const call& c, const inference::network_question& q, int states) {
  report::inference_answer a{q};
  laps time(c.time);
  inference::whole_answer whole(q);
  a.took.index = time.lap();
  const inference::outcome planned = whole.plan();
  a.took.plan = time.lap();
  if (planned == inference::outcome::loop)
    return loop_problem(c, q, whole.loop());
  const bool exact = planned == inference::outcome::answered;
  a.width = exact ? whole.width() : 0;
  a.operations = exact ? whole.cost() : 0;
  const inference::outcome ran = exact ? whole.run() : whole.climb();
  a.took.run = time.lap();
  if (ran == inference::outcome::contradiction)
    return contradiction(c, q, a);
  if (ran == inference::outcome::too_wide)
    return too_wide_problem(c);
  if (exact)
    whole.spread();
  whole.sample_rest();
  a.took.rest = time.lap();
  take_answer(whole, a);
  if (states > 0) {
    std::vector<std::size_t> rows(q.seen.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    const inference::plain_query plain = inference::reduce(q, rows);
    a.states = inference::most_probable(plain.net, plain.seen, states);
  }
  return told(c, a);
}

constexpr double most_states = 16;

} // namespace

response infer_route(const call& c) {
  const inference::question_read read = inference::read_question(c.asked.body, label(c.where));
  if (!read.value)
    return problems_response(422, exit_code::failed, read.problems);
  const number_read states = read_number(c.where, "states", 1, most_states);
  if (states.problem)
    return *states.problem;
  if (states.value && !read.value->graded.empty())
    return usage_problem("states", *c.where.find("states"), "left out: the network has graded nodes");
  return answer_question(c, *read.value, static_cast<int>(states.value.value_or(0)));
}

} // namespace posterior::service
