#include "engine/report/knowledge.hpp"

#include <algorithm>

#include "engine/report/overlay.hpp"
#include "engine/report/words.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::report {
namespace {

void write_head(json_writer& w, const char* schema, const kb::snapshot& k) {
  w.begin_object().member("schema", schema).key("knowledge").begin_object();
  w.member("revision", k.revision).member("digest", k.digest).end_object();
}

void write(json_writer& w, const kb::relation& r) {
  w.begin_object().member("label", r.label).member("kind", r.kind).member("id", r.id);
  w.member("name", r.name).member("detail", r.detail).member("plugin", r.plugin).end_object();
}

void write(json_writer& w, const kb::relations_left& l) {
  w.begin_object().member("label", l.label).member("count", l.count).end_object();
}

void write(json_writer& w, const kb::item_user& u) {
  w.begin_object().member("plugin", u.plugin).member("statements", u.statements).end_object();
}

void write(json_writer& w, const kb::shown_source& s) {
  w.begin_object().member("claim", s.claim).member("claim_text", s.claim_text).member("source", s.source);
  w.member("title", s.title).member("place", s.place).member("seen", s.seen).member("grade", s.level);
  w.member("contested", s.contested).end_object();
}

template <typename T>
void write_list(json_writer& w, std::string_view name, const std::vector<T>& list) {
  w.key(name).begin_array();
  for (const T& one : list)
    write(w, one);
  w.end_array();
}

std::string plain_grade(const std::string& level, bool contested) {
  return (level.empty() ? "" : "evidence: " + level) + (contested ? ", contested" : "");
}

void add_source(sheet& page, const kb::shown_source& s) {
  if (!s.claim.empty())
    page.item("*", "claim " + s.claim + ": " + s.claim_text, 1);
  std::string at = s.source + (s.title.empty() ? "" : ": " + s.title);
  for (const std::string& more :
       {s.place, plain_grade(s.level, s.contested), s.seen.empty() ? "" : "seen: " + s.seen})
    if (!more.empty())
      at += "; " + more;
  page.item(s.claim.empty() ? "*" : "from:", at, s.claim.empty() ? 1 : 2, tone::faint);
}

std::string relation_words(const kb::relation& r) {
  std::string out = r.name.empty() ? r.id : r.name + " (" + r.id + ")";
  if (!r.detail.empty())
    out += ": " + r.detail;
  return r.plugin.empty() ? out : out + " [" + r.plugin + "]";
}

// Relations come label by label; what a label leaves out is told at its end.
void add_relations(sheet& page, const kb::item_card& card) {
  const auto left_of = [&](const std::string& label) {
    for (const kb::relations_left& l : card.left)
      if (l.label == label)
        page.item("*", "and " + grouped(l.count) + " more (`--all`)", 2, tone::faint);
  };
  for (std::size_t i = 0; i < card.relations.size(); ++i) {
    const kb::relation& r = card.relations[i];
    if (i == 0 || card.relations[i - 1].label != r.label)
      page.item(r.label + ":", "", 1, tone::strong);
    page.item("*", relation_words(r), 2);
    if (i + 1 == card.relations.size() || card.relations[i + 1].label != r.label)
      left_of(r.label);
  }
}

void add_users(sheet& page, const kb::item_card& card) {
  if (card.users.empty())
    return;
  page.heading("WHO USES IT");
  constexpr std::size_t most = 12;
  for (std::size_t i = 0; i < std::min(most, card.users.size()); ++i)
    page.item("*",
              card.users[i].plugin + ": " +
                  counted(card.users[i].statements, "statement names it", "statements name it"),
              1);
  if (card.users.size() > most)
    page.item("*", "and " + grouped(card.users.size() - most) + " more plugins (`--json`)", 1, tone::faint);
}

} // namespace

namespace {

void write_fields(json_writer& w, const std::vector<std::pair<std::string, std::string>>& fields) {
  w.key("fields").begin_array();
  for (const auto& [label, value] : fields)
    w.begin_object().member("label", label).member("value", value).end_object();
  w.end_array();
}

void write_words(json_writer& w, const std::vector<kb::item_words>& all) {
  w.key("words").begin_array();
  for (const kb::item_words& one : all) {
    w.begin_object().member("lang", one.lang).member("audience", one.patient ? "patient" : "clinician");
    write_fields(w, one.fields);
    w.end_object();
  }
  w.end_array();
}

void add_words(sheet& page, const std::vector<kb::item_words>& all) {
  if (!all.empty())
    page.heading("IN OTHER WORDS");
  for (const kb::item_words& one : all) {
    page.text(one.lang + (one.patient ? ", for patients" : ""), 1);
    for (const auto& [label, value] : one.fields)
      page.item(label + ":", value, 2);
  }
}

} // namespace

