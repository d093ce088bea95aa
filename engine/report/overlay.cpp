#include "engine/report/overlay.hpp"

#include <algorithm>

#include "engine/report/words.hpp"
#include "kb/history.hpp"
#include "kb/show.hpp"

namespace posterior::report {
namespace {

void write_head(json_writer& w, const char* schema, const kb::snapshot& k) {
  w.begin_object().member("schema", schema).key("knowledge").begin_object();
  w.member("revision", k.revision).member("digest", k.digest).end_object();
}

// --- JSON -------------------------------------------------------------------------

template <typename T>
void word_members(json_writer& w, const T& of) {
  w.member("by", of.by).member("when", of.when).member("reason", of.reason).end_object();
}

void write(json_writer& w, const kb::change& c) {
  w.begin_object().member("statement", c.statement).member("field", c.field).member("before", c.before);
  w.member("now", c.now);
  word_members(w, c);
}

void write(json_writer& w, const kb::withdrawal& one) {
  w.begin_object().member("statement", one.statement).member("kind", one.kind).member("name", one.name);
  word_members(w, one);
}

void write(json_writer& w, const kb::overlay_entry& e) {
  w.begin_object().member("entry", to_string(e.deed)).member("statement", e.statement);
  w.member("kind", e.kind).strings("fields", e.fields).member("until", e.until);
  w.member("verdict", e.verdict).member("place", to_string(e.where));
  w.member("standing", to_string(e.standing)).member("why", e.why);
  word_members(w, e);
}

void write(json_writer& w, const diagnostic& d) {
  w.begin_object().member("severity", to_string(d.level)).member("code", d.code);
  w.member("place", to_string(d.where)).member("text", d.text).member("hint", d.hint).end_object();
}

void write(json_writer& w, const kb::draft& d) {
  w.begin_object().member("statement", d.statement).member("kind", d.kind).member("name", d.name);
  w.member("status", to_string(d.status)).member("plugin", d.from.plugin).member("version", d.from.version);
  w.member("digest", d.digest).member("text", d.text);
  word_members(w, d);
}

template <typename T>
void list(json_writer& w, std::string_view name, const std::vector<T>& items) {
  w.key(name).begin_array();
  for (const T& item : items)
    write(w, item);
  w.end_array();
}

void write_suspension(json_writer& w, const kb::suspension& s, const kb::snapshot& k) {
  const kb::rule* r = k.find_rule(s.rule);
  w.begin_object().member("rule", s.rule).member("name", r == nullptr ? "" : r->name);
  w.member("until", s.until);
  word_members(w, s);
}

// --- text -------------------------------------------------------------------------

std::string named(const std::string& id, const std::string& name) {
  return name.empty() || name == id ? id : name + " (" + id + ")";
}

std::string named(const std::string& id, const kb::snapshot& k) {
  const auto card = kb::show(k, id);
  return named(id, card ? card->name : std::string());
}

template <typename T>
void add_word(sheet& page, const T& of, int depth) {
  page.text("by " + of.by + ", " + of.when + ": " + of.reason, depth, tone::faint);
}

std::string change_words(const kb::change& c) {
  return c.field + ": " + (c.before.empty() ? "nothing" : c.before) + " -> " + c.now;
}

void add_changes(sheet& page, const kb::snapshot& k) {
  bool any = false;
  std::string last;
  for (const kb::change& c : k.all.changes) {
    if (c.field == kb::whole_statement)
      continue;
    if (!any)
      page.heading("CHANGED");
    any = true;
    if (c.statement != last)
      page.item("*", named(c.statement, k), 1, tone::strong);
    last = c.statement;
    page.text(change_words(c), 2);
    add_word(page, c, 3);
  }
}

void add_additions(sheet& page, const kb::snapshot& k) {
  bool any = false;
  for (const kb::change& c : k.all.changes) {
    if (c.field != kb::whole_statement)
      continue;
    if (!any)
      page.heading("ADDED");
    any = true;
    page.item("*", named(c.statement, k), 1, tone::strong);
    add_word(page, c, 2);
  }
}

void add_suspensions(sheet& page, const kb::snapshot& k) {
  if (k.all.suspensions.empty())
    return;
  page.heading("SUSPENDED RULES OF THE SAFETY SCREEN");
  for (const kb::suspension& s : k.all.suspensions) {
    page.item("!", named(s.rule, k) + ", until " + s.until, 1, tone::alarm);
    add_word(page, s, 2);
  }
}

void add_withdrawals(sheet& page, const kb::snapshot& k) {
  if (k.all.withdrawals.empty())
    return;
  page.heading("TAKEN OUT");
  for (const kb::withdrawal& one : k.all.withdrawals) {
    page.item("*", one.kind + " " + named(one.statement, one.name), 1, tone::strong);
    add_word(page, one, 2);
  }
}

using entries = std::vector<const kb::overlay_entry*>;

template <typename F>
entries those(const kb::overlay_document& document, F&& fits) {
  entries out;
  for (const kb::overlay_entry& e : document.entries)
    if (fits(e))
      out.push_back(&e);
  return out;
}

void add_verdicts(sheet& page, const kb::overlay_document& document) {
  const entries list =
      those(document, [](const kb::overlay_entry& e) { return e.deed == kb::overlay_deed::review; });
  if (list.empty())
    return;
  page.heading("JUDGED");
  for (const kb::overlay_entry* e : list) {
    page.item("*", e->statement + ": " + e->verdict, 1, tone::strong);
    add_word(page, *e, 2);
  }
}

void add_idle(sheet& page, const kb::overlay_document& document) {
  const entries list = those(
      document, [](const kb::overlay_entry& e) { return e.standing != kb::overlay_standing::in_force; });
  if (list.empty())
    return;
  page.heading("WITHOUT EFFECT, AND WHY");
  for (const kb::overlay_entry* e : list) {
    page.item("!",
              std::string(to_string(e->deed)) + " of " + e->statement + " (" + to_string(e->where) +
                  "): " + std::string(to_string(e->standing)) + (e->why.empty() ? "" : ", " + e->why),
              1, tone::caution);
    add_word(page, *e, 2);
  }
}

void add_problems(sheet& page, const diagnostics& problems) {
  if (problems.empty())
    return;
  page.heading("WHAT DISAGREES");
  for (const diagnostic& d : problems) {
    page.item("!", to_string(d.where) + ": " + d.text, 1, tone::caution);
    if (!d.hint.empty())
      page.item("hint:", d.hint, 2);
  }
}

// --- drafts -----------------------------------------------------------------------

std::string origin_words(const kb::draft& d) {
  return d.from.plugin + (d.from.version.empty() ? "" : " " + d.from.version);
}

// Every field of a canonical text in a line of its own.
void add_fields(sheet& page, std::string_view text) {
  for (const kb::field_change& f : kb::compare_texts("{}", text))
    if (f.field != "statement" && f.field != "id")
      page.item(f.field + ":", f.now, 2);
}

void add_draft(sheet& page, const kb::draft& d, bool in_full) {
  page.item("*", d.kind + " " + named(d.statement, d.name) + ": " + std::string(to_string(d.status)), 1,
            d.status == kb::review_status::retired ? tone::faint : tone::strong);
  page.text("said by " + origin_words(d), 2, tone::faint);
  if (!d.by.empty())
    add_word(page, d, 2);
  std::string_view rest = in_full ? std::string_view(d.text) : std::string_view();
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    add_fields(page, line);
  }
}

std::vector<const kb::draft*> drafts_of(const kb::snapshot& k, std::string_view id) {
  std::vector<const kb::draft*> out;
  for (const kb::draft& d : k.all.drafts)
    if (id.empty() || d.statement == id)
      out.push_back(&d);
  return out;
}

} // namespace

