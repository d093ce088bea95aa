// Fields come from the schema (schema.hpp), relations from the references (references.hpp): forwards those of
// the item itself, backwards those of every other statement that names it (usage.hpp).
#include "kb/show.hpp"

#include <algorithm>
#include <map>

#include "kb/each_reference.hpp"
#include "kb/show_fields.hpp"
#include "kb/values/text.hpp"

namespace posterior::kb {
namespace {

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

// How an item is named, from its own side.
struct phrase {
  std::string_view kind, label; // of the statement and of its reference
  std::string_view words;
};
constexpr phrase phrases[] = {
    {"link", "from", "brings about"},
    {"link", "to", "is brought about by"},
    {"observes", "finding", "speaks about"},
    {"observes", "state", "is read by"},
    {"indication", "exercise", "is given for"},
    {"indication", "cause", "is treated by"},
    {"exercise", "avoid", "is heeded by"},
    {"exercise", "easier", "is the easier step of"},
    {"exercise", "harder", "is the harder step of"},
    {"finding", "consumes", "is computed into"},
    {"finding", "replaces", "gives way to"},
    {"finding", "retest_of", "is repeated by"},
    {"precaution", "cause", "triggers"},
    {"precaution", "exercises", "is held back by"},
    {"precaution", "except", "is spared by"},
    {"precaution", "when", "triggers"},
    {"rule", "asks", "is asked for by"},
    {"rule", "when", "can raise"},
    {"state", "rule", "is the rule of"},
    {"tension", "about", "is disputed in"},
    {"tension", "between", "is one side of"},
    {"tension", "decides", "would decide"},
    {"tension", "withholds", "is withheld by"},
    {"theory", "causes", "is claimed by the theory of"},
};

// Relations of one label, in the order in which they come.
struct relation_group {
  std::string label; // as people read it
  std::size_t count = 0;
  std::vector<relation> shown;
};

// Which group the references of a kind under a label belong to.
struct group_of {
  std::uint32_t kind;
  std::string_view how;
  std::size_t group;
};

constexpr std::uint32_t own = ~0u; // in place of a kind: the item's own references

item_words words_of(const wording& w) {
  field_lister fields;
  visit(fields, w);
  item_words out{w.lang, w.patient, {}};
  if (!w.name.empty())
    out.fields.emplace_back("name", w.name);
  for (auto& [label, value] : fields.out)
    if (label != "lang" && label != "patient")
      out.fields.emplace_back(label, std::move(value));
  return out;
}

class card_maker {
public:
  card_maker(const snapshot& s, std::size_t most, item_card& card)
      : s_(s)
      , most_(most)
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
    for (const wording* w : s_.texts_of(card_.id))
      card_.words.push_back(words_of(*w));
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
    finish();
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

  // The group of what a reference says, with one more counted; nullptr if no more are shown of it. `words`
  // makes the label.
  template <typename Words>
  relation_group* room(std::uint32_t kind, std::string_view how, Words words) {
    auto at = std::find_if(known_.begin(), known_.end(),
                           [&](const group_of& g) { return g.kind == kind && g.how == how; });
    if (at == known_.end())
      at = known_.insert(known_.end(), {kind, how, group_called(words())});
    relation_group& g = groups_[at->group];
    ++g.count;
    return most_ == 0 || g.count <= most_ ? &g : nullptr;
  }

  std::size_t group_called(std::string label) {
    const auto at = std::find_if(groups_.begin(), groups_.end(),
                                 [&](const relation_group& g) { return g.label == label; });
    if (at != groups_.end())
      return static_cast<std::size_t>(at - groups_.begin());
    groups_.push_back({std::move(label), 0, {}});
    return groups_.size() - 1;
  }

  template <typename T>
  void forwards(const T& item) {
    each_reference visitor([&](std::string_view label, const std::string& id) {
      if (label == "claims" || label == "sources")
        return;
      if (relation_group* g = room(own, label, [&] { return label_of(label); })) {
        const named other = look_up(s_, id);
        g->shown.push_back({g->label, other.kind, id, other.name, "", ""});
      }
    });
    references(visitor, item);
  }

