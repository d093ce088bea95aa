// Routes that read the knowledge base.
#include <algorithm>

#include "engine/report/knowledge.hpp"
#include "engine/report/overlay.hpp"
#include "engine/report/plugins.hpp"
#include "engine/report/words.hpp"
#include "engine/service/answer.hpp"
#include "engine/service/narrowing.hpp"
#include "engine/service/routes.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {
namespace {

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

constexpr std::size_t relations_on_a_page = 40; // of each label

// "link.a.b (com.x.pack), link.c.d (com.y.pack) and 3 more".
std::string waiting_words(const std::vector<kb::dormant>& list) {
  constexpr std::size_t most = 3;
  std::string out;
  for (std::size_t i = 0; i < std::min(most, list.size()); ++i)
    out += (out.empty() ? "" : ", ") + list[i].statement + " (" + list[i].plugin + ")";
  return list.size() > most ? out + " and " + std::to_string(list.size() - most) + " more" : out;
}

// An id that is not in force: retired, a draft, taken out, asleep, waited for, or simply unknown.
response absent_item_problem(const std::string& id, const kb::snapshot& k) {
  if (k.find_retirement(id) != nullptr)
    return unknown_id_problem(id, k);
  if (const kb::draft* d = k.find_draft(id))
    return unknown_problem("the id", id,
                           d->from.plugin + " says it, and it waits for review: `posterior kb drafts`");
  if (k.find_withdrawal(id) != nullptr)
    return unknown_problem("the id", id, "the clinic took it out: `posterior kb overlay` says why");
  const kb::absent_id found = kb::absence_of(k, id);
  if (!found.sleeps.empty())
    return unknown_problem("the id", id,
                           found.sleeps.front().plugin +
                               " says it, and it sleeps until something defines \"" +
                               found.sleeps.front().missing + "\"");
  if (!found.waiting.empty())
    return unknown_problem("the id", id,
                           report::counted(found.waiting.size(), "statement waits", "statements wait") +
                               " for it: " + waiting_words(found.waiting));
  return unknown_id_problem(id, k);
}

} // namespace

response show_route(const call& c) {
  const std::string* id = c.where.find("id");
  if (id == nullptr)
    return usage_problem("id", "", "the id of an item");
  const kb::snapshot& k = *c.now.knowledge;
  const bool json = form_of(c.asked.accept) == form::json, all = c.where.find("all") != nullptr;
  const auto card = kb::show(k, *id, json || all ? 0 : relations_on_a_page);
  if (!card)
    return absent_item_problem(*id, k);
  if (json)
    return json_answer(report::show_json(*card, k));
  report::sheet page = report::show_sheet(*card);
  report::add_clinic_word(page, card->id, k);
  return drawn(page, c, *id);
}

response list_route(const call& c) {
  const std::string* asked = c.where.find("kind");
  const std::vector<std::string_view> known = kb::kinds();
  const std::string kind = singular(asked == nullptr ? std::string_view{} : std::string_view(*asked), known);
  if (std::find(known.begin(), known.end(), kind) == known.end())
    return unknown_kind_problem(kind, known);
  const narrowing_read only = read_narrowing(c);
  if (only.problem)
    return *only.problem;
  const std::vector<kb::listed> items = kb::list(*c.now.knowledge, kind, only.value);
  if (form_of(c.asked.accept) == form::json)
    return json_answer(report::list_json(kind, items, *c.now.knowledge));
  return drawn(report::list_sheet(kind, items), c, "Posterior: " + kind);
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
  const kb::plugin_entry* p = plugin_meant(k, *id);
  if (p != nullptr && form_of(c.asked.accept) == form::json)
    return json_answer(report::plugin_json(*p, k, with_quarantine(c.now)));
  if (p != nullptr)
    return drawn(report::plugin_sheet(*p, k, with_quarantine(c.now)), c, p->about.id);
  return unknown_plugin_problem(k, *id);
}

} // namespace posterior::service
