// From records to likelihoods.
//
// A plain answer (read "told") that nothing else speaks about is its state: the states of symptoms and risks
// mean what the person reports. Where several findings speak about one state, each is read with its error; so
// that a rare state is not believed on a slip of the tongue, the false-positive rate of a reading is bounded
// by a multiple of the state's own leak (scale.toml, `bound`). Findings of one family share their error: on
// one node the strongest counts in full, the k-th next with exponent (1 - rho)^k, the order fixed by the mean
// likelihood ratio, then id and side. Certainty c: c P(recorded | state) + (1 - c) P(opposite | state).
#include "engine/inference/evidence.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "engine/inference/readings.hpp"
#include "kb/values/elementary.hpp"

namespace posterior::inference {
namespace {

// Sensitivity and false-positive rate that have these two likelihood ratios; only the ratio of one answer if
// there are none.
pair from_ratios(double present, double absent, cases::truth answer) {
  const bool proper = (present > 1 && absent < 1) || (present < 1 && absent > 1);
  if (!proper)
    return from_log_ratio(log(answer == cases::truth::present ? present : absent));
  const double false_positive = (1 - absent) / (present - absent);
  const double sensitivity = present * false_positive;
  if (answer == cases::truth::present)
    return {false_positive, sensitivity};
  return {1 - false_positive, 1 - sensitivity};
}

pair mixed(pair recorded, pair opposite, double c) {
  return {c * recorded.absent + (1 - c) * opposite.absent, c * recorded.present + (1 - c) * opposite.present};
}

} // namespace

double log_ratio(pair p) {
  if (p.present <= 0)
    return p.absent <= 0 ? 0 : -20;
  return p.absent <= 0 ? 20 : log(p.present) - log(p.absent);
}

pair from_log_ratio(double l) {
  return l > 0 ? pair{exp(-l), 1} : pair{1, exp(l)};
}

cases::truth answer_of(const cases::settled& s) {
  if (s.state == cases::truth::unknown && s.level)
    return *s.level > 0 ? cases::truth::present : cases::truth::absent;
  return s.state;
}

bool is_plain(const speaker& s) {
  return s.reading->read == "told" && s.seen->certainty >= 1 && answer_of(*s.seen) != cases::truth::unknown &&
         !(s.seen->value && s.reading->reads_values());
}

reading_streams::reading_streams(const kb::observes& o) {
  const std::string id = o.id();
  sensitivity = stream_of(id, "sensitivity");
  specificity = stream_of(id, "specificity");
  present = stream_of(id, "present");
  absent = stream_of(id, "absent");
}

const kb::accuracy* accuracy_for(const kb::observes& o, cases::setting in) {
  const auto named = o.accuracies.find(std::string(to_string(in)));
  if (named != o.accuracies.end())
    return &named->second;
  const auto general = o.accuracies.find("");
  if (in != cases::setting::unknown || o.accuracies.size() <= 1)
    return general != o.accuracies.end() ? &general->second : nullptr;
  // Unknown setting: the weaker row, by Youden's index.
  const kb::accuracy* weakest = nullptr;
  for (const auto& [setting, a] : o.accuracies)
    if (!weakest ||
        a.sensitivity.mean + a.specificity.mean < weakest->sensitivity.mean + weakest->specificity.mean)
      weakest = &a;
  return weakest;
}

pair answer_pair(const kb::observes& o, const kb::accuracy* a, const reading_streams& names,
                 cases::truth answer, double most_false, const parameters& p, int i) {
  if (answer == cases::truth::unknown)
    return {};
  if (!o.levels.empty())
    return graded_answer_pair(o, answer, p, i);
  if (!o.opinion.empty())
    return from_ratios(p.ratio(names.present, o.ratio_present, i), p.ratio(names.absent, o.ratio_absent, i),
                       answer);
  if (!a)
    return {};
  const double sensitivity = p.probability(names.sensitivity, a->sensitivity, i);
  const double specificity = p.probability(names.specificity, a->specificity, i);
  const double false_positive = std::min(1 - specificity, most_false);
  if (answer == cases::truth::present)
    return {false_positive, sensitivity};
  return {1 - false_positive, 1 - sensitivity};
}

evidence::evidence(const kb::snapshot& knowledge, const cases::picture& picture, const grounding& ground,
                   const std::vector<std::pair<std::string, side>>& suspended)
    : knowledge_(knowledge)
    , picture_(picture)
    , ground_(ground)
    , attributes_(attributes_of(picture, knowledge)) {
  for (const cases::settled& s : picture.findings) {
    // "Screening done" clears the rules; as a blanket statement about thirty questions it is no evidence
    // about causes.
    if (s.from_screening)
      continue;
    if (std::find(suspended.begin(), suspended.end(), std::pair(s.finding, s.where)) != suspended.end())
      continue;
    const kb::finding* f = knowledge.find_finding(s.finding);
    if (!f)
      continue;
    for (const kb::observes* o : knowledge.readings_of(f->id))
      add(s, *f, *o);
  }
  for (const cases::settled& s : attributes_)
    for (const kb::observes* o : knowledge.readings_of(s.finding))
      add(s, *knowledge.find_finding(s.finding), *o);
  limit_opinions();
  std::map<std::pair<node_index, std::string>, std::vector<std::size_t>> by_node_and_group;
  for (std::size_t k = 0; k < speakers_.size(); ++k)
    if (!speakers_[k].not_counted)
      by_node_and_group[{speakers_[k].node, speakers_[k].group}].push_back(k);
  const parameters means(0);
  for (auto& [key, members] : by_node_and_group) {
    const auto strength = [&](std::size_t k) {
      const double l = log_ratio(speak(speakers_[k], means, -1));
      return l < 0 ? -l : l;
    };
    std::sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
      const speaker &x = speakers_[a], &y = speakers_[b];
      return std::tuple(-strength(a), x.finding->id, x.seen->where) <
             std::tuple(-strength(b), y.finding->id, y.seen->where);
    });
    const kb::family* family = knowledge.find_family(key.second);
    clusters_.push_back({key.first, family ? family->rho : kb::family{}.rho, members});
    if (nodes_.empty() || nodes_.back() != key.first)
      nodes_.push_back(key.first);
  }
  mark_certain();
  for (const speaker& s : speakers_)
    groups_.push_back(s.group);
  std::sort(groups_.begin(), groups_.end());
  groups_.erase(std::unique(groups_.begin(), groups_.end()), groups_.end());
}

