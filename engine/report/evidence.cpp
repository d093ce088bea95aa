#include "engine/report/evidence.hpp"

#include <algorithm>

#include "engine/report/words.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::report {
namespace {

constexpr std::size_t users_shown = 6;

void begin(json_writer& w, const char* schema, const kb::narrowing& only, const kb::snapshot& s) {
  w.begin_object().member("schema", schema).key("knowledge").begin_object();
  w.member("revision", s.revision).member("digest", s.digest).end_object();
  w.key("asked").begin_object().member("plugin", only.plugin).member("source", only.source);
  w.member("cause", only.cause).member("grade", only.level ? to_string(*only.level) : "");
  w.member("contested", only.contested).end_object().key("items").begin_array();
}

std::string end(json_writer& w) {
  w.end_array().end_object();
  return w.take();
}

void said(json_writer& w, const kb::origin& from) {
  w.member("plugin", from.plugin).member("version", from.version);
}

// "knowledge/links.toml:12".
std::string place_of(const kb::origin& from) {
  return from.where.line > 0 ? from.where.file + ":" + std::to_string(from.where.line) : from.where.file;
}

std::string title_of(const std::string& id, const kb::snapshot& s) {
  const kb::source* found = s.find_source(id);
  return found == nullptr || found->title.empty() ? id : id + ": " + found->title;
}

std::string who(const kb::origin& from) {
  return from.plugin + " " + from.version;
}

// "link.a.b, observes.c.d and 12 more".
std::string users(const std::vector<std::string>& ids) {
  std::string out;
  for (std::size_t i = 0; i < std::min(users_shown, ids.size()); ++i)
    out += (out.empty() ? "" : ", ") + ids[i];
  return ids.size() > users_shown ? out + " and " + grouped(ids.size() - users_shown) + " more" : out;
}

void add_side(sheet& page, std::string_view marker, const std::vector<std::string>& claims,
              const kb::snapshot& s) {
  page.item(std::string(marker), "", 1);
  for (const std::string& id : claims) {
    const kb::claim* c = s.find_claim(id);
    page.item("*", c == nullptr ? id : "claim " + id + ": " + c->text, 2);
  }
}

std::vector<std::string> state_names(const std::vector<std::string>& ids, const kb::snapshot& s) {
  std::vector<std::string> out;
  for (const std::string& id : ids)
    out.push_back(state_name(id, s));
  return out;
}

std::vector<std::string> finding_names(const std::vector<std::string>& ids, const kb::snapshot& s) {
  std::vector<std::string> out;
  for (const std::string& id : ids)
    out.push_back(finding_name(id, s));
  return out;
}

std::string_view heading_of(kb::overlap_kind what) {
  switch (what) {
  case kb::overlap_kind::one_claim:
    return "ONE CLAIM, CITED BY SEVERAL PLUGINS FOR ONE STATEMENT: COUNTED ONCE";
  case kb::overlap_kind::one_work:
    return "ONE WORK BEHIND SEVERAL PLUGINS' STATEMENT, BY DIFFERENT CLAIMS: COUNTED APART";
  case kb::overlap_kind::same_ends:
    return "TWO LINKS BETWEEN THE SAME STATES THAT REST ON ONE CLAIM";
  case kb::overlap_kind::same_source:
    return "TWO SOURCES THAT LOOK LIKE ONE WORK";
  case kb::overlap_kind::same_words:
    break;
  }
  return "TWO CLAIMS OF ONE WORK THAT SAY NEARLY THE SAME";
}

} // namespace

std::string claims_json(const std::vector<kb::listed_claim>& list, const kb::narrowing& only,
                        const kb::snapshot& s) {
  json_writer w;
  begin(w, "posterior.kb-claims/1", only, s);
  for (const kb::listed_claim& one : list) {
    const kb::claim& c = *one.what;
    const kb::source* from = s.find_source(c.source);
    w.begin_object().member("id", c.id).member("text", c.text).member("source", c.source);
    w.member("title", from == nullptr ? "" : from->title).member("place", c.place);
    w.member("grade", to_string(c.level)).member("oxford", c.oxford).member("seen", to_string(c.seen));
    w.member("contested", c.contested);
    said(w, c.from);
    w.strings("used_by", one.used_by).end_object();
  }
  return end(w);
}

std::string sources_json(const std::vector<kb::listed_source>& list, const kb::narrowing& only,
                         const kb::snapshot& s) {
  json_writer w;
  begin(w, "posterior.kb-sources/1", only, s);
  for (const kb::listed_source& one : list) {
    const kb::source& x = *one.what;
    w.begin_object().member("id", x.id).member("title", x.title).member("authors", x.authors);
    w.member("year", x.year).member("venue", x.venue).member("locator", x.locator).member("kind", x.kind);
    w.member("seen", to_string(x.seen)).member("oxford", x.oxford).member("licence", x.licence);
    said(w, x.from);
    w.key("claims").begin_array();
    for (const kb::claim* c : one.claims)
      w.value(c->id);
    w.end_array().member("used_by", one.used_by).end_object();
  }
  return end(w);
}

