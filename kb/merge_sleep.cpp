// Soft references: what names an unknown id sleeps, and what only mentions one goes on without it.
#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "kb/merge_parts.hpp"
#include "kb/reader.hpp"
#include "kb/references.hpp"
#include "kb/values/text.hpp"

namespace posterior::kb {
namespace {

// id -> kind; the ids are those of the statements, so it must not be used once one of them has moved.
using known_ids = std::unordered_map<std::string_view, std::string_view>;

known_ids ids_in(const statements& all) {
  known_ids out;
  out.reserve(count(all));
  each_kind(all, [&](std::string_view kind, const auto& list) {
    for (const auto& item : list)
      if constexpr (requires { item.id.size(); })
        out.emplace(item.id, kind);
  });
  return out;
}

bool is_known(const known_ids& known, const std::string& id, std::string_view kind) {
  const auto at = known.find(id);
  return at != known.end() && (kind == any_kind || at->second == kind);
}

// The first essential reference that is unknown.
struct essentials {
  const known_ids& known;
  std::string missing;
  std::string_view kind;

  void one(std::string_view, const std::string& id, std::string_view of, bool essential) {
    if (essential && missing.empty() && !is_known(known, id, of)) {
      missing = id;
      kind = of;
    }
  }
  void all(std::string_view label, const std::vector<std::string>& ids, std::string_view of) {
    for (const std::string& id : ids)
      one(label, id, of, true);
  }
  void cited(const std::vector<citation>& list) {
    for (const citation& c : list)
      one("sources", c.source, "source", true);
  }
  void many(std::string_view, const std::vector<std::string>&, std::string_view) {}
  void groups(std::string_view, const std::vector<std::vector<std::string>>&, std::string_view) {}
  void when(std::string_view, const clauses&) {}
};

// Takes unknown ids out of a statement that stays, and notes them.
struct stripper {
  const known_ids& known;
  std::vector<std::pair<std::string, std::string_view>> gone; // id, kind

  bool unknown(const std::string& id, std::string_view kind) {
    if (id.empty() || is_known(known, id, kind))
      return false;
    gone.emplace_back(id, kind);
    return true;
  }
  void one(std::string_view, std::string& id, std::string_view kind, bool) {
    if (unknown(id, kind))
      id.clear();
  }
  void many(std::string_view, std::vector<std::string>& ids, std::string_view kind) {
    std::erase_if(ids, [&](const std::string& id) { return unknown(id, kind); });
  }
  void all(std::string_view, std::vector<std::string>&, std::string_view) {}
  void groups(std::string_view label, std::vector<std::vector<std::string>>& list, std::string_view kind) {
    for (auto& ids : list)
      many(label, ids, kind);
    std::erase_if(list, [](const auto& ids) { return ids.empty(); });
  }
  // An unknown finding is never recorded, so its alternative can never hold.
  void when(std::string_view, clauses& list) {
    std::erase_if(list, [&](const std::vector<condition>& clause) {
      return std::any_of(clause.begin(), clause.end(),
                         [&](const condition& c) { return unknown(c.finding, "finding"); });
    });
  }
  void cited(std::vector<citation>&) {}
};

class sleeper {
public:
  sleeper(statements& all, std::vector<bundle>& bundles, const absences& gone)
      : all_(all)
      , gone_(gone) {
    for (bundle& b : bundles)
      if (sound(b))
        bundles_.emplace(b.about.id, &b);
  }

  std::vector<dormant> run() {
    known_ids known = ids_in(all_);
    while (put_to_sleep_once(known))
      known = ids_in(all_);
    strip(known);
    suggest();
    std::sort(out_.begin(), out_.end(), [](const dormant& a, const dormant& b) {
      return std::tie(a.statement, a.missing) < std::tie(b.statement, b.missing);
    });
    return std::move(out_);
  }

private:
  bool put_to_sleep_once(const known_ids& known) {
    fallen fell;
    each_kind(all_, [&](std::string_view kind, const auto& list) {
      for (const auto& item : list) {
        essentials e{known, {}, {}};
        references(e, item);
        if (e.missing.empty())
          continue;
        note(kind, item, e.missing, e.kind, true);
        fell.insert(&item);
      }
    });
    return take_out(fell);
  }

  void strip(const known_ids& known) {
    fallen fell;
    each_kind(all_, [&](std::string_view kind, auto& list) {
      for (auto& item : list) {
        stripper s{known, {}};
        references(s, item);
        for (const auto& [id, of] : s.gone)
          note(kind, item, id, of, pointless(item));
        if (!s.gone.empty() && pointless(item))
          fell.insert(&item);
      }
    });
    take_out(fell);
  }

