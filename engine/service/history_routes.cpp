// Routes that read the history of the knowledge base and the state of its file.
#include "engine/report/history.hpp"

#include <charconv>

#include "engine/service/answer.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/history_routes.hpp"
#include "engine/service/problem.hpp"

namespace posterior::service {

response store_problem(const kb::store_result& why) {
  const bool none = why.trouble == kb::store_trouble::missing;
  const bool unusable = why.trouble == kb::store_trouble::damaged || why.trouble == kb::store_trouble::newer;
  return problem_response(none       ? 404
                          : unusable ? 503
                                     : 500,
                          unusable ? exit_code::no_knowledge : exit_code::failed,
                          none ? "request.unknown-revision" : "knowledge.store", "", why.text,
                          none       ? "`posterior kb log` lists the revisions"
                          : unusable ? "`posterior restore FILE` brings back a backup"
                                     : "");
}

response no_history() {
  return problem_response(404, exit_code::no_knowledge, "knowledge.no-history", "",
                          "the knowledge was found without a store, must be one with kb.sqlite",
                          "its history is kept in the home; see `posterior doctor`");
}

revision_read read_revision(const target& where, std::string_view name) {
  const std::string* text = where.find(name);
  if (text == nullptr)
    return {};
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error == std::errc() && end == text->data() + text->size() && number > 0)
    return {number, {}};
  return {{}, usage_problem(name, *text, "the number of a revision", "`posterior kb log` lists them")};
}

response log_route(const call& c) {
  if (c.past == nullptr)
    return no_history();
  const number_read most = read_number(c.where, "max", 1, 1e9);
  if (most.problem)
    return *most.problem;
  const std::string* id = c.where.find("id");
  kb::store_result why;
  const auto found =
      c.past->log(id == nullptr ? "" : *id, most.value ? static_cast<std::size_t>(*most.value) : 0, why);
  if (!why)
    return store_problem(why);
  if (id != nullptr && found.empty())
    return unknown_problem("the id", *id, "`posterior kb search` finds what is in force");
  if (form_of(c.asked.accept) == form::json)
    return json_answer(report::log_json(id == nullptr ? "" : *id, found));
  return drawn(report::log_sheet(id == nullptr ? "" : *id, found), c, "Posterior: log");
}

response diff_route(const call& c) {
  if (c.past == nullptr)
    return no_history();
  const revision_read from = read_revision(c.where, "from"), to = read_revision(c.where, "to");
  for (const revision_read* one : {&from, &to})
    if (one->problem)
      return *one->problem;
  if (!from.number || !to.number)
    return usage_problem(from.number ? "to" : "from", "", "the number of a revision");
  kb::store_result why;
  const auto found = c.past->diff(*from.number, *to.number, why);
  if (!found)
    return store_problem(why);
  if (form_of(c.asked.accept) == form::json)
    return json_answer(report::diff_json(*found));
  return drawn(report::diff_sheet(*found), c, "Posterior: diff");
}

response verify_route(const call& c) {
  if (c.past == nullptr)
    return no_history();
  kb::store_result why;
  const kb::store_verdict found = c.past->verify(why);
  if (why.trouble == kb::store_trouble::missing)
    return problem_response(503, exit_code::no_knowledge, "knowledge.none", "", why.text,
                            "the first command that needs it makes one");
  if (!why && why.trouble != kb::store_trouble::damaged)
    return store_problem(why);
  response out = form_of(c.asked.accept) == form::json ? json_answer(report::verify_json(found))
                                                       : drawn(report::verify_sheet(found), c, "Posterior");
  out.exit_code = found.faults.empty() ? exit_code::done : exit_code::check_faults;
  return out;
}

} // namespace posterior::service
