// Fields come from the schema (schema.hpp), relations from the references (references.hpp): forwards those of
// the item itself, backwards those of every other statement that names it.
#include "kb/show.hpp"

#include <algorithm>
#include <cmath>

#include "kb/reader.hpp"
#include "kb/references.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior::kb {
namespace {

std::string number(double x) {
  return format_number(std::round(x * 1e6) / 1e6);
}

std::string text_of(const estimate& e) {
  const std::string from = e.of > 0 ? number(e.hits) + " of " + number(e.of) : e.word;
  return (from.empty() ? "" : from + " = ") + number(e.mean) + " [" + number(e.low) + " to " +
         number(e.high) + "]";
}

std::string text_of(const range& r) {
  return r.min == r.max ? number(r.min) : number(r.min) + " to " + number(r.max);
}

std::string text_of(const clauses& when) {
  std::string out;
  for (const auto& clause : when) {
    std::string part;
    for (const condition& c : clause)
      part += (part.empty() ? "" : " and ") + to_string(c);
    out += (out.empty() ? "" : "; or ") + part;
  }
  return out;
}

std::string text_of(const cutoff& c) {
  std::string out = c.above ? "above " + number(*c.above) : "below " + number(c.below.value_or(0));
  if (!c.sex.empty())
    out += ", " + c.sex;
  if (c.age_min)
    out += ", from " + number(*c.age_min) + " years";
  if (c.age_max)
    out += ", to " + number(*c.age_max) + " years";
  return out;
}

std::string text_of(const accuracy& a) {
  return "sensitivity " + text_of(a.sensitivity) + ", specificity " + text_of(a.specificity);
}

std::string text_of(const normal_reading& n) {
  return number(n.absent) + " without, " + number(n.present) + " with, sd " + number(n.sd) +
         ", ratio at most " + number(n.clip);
}

std::string text_of(const ratio_reading& r) {
  std::string out;
  for (const auto& point : r.points)
    out += (out.empty() ? "" : ", ") + number(point[1]) + " at " + number(point[0]);
  return out + ", ratio at most " + number(r.clip);
}

std::string joined(const std::vector<std::string>& list, std::string_view between) {
  std::string out;
  for (const std::string& s : list)
    out += (out.empty() ? "" : std::string(between)) + s;
  return out;
}

std::string text_of(const exercise_group& g) {
  std::string out = joined(g.exercises, ", ");
  for (const phase p : g.phases)
    out += (out.empty() ? "all of phase " : ", all of phase ") + std::string(to_string(p));
  return out;
}

// "present_when" -> "present when".
std::string label_of(std::string_view key) {
  std::string out(key);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

// What is not shown as a relation or elsewhere on the card.
class field_lister {
public:
  std::vector<std::pair<std::string, std::string>> out;

  void operator()(std::string_view key, const std::string& value) {
    static constexpr std::string_view elsewhere[] = {"id",       "name",   "from",  "to",        "finding",
                                                     "state",    "source", "rule",  "cause",     "plugin",
                                                     "exercise", "family", "title", "retest_of", "of"};
    if (!value.empty() && std::find(std::begin(elsewhere), std::end(elsewhere), key) == std::end(elsewhere))
      add(key, value);
  }
  void operator()(std::string_view key, const std::vector<std::string>& list) {
    static constexpr std::string_view shown[] = {"aliases", "levels", "targets", "cues", "errors", "stop"};
    if (!list.empty() && std::find(std::begin(shown), std::end(shown), key) != std::end(shown))
      add(key, joined(list, "; "));
  }
  void operator()(std::string_view key, bool value) {
    if (value)
      add(key, "yes");
  }
  void operator()(std::string_view key, int value) { add(key, std::to_string(value)); }
  void operator()(std::string_view key, double value) { add(key, number(value)); }
  void operator()(std::string_view key, const estimate& value) {
    if (value != estimate{})
      add(key, text_of(value));
  }
  void operator()(std::string_view key, const clauses& value) {
    if (!value.empty())
      add(key, text_of(value));
  }
  void operator()(std::string_view key, const std::vector<cutoff>& list) {
    for (const cutoff& c : list)
      add(key, text_of(c));
  }
  void operator()(std::string_view key, const std::vector<phase>& list) {
    for (const phase p : list)
      add(key, std::string(to_string(p)));
  }
  void operator()(std::string_view, const std::vector<code>& list) {
    for (const code& c : list)
      out.emplace_back("code (" + c.system + ")",
                       c.value + ", " + c.relation + ", " + std::string(to_string(c.seen)));
  }
  // Groups of exercises keep their order; ids are relations, too.
  void operator()(std::string_view key, const std::vector<exercise_group>& list) {
    for (std::size_t i = 0; i < list.size(); ++i)
      out.emplace_back(label_of(key) + " (" + std::to_string(i + 1) + ")", text_of(list[i]));
  }
  template <typename T>
  requires std::same_as<T, exclusion> || std::same_as<T, coverage> || std::same_as<T, spacing>
  void operator()(std::string_view key, const T& form) {
    field_lister inner;
    visit(inner, form);
    for (auto& [label, value] : inner.out)
      out.emplace_back(label_of(key) + ": " + label, std::move(value));
  }
  void operator()(std::string_view, const std::vector<take>& list) {
    for (const take& t : list)
      out.emplace_back("reading \"" + t.id + "\"", t.text);
  }
  template <typename T>
  requires std::same_as<T, accuracy> || std::same_as<T, normal_reading> || std::same_as<T, ratio_reading>
  void operator()(std::string_view key, const std::map<std::string, T>& rows) {
    for (const auto& [name, row] : rows)
      out.emplace_back(label_of(key) + (name.empty() ? "" : " (" + name + ")"), text_of(row));
  }
  // Of a graded reading.
  void operator()(std::string_view key, const std::vector<std::vector<double>>& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i)
      out.emplace_back(label_of(key) + " (" + std::to_string(i) + ")",
                       number(rows[i][0]) + " without, " + number(rows[i][1]) + " with");
  }
  void operator()(std::string_view, const dose& d) {
    field_lister inner;
    visit(inner, d);
    for (auto& [label, value] : inner.out)
      out.emplace_back("dose: " + label, std::move(value));
  }
  template <typename T>
  void operator()(std::string_view key, const std::optional<T>& value) {
    if (value)
      (*this)(key, *value);
  }
  void operator()(std::string_view key, const range& value) { add(key, text_of(value)); }
  template <typename T>
  requires std::is_enum_v<T>
  void operator()(std::string_view key, T value) { add(key, std::string(to_string(value))); }
  // Relations and the basis have their own places; groups of ids are relations too.
  void operator()(std::string_view, const basis&) {}
  void operator()(std::string_view, const std::vector<std::vector<std::string>>&) {}

private:
  void add(std::string_view key, std::string value) { out.emplace_back(label_of(key), std::move(value)); }
};

// Calls `act(label, id)` for every reference of an item, but for those of its basis.
template <typename Act>
class each_reference {
public:
  explicit each_reference(Act act)
      : act_(act) {}
  void one(std::string_view label, const std::string& id, std::string_view, bool) {
    if (!id.empty())
      act_(label, id);
  }
  void many(std::string_view label, const std::vector<std::string>& ids, std::string_view) {
    for (const std::string& id : ids)
      act_(label, id);
  }
  void groups(std::string_view label, const std::vector<std::vector<std::string>>& list,
              std::string_view kind) {
    for (const auto& ids : list)
      many(label, ids, kind);
  }
  void when(std::string_view label, const clauses& list) {
    for (const auto& clause : list)
      for (const condition& c : clause)
        if (!c.finding.empty())
          act_(label, c.finding);
  }
  void all(std::string_view label, const std::vector<std::string>& ids, std::string_view) {
    for (const std::string& id : ids)
      act_(label, id);
  }
  void cited(const std::vector<citation>& list) {
    for (const citation& c : list)
      act_("sources", c.source);
  }

private:
  Act act_;
};

struct named {
  std::string kind, name;
};

template <typename T>
std::string name_of(const T& item) {
  if constexpr (requires { item.name; })
    return item.name;
  else if constexpr (requires { item.title; })
    return item.title;
  else if constexpr (requires { item.text; })
    return item.text;
  else
    return {};
}

// What a link, observes or indication says in a few words.
std::string detail_of(const link& l) {
  const std::string with = l.only_with.empty() ? "" : ", only with " + joined(l.only_with, " and ");
  const std::string unless = l.unless.empty() ? "" : ", unless " + joined(l.unless, " or ");
  return text_of(l.p) + with + unless + (l.opposite ? ", other side" : "") +
         (l.cut ? ", cut: " + l.cut_reason : "") + (l.rests_on.contested ? ", contested" : "");
}
std::string detail_of(const observes& o) {
  std::string out = !o.opinion.empty() ? o.opinion : !o.read.empty() ? "read as " + o.read : "";
  if (const auto general = o.accuracies.find(""); out.empty() && general != o.accuracies.end())
    out = text_of(general->second);
  if (!o.levels.empty())
    out = "by level";
  return out + (o.opposite ? ", other side" : "");
}
std::string detail_of(const prior& p) {
  return text_of(p.leak);
}
std::string detail_of(const indication& i) {
  return std::string(i.primary ? "primary: " : "supporting: ") + i.purpose;
}
template <typename T>
std::string detail_of(const T&) {
  return {};
}

named look_up(const snapshot& s, std::string_view id) {
  named out;
  each_kind(s.all, [&](std::string_view kind, const auto& list) {
    if constexpr (requires { list.front().id.size(); }) {
      const auto at =
          std::lower_bound(list.begin(), list.end(), id,
                           [](const auto& item, std::string_view wanted) { return item.id < wanted; });
      if (at != list.end() && at->id == id)
        out = {std::string(kind), name_of(*at)};
    }
  });
  return out;
}

class card_maker {
public:
  card_maker(const snapshot& s, item_card& card)
      : s_(s)
      , card_(card) {}

