// Routes that ask more about one case: what to test next.
#include <algorithm>

#include "engine/report/next.hpp"
#include "engine/service/answer.hpp"
#include "engine/service/case_requests.hpp"
#include "engine/service/problem.hpp"
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

} // namespace posterior::service