  // Every statement that names this one.
  void backwards() {
    const usage& users = s_.users();
    std::vector<std::size_t> by_plugin(users.plugins().size());
    for (const use& one : users.of(card_.id)) {
      ++by_plugin[one.plugin];
      used_by(one);
    }
    std::map<std::string, std::size_t> sums;
    for (std::size_t i = 0; i < by_plugin.size(); ++i)
      if (by_plugin[i] > 0)
        sums.emplace(users.plugins()[i], by_plugin[i]);
    add_contributors(sums);
    for (const auto& [plugin, count] : sums)
      card_.users.push_back({plugin, count});
    std::sort(card_.users.begin(), card_.users.end(), [](const item_user& a, const item_user& b) {
      return a.statements != b.statements ? a.statements > b.statements : a.plugin < b.plugin;
    });
  }

  // A merged statement stands under one bundle; the others that say it use the item, too.
  void add_contributors(std::map<std::string, std::size_t>& sums) const {
    const std::string end = "." + card_.id + ".";
    std::string_view statement, stands_under;
    for (const contribution& c : s_.said_apart) {
      const auto& claims = c.rests_on.claims;
      if (("." + c.statement + ".").find(end) == std::string::npos &&
          std::find(claims.begin(), claims.end(), card_.id) == claims.end())
        continue;
      if (statement != c.statement) {
        statement = c.statement;
        stands_under = bundle_of(c.statement);
      }
      if (c.from.plugin != stands_under)
        ++sums[c.from.plugin];
    }
  }

  // The bundle under which a link, observes, indication or prior stands.
  std::string_view bundle_of(const std::string& id) const {
    const std::size_t dot = id.find('.');
    const std::string end = id.substr(dot + 1, id.find('.', dot + 1) - dot - 1);
    const auto among = [&](const auto& list) -> std::string_view {
      for (const auto* item : list)
        if (item->id() == id)
          return item->from.plugin;
      return {};
    };
    if (id.starts_with("link."))
      return among(s_.links_from(end));
    if (id.starts_with("observes."))
      return among(s_.readings_of(end));
    return id.starts_with("prior.") ? among(s_.priors_of(end)) : among(s_.indications_of(end));
  }

  void used_by(const use& one) {
    relation_group* g = room(one.kind, one.label, [&] { return words_for(kind_name(one.kind), one.label); });
    if (g == nullptr)
      return;
    std::uint32_t number = 0;
    each_kind(s_.all, [&](std::string_view kind, const auto& list) {
      if (number++ == one.kind)
        g->shown.push_back(used_by(g->label, kind, list[one.at], one.label));
    });
  }

  std::string_view kind_name(std::uint32_t wanted) const {
    std::string_view out;
    std::uint32_t number = 0;
    each_kind(s_.all, [&](std::string_view kind, const auto&) {
      if (number++ == wanted)
        out = kind;
    });
    return out;
  }

  // What joins two is shown as its other end.
  template <typename T>
  relation used_by(const std::string& words, std::string_view kind, const T& item, std::string_view how) {
    const auto joins = [&](const auto* other, const std::string& id, std::string_view what) -> relation {
      return {words, std::string(what), id, other ? other->name : "", detail_of(item), item.from.plugin};
    };
    if constexpr (std::same_as<T, link>) {
      if (how == "from")
        return joins(s_.find_state(item.target), item.target, "state");
      if (how == "to")
        return joins(s_.find_state(item.source), item.source, "state");
    } else if constexpr (std::same_as<T, observes>) {
      if (how == "finding")
        return joins(s_.find_state(item.state), item.state, "state");
      if (how == "state")
        return joins(s_.find_finding(item.finding), item.finding, "finding");
    } else if constexpr (std::same_as<T, indication>) {
      if (how == "exercise")
        return joins(s_.find_state(item.cause), item.cause, "state");
      if (how == "cause")
        return joins(s_.find_exercise(item.exercise), item.exercise, "exercise");
    }
    return {words, std::string(kind), id_of(item), name_of(item), detail_of(item), item.from.plugin};
  }