  template <typename T>
  void make(std::string_view kind, const T& item) {
    card_.kind = kind;
    card_.id = id_of(item);
    card_.name = name_of(item);
    card_.from = item.from;
    field_lister fields;
    visit(fields, item);
    card_.fields = std::move(fields.out);
    if (const basis* b = basis_of(item))
      rests_on(*b);
    if constexpr (requires {
                    item.level;
                    item.seen;
                  }) {
      card_.level = to_string(item.level);
      card_.seen = to_string(item.seen);
    }
    forwards(item);
    backwards();
  }

private:
  void rests_on(const basis& b) {
    card_.judgement = b.judgement;
    card_.level = to_string(b.level);
    card_.seen = to_string(b.seen);
    card_.contested = b.contested;
    for (const std::string& id : b.claims)
      if (const claim* c = s_.find_claim(id))
        card_.sources.push_back({c->id, c->text, c->source, title(c->source), c->place,
                                 std::string(to_string(c->seen)), std::string(to_string(c->level)),
                                 c->contested});
    for (const citation& c : b.sources)
      if (const source* found = s_.find_source(c.source))
        card_.sources.push_back(
            {"", "", c.source, found->title, c.place, std::string(to_string(found->seen)), "", false});
  }

  std::string title(const std::string& id) const {
    const source* found = s_.find_source(id);
    return found ? found->title : "";
  }