  // Statements are judged where they lie and taken out when all have been.
  using fallen = std::set<const void*>;

  bool take_out(const fallen& fell) {
    if (fell.empty())
      return false;
    each_kind(all_, [&](std::string_view, auto& list) {
      // Erasing moves what comes behind, so it is told by its place in the list as it was.
      std::size_t to = 0;
      for (std::size_t from = 0; from < list.size(); ++from) {
        if (fell.contains(&list[from]))
          continue;
        if (to != from)
          list[to] = std::move(list[from]);
        ++to;
      }
      list.resize(to);
    });
    return true;
  }

  // What has nothing left to act on.
  template <typename T>
  static bool pointless(const T& item) {
    if constexpr (std::same_as<T, theory>)
      return item.causes.empty();
    else if constexpr (std::same_as<T, precaution>)
      return item.when.empty() && item.cause.empty();
    else if constexpr (std::same_as<T, sequence>)
      return !item.has_anything();
    else
      return false;
  }

  // Hints come last and once for each missing id: a bundle that is not there may be missed a thousand times,
  // and what fell asleep itself is no cure.
  void suggest() {
    if (unhinted_.empty())
      return;
    const known_ids known = ids_in(all_);
    std::map<std::string_view, std::vector<std::string_view>> names;
    for (const auto& [name, of] : known)
      names[of].push_back(name);
    for (auto& [of, list] : names)
      std::sort(list.begin(), list.end());
    std::map<std::pair<std::string_view, std::string_view>, std::string_view> found;
    for (const unhinted& one : unhinted_) {
      const auto [at, fresh] = found.try_emplace({one.kind, one.missing});
      if (fresh)
        at->second = nearest(one.missing, names[one.kind]);
      if (!at->second.empty())
        one.at->problems[one.problem].hint = "did you mean \"" + std::string(at->second) + "\"?";
    }
  }

  template <typename T>
  void note(std::string_view kind, const T& item, const std::string& missing, std::string_view of,
            bool whole) {
    out_.push_back({id_of(item), missing, item.from.plugin});
    const auto at = bundles_.find(item.from.plugin);
    if (at == bundles_.end())
      return;
    bundle& b = *at->second;
    const auto known = gone_.find(missing);
    const bool told = known != gone_.end();
    if (!told)
      unhinted_.push_back({&b, b.problems.size(), missing, of});
    b.problems.push_back({severity::warning, "kb.dormant", full_place(b, item.from.where),
                          "the " + std::string(kind) + " \"" + id_of(item) + "\" names the " +
                              std::string(of == any_kind ? "item" : of) + " \"" + missing + "\", which " +
                              (told ? known->second.why : "no bundle defines") + ": " +
                              (!whole ? "it goes on without it"
                               : told ? "it sleeps"
                                      : "it sleeps until one does"),
                          told ? known->second.hint : ""});
  }

  // A problem of a bundle that names a missing id.
  struct unhinted {
    bundle* at;
    std::size_t problem;
    std::string missing;
    std::string_view kind;
  };

  statements& all_;
  const absences& gone_;
  std::map<std::string, bundle*> bundles_;
  std::vector<dormant> out_;
  std::vector<unhinted> unhinted_;
};

} // namespace

std::vector<dormant> put_to_sleep(statements& all, std::vector<bundle>& bundles, const absences& gone) {
  return sleeper(all, bundles, gone).run();
}

void fill_grades(statements& all) {
  std::unordered_map<std::string_view, const source*> sources;
  for (const source& s : all.sources)
    sources.emplace(s.id, &s);
  std::unordered_map<std::string_view, const claim*> claims;
  for (claim& c : all.claims) {
    if (c.oxford.empty())
      c.oxford = sources.at(c.source)->oxford;
    claims.emplace(c.id, &c);
  }
  each_kind(all, [&](std::string_view, auto& list) {
    for (auto& item : list) {
      basis* b = basis_of(item);
      if (!b)
        continue;
      grade level = grade::opinion;
      seen_as seen = seen_as::judgement;
      for (const std::string& id : b->claims) {
        level = std::min(level, claims.at(id)->level);
        seen = std::min(seen, claims.at(id)->seen);
      }
      if (b->claims.empty())
        for (const citation& c : b->sources)
          seen = std::min(seen, sources.at(c.source)->seen);
      b->level = b->level_given ? b->level : level;
      b->seen = b->seen_given ? b->seen : seen;
    }
  });
}

} // namespace posterior::kb