  static std::string words_for(std::string_view kind, std::string_view how) {
    for (const phrase& w : phrases)
      if (w.kind == kind && w.label == how)
        return std::string(w.words);
    return "is named by (" + label_of(how) + ")";
  }

  void finish() {
    for (relation_group& g : groups_) {
      std::move(g.shown.begin(), g.shown.end(), std::back_inserter(card_.relations));
      if (most_ != 0 && g.count > most_)
        card_.left.push_back({g.label, g.count - most_});
    }
    for (relation& r : card_.relations)
      if (r.plugin == card_.from.plugin)
        r.plugin.clear();
    for (const dormant& d : absence_of(s_, card_.id).sleeps)
      card_.missing.push_back(d.missing);
  }

  const snapshot& s_;
  std::size_t most_;
  item_card& card_;
  std::vector<relation_group> groups_;
  std::vector<group_of> known_;
};

template <typename T>
std::string level_of(const T& item) {
  if (const basis* b = basis_of(item))
    return std::string(to_string(b->level));
  if constexpr (std::same_as<T, claim>)
    return std::string(to_string(item.level));
  return {};
}

template <typename T>
bool has_alias(const T& item, std::string_view id) {
  if constexpr (requires { item.aliases; })
    return std::find(item.aliases.begin(), item.aliases.end(), id) != item.aliases.end();
  else
    return false;
}

// The statement of a sorted list that is called `id`; nullptr if there is none. Only an id that begins with
// its kind and a dot can be one that was made from what a statement joins.
template <typename T>
const T* find_in(const std::vector<T>& list, std::string_view kind, std::string_view id) {
  if constexpr (requires(const T& item) { item.id.size(); }) {
    const auto at = std::lower_bound(list.begin(), list.end(), id,
                                     [](const T& item, std::string_view wanted) { return item.id < wanted; });
    if (at != list.end() && at->id == id)
      return &*at;
    const auto named =
        std::find_if(list.begin(), list.end(), [&](const T& item) { return has_alias(item, id); });
    return named == list.end() ? nullptr : &*named;
  } else if (id.starts_with(kind) && id.substr(kind.size()).starts_with('.')) {
    const auto at = std::find_if(list.begin(), list.end(), [&](const T& item) { return id_of(item) == id; });
    return at == list.end() ? nullptr : &*at;
  }
  return nullptr;
}

} // namespace

std::optional<item_card> show(const snapshot& s, std::string_view id, std::size_t most) {
  std::optional<item_card> out;
  each_kind(s.all, [&](std::string_view kind, const auto& list) {
    if (out)
      return;
    if (const auto* item = find_in(list, kind, id))
      card_maker(s, most, out.emplace()).make(kind, *item);
  });
  return out;
}

absent_id absence_of(const snapshot& s, std::string_view id) {
  absent_id out;
  for (const dormant& d : s.asleep) {
    if (d.statement == id)
      out.sleeps.push_back(d);
    if (d.missing == id)
      out.waiting.push_back(d);
  }
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

std::vector<listed> list(const snapshot& s, std::string_view kind, const narrowing& only) {
  std::vector<listed> out;
  each_kind(s.all, [&](std::string_view name, const auto& items) {
    for (const auto& item : items) {
      bool wanted = name == kind;
      if constexpr (std::same_as<std::remove_cvref_t<decltype(item)>, state>)
        wanted = wanted || to_string(item.kind) == kind;
      if (!wanted || (!only.plugin.empty() && item.from.plugin != only.plugin))
        continue;
      const std::string level = level_of(item);
      if (!only.level || level == to_string(*only.level))
        out.push_back({std::string(name), id_of(item), name_of(item), item.from.plugin, level});
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