  template <typename T>
  void forwards(const T& item) {
    each_reference visitor([&](std::string_view label, const std::string& id) {
      if (label == "claims" || label == "sources")
        return;
      const named other = look_up(s_, id);
      card_.relations.push_back({label_of(label), other.kind, id, other.name, ""});
    });
    references(visitor, item);
  }

  // Every statement that names this one. What joins two is shown as its other end.
  void backwards() {
    each_kind(s_.all, [&](std::string_view kind, const auto& list) {
      for (const auto& item : list) {
        std::string_view how;
        each_reference visitor([&](std::string_view label, const std::string& id) {
          if (id == card_.id && how.empty())
            how = label;
        });
        references(visitor, item);
        if (!how.empty())
          used_by(kind, item, how);
      }
    });
  }

  template <typename T>
  void used_by(std::string_view kind, const T& item, std::string_view how) {
    const auto joins = [&](std::string_view label, const std::string& other) {
      const named n = look_up(s_, other);
      card_.relations.push_back({std::string(label), n.kind, other, n.name, detail_of(item)});
    };
    if constexpr (std::same_as<T, link>) {
      if (how == "from")
        return joins("brings about", item.target);
      if (how == "to")
        return joins("is brought about by", item.source);
    } else if constexpr (std::same_as<T, observes>) {
      if (how == "finding")
        return joins("speaks about", item.state);
      if (how == "state")
        return joins("is read by", item.finding);
    } else if constexpr (std::same_as<T, indication>) {
      if (how == "exercise")
        return joins("is given for", item.cause);
      if (how == "cause")
        return joins("is treated by", item.exercise);
    }
    card_.relations.push_back({"is named by (" + label_of(how) + ")", std::string(kind), id_of(item),
                               name_of(item), detail_of(item)});
  }

