// Two causes of one case side by side.
#include "engine/report/compare.hpp"
#include "engine/service/answer.hpp"
#include "engine/service/case_requests.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {
namespace {

// The nearest cause as hint, not the nearest id of any kind.
response unknown_cause_problem(const std::string& id, const kb::snapshot& k) {
  std::vector<std::string_view> causes;
  for (const kb::state& s : k.all.states)
    if (s.kind == kb::state_kind::cause)
      causes.push_back(s.id);
  return unknown_problem("the cause", id, did_you_mean(nearest(id, causes)));
}

struct subject_read {
  assess::subject value;
  std::optional<response> problem;
};

// "ID" or "ID@left" of a cause that is ranked.
subject_read read_cause(const call& c, std::string_view name) {
  const std::string* asked = c.where.find(name);
  if (asked == nullptr)
    return {{}, usage_problem(name, "", "the id of a cause")};
  const std::size_t at = asked->find('@');
  const std::string id = asked->substr(0, at);
  const kb::state* s = c.now.knowledge->find_state(id);
  if (s == nullptr)
    return {{}, unknown_cause_problem(id, *c.now.knowledge)};
  if (s->kind != kb::state_kind::cause)
    return {{}, usage_problem(name, *asked, "a cause (" + s->name + " is none)", "posterior kb list causes")};
  if (at == std::string::npos)
    return {{id, {}}, {}};
  const std::string where = asked->substr(at + 1);
  if (!s->lateral || (where != "left" && where != "right"))
    return {
        {},
        usage_problem(name, *asked, s->lateral ? id + "@left or " + id + "@right" : id + " without a side")};
  return {{id, where == "left" ? side::left : side::right}, {}};
}

} // namespace

response compare_route(const call& c) {
  const kb::snapshot& k = *c.now.knowledge;
  assess::subject both[2];
  const std::string_view names[] = {"first", "second"};
  for (std::size_t i = 0; i < 2; ++i) {
    subject_read read = read_cause(c, names[i]);
    if (read.problem)
      return *read.problem;
    both[i] = std::move(read.value);
  }
  if (both[0].id == both[1].id && (!both[0].where || both[0].where == both[1].where))
    return usage_problem("second", *c.where.find("second"), "another cause than the first");
  wishes_read wishes = read_wishes(c);
  if (wishes.problem)
    return *wishes.problem;
  wishes.options.compared = {both[0], both[1]};
  const assessed done = assess_case(c, wishes.options);
  if (done.problem)
    return *done.problem;
  if (!done.value.compared)
    return usage_problem("second", *c.where.find("second"), "a cause that this assessment can rank");
  if (form_of(c.asked.accept) == form::json)
    return finish(json_answer(report::comparison_json(done.value)), done.value, c);
  return finish(drawn(report::comparison_sheet(done.value, k), c, "Posterior: compare"), done.value, c);
}

} // namespace posterior::service