std::string show_json(const kb::item_card& card, const kb::snapshot& k) {
  json_writer w;
  write_head(w, "posterior.kb-show/1", k);
  w.member("kind", card.kind).member("id", card.id).member("name", card.name);
  write_fields(w, card.fields);
  write_words(w, card.words);
  write_list(w, "relations", card.relations);
  write_list(w, "left_out", card.left);
  write_list(w, "users", card.users);
  w.strings("missing", card.missing);
  write_list(w, "sources", card.sources);
  w.member("judgement", card.judgement).member("grade", card.level).member("seen", card.seen);
  w.member("contested", card.contested)
      .member("plugin", card.from.plugin)
      .member("version", card.from.version);
  clinic_member(w, card.id, k);
  w.end_object();
  return w.take();
}

sheet show_sheet(const kb::item_card& card) {
  sheet page;
  page.title(card.name.empty() ? card.id : card.name + " (" + card.id + ")");
  page.text(card.kind, 1);
  for (const auto& [label, value] : card.fields)
    page.item(label + ":", value, 1);
  add_words(page, card.words);
  if (!card.relations.empty())
    page.heading("WHAT STANDS AROUND IT");
  add_relations(page, card);
  if (!card.missing.empty())
    page.item("goes on without:", listing(card.missing) + ", which nothing defines", 1, tone::caution);
  add_users(page, card);
  page.heading("WHAT IT RESTS ON");
  for (const kb::shown_source& s : card.sources)
    add_source(page, s);
  if (!card.judgement.empty())
    page.item("judgement:", card.judgement, 1);
  if (const std::string grade = plain_grade(card.level, card.contested); !grade.empty())
    page.text(grade + (card.seen.empty() ? "" : "; seen: " + card.seen), 1);
  page.text("said by " + card.from.plugin + " " + card.from.version, 1, tone::faint);
  return page;
}

std::string list_json(std::string_view kind, const std::vector<kb::listed>& items, const kb::snapshot& k) {
  json_writer w;
  write_head(w, "posterior.kb-list/1", k);
  w.member("asked", kind).key("items").begin_array();
  for (const kb::listed& one : items) {
    w.begin_object().member("kind", one.kind).member("id", one.id).member("name", one.name);
    w.member("plugin", one.plugin).member("grade", one.level).end_object();
  }
  w.end_array().end_object();
  return w.take();
}

sheet list_sheet(std::string_view kind, const std::vector<kb::listed>& items) {
  sheet page;
  page.title(std::string(kind) + ": " + counted(items.size(), "item", "items"));
  for (const kb::listed& one : items)
    page.item(one.id,
              one.name + (one.name.empty() ? "" : " ") + "(" + one.plugin +
                  (one.level.empty() ? "" : ", " + one.level) + ")",
              1);
  return page;
}

std::string search_json(const kb::search_query& asked, const kb::search_result& found,
                        const kb::snapshot& k) {
  json_writer w;
  write_head(w, "posterior.kb-search/1", k);
  w.member("asked", asked.text).member("lang", asked.language).key("items").begin_array();
  for (const kb::search_hit& h : found.hits) {
    w.begin_object().member("kind", h.kind).member("id", h.id).member("name", h.name);
    w.member("plugin", h.plugin).member("grade", h.level).member("excerpt", h.excerpt).end_object();
  }
  w.end_array().member("more", found.more).key("instead").begin_array();
  for (const kb::searched_instead& one : found.instead)
    w.begin_object().member("asked", one.asked).member("instead", one.instead).end_object();
  w.end_array().strings("near", found.near).strings("nowhere", found.nowhere).end_object();
  return w.take();
}

sheet search_sheet(std::string_view text, const kb::search_result& found) {
  sheet page;
  page.title("\"" + std::string(text) + "\": " + (found.more ? "the first " : "") +
             counted(found.hits.size(), "statement", "statements"));
  for (const kb::searched_instead& one : found.instead)
    page.text("searched \"" + one.instead + "\" for \"" + one.asked + "\", which occurs nowhere", 1);
  for (const std::string& word : found.nowhere)
    page.text("\"" + word + "\" occurs nowhere, nor does anything like it", 1);
  for (const kb::search_hit& h : found.hits) {
    page.item(h.id, "(" + h.kind + ", " + h.plugin + (h.level.empty() ? "" : ", " + h.level) + ") " + h.name,
              1, tone::strong);
    if (!h.excerpt.empty())
      page.text(h.excerpt, 2);
  }
  if (!found.near.empty())
    page.item("also near:", listing(found.near), 1);
  return page;
}

} // namespace posterior::report