void evidence::mark_certain() {
  for (std::size_t k = 0; k < clusters_.size(); ++k) {
    cluster& c = clusters_[k];
    const bool alone = (k == 0 || clusters_[k - 1].node != c.node) &&
                       (k + 1 == clusters_.size() || clusters_[k + 1].node != c.node) &&
                       c.members.size() == 1;
    const speaker& s = speakers_[c.members[0]];
    c.certain = alone && is_plain(s);
    if (c.certain && answer_of(*s.seen) == cases::truth::absent)
      absent_.push_back(c.node);
  }
}

std::optional<speaker> evidence::speaker_for(const cases::settled& seen, const kb::finding& f,
                                             const kb::observes& o) const {
  const kb::state* s = knowledge_.find_state(o.state);
  if (!s)
    return {};
  node_index v = -1;
  if (!s->lateral)
    v = ground_.find(o.state, side::none);
  else if (f.lateral && seen.where != side::none)
    v = ground_.find(o.state, o.opposite ? opposite(seen.where) : seen.where);
  else
    v = ground_.either(o.state);
  if (v < 0)
    return {};
  speaker who{&seen,
              &f,
              &o,
              v,
              f.family.empty() ? f.id : f.family,
              reading_streams(o),
              accuracy_for(o, picture_.in),
              0,
              false};
  if (const auto bound = knowledge_.words.read_bounds.find(o.read);
      bound != knowledge_.words.read_bounds.end())
    who.bound = bound->second;
  return who;
}

