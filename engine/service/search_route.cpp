// The route that searches the knowledge base.
#include <algorithm>

#include "engine/report/knowledge.hpp"
#include "engine/service/answer.hpp"
#include "engine/service/narrowing.hpp"
#include "engine/service/routes.hpp"
#include "kb/show.hpp"

namespace posterior::service {
namespace {

constexpr double most_hits = 200;

std::string value_of(const call& c, std::string_view name) {
  const std::string* text = c.where.find(name);
  return text == nullptr ? std::string() : *text;
}

struct search_read {
  kb::search_query query;
  std::optional<response> problem;
};

std::optional<response> read_kind(const call& c, kb::search_query& query) {
  const std::vector<std::string_view> known = kb::kinds();
  query.kind = singular(value_of(c, "kind"), known);
  if (query.kind.empty() || std::find(known.begin(), known.end(), query.kind) != known.end())
    return {};
  return unknown_kind_problem(query.kind, known);
}

std::optional<response> read_limit(const call& c, kb::search_query& query) {
  const number_read most = read_number(c.where, "max", 1, most_hits);
  query.limit = static_cast<std::size_t>(most.value.value_or(static_cast<double>(query.limit)));
  return most.problem;
}

search_read read_search(const call& c) {
  search_read out;
  kb::search_query& query = out.query;
  query.text = value_of(c, "q");
  if (!kb::asks_for_something(query.text)) {
    out.problem = usage_problem("q", query.text, "the words to look for",
                                query.text.empty() ? "" : "what begins with a minus is only left out");
    return out;
  }
  if (const std::string language = value_of(c, "lang"); !language.empty())
    query.language = language;
  const narrowing_read only = read_narrowing(c);
  query.plugin = only.value.plugin;
  query.source = only.value.source;
  query.level = only.value.level;
  out.problem = only.problem;
  if (!out.problem)
    out.problem = read_kind(c, query);
  if (!out.problem)
    out.problem = read_limit(c, query);
  return out;
}

} // namespace

response search_route(const call& c) {
  const search_read asked = read_search(c);
  if (asked.problem)
    return *asked.problem;
  const kb::search_result found =
      c.now.texts ? c.now.texts->search(asked.query) : kb::searcher(c.now.knowledge, "").search(asked.query);
  if (form_of(c.asked.accept) == form::json)
    return json_answer(report::search_json(asked.query, found, *c.now.knowledge));
  return drawn(report::search_sheet(asked.query.text, found), c, "Posterior: search");
}

} // namespace posterior::service
