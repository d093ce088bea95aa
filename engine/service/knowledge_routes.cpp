// Routes that read the knowledge base.
#include <algorithm>

#include "engine/report/knowledge.hpp"
#include "engine/report/plugins.hpp"
#include "engine/service/answer.hpp"
#include "engine/service/routes.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {
namespace {

// "causes" for "cause", "families" for "family": people ask in the plural.
std::string singular(std::string_view asked, const std::vector<std::string_view>& known) {
  for (std::string_view kind : known) {
    const std::string plural =
        kind.ends_with('y') ? std::string(kind.substr(0, kind.size() - 1)) + "ies" : std::string(kind) + "s";
    if (asked == plural)
      return std::string(kind);
  }
  return std::string(asked);
}

std::string words_of(const std::vector<std::string_view>& list) {
  std::string out;
  for (std::string_view one : list)
    (out += out.empty() ? "" : ", ") += one;
  return out;
}

// How code stands, with what the host learned of it since.
std::vector<report::code_standing> with_quarantine(const world& now) {
  std::vector<report::code_standing> out = now.code;
  for (const host::offender& o : now.watch ? now.watch->offenders() : std::vector<host::offender>{})
    for (report::code_standing& s : out)
      if (const kb::plugin_entry* p = now.knowledge->find_plugin(s.plugin);
          o.quarantined_ms && p != nullptr && p->digest == o.digest)
        s.quarantine = "it failed too often (" +
                       (o.strikes.empty() ? std::string("no strike kept") : o.strikes.back().what) +
                       "); `posterior plugin trust " + s.plugin + "` lifts that";
  return out;
}

} // namespace

response show_route(const call& c) {
  const std::string* id = c.where.find("id");
  if (id == nullptr)
    return usage_problem("id", "", "the id of an item");
  const kb::snapshot& k = *c.now.knowledge;
  const auto card = kb::show(k, *id);
  if (!card)
    return unknown_id_problem(*id, k);
  if (form_of(c.asked.accept) == form::json)
    return json_answer(report::show_json(*card, k));
  return drawn(report::show_sheet(*card), c, *id);
}

response list_route(const call& c) {
  const std::string* asked = c.where.find("kind");
  const std::vector<std::string_view> known = kb::kinds();
  const std::string kind = singular(asked == nullptr ? std::string_view{} : std::string_view(*asked), known);
  if (std::find(known.begin(), known.end(), kind) == known.end())
    return usage_problem("kind", kind, "one of " + words_of(known), did_you_mean(nearest(kind, known)));
  const std::vector<kb::listed> items = kb::list(*c.now.knowledge, kind);
  if (form_of(c.asked.accept) == form::json)
    return json_answer(report::list_json(kind, items, *c.now.knowledge));
  return drawn(report::list_sheet(kind, items), c, "Posterior: " + kind);
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
  const std::vector<report::code_standing> code = with_quarantine(c.now);
  if (form_of(c.asked.accept) == form::json)
    return json_answer(report::plugins_json(*c.now.knowledge, c.now.refused, code));
  return drawn(report::plugins_sheet(*c.now.knowledge, c.now.refused, code), c, "Posterior: plugins");
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
    return json_answer(report::plugin_json(*p, k, with_quarantine(c.now)));
  if (p != nullptr)
    return drawn(report::plugin_sheet(*p, k, with_quarantine(c.now)), c, p->about.id);
  std::vector<std::string_view> known;
  for (const kb::plugin_entry& one : k.plugins)
    known.push_back(one.about.id);
  return unknown_problem("the plugin", *id, did_you_mean(nearest(*id, known)));
}

} // namespace posterior::service
