// Sets fields of statements: a statement becomes a document again, the fields take their place in it, and the
// reader of its kind reads the whole. So a field is held against the same rules as in a bundle, and against
// its neighbours.
#include <algorithm>
#include <array>
#include <set>

#include "kb/canonical.hpp"
#include "kb/item.hpp"
#include "kb/merge_parts.hpp"
#include "kb/overlay_parts.hpp"
#include "kb/references.hpp"
#include "kb/values/text.hpp"

namespace posterior::kb {
namespace {

struct settable {
  std::string_view kind;
  std::vector<std::string_view> fields;
};

// What people may set, by kind: numbers and words, never what makes a statement another one.
const std::vector<settable>& settables() {
  static const std::vector<settable> out{
      {"equipment", {"name", "default"}},
      {"exercise",
       {"name", "purpose", "targets", "phase", "dose", "irritability", "caution", "cues", "errors", "stop",
        "note"}},
      {"family", {"name", "rho"}},
      {"finding", {"name", "question", "how", "sem", "cutoff", "position", "minutes", "reliability"}},
      {"indication", {"role", "purpose", "phase", "dose"}},
      {"link", {"p", "because"}},
      {"message", {"text"}},
      {"observes", {"read", "accuracy", "opinion", "levels", "worth", "normal", "log_normal", "ratios"}},
      {"precaution", {"name", "effect", "why", "above"}},
      {"prior", {"leak"}},
      {"rule", {"urgency", "closes", "or_when"}},
      {"sequence", {"name", "why"}},
      {"site", {"name"}},
      {"state", {"name", "present_when", "population", "leak", "pair"}},
      {"tension", {"text"}},
      {"text",
       {"name", "text", "question", "how", "purpose", "why", "action", "timing", "caution", "note", "cues",
        "errors", "stop"}},
      {"theory", {"credence"}}};
  return out;
}

const settable* settable_of(std::string_view kind) {
  for (const settable& s : settables())
    if (s.kind == kind)
      return &s;
  return nullptr;
}

constexpr std::array<std::string_view, 4> ways{"read", "accuracy", "opinion", "levels"};
constexpr std::array<std::string_view, 3> value_ways{"normal", "log_normal", "ratios"};

template <typename List>
bool holds(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

// Ways to speak shut each other out: those that stand there make room for those that are set.
template <typename List>
void make_room(node& table, const node& set, const List& alternatives) {
  const auto is_one = [&](const member& m) { return holds(alternatives, m.name); };
  if (std::any_of(set.members.begin(), set.members.end(), is_one))
    std::erase_if(table.members, is_one);
}

void make_room_for_ways(node& table, const node& set) {
  const auto has_worth = [](const member& m) { return m.name == "worth"; };
  const bool other_way = std::any_of(set.members.begin(), set.members.end(),
                                     [](const member& m) { return holds(ways, m.name); });
  make_room(table, set, ways);
  make_room(table, set, value_ways);
  if (other_way)
    std::erase_if(table.members, has_worth);
}

void put_dose(node& table, const node& parts) {
  node dose;
  dose.kind = node::type::table;
  if (const node* before = table.find("dose"))
    dose = *before;
  for (const auto& [name, value] : parts.members)
    put_member(dose, name, value);
  put_member(table, "dose", dose);
}

void add_alternatives(node& table, const node& more) {
  node all;
  all.kind = node::type::array;
  if (const node* before = table.find("when"))
    all = *before;
  all.items.insert(all.items.end(), more.items.begin(), more.items.end());
  put_member(table, "when", all);
}

void put_field(node& table, const std::string& name, const node& value) {
  if (name == "dose" && value.kind == node::type::table)
    put_dose(table, value);
  else if (name == "or_when" && value.kind == node::type::array)
    add_alternatives(table, value);
  else
    put_member(table, name, value);
}

// What a name of a document is called in schema.hpp, and what else it brings with it.
std::vector<std::string_view> members_of(std::string_view kind, std::string_view field) {
  if (kind == "observes" && (holds(ways, field) || field == "worth"))
    return {"read", "accuracy", "opinion", "ratio_present", "ratio_absent", "levels", "worth"};
  if (kind == "observes")
    return {value_ways.begin(), value_ways.end()};
  if (field == "or_when")
    return {"when"};
  if (field == "urgency")
    return {"urgency", "closes"};
  if (field == "role")
    return {"primary"};
  return {field};
}

// Copies members from one statement to another of the same kind.
struct member_finder {
  std::map<std::string_view, void*> at;
  template <typename T>
  void operator()(std::string_view name, T& member) {
    at[name] = &member;
  }
};
struct member_copier {
  const std::set<std::string_view>& wanted;
  const std::map<std::string_view, void*>& to;
  template <typename T>
  void operator()(std::string_view name, T& member) {
    if (wanted.contains(name))
      *static_cast<T*>(to.at(name)) = member;
  }
};

class setter {
public:
  setter(overlay_document& said, statements& all, const scale& words, std::vector<change>& changes)
      : said_(said)
      , all_(all)
      , words_(words)
      , changes_(changes) {
    for (const rule& r : all.rules)
      for (const auto& clause : r.when)
        for (const condition& c : clause)
          screened_.insert(c.finding);
  }

  void run() {
    std::map<std::string, std::vector<overlay_entry*>> wanted;
    for (overlay_entry& e : said_.entries)
      if (e.deed == overlay_deed::override && e.standing == overlay_standing::in_force &&
          e.statement != "scale")
        wanted[e.statement].push_back(&e);
    each_kind(all_, [&](std::string_view kind, auto& list) {
      for (auto& item : list)
        if (!wanted.empty())
          if (const auto at = wanted.find(id_of(item)); at != wanted.end()) {
            set(kind, item, at->second);
            wanted.erase(at);
          }
    });
    for (const auto& [id, entries] : wanted)
      for (overlay_entry* e : entries)
        set_aside(said_, *e, overlay_standing::asleep, "overlay-asleep",
                  "no statement in force is called \"" + quoted(id) +
                      "\": the entry sleeps until there is one");
    keep_evidence_single();
  }

private:
  template <typename T>
  void set(std::string_view kind, T& item, const std::vector<overlay_entry*>& entries) {
    const T before = item;
    for (overlay_entry* e : entries) {
      T now = item;
      if (!may_be_set(kind, before, *e) || !read_with(kind, now, *e) || !stricter(before, item, now, *e))
        continue;
      const std::string text_before = canonical_text(item), text_now = canonical_text(now);
      record(*e, field_texts(text_before), field_texts(text_now));
      if constexpr (std::same_as<T, observes>)
        originals_.emplace(id_of(item), before);
      item = std::move(now);
    }
  }

  template <typename T>
  bool may_be_set(std::string_view kind, const T& item, overlay_entry& e) {
    const settable* known = settable_of(kind);
    const bool generated = item.from.plugin.empty() || id_of(item).starts_with("tension.");
    for (const auto& [name, value] : e.table.find("set")->members) {
      if (known == nullptr || generated || !holds(known->fields, name)) {
        refuse(e, value, "overlay-protected",
               fault("\"" + quoted(name) + "\" of the " + std::string(kind) + " \"" + e.statement + "\"",
                     "set", known == nullptr ? "left as it is" : "one of " + one_of(known->fields)),
               kind == "claim" || kind == "source" ? "add a claim of the clinic's own instead" : "");
        return false;
      }
      if constexpr (std::same_as<T, wording>)
        if (text_in(field_texts(canonical_text(item)), name).empty()) {
          refuse(e, value, "overlay-invalid",
                 fault("\"" + name + "\" of the text \"" + e.statement + "\"", "set",
                       "one of the words that the text has"),
                 "add a text of the clinic's own instead");
          return false;
        }
      if constexpr (std::same_as<T, wording>)
        if (is_safety(item.of)) {
          refuse(e, value, "overlay-protected",
                 fault("\"" + name + "\" of the text \"" + e.statement + "\"", "set",
                       "left as it is: it is about a rule of the core or the safety screen"));
          return false;
        }
      if constexpr (std::same_as<T, finding>)
        if ((name == "question" || name == "cutoff") && is_safety(item.id)) {
          refuse(e, value, "overlay-protected",
                 fault("\"" + name + "\" of the finding \"" + e.statement + "\"", "set",
                       "left as it is: a red-flag rule of the core reads it"));
          return false;
        }
    }
    return true;
  }

  bool is_safety(const std::string& id) const {
    const auto at = std::find_if(all_.findings.begin(), all_.findings.end(),
                                 [&](const finding& f) { return f.id == id; });
    return is_rule_id(id) || screened_.contains(id) || (at != all_.findings.end() && at->safety);
  }

  void refuse(overlay_entry& e, const node& at, std::string_view code, std::string text,
              std::string hint = {}) {
    set_aside(said_, e, overlay_standing::refused, code, std::move(text), std::move(hint));
    if (at.line > 0)
      said_.problems.back().where = {e.where.file, at.line, at.column, ""};
  }

  // The statement with the entry's fields, read as a whole.
  template <typename T>
  bool read_with(std::string_view kind, T& item, overlay_entry& e) {
    node table = document_form(kind, canonical_text(item));
    std::set<std::string_view> wanted;
    if (kind == "observes")
      make_room_for_ways(table, *e.table.find("set"));
    for (const auto& [name, value] : e.table.find("set")->members) {
      put_field(table, name, value);
      for (const auto member : members_of(kind, name))
        wanted.insert(member);
    }
    if constexpr (std::same_as<T, rule>)
      close_with_urgency(table, e);
    place_at(table, e.where);
    statements read;
    diagnostics problems;
    read_as(kind, item.from, std::move(table), e, read, problems);
    bundle probe = probe_of(std::move(read), std::move(problems));
    if (!has_errors(probe.problems))
      check_fit(probe, all_);
    if (has_errors(probe.problems))
      return told(e, probe.problems);
    each_kind(probe.says, [&](std::string_view name, auto& list) {
      if constexpr (std::same_as<typename std::remove_cvref_t<decltype(list)>::value_type, T>)
        if (name == kind && list.size() == 1) {
          member_finder to;
          visit(to, item);
          member_copier copier{wanted, to.at};
          visit(copier, list.front());
        }
    });
    return true;
  }

  // The table itself has no place; problems of what is not set would point nowhere.
  static void place_at(node& table, const place& where) {
    table.line = where.line;
    table.column = where.column;
  }

  // Emergency and urgent rules close the plan, so raising one to that closes it.
  static void close_with_urgency(node& table, const overlay_entry& e) {
    const node* urgency = e.table.find("set")->find("urgency");
    if (urgency != nullptr && e.table.find("set")->find("closes") == nullptr &&
        (urgency->text == "emergency" || urgency->text == "urgent"))
      std::erase_if(table.members, [](const member& m) { return m.name == "closes"; });
  }

  void read_as(std::string_view kind, const origin& from, node table, const overlay_entry& e,
               statements& into, diagnostics& problems) const {
    reading_context context;
    context.bundle = from.plugin;
    context.version = from.version;
    context.core = true; // for the kinds and fields that only the core says; it is the core's statement then
    context.words = &words_;
    context.file = e.where.file;
    context.relative = e.where.file;
    if (const node* id = table.find("id"); id != nullptr && id->text.find(':') != std::string::npos)
      context.prefix = id->text.substr(0, id->text.find(':'));
    node list;
    list.kind = node::type::array;
    list.items.push_back(std::move(table));
    node root;
    root.kind = node::type::table;
    root.members.push_back({std::string(kind), std::move(list)});
    read_statements(root, context, false, into, problems);
  }

  static bundle probe_of(statements says, diagnostics problems) {
    bundle out;
    out.about.id = overlay_id;
    out.says = std::move(says);
    out.problems = std::move(problems);
    return out;
  }

  bool told(overlay_entry& e, const diagnostics& problems) {
    for (const diagnostic& d : problems)
      if (d.level == severity::error) {
        set_aside(said_, e, overlay_standing::refused, "overlay-invalid", d.text, d.hint);
        if (d.where.line > 0)
          said_.problems.back().where = {e.where.file, d.where.line, d.where.column, ""};
        return false;
      }
    return true;
  }

  // --- what safety allows -------------------------------------------------------------

  // Of rules the strictest counts, however many entries speak about one.
  bool stricter(const rule& core, const rule& before, rule& now, overlay_entry& e) {
    const node& set = *e.table.find("set");
    const bool softer = (set.find("urgency") != nullptr && now.level > core.level) ||
                        (set.find("closes") != nullptr && now.closes > core.closes);
    if (softer) {
      set_aside(said_, e, overlay_standing::refused, "overlay-weaker",
                fault("the rule \"" + core.id + "\"", "made weaker", "as the core says it, or stricter"),
                "a rule can be suspended, for " + std::to_string(suspension_days) + " days at most");
      return false;
    }
    now.level = std::min(now.level, before.level);
    now.closes = std::min(now.closes, before.closes);
    return only_core_findings(now, e);
  }

  bool only_core_findings(const rule& now, overlay_entry& e) {
    for (const auto& clause : now.when)
      for (const condition& c : clause) {
        const auto at = std::find_if(all_.findings.begin(), all_.findings.end(),
                                     [&](const finding& f) { return f.id == c.finding; });
        if (c.of != attribute::none || (at != all_.findings.end() && at->from.plugin == core_id))
          continue;
        set_aside(said_, e, overlay_standing::refused, "overlay-invalid",
                  fault("the condition \"" + to_string(c) + "\" of the rule \"" + now.id + "\"",
                        at == all_.findings.end() ? "over an unknown finding" : "over a finding of a plugin",
                        "over findings of the core, which are always there"));
        return false;
      }
    return true;
  }

  bool stricter(const precaution& core, const precaution&, precaution& now, overlay_entry& e) {
    if (core.from.plugin != core_id || (now.effect <= core.effect && now.above <= core.above))
      return true;
    set_aside(said_, e, overlay_standing::refused, "overlay-weaker",
              fault("the precaution \"" + core.id + "\"", "made weaker", "as the core says it, or stricter"));
    return false;
  }

  template <typename T>
  bool stricter(const T&, const T&, T&, overlay_entry&) {
    return true;
  }

  // --- records --------------------------------------------------------------------------

  static std::string text_in(const std::vector<field_text>& list, std::string_view name) {
    for (const field_text& f : list)
      if (f.name == name)
        return f.text;
    return {};
  }

  void record(overlay_entry& e, const std::vector<field_text>& before, const std::vector<field_text>& now) {
    std::set<std::string> names;
    for (const std::string& f : e.fields)
      names.insert(f == "or_when" ? "when" : f == "role" ? "primary" : f);
    for (const auto* list : {&before, &now})
      for (const field_text& f : *list)
        if (text_in(before, f.name) != text_in(now, f.name))
          names.insert(f.name);
    for (const std::string& name : names)
      add_change(said_, e, name, text_in(before, name), text_in(now, name), changes_);
  }

  // A finding is read for one state; a word of opinion may not become a second reading.
  void keep_evidence_single() {
    for (auto& [id, original] : originals_) {
      const auto mine = std::find_if(all_.readings.begin(), all_.readings.end(),
                                     [&](const observes& o) { return o.id() == id; });
      const auto other = std::find_if(all_.readings.begin(), all_.readings.end(), [&](const observes& o) {
        return o.finding == mine->finding && o.id() != id && o.opinion.empty();
      });
      if (!mine->opinion.empty() || other == all_.readings.end())
        continue;
      *mine = original;
      std::erase_if(changes_, [&](const change& c) { return c.statement == id; });
      for (overlay_entry& e : said_.entries)
        if (e.statement == id && e.deed == overlay_deed::override && e.standing == overlay_standing::in_force)
          set_aside(said_, e, overlay_standing::refused, "overlay-invalid",
                    fault("the finding \"" + mine->finding + "\"",
                          "read for \"" + mine->state + "\" besides \"" + other->state + "\"",
                          "read for one state"),
                    "say what it adds with an opinion word");
    }
  }

  overlay_document& said_;
  statements& all_;
  const scale& words_;
  std::vector<change>& changes_;
  std::set<std::string> screened_;            // findings that a rule reads
  std::map<std::string, observes> originals_; // of readings that were set
};

} // namespace

void set_fields(overlay_document& said, statements& all, const scale& words, std::vector<change>& changes) {
  setter(said, all, words, changes).run();
}

} // namespace posterior::kb