void evidence::add(const cases::settled& seen, const kb::finding& f, const kb::observes& o) {
  std::optional<speaker> who = speaker_for(seen, f, o);
  if (!who)
    return;
  const pair p = speak(*who, parameters(0), -1);
  if (p.absent != p.present)
    speakers_.push_back(std::move(*who));
}

void evidence::limit_opinions() {
  std::map<node_index, std::vector<std::size_t>> by_node;
  for (std::size_t k = 0; k < speakers_.size(); ++k)
    if (!speakers_[k].reading->opinion.empty())
      by_node[speakers_[k].node].push_back(k);
  const parameters means(0);
  for (auto& [node, members] : by_node) {
    std::vector<std::pair<double, std::size_t>> by_strength;
    for (std::size_t k : members)
      by_strength.emplace_back(log_ratio(speak(speakers_[k], means, -1)), k);
    std::sort(by_strength.begin(), by_strength.end(), [&](const auto& a, const auto& b) {
      const double x = a.first < 0 ? -a.first : a.first, y = b.first < 0 ? -b.first : b.first;
      return std::tuple(-x, speakers_[a.second].finding->id) <
             std::tuple(-y, speakers_[b.second].finding->id);
    });
    double total = 0;
    for (const auto& [l, k] : by_strength) {
      const double next = total + l;
      if (next > opinion_limit || next < -opinion_limit)
        speakers_[k].not_counted = true;
      else
        total = next;
    }
  }
}

pair evidence::speak(const speaker& s, const parameters& p, int i) const {
  const cases::patient who = in_draw(picture_.who, p, i);
  if (s.seen->value && s.reading->reads_values())
    return value_pair(*s.reading, *s.seen->value, s.seen->error.value_or(0), who);
  if (s.seen->level && !s.reading->levels.empty() && s.seen->state != cases::truth::unknown)
    return level_pair(*s.reading, *s.seen->level, p, i);
  const cases::truth answer = answer_for(*s.seen, *s.finding, picture_.who, who);
  if (answer == cases::truth::unknown)
    return {};
  const node_meaning& m = ground_.nodes()[static_cast<std::size_t>(s.node)];
  const double most_false = s.bound > 0 ? std::min(1.0, s.bound * p.probability(m.leak, *m.before, i)) : 1;
  const auto other = answer == cases::truth::present ? cases::truth::absent : cases::truth::present;
  const pair said = answer_pair(*s.reading, s.accuracy, s.numbers, answer, most_false, p, i);
  if (s.seen->certainty >= 1)
    return said;
  return mixed(said, answer_pair(*s.reading, s.accuracy, s.numbers, other, most_false, p, i),
               s.seen->certainty);
}

pair evidence::pooled(const std::vector<std::size_t>& members, double rho, const parameters& p, int i) const {
  if (members.size() == 1)
    return speak(speakers_[members[0]], p, i);
  double total = 0, exponent = 1;
  for (std::size_t k : members) {
    total += exponent * log_ratio(speak(speakers_[k], p, i));
    exponent *= 1 - rho;
  }
  return from_log_ratio(total);
}

std::vector<likelihood> evidence::likelihoods(const parameters& p, int i, std::string_view without) const {
  std::vector<likelihood> out;
  for (node_index v : nodes_)
    out.push_back({v, 1, 1});
  std::size_t at = 0;
  for (const cluster& c : clusters_) {
    while (out[at].node != c.node)
      ++at;
    if (!without.empty() && speakers_[c.members[0]].group == without)
      continue;
    pair said = pooled(c.members, c.rho, p, i);
    if (c.certain)
      said = answer_of(*speakers_[c.members[0]].seen) == cases::truth::present ? pair{0, 1} : pair{1, 0};
    out[at].absent *= said.absent;
    out[at].present *= said.present;
  }
  return out;
}

} // namespace posterior::inference
