// Routes that read the knowledge base.
#include "engine/report/knowledge.hpp"
#include "engine/report/plugins.hpp"
#include "engine/service/answer.hpp"
#include "engine/service/routes.hpp"
#include "kb/search.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {
namespace {

response rows_answer(const call& c, const std::string& asked,
                     const std::string& title, const std::vector<report::row>& rows) {
  if (form_of(c.asked.accept) == form::json)
    return json_answer(report::rows_json(asked, rows, *c.now.knowledge));
  return drawn(report::rows_sheet(title, rows), c, title);
}

std::string kind_words() {
  std::string out;
  for (std::string_view kind : report::list_kinds())
    (out += out.empty() ? "" : ", ") += kind;
  return out;
}

} // namespace

response show_route(const call& c) {
  const std::string* id = c.where.find("id");
  if (id == nullptr)
    return usage_problem("id", "", "the id of a statement");
  const kb::snapshot& k = *c.now.knowledge;
  if (form_of(c.asked.accept) == form::json) {
    if (auto body = report::show_json(*id, k))
      return json_answer(std::move(*body));
  } else if (const auto page = report::show_sheet(*id, k)) {
    return drawn(*page, c, *id);
  }
  return unknown_problem("the id", *id, did_you_mean(report::nearest_id(*id, k)));
}

response list_route(const call& c) {
  const std::string* kind = c.where.find("kind");
  const std::string asked = kind == nullptr ? std::string() : *kind;
  const auto rows = report::list_rows(asked, *c.now.knowledge);
  if (!rows)
    return usage_problem("kind", asked, "one of " + kind_words(),
                         did_you_mean(nearest(asked, report::list_kinds())));
  return rows_answer(c, asked, asked + ": " + std::to_string(rows->size()), *rows);
}

response search_route(const call& c) {
  const std::string* words = c.where.find("q");
  if (words == nullptr || words->empty())
    return usage_problem("q", "", "the words to look for");
  kb::search_query query;
  query.text = *words;
  const kb::search_result found = kb::search_index(*c.now.knowledge).search(query);
  if (form_of(c.asked.accept) == form::json)
    return json_answer(report::search_json(*words, found, *c.now.knowledge));
  return drawn(report::search_sheet(*words, found), c, "Posterior: search");
}

response plugins_route(const call& c) {
  if (form_of(c.asked.accept) == form::json)
    return json_answer(report::plugins_json(*c.now.knowledge, c.now.refused));
  return drawn(report::plugins_sheet(*c.now.knowledge, c.now.refused), c, "Posterior: plugins");
}

response plugin_route(const call& c) {
  const std::string* id = c.where.find("id");
  if (id == nullptr)
    return usage_problem("id", "", "the id of a plugin");
  const kb::snapshot& k = *c.now.knowledge;
  const kb::plugin_entry* p = k.find_plugin(*id);
  if (p == nullptr)
    p = k.find_plugin("org.posterior." + *id);
  if (p != nullptr && form_of(c.asked.accept) == form::json)
    return json_answer(report::plugin_json(*p, k));
  if (p != nullptr)
    return drawn(report::plugin_sheet(*p, k), c, p->about.id);
  std::vector<std::string_view> known;
  for (const kb::plugin_entry& one : k.plugins)
    known.push_back(one.about.id);
  return unknown_problem("the plugin", *id, did_you_mean(nearest(*id, known)));
}

} // namespace posterior::service
