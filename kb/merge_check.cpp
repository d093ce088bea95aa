// Whether bundles can hold together: ids, kinds of references, conditions, one state per finding.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "kb/item.hpp"
#include "kb/merge_parts.hpp"
#include "kb/references.hpp"
#include "kb/values/text.hpp"

namespace posterior::kb {
namespace {

std::string quote(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

// --- ids ------------------------------------------------------------------------

struct new_id {
  std::string_view id;
  definition as;
};

std::vector<new_id> ids_of(const bundle& b) {
  std::vector<new_id> out;
  for (const retirement& r : b.says.retirements)
    out.push_back({r.old, {retired_kind, &b, &r.from.where}});
  each_kind(b.says, [&](std::string_view kind, const auto& list) {
    for (const auto& item : list) {
      if constexpr (requires { item.id.size(); })
        out.push_back({item.id, {kind, &b, &item.from.where}});
      if constexpr (requires { item.aliases; })
        for (const std::string& alias : item.aliases)
          out.push_back({alias, {"alias", &b, &item.from.where}});
    }
  });
  return out;
}

void clash(bundle& b, const new_id& second, const definition& first) {
  const std::string before = to_string(full_place(*first.by, *first.inside));
  const place& here = *second.as.inside;
  if (first.kind == retired_kind)
    refuse(b, here, "retired-id",
           fault("the id " + quote(second.id), "retired at " + before, "one that was never used"),
           "choose another id: old cases mean what it stood for then");
  else if (second.as.kind == retired_kind)
    refuse(b, here, "retired-id",
           fault("the retired id " + quote(second.id), "in use at " + before, "one that no bundle defines"));
  else
    refuse(b, here, "repeated-id",
           fault("the id " + quote(second.id), "defined already at " + before, "defined once in all bundles"),
           first.by == &b ? "keep one of the two"
                          : "refer to it by its id; only " + first.by->about.id + " defines it");
}

} // namespace

definitions collect(std::vector<bundle>& bundles) {
  definitions known;
  std::map<std::string, std::string> prefixes;
  for (bundle& b : bundles) {
    if (!sound(b))
      continue;
    if (const auto [at, fresh] = prefixes.emplace(b.about.prefix, b.about.id);
        !fresh && !b.about.prefix.empty() && tier(b) < 3)
      refuse(b, {}, "repeated-prefix",
             fault("the prefix " + quote(b.about.prefix) + " of " + b.about.id, "taken by " + at->second,
                   "used by one bundle"));
    definitions own;
    for (const new_id& id : ids_of(b)) {
      const auto before = known.find(id.id);
      const auto [at, fresh] = own.emplace(id.id, id.as);
      if (before != known.end())
        clash(b, id, before->second);
      else if (!fresh)
        clash(b, id, at->second);
    }
    if (sound(b))
      known.merge(own);
  }
  return known;
}

namespace {

// --- references -----------------------------------------------------------------

// Reports references of one statement whose id stands for something else.
template <typename T>
class kind_checker {
public:
  kind_checker(bundle& b, const definitions& known, std::string_view kind, const T& item)
      : bundle_(b)
      , known_(known)
      , kind_(kind)
      , item_(item) {}

  void run() { references(*this, item_); }

  void one(std::string_view label, const std::string& id, std::string_view kind, bool) {
    if (id.empty())
      return;
    const auto at = known_.find(id);
    if (at == known_.end() || at->second.kind == retired_kind)
      return unknown(label, id, kind);
    const bool alias = at->second.kind == "alias";
    if (alias || (kind != any_kind && at->second.kind != kind))
      refuse(bundle_, item_.from.where, "wrong-kind",
             fault(quote(label) + " of " + what(),
                   alias ? "the alias " + quote(id) : article(at->second.kind) + " " + quote(id),
                   "the id of " + (kind == any_kind ? "an item" : article(kind))),
             alias ? "use the id that the alias stands for" : "");
  }
  void many(std::string_view label, const std::vector<std::string>& ids, std::string_view kind) {
    for (const std::string& id : ids)
      one(label, id, kind, false);
  }
  void all(std::string_view label, const std::vector<std::string>& ids, std::string_view kind) {
    many(label, ids, kind);
  }
  void groups(std::string_view label, const std::vector<std::vector<std::string>>& list,
              std::string_view kind) {
    for (const auto& ids : list)
      many(label, ids, kind);
  }
  void when(std::string_view label, const clauses& list) {
    for (const auto& clause : list)
      for (const condition& c : clause)
        one(label, c.finding, "finding", false);
  }
  void cited(const std::vector<citation>& list) {
    for (const citation& c : list)
      one("sources", c.source, "source", true);
  }

private:
  // Made for a fault only: most statements have none.
  std::string what() const { return "the " + std::string(kind_) + " " + quote(id_of(item_)); }

  static std::string article(std::string_view kind) {
    const bool vowel = std::string_view("aeiou").find(kind.front()) != std::string_view::npos;
    return (vowel ? "an " : "a ") + std::string(kind);
  }

