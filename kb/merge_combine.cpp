// One link, one parameter. Of everything said about one thing, the best grade wins. At equal grade what rests
// on a common claim is one voice; voices are averaged in log-odds and their intervals span the answer. All
// means are taken over voices in the order of their texts, so the order of bundles cannot be seen.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "kb/canonical.hpp"
#include "kb/merge_parts.hpp"
#include "kb/schema.hpp"
#include "kb/values/elementary.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior::kb {
namespace {

template <typename T>
using said = std::vector<const T*>;

bool share_a_claim(const basis& a, const basis& b) {
  return std::any_of(a.claims.begin(), a.claims.end(), [&](const std::string& c) {
    return std::find(b.claims.begin(), b.claims.end(), c) != b.claims.end();
  });
}

// Statements that share claims, directly or through others, form one voice.
template <typename T>
std::vector<said<T>> voices(const said<T>& list) {
  std::vector<said<T>> out;
  for (const T* s : list) {
    said<T> joined{s};
    std::erase_if(out, [&](const said<T>& voice) {
      const bool same = std::any_of(voice.begin(), voice.end(), [&](const T* other) {
        return share_a_claim(other->rests_on, s->rests_on);
      });
      if (same)
        joined.insert(joined.end(), voice.begin(), voice.end());
      return same;
    });
    out.push_back(std::move(joined));
  }
  return out;
}

enum class scale_of { odds, ratio };

double forth(double x, scale_of s) {
  const double inside = s == scale_of::odds ? std::clamp(x, 1e-9, 1 - 1e-9) : std::max(x, 1e-9);
  return s == scale_of::odds ? logit(inside) : posterior::log(inside);
}

double back(double x, scale_of s) {
  return s == scale_of::odds ? logistic(x) : posterior::exp(x);
}

// `get` gives a statement's estimate. Sums run over sorted numbers, so that they do not depend on any order.
template <typename T, typename Get>
estimate mean_of(const said<T>& list, Get get, scale_of s) {
  const estimate& first = get(*list.front());
  if (std::all_of(list.begin(), list.end(), [&](const T* x) { return get(*x) == first; }))
    return first;
  const auto mean = [](std::vector<double> values) {
    std::sort(values.begin(), values.end());
    double sum = 0;
    for (double v : values)
      sum += v;
    return sum / static_cast<double>(values.size());
  };
  std::vector<double> of_voices;
  for (const said<T>& voice : voices(list)) {
    std::vector<double> of_voice;
    for (const T* x : voice)
      of_voice.push_back(forth(get(*x).mean, s));
    of_voices.push_back(mean(std::move(of_voice)));
  }
  estimate out{back(mean(std::move(of_voices)), s), first.low, first.high, ""};
  for (const T* x : list) {
    out.low = std::min(out.low, get(*x).low);
    out.high = std::max(out.high, get(*x).high);
  }
  out.mean = std::clamp(out.mean, out.low, out.high);
  return out;
}

basis joint_basis(const basis& best, const std::vector<const basis*>& list) {
  basis out = best;
  std::set<std::string> claims, judgements;
  std::set<std::pair<std::string, std::string>> sources;
  for (const basis* b : list) {
    claims.insert(b->claims.begin(), b->claims.end());
    for (const citation& c : b->sources)
      sources.emplace(c.source, c.place);
    if (!b->judgement.empty())
      judgements.insert(b->judgement);
    out.contested = out.contested || b->contested;
    if (b->level == best.level)
      out.seen = std::min(out.seen, b->seen);
  }
  out.claims.assign(claims.begin(), claims.end());
  out.sources.clear();
  for (const auto& [id, place] : sources)
    out.sources.push_back({id, place});
  out.judgement.clear();
  for (const std::string& j : judgements)
    if (length(out.judgement) + length(j) + 3 <= text_limit)
      out.judgement += (out.judgement.empty() ? "" : " / ") + j;
  return out;
}

template <typename T>
basis joint_basis(const said<T>& list) {
  std::vector<const basis*> all;
  for (const T* s : list)
    all.push_back(&s->rests_on);
  return joint_basis(list.front()->rests_on, all);
}

// --- disagreement -----------------------------------------------------------------

std::string words(const estimate& e) {
  const auto rounded = [](double x) { return format_number(std::round(x * 1000) / 1000); };
  return rounded(e.mean) + " (" + rounded(e.low) + " to " + rounded(e.high) + ")";
}

bool disjoint(const estimate& a, const estimate& b) {
  return a.high < b.low || b.high < a.low;
}

template <typename T>
tension disagreement(const T& a, const T& b, const std::string& text, std::vector<std::string> about) {
  tension t;
  t.id = "tension." + a.id();
  t.text = text;
  for (const T* s : {&a, &b})
    if (!s->rests_on.claims.empty())
      t.between.push_back(s->rests_on.claims);
  t.about = std::move(about);
  t.same_plan = true;
  t.rests_on.judgement = "Found by comparing what the bundles say; nobody has weighed it.";
  t.from = a.from;
  return t;
}

// The first pair that disagrees, in the order of the list; statements of one claim do not disagree.
template <typename T, typename Differ>
const T* opponent_of(const said<T>& list, const T*& first, Differ differ) {
  for (std::size_t i = 0; i < list.size(); ++i)
    for (std::size_t j = i + 1; j < list.size(); ++j)
      if (!share_a_claim(list[i]->rests_on, list[j]->rests_on) && differ(*list[i], *list[j])) {
        first = list[i];
        return list[j];
      }
  return nullptr;
}

void compare(const said<link>& list, std::vector<tension>& found) {
  const link* a = nullptr;
  if (const link* b = opponent_of(list, a, [](const link& x, const link& y) { return disjoint(x.p, y.p); }))
    found.push_back(disagreement(*a, *b,
                                 "How often " + a->source + " brings about " + a->target + ": " +
                                     a->from.plugin + " says " + words(a->p) + ", " + b->from.plugin +
                                     " says " + words(b->p) + ".",
                                 {a->source, a->target}));
}

// The likelihood ratio of presence, whatever form it was given in; 1 if unknown.
double direction(const observes& o) {
  if (!o.opinion.empty())
    return o.ratio_present.mean;
  const auto general = o.accuracies.find("");
  if (general != o.accuracies.end())
    return general->second.sensitivity.mean + general->second.specificity.mean;
  return 1;
}

bool differ(const observes& a, const observes& b) {
  if ((direction(a) > 1) != (direction(b) > 1) && direction(a) != 1 && direction(b) != 1)
    return true;
  if (!a.opinion.empty() && !b.opinion.empty())
    return disjoint(a.ratio_present, b.ratio_present) || disjoint(a.ratio_absent, b.ratio_absent);
  const auto x = a.accuracies.find(""), y = b.accuracies.find("");
  return x != a.accuracies.end() && y != b.accuracies.end() &&
         (disjoint(x->second.sensitivity, y->second.sensitivity) ||
          disjoint(x->second.specificity, y->second.specificity));
}

void compare(const said<observes>& list, std::vector<tension>& found) {
  const observes* a = nullptr;
  if (const observes* b = opponent_of(list, a, differ))
    found.push_back(disagreement(*a, *b,
                                 a->from.plugin + " and " + b->from.plugin + " disagree on what " +
                                     a->finding + " says about " + a->state + ".",
                                 {a->state}));
}

void compare(const said<prior>& list, std::vector<tension>& found) {
  const prior* a = nullptr;
  if (const prior* b =
          opponent_of(list, a, [](const prior& x, const prior& y) { return disjoint(x.leak, y.leak); }))
    found.push_back(disagreement(*a, *b,
                                 "How common " + a->state + " is (" + a->id() + "): " + a->from.plugin +
                                     " says " + words(a->leak) + ", " + b->from.plugin + " says " +
                                     words(b->leak) + ".",
                                 {a->state}));
}

void compare(const said<indication>&, std::vector<tension>&) {}

// --- one statement out of several ---------------------------------------------------

link join(const said<link>& best, const said<link>& all) {
  link out = *best.front();
  out.p = mean_of(
      best, [](const link& l) -> const estimate& { return l.p; }, scale_of::odds);
  for (const link* l : all)
    if (l->cut && !out.cut) {
      out.cut = true;
      out.cut_reason = l->cut_reason;
    }
  return out;
}

prior join(const said<prior>& best, const said<prior>&) {
  prior out = *best.front();
  out.leak = mean_of(
      best, [](const prior& p) -> const estimate& { return p.leak; }, scale_of::odds);
  return out;
}

int form(const observes& o) {
  return !o.opinion.empty() ? 3 : !o.read.empty() ? 2 : !o.levels.empty() ? 1 : 0;
}

template <typename Key, typename List>
std::set<std::string> keys(const List& list, Key map_of) {
  std::set<std::string> out;
  for (const observes* o : list)
    for (const auto& [key, unused] : map_of(*o))
      out.insert(key);
  return out;
}

void join_accuracies(const said<observes>& best, observes& out) {
  const auto rows = [](const observes& o) -> const auto& {
    return o.accuracies;
  };
  for (const std::string& key : keys(best, rows)) {
    said<observes> with;
    std::copy_if(best.begin(), best.end(), std::back_inserter(with),
                 [&](const observes* o) { return o->accuracies.contains(key); });
    const auto part = [&](auto member) {
      return mean_of(
          with, [&](const observes& o) -> const estimate& { return o.accuracies.at(key).*member; },
          scale_of::odds);
    };
    out.accuracies[key] = {part(&accuracy::sensitivity), part(&accuracy::specificity)};
  }
}

// Means in the middle, the wider spread, the lower cap.
void join_normals(const said<observes>& best, observes& out,
                  std::map<std::string, normal_reading> observes::*which) {
  const auto rows = [which](const observes& o) -> const auto& {
    return o.*which;
  };
  for (const std::string& key : keys(best, rows)) {
    std::vector<normal_reading> with;
    for (const observes* o : best)
      if (const auto at = (o->*which).find(key); at != (o->*which).end())
        with.push_back(at->second);
    std::sort(with.begin(), with.end(), [](const normal_reading& a, const normal_reading& b) {
      return std::tie(a.absent, a.present, a.sd, a.clip) < std::tie(b.absent, b.present, b.sd, b.clip);
    });
    with.erase(std::unique(with.begin(), with.end()), with.end());
    normal_reading joint{0, 0, with.front().sd, with.front().clip};
    for (const normal_reading& n : with) {
      joint.absent += n.absent / static_cast<double>(with.size());
      joint.present += n.present / static_cast<double>(with.size());
      joint.sd = std::max(joint.sd, n.sd);
      joint.clip = std::min(joint.clip, n.clip);
    }
    (out.*which)[key] = with.size() == 1 ? with.front() : joint;
  }
}

// Values are read in the way of the first that reads any; normals of that way are joined. Tables of ratios
// and of levels are not mixed: those of the first count.
void join_values(const said<observes>& best, observes& out) {
  const auto first =
      std::find_if(best.begin(), best.end(), [](const observes* o) { return o->reads_values(); });
  if (first == best.end())
    return;
  out.normals.clear();
  out.log_normals.clear();
  out.ratios = (*first)->ratios;
  if (!(*first)->normals.empty())
    join_normals(best, out, &observes::normals);
  else if (!(*first)->log_normals.empty())
    join_normals(best, out, &observes::log_normals);
}

observes join(said<observes> best, const said<observes>&) {
  const int strongest = form(**std::min_element(
      best.begin(), best.end(), [](const observes* a, const observes* b) { return form(*a) < form(*b); }));
  std::erase_if(best, [&](const observes* o) { return form(*o) != strongest; });
  observes out = *best.front();
  if (best.size() == 1)
    return out;
  join_accuracies(best, out);
  join_values(best, out);
  out.ratio_present = mean_of(
      best, [](const observes& o) -> const estimate& { return o.ratio_present; }, scale_of::ratio);
  out.ratio_absent = mean_of(
      best, [](const observes& o) -> const estimate& { return o.ratio_absent; }, scale_of::ratio);
  return out;
}

// The gentler of two ranges: the lower one, for rest the higher.
void gentler(std::optional<range>& a, const std::optional<range>& b, bool more_is_gentler) {
  if (!b)
    return;
  const auto key = [](const range& r) { return std::pair(r.max, r.min); };
  if (!a || (more_is_gentler ? key(*a) < key(*b) : key(*b) < key(*a)))
    a = b;
}

void join_dose(std::optional<dose>& to, const std::optional<dose>& other) {
  if (!other)
    return;
  if (!to) {
    to = other;
    return;
  }
  for (const auto member : {&dose::sets, &dose::reps, &dose::hold_s, &dose::per_day, &dose::per_week,
                            &dose::weeks, &dose::minutes})
    gentler((*to).*member, (*other).*member, false);
  gentler(to->rest_s, other->rest_s, true);
}

indication join(const said<indication>& best, const said<indication>& all) {
  indication out = *best.front();
  for (const indication* i : all)
    out.primary = out.primary || i->primary;
  for (const indication* i : best) {
    join_dose(out.how_much, i->how_much);
    if (i->stage && (!out.stage || *i->stage < *out.stage))
      out.stage = i->stage;
  }
  return out;
}

template <typename T>
T one_of_many(said<T> all, std::vector<tension>& found) {
  std::vector<std::pair<std::string, const T*>> texts;
  for (const T* s : all)
    texts.emplace_back(canonical_text(*s), s);
  std::sort(texts.begin(), texts.end(), [](const auto& a, const auto& b) {
    return std::tie(a.second->rests_on.level, a.second->from.plugin, a.first) <
           std::tie(b.second->rests_on.level, b.second->from.plugin, b.first);
  });
  said<T> best;
  all.clear();
  for (const auto& [text, s] : texts) {
    all.push_back(s);
    if (s->rests_on.level == texts.front().second->rests_on.level)
      best.push_back(s);
  }
  compare(all, found);
  T out = join(best, all);
  out.rests_on = joint_basis(all);
  return out;
}

// Statements of one id stand side by side, in the order of ids; those that nobody else says are moved.
template <typename T>
void combine_list(std::vector<T>& list, std::vector<tension>& found) {
  std::vector<std::pair<std::string, T*>> by_id;
  by_id.reserve(list.size());
  for (T& s : list)
    by_id.emplace_back(s.id(), &s);
  std::sort(by_id.begin(), by_id.end());
  std::vector<T> out;
  out.reserve(list.size());
  for (auto at = by_id.begin(); at != by_id.end();) {
    const auto end =
        std::find_if(at, by_id.end(), [&](const auto& other) { return other.first != at->first; });
    said<T> all;
    for (auto one = at; one != end; ++one)
      all.push_back(one->second);
    out.push_back(all.size() == 1 ? std::move(*at->second) : one_of_many(std::move(all), found));
    at = end;
  }
  list = std::move(out);
}

} // namespace

void combine(statements& all) {
  combine_list(all.links, all.tensions);
  combine_list(all.readings, all.tensions);
  combine_list(all.priors, all.tensions);
  combine_list(all.indications, all.tensions);
}

} // namespace posterior::kb