std::string tensions_json(const std::vector<kb::listed_tension>& list, const kb::narrowing& only,
                          const kb::snapshot& s) {
  json_writer w;
  begin(w, "posterior.kb-tensions/1", only, s);
  for (const kb::listed_tension& one : list) {
    const kb::tension& t = *one.what;
    w.begin_object().member("id", t.id).member("text", t.text).member("found", one.found);
    w.key("between").begin_array();
    for (const auto& side : t.between) {
      w.begin_array();
      for (const std::string& id : side)
        w.value(id);
      w.end_array();
    }
    w.end_array().strings("about", t.about).strings("decides", t.decides).key("takes").begin_array();
    for (const kb::take& x : t.takes)
      w.begin_object()
          .member("id", x.id)
          .member("text", x.text)
          .strings("withholds", x.withholds)
          .end_object();
    w.end_array().member("grade", to_string(t.rests_on.level));
    said(w, t.from);
    w.end_object();
  }
  return end(w);
}

std::string overlaps_json(const std::vector<kb::overlap>& list, const kb::narrowing& only,
                          const kb::snapshot& s) {
  json_writer w;
  begin(w, "posterior.kb-overlaps/1", only, s);
  for (const kb::overlap& one : list) {
    w.begin_object().member("what", to_string(one.what)).member("id", one.id);
    w.member("counted_once", one.counted_once()).strings("shared", one.shared).key("said").begin_array();
    for (const kb::overlap_side& side : one.said) {
      w.begin_object().member("id", side.id);
      said(w, side.from);
      w.member("place", place_of(side.from)).end_object();
    }
    w.end_array().end_object();
  }
  return end(w);
}

sheet claims_sheet(const std::vector<kb::listed_claim>& list, const kb::snapshot& s) {
  sheet page;
  page.title(counted(list.size(), "claim", "claims"));
  for (const kb::listed_claim& one : list) {
    const kb::claim& c = *one.what;
    page.entry(c.id + ": " + c.text, tone::plain);
    page.item("from:", title_of(c.source, s) + (c.place.empty() ? "" : ", " + c.place), 1, tone::faint);
    page.text(grade_words(c.level, c.contested) + "; seen: " + std::string(to_string(c.seen)) + "; said by " +
                  who(c.from),
              1, c.contested ? tone::caution : tone::faint);
    page.item("carries:", one.used_by.empty() ? "nothing" : users(one.used_by), 1);
  }
  return page;
}

sheet sources_sheet(const std::vector<kb::listed_source>& list) {
  sheet page;
  page.title(counted(list.size(), "source", "sources"));
  for (const kb::listed_source& one : list) {
    const kb::source& x = *one.what;
    page.entry(x.id + ": " + x.title, tone::plain);
    std::string by = x.authors;
    for (const std::string& more : {x.year, x.venue, x.locator})
      if (!more.empty())
        by += (by.empty() ? "" : "; ") + more;
    if (!by.empty())
      page.text(by, 1, tone::faint);
    page.text((x.kind.empty() ? "" : x.kind + "; ") + "seen: " + std::string(to_string(x.seen)) +
                  "; said by " + who(x.from),
              1, tone::faint);
    page.item("carries:",
              counted(one.claims.size(), "claim", "claims") + ", " +
                  counted(one.used_by, "statement", "statements"),
              1);
  }
  return page;
}

sheet tensions_sheet(const std::vector<kb::listed_tension>& list, const kb::snapshot& s) {
  sheet page;
  page.title(counted(list.size(), "tension", "tensions"));
  for (const kb::listed_tension& one : list) {
    const kb::tension& t = *one.what;
    page.entry(t.id + ": " + t.text, tone::plain);
    for (std::size_t i = 0; i < t.between.size(); ++i)
      add_side(page, i == 0 ? "one side:" : "another side:", t.between[i], s);
    if (!t.about.empty())
      page.item("about:", listing(state_names(t.about, s)), 1);
    if (!t.decides.empty())
      page.item("would decide:", listing(finding_names(t.decides, s)), 1);
    for (const kb::take& x : t.takes)
      page.item("reading " + x.id + ":", x.text, 1);
    page.text(one.found ? "found by comparing what the plugins say" : "recorded by " + who(t.from), 1,
              tone::faint);
  }
  return page;
}

sheet overlaps_sheet(const std::vector<kb::overlap>& list, const kb::snapshot& s) {
  sheet page;
  page.title(counted(list.size(), "overlap", "overlaps"));
  const kb::overlap* before = nullptr;
  for (const kb::overlap& one : list) {
    if (before == nullptr || before->what != one.what)
      page.heading(std::string(heading_of(one.what)));
    before = &one;
    page.entry(one.id, tone::plain);
    for (const std::string& id : one.shared) {
      const kb::claim* c = s.find_claim(id);
      page.item("both:", c == nullptr ? title_of(id, s) : "claim " + id + ": " + c->text, 1);
    }
    for (const kb::overlap_side& side : one.said)
      page.item("*", (side.id == one.id ? "" : side.id + ", ") + who(side.from) + ", " + place_of(side.from),
                1);
  }
  return page;
}

} // namespace posterior::report