  // Equipment is a closed list, and neither what core rests on nor a safety rule may sleep.
  void unknown(std::string_view label, const std::string& id, std::string_view kind) {
    const bool firm = tier(bundle_) == 0 &&
                      (kind == "claim" || kind == "source" || (kind == "finding" && std::same_as<T, rule>));
    if (kind != "equipment" && !firm)
      return;
    std::vector<std::string_view> names;
    for (const auto& [name, definition] : known_)
      if (definition.kind == kind)
        names.push_back(name);
    std::sort(names.begin(), names.end());
    const auto near = nearest(id, names);
    refuse(bundle_, item_.from.where, "unknown-id",
           fault(quote(label) + " of " + what(), quote(id), article(kind) + " of the core"),
           near.empty() ? "" : "did you mean " + quote(near) + "?");
  }

  bundle& bundle_;
  const definitions& known_;
  std::string_view kind_;
  const T& item_;
};

// --- what must fit the findings and states that are spoken about ------------------

class fit_checker {
public:
  explicit fit_checker(const std::vector<bundle>& bundles) {
    for (const bundle& b : bundles) {
      if (sound(b))
        know(b.says);
    }
  }
  explicit fit_checker(const statements& all) { know(all); }

  void check(bundle& b) const {
    for (const rule& r : b.says.rules)
      check_when(b, r.from, "the rule " + quote(r.id), r.when);
    for (const precaution& p : b.says.precautions)
      check_when(b, p.from, "the precaution " + quote(p.id), p.when);
    for (const sequence& q : b.says.sequences)
      check_when(b, q.from, "the sequence " + quote(q.id), q.when);
    for (const observes& o : b.says.readings)
      check_reading(b, o);
    for (const link& l : b.says.links)
      if (l.opposite && !(lateral(states_, l.source) && lateral(states_, l.target)))
        refuse(b, l.from.where, "no-side",
               fault("\"side\" of the link " + quote(l.source) + " to " + quote(l.target),
                     "\"opposite\" on a midline state", "left out"));
  }

private:
  void know(const statements& says) {
    for (const finding& f : says.findings)
      findings_.emplace(f.id, &f);
    for (const state& s : says.states)
      states_.emplace(s.id, &s);
  }

  template <typename T>
  using table = std::unordered_map<std::string_view, const T*>;

  template <typename T>
  static const T* find(const table<T>& in, std::string_view id) {
    const auto at = in.find(id);
    return at == in.end() ? nullptr : at->second;
  }
  // What is not known yet is given the benefit of the doubt.
  template <typename T>
  static bool lateral(const table<T>& in, std::string_view id) {
    const T* item = find(in, id);
    return !item || item->lateral;
  }

  void check_when(bundle& b, const origin& from, const std::string& what, const clauses& when) const {
    for (const auto& clause : when)
      for (const condition& c : clause)
        if (const finding* f = find(findings_, c.finding))
          check_condition(b, from, what, c, *f);
  }

  static void check_condition(bundle& b, const origin& from, const std::string& what, const condition& c,
                              const finding& f) {
    const auto text = [&] { return "the condition " + quote(to_string(c)) + " of " + what; };
    if (f.derived)
      refuse(b, from.where, "derived-in-rule",
             fault(text(), "over a derived finding", "over what was recorded"));
    if (c.on != condition::where::any && !f.lateral)
      refuse(b, from.where, "no-side", fault(text(), "about a side of a midline finding", "without \"@\""));
    if (c.op != comparison::none && f.unit.empty() && f.levels.empty())
      refuse(b, from.where, "not-measured",
             fault(text(), "a comparison of a finding without unit or levels",
                   "\"" + f.id + "\" or \"!" + f.id + "\""));
  }

  void check_reading(bundle& b, const observes& o) const {
    const finding* f = find(findings_, o.finding);
    const auto what = [&] { return "the observes " + quote(o.finding) + " to " + quote(o.state); };
    const char* way = !o.normals.empty() ? "normal" : !o.log_normals.empty() ? "log_normal" : "ratios";
    if (f && o.reads_values() && f->unit.empty())
      refuse(b, o.from.where, "not-measured",
             fault(quote(way) + " of " + what(), "on a finding without unit", "left out"));
    if (f && !o.levels.empty() && o.levels.size() != f->levels.size())
      refuse(b, o.from.where, "other-levels",
             fault("\"levels\" of " + what(), std::to_string(o.levels.size()) + " rows",
                   f->levels.empty()
                       ? "left out: the finding has no levels"
                       : "one row for each of its " + std::to_string(f->levels.size()) + " levels"));
    if (o.opposite && !(lateral(findings_, o.finding) && lateral(states_, o.state)))
      refuse(b, o.from.where, "no-side",
             fault("\"side\" of " + what(), "\"opposite\" without two sides", "left out"));
  }

