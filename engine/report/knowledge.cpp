#include "engine/report/knowledge.hpp"

#include <algorithm>

#include "engine/report/json_parts.hpp"
#include "engine/report/statement_parts.hpp"
#include "engine/report/words.hpp"
#include "kb/values/text.hpp"

namespace posterior::report {
namespace {

template <typename T>
void add_rows(std::vector<row>& out, std::string_view kind, const std::vector<T>& list) {
  for (const T& one : list)
    out.push_back({std::string(kind), one.id, one.name, one.from.plugin});
}

void add_states(std::vector<row>& out, const kb::snapshot& k, bool causes_only) {
  for (const kb::state& s : k.all.states)
    if (!causes_only || s.kind == kb::state_kind::cause)
      out.push_back({std::string(to_string(s.kind)), s.id, s.name, s.from.plugin});
}

void add_texts(std::vector<row>& out, std::string_view kind, const kb::snapshot& k) {
  if (kind == "sources")
    for (const kb::source& s : k.all.sources)
      out.push_back({"source", s.id, s.title, s.from.plugin});
  if (kind == "claims")
    for (const kb::claim& c : k.all.claims)
      out.push_back({"claim", c.id, c.text, c.from.plugin});
  if (kind == "tensions")
    for (const kb::tension& t : k.all.tensions)
      out.push_back({"tension", t.id, t.text, t.from.plugin});
}

void add_joined(std::vector<row>& out, std::string_view kind, const kb::snapshot& k) {
  if (kind == "links")
    for (const kb::link& l : k.all.links)
      out.push_back({"link", l.id(), l.because, l.from.plugin});
  if (kind == "observes")
    for (const kb::observes& o : k.all.readings)
      out.push_back({"observes", o.id(), {}, o.from.plugin});
  if (kind == "indications")
    for (const kb::indication& i : k.all.indications)
      out.push_back({"indication", i.id(), i.purpose, i.from.plugin});
}

void write_head(json_writer& w, const char* kind, const kb::snapshot& k) {
  w.begin_object().member("schema", "posterior.kb-show/1").key("knowledge").begin_object();
  w.member("revision", k.revision).member("digest", k.digest).end_object().member("statement", kind);
}

void source_members(json_writer& w, const kb::source& s) {
  w.member("id", s.id).member("title", s.title).member("authors", s.authors).member("year", s.year);
  w.member("venue", s.venue).member("locator", s.locator).member("kind_of_source", s.kind);
  w.member("sha256", s.sha256).member("note", s.note).member("seen", to_string(s.seen));
  origin_members(w, s.from);
}

void claim_members(json_writer& w, const kb::claim& c) {
  w.member("id", c.id).member("text", c.text).member("source", c.source).member("place", c.place);
  w.member("type", c.type).member("grade", to_string(c.level)).member("seen", to_string(c.seen));
  w.member("contested", c.contested);
  origin_members(w, c.from);
}

void precaution_members(json_writer& w, const kb::precaution& p, const kb::snapshot& k) {
  w.member("id", p.id).member("name", p.name);
  w.member("effect", p.effect == kb::precaution_effect::block ? "block" : "warn").member("why", p.why);
  w.member("when", clause_words(p.when, k)).member("cause", p.cause).member("above", p.above);
  w.strings("exercises", p.exercises).strings("except", p.except).member("all", p.all);
  basis_members(w, p.rests_on, p.from, k);
}

void tension_members(json_writer& w, const kb::tension& t, const kb::snapshot& k) {
  w.member("id", t.id).member("text", t.text).strings("about", t.about).strings("decides", t.decides);
  w.member("same_plan", t.same_plan).key("takes").begin_array();
  for (const kb::take& one : t.takes)
    w.begin_object()
        .member("id", one.id)
        .member("text", one.text)
        .strings("withholds", one.withholds)
        .end_object();
  w.end_array();
  basis_members(w, t.rests_on, t.from, k);
}

bool write_small(json_writer& w, std::string_view id, const kb::snapshot& k) {
  if (const kb::source* s = k.find_source(id)) {
    write_head(w, "source", k);
    source_members(w, *s);
  } else if (const kb::claim* c = k.find_claim(id)) {
    write_head(w, "claim", k);
    claim_members(w, *c);
  } else if (const kb::equipment* e = k.find_equipment(id)) {
    write_head(w, "equipment", k);
    w.member("id", e->id).member("name", e->name).member("default", e->at_home);
  } else if (const kb::family* f = k.find_family(id)) {
    write_head(w, "family", k);
    w.member("id", f->id).member("name", f->name).member("rho", f->rho);
  } else {
    return false;
  }
  return true;
}

bool write_statement(json_writer& w, std::string_view id, const kb::snapshot& k) {
  if (const kb::state* s = k.find_state(id)) {
    write_head(w, "state", k);
    state_members(w, *s, k);
  } else if (const kb::finding* f = k.find_finding(id)) {
    write_head(w, "finding", k);
    finding_members(w, *f, k);
  } else if (const kb::exercise* e = k.find_exercise(id)) {
    write_head(w, "exercise", k);
    exercise_members(w, *e, k);
  } else if (const kb::rule* r = k.find_rule(id)) {
    write_head(w, "rule", k);
    rule_members(w, *r, k);
  } else if (const kb::precaution* p = k.find_precaution(id)) {
    write_head(w, "precaution", k);
    precaution_members(w, *p, k);
  } else if (const kb::tension* t = k.find_tension(id)) {
    write_head(w, "tension", k);
    tension_members(w, *t, k);
  } else {
    return write_small(w, id, k);
  }
  return true;
}

void add_title(sheet& page, const std::string& name, const std::string& id) {
  page.title(name.empty() ? id : name + " (" + id + ")");
}

void add_precaution(sheet& page, const kb::precaution& p, const kb::snapshot& k) {
  page.text(p.effect == kb::precaution_effect::block ? "precaution: forbids" : "precaution: warns", 1);
  page.item("why:", p.why, 1);
  if (!p.when.empty())
    page.item("when:", clause_words(p.when, k), 1);
  if (!p.cause.empty())
    page.item("when:", state_name(p.cause, k) + " above " + probability(p.above), 1);
  for (const kb::exercise& e : k.all.exercises)
    if (std::find(e.avoid.begin(), e.avoid.end(), p.id) != e.avoid.end())
      page.item("*", e.name, 1);
  for (const std::string& id : p.exercises)
    page.item("*", exercise_name(id, k), 1);
  add_basis(page, p.rests_on, p.from, k, 1);
}

void add_tension(sheet& page, const kb::tension& t, const kb::snapshot& k) {
  page.text(t.text, 1);
  for (const std::string& id : t.about)
    page.item("about:", state_name(id, k), 1);
  for (const std::string& id : t.decides)
    page.item("decides:", finding_name(id, k), 1);
  for (const kb::take& one : t.takes)
    page.item("take:", one.id + ": " + one.text, 1);
  add_basis(page, t.rests_on, t.from, k, 1);
}

void add_source(sheet& page, const kb::source& s) {
  for (const auto& [marker, text] : {std::pair{"by:", s.authors},
                                     {"year:", s.year},
                                     {"in:", s.venue},
                                     {"at:", s.locator},
                                     {"kind:", s.kind},
                                     {"note:", s.note},
                                     {"sha256:", s.sha256}})
    if (!text.empty())
      page.item(marker, text, 1);
  page.item("seen:", std::string(to_string(s.seen)), 1);
  page.item("plugin:", s.from.plugin + " " + s.from.version, 1);
}

void add_claim(sheet& page, const kb::claim& c) {
  page.text(c.text, 1);
  page.item("from:", c.source + (c.place.empty() ? "" : ", " + c.place), 1);
  page.text(grade_words(c.level, c.contested) + "; seen: " + std::string(to_string(c.seen)), 1);
  page.item("plugin:", c.from.plugin + " " + c.from.version, 1);
}

bool add_small(sheet& page, std::string_view id, const kb::snapshot& k) {
  if (const kb::source* s = k.find_source(id)) {
    add_title(page, s->title, s->id);
    add_source(page, *s);
  } else if (const kb::claim* c = k.find_claim(id)) {
    add_title(page, "Claim", c->id);
    add_claim(page, *c);
  } else if (const kb::equipment* e = k.find_equipment(id)) {
    add_title(page, e->name, e->id);
    page.text(e->at_home ? "equipment that every home has" : "equipment", 1);
  } else if (const kb::family* f = k.find_family(id)) {
    add_title(page, f->name, f->id);
    page.text("family of findings that share " + probability(f->rho) + " of their error", 1);
  } else {
    return false;
  }
  return true;
}

bool add_statement(sheet& page, std::string_view id, const kb::snapshot& k) {
  if (const kb::state* s = k.find_state(id)) {
    add_title(page, s->name, s->id);
    add_state(page, *s, k);
  } else if (const kb::finding* f = k.find_finding(id)) {
    add_title(page, f->name, f->id);
    add_finding(page, *f, k);
  } else if (const kb::exercise* e = k.find_exercise(id)) {
    add_title(page, e->name, e->id);
    add_exercise(page, *e, k);
  } else if (const kb::rule* r = k.find_rule(id)) {
    add_title(page, r->name, r->id);
    add_rule(page, *r, k);
  } else if (const kb::precaution* p = k.find_precaution(id)) {
    add_title(page, p->name, p->id);
    add_precaution(page, *p, k);
  } else if (const kb::tension* t = k.find_tension(id)) {
    add_title(page, "Tension", t->id);
    add_tension(page, *t, k);
  } else {
    return add_small(page, id, k);
  }
  return true;
}

} // namespace

std::optional<std::string> show_json(std::string_view id, const kb::snapshot& knowledge) {
  json_writer w;
  if (!write_statement(w, id, knowledge))
    return std::nullopt;
  w.end_object();
  return w.take();
}

std::optional<sheet> show_sheet(std::string_view id, const kb::snapshot& knowledge) {
  sheet page;
  if (!add_statement(page, id, knowledge))
    return std::nullopt;
  return page;
}

const std::vector<std::string_view>& list_kinds() {
  static const std::vector<std::string_view> kinds{
      "causes",  "states", "findings",  "exercises", "rules", "precautions", "tensions",
      "sources", "claims", "equipment", "families",  "links", "observes",    "indications"};
  return kinds;
}

std::optional<std::vector<row>> list_rows(std::string_view kind, const kb::snapshot& k) {
  const auto& kinds = list_kinds();
  const auto same = [&](std::string_view plural) {
    return kind == plural ||
           (plural.ends_with("ies") ? kind == "family" : plural.substr(0, plural.size() - 1) == kind);
  };
  const auto it = std::find_if(kinds.begin(), kinds.end(), same);
  if (it == kinds.end())
    return std::nullopt;
  std::vector<row> out;
  if (*it == "causes" || *it == "states")
    add_states(out, k, *it == "causes");
  else if (*it == "findings")
    add_rows(out, "finding", k.all.findings);
  else if (*it == "exercises")
    add_rows(out, "exercise", k.all.exercises);
  else if (*it == "rules")
    add_rows(out, "rule", k.all.rules);
  else if (*it == "precautions")
    add_rows(out, "precaution", k.all.precautions);
  else if (*it == "equipment")
    add_rows(out, "equipment", k.all.tools);
  else if (*it == "families")
    add_rows(out, "family", k.all.families);
  add_texts(out, *it, k);
  add_joined(out, *it, k);
  return out;
}

std::string rows_json(std::string_view asked, const std::vector<row>& rows, const kb::snapshot& k) {
  json_writer w;
  w.begin_object().member("schema", "posterior.kb-list/1").key("knowledge").begin_object();
  w.member("revision", k.revision).member("digest", k.digest).end_object().member("asked", asked);
  w.key("items").begin_array();
  for (const row& r : rows)
    w.begin_object()
        .member("kind", r.kind)
        .member("id", r.id)
        .member("name", r.name)
        .member("plugin", r.plugin)
        .end_object();
  w.end_array().end_object();
  return w.take();
}

sheet rows_sheet(std::string_view title, const std::vector<row>& rows) {
  sheet page;
  page.title(std::string(title));
  for (const row& r : rows)
    page.item(r.id, r.name + (r.name.empty() ? "" : " ") + "(" + r.kind + ", " + r.plugin + ")", 1);
  if (rows.empty())
    page.text("Nothing was found.", 1);
  return page;
}

std::string search_json(std::string_view text, const kb::search_result& found, const kb::snapshot& k) {
  json_writer w;
  w.begin_object().member("schema", "posterior.kb-search/1").key("knowledge").begin_object();
  w.member("revision", k.revision).member("digest", k.digest).end_object().member("asked", text);
  w.key("items").begin_array();
  for (const kb::search_hit& h : found.hits) {
    w.begin_object().member("kind", h.kind).member("id", h.id).member("name", h.name);
    w.member("plugin", h.plugin).member("grade", h.level).member("excerpt", h.excerpt).end_object();
  }
  w.end_array().strings("near", found.near).end_object();
  return w.take();
}

sheet search_sheet(std::string_view text, const kb::search_result& found) {
  sheet page;
  page.title("\"" + std::string(text) + "\": " + counted(found.hits.size(), "statement", "statements"));
  for (const kb::search_hit& h : found.hits) {
    page.item(h.id, "(" + h.kind + ", " + h.plugin + (h.level.empty() ? "" : ", " + h.level) + ") " + h.name,
              1, tone::strong);
    if (!h.excerpt.empty())
      page.text(h.excerpt, 2);
  }
  if (!found.near.empty())
    page.item("near:", listing(found.near), 1);
  return page;
}

std::string nearest_id(std::string_view text, const kb::snapshot& k) {
  std::vector<std::string_view> known;
  const auto add = [&](const auto& list) {
    for (const auto& one : list)
      known.push_back(one.id);
  };
  add(k.all.states);
  add(k.all.findings);
  add(k.all.exercises);
  add(k.all.rules);
  add(k.all.precautions);
  add(k.all.tensions);
  add(k.all.sources);
  return std::string(nearest(text, known));
}

} // namespace posterior::report
