// Routes that show how the engine came to an answer.
#include <algorithm>
#include <cmath>
#include <limits>

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

response loop_problem(const call& c, const inference::question& q,
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

response too_wide_problem(const call& c, int width, double cost) {
  const std::string found =
      cost < std::numeric_limits<double>::infinity()
          ? format_number(cost) + " table cells, the largest table over " + std::to_string(width) + " nodes"
          : "a table over more nodes than fit in memory";
  return problem_response(422, exit_code::failed, "network.too-wide", label(c.where),
                          fault("what an exact answer needs", found,
                                "at most " + format_number(inference::exact_cost_limit) +
                                    " table cells and " + format_number(inference::memory_limit) + " bytes"),
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

response answer_question(const call& c, const inference::question& q) {
  report::inference_answer a{q, 0, {}, {}, {}, 0, 0, {}};
  laps time(c.time);
  inference::whole_answer whole(q);
  a.took.index = time.lap();
  const inference::outcome planned = whole.plan();
  a.took.plan = time.lap();
  if (planned == inference::outcome::loop)
    return loop_problem(c, q, whole.loop());
  a.width = whole.width();
  a.operations = whole.cost();
  if (planned == inference::outcome::too_wide)
    return too_wide_problem(c, a.width, a.operations);
  const inference::outcome ran = whole.run();
  a.took.run = time.lap();
  if (ran == inference::outcome::contradiction) {
    a.conflict = inference::conflicting(q);
    return told(c, a);
  }
  whole.spread();
  a.took.rest = time.lap();
  a.log10_evidence = whole.log10_evidence();
  a.posterior = whole.posterior();
  a.grades = whole.grades();
  return told(c, a);
}

} // namespace

response infer_route(const call& c) {
  const inference::question_read read = inference::read_question(c.asked.body, label(c.where));
  if (!read.value)
    return problems_response(422, exit_code::failed, read.problems);
  return answer_question(c, *read.value);
}

} // namespace posterior::service