  table<finding> findings_;
  table<state> states_;
};

// Within one bundle a thing is said once, with all its claims.
void check_said_once(bundle& b) {
  std::unordered_map<std::string, const origin*> said;
  const auto check = [&](std::string_view kind, const auto& list) {
    for (const auto& item : list)
      if (const auto [at, fresh] = said.emplace(item.id(), &item.from); !fresh)
        refuse(b, item.from.where, "repeated-statement",
               fault("the " + std::string(kind) + " " + quote(item.id()),
                     "given already at " + to_string(full_place(b, at->second->where)),
                     "given once in a bundle"),
               "join the two and name all their claims");
  };
  check("link", b.says.links);
  check("observes", b.says.readings);
  check("prior", b.says.priors);
  check("indication", b.says.indications);
  check("text", b.says.texts);
}

// --- double evidence ------------------------------------------------------------

// A finding speaks about one state; only opinions may add others, or it would count twice.
void check_double_evidence(std::vector<bundle>& bundles) {
  struct reading {
    const observes* what;
    std::string_view by;
  };
  std::unordered_map<std::string_view, reading> first; // by finding
  for (bundle& b : bundles) {
    if (!sound(b))
      continue;
    std::vector<std::string_view> added;
    std::vector<const observes*> readings;
    for (const observes& o : b.says.readings)
      readings.push_back(&o);
    std::stable_sort(readings.begin(), readings.end(),
                     [](const observes* x, const observes* y) { return x->state < y->state; });
    for (const observes* o : readings) {
      if (!o->opinion.empty())
        continue;
      const auto [at, fresh] = first.emplace(o->finding, reading{o, b.about.id});
      if (fresh)
        added.push_back(o->finding);
      const observes& other = *at->second.what;
      if (!fresh && (other.state != o->state || other.opposite != o->opposite))
        refuse(b, o->from.where, "double-evidence",
               fault("the finding " + quote(o->finding),
                     "read for " + quote(o->state) + " besides " + quote(other.state) + " (" +
                         std::string(at->second.by) + ")",
                     "read for one state"),
               "say what it adds with an opinion word");
    }
    if (!sound(b)) // what it said does not stand
      for (const std::string_view finding : added)
        first.erase(finding);
  }
}

// --- priors ---------------------------------------------------------------------

// Whether everybody that `a` is about is somebody that `b` is about.
bool within(const prior& a, const prior& b) {
  const auto inside = [](const std::string& x, const std::string& y) { return y.empty() || x == y; };
  const bool by_age = !b.age || (a.age && b.age->min <= a.age->min && a.age->max <= b.age->max);
  return inside(a.setting, b.setting) && inside(a.sex, b.sex) && by_age;
}

bool share_somebody(const prior& a, const prior& b) {
  const auto meet = [](const std::string& x, const std::string& y) {
    return x.empty() || y.empty() || x == y;
  };
  const bool by_age = !a.age || !b.age || (a.age->min <= b.age->max && b.age->min <= a.age->max);
  return meet(a.setting, b.setting) && meet(a.sex, b.sex) && by_age;
}

// Of two priors that hold for one patient the narrower one counts; so of every two that share somebody one
// must lie within the other.
void check_priors(std::vector<bundle>& bundles) {
  std::vector<const prior*> known;
  for (bundle& b : bundles) {
    if (!sound(b))
      continue;
    const std::size_t before = known.size();
    std::vector<const prior*> own;
    for (const prior& p : b.says.priors)
      own.push_back(&p);
    std::stable_sort(own.begin(), own.end(),
                     [](const prior* x, const prior* y) { return x->id() < y->id(); });
    for (const prior* p : own) {
      for (const prior* other : known)
        if (other->state == p->state && share_somebody(*p, *other) && !within(*p, *other) &&
            !within(*other, *p)) {
          refuse(b, p->from.where, "two-priors",
                 fault("the prior " + quote(p->id()),
                       "for people whom " + quote(other->id()) + " (" + other->from.plugin + ") is about too",
                       "about a part of them, or about none"),
                 "say which counts: give a third row for those whom both are about, and narrow the two");
          break;
        }
      known.push_back(p);
    }
    if (!sound(b))
      known.resize(before);
  }
}

} // namespace

void check_fit(bundle& b, const statements& all) {
  fit_checker(all).check(b);
}

void check_together(std::vector<bundle>& bundles, const definitions& known) {
  const fit_checker fits(bundles);
  std::vector<bundle*> taking_part;
  for (bundle& b : bundles)
    if (sound(b))
      taking_part.push_back(&b);
  for (bundle* b : taking_part) {
    each_kind(std::as_const(b->says), [&](std::string_view kind, const auto& list) {
      for (const auto& item : list)
        kind_checker(*b, known, kind, item).run();
    });
    fits.check(*b);
    check_said_once(*b);
  }
  check_double_evidence(bundles);
  check_priors(bundles);
  check_texts(bundles, known);
}

} // namespace posterior::kb