  const snapshot& s_;
  item_card& card_;
};

template <typename T>
std::string level_of(const T& item) {
  if (const basis* b = basis_of(item))
    return std::string(to_string(b->level));
  if constexpr (std::same_as<T, claim>)
    return std::string(to_string(item.level));
  return {};
}

// Only an id with a dot can be one that was made from what a statement joins.
template <typename T>
bool is_called(const T& item, std::string_view id) {
  if constexpr (requires { item.id.size(); }) {
    if (item.id == id)
      return true;
  } else if (id.find('.') != std::string_view::npos && id_of(item) == id) {
    return true;
  }
  if constexpr (requires { item.aliases; })
    return std::find(item.aliases.begin(), item.aliases.end(), id) != item.aliases.end();
  return false;
}

} // namespace

std::optional<item_card> show(const snapshot& s, std::string_view id) {
  std::optional<item_card> out;
  each_kind(s.all, [&](std::string_view kind, const auto& list) {
    for (std::size_t i = 0; i < list.size() && !out; ++i)
      if (is_called(list[i], id))
        card_maker(s, out.emplace()).make(kind, list[i]);
  });
  return out;
}

std::vector<std::string> near_ids(const snapshot& s, std::string_view id) {
  std::vector<std::string_view> ids;
  each_kind(s.all, [&](std::string_view, const auto& list) {
    if constexpr (requires { list.front().id.size(); })
      for (const auto& item : list)
        ids.push_back(item.id);
  });
  std::vector<std::string> out;
  while (out.size() < 3) {
    const auto near = nearest(id, ids);
    if (near.empty())
      break;
    out.emplace_back(near);
    std::erase(ids, near);
  }
  return out;
}

std::vector<listed> list(const snapshot& s, std::string_view kind) {
  std::vector<listed> out;
  each_kind(s.all, [&](std::string_view name, const auto& items) {
    for (const auto& item : items) {
      bool wanted = name == kind;
      if constexpr (std::same_as<std::remove_cvref_t<decltype(item)>, state>)
        wanted = wanted || to_string(item.kind) == kind;
      if (wanted)
        out.push_back({std::string(name), id_of(item), name_of(item), item.from.plugin, level_of(item)});
    }
  });
  return out;
}

std::vector<std::string_view> kinds() {
  std::vector<std::string_view> out;
  const statements none;
  each_kind(none, [&](std::string_view name, const auto&) { out.push_back(name); });
  for (int i = 0; i <= static_cast<int>(state_kind::home); ++i)
    out.push_back(to_string(static_cast<state_kind>(i)));
  std::sort(out.begin(), out.end());
  return out;
}

} // namespace posterior::kb