std::string overlay_json(const kb::overlay_document& document, const kb::snapshot& k) {
  json_writer w;
  write_head(w, "posterior.kb-overlay/1", k);
  list(w, "changes", k.all.changes);
  list(w, "withdrawn", k.all.withdrawals);
  w.key("suspended").begin_array();
  for (const kb::suspension& s : k.all.suspensions)
    write_suspension(w, s, k);
  w.end_array();
  list(w, "entries", document.entries);
  list(w, "problems", document.problems);
  w.end_object();
  return w.take();
}

sheet overlay_sheet(const kb::overlay_document& document, const kb::snapshot& k) {
  sheet page;
  page.title("What this clinic says about the shared knowledge");
  add_problems(page, document.problems);
  add_suspensions(page, k);
  add_changes(page, k);
  add_withdrawals(page, k);
  add_additions(page, k);
  add_verdicts(page, document);
  add_idle(page, document);
  if (page.blocks().size() == 1)
    page.text(
        "Nothing: the knowledge is what the plugins say. `posterior help kb override` says how to change "
        "it.",
        1);
  return page;
}

std::string drafts_json(const kb::snapshot& k, std::string_view id) {
  json_writer w;
  write_head(w, "posterior.kb-drafts/1", k);
  w.key("drafts").begin_array();
  for (const kb::draft* d : drafts_of(k, id))
    write(w, *d);
  w.end_array().end_object();
  return w.take();
}

sheet drafts_sheet(const kb::snapshot& k, std::string_view id) {
  sheet page;
  const auto list = drafts_of(k, id);
  page.title(id.empty() ? counted(list.size(), "draft", "drafts") : "Draft " + std::string(id));
  for (const kb::draft* d : list)
    add_draft(page, *d, !id.empty());
  if (id.empty() && list.empty())
    page.text("Nothing waits for a judgement.", 1);
  else if (id.empty())
    page.gap().text(
        "`posterior kb drafts ID` shows what one says, `posterior kb review ID accept|reject --by "
        "NAME --reason TEXT` judges it: two people must accept it before it reasons.");
  return page;
}

void clinic_member(json_writer& w, std::string_view id, const kb::snapshot& k) {
  w.key("clinic").begin_object().key("changes").begin_array();
  for (const kb::change* c : k.changes_of(id))
    write(w, *c);
  w.end_array().key("suspended");
  if (const kb::suspension* s = k.find_suspension(id))
    write_suspension(w, *s, k);
  else
    w.null();
  w.end_object();
}

void add_clinic_word(sheet& page, std::string_view id, const kb::snapshot& k) {
  const auto changes = k.changes_of(id);
  const kb::suspension* s = k.find_suspension(id);
  if (changes.empty() && s == nullptr)
    return;
  page.heading("WHAT THE CLINIC CHANGED");
  if (s != nullptr) {
    page.item("!", "Suspended until " + s->until + ": it raises no flag", 1, tone::alarm);
    add_word(page, *s, 2);
  }
  for (const kb::change* c : changes) {
    page.item("*", c->field == kb::whole_statement ? "Said by the clinic itself" : change_words(*c), 1);
    add_word(page, *c, 2);
  }
}

} // namespace posterior::report
