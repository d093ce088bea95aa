// What one more answer would change, without building the evidence anew: of a node's clusters only the one
// of the answer's own group changes, and in it only the pooling.
#include <algorithm>
#include <tuple>

#include "engine/inference/evidence.hpp"

namespace posterior::inference {
namespace {

bool is_answered(const cases::settled& s) {
  return s.state != cases::truth::unknown || s.value || s.level;
}

} // namespace

// Whether the node's opinion words leave room for this one.
bool evidence::counts_as_opinion(const speaker& s, const parameters& p) const {
  double total = log_ratio(speak(s, p, -1));
  for (const speaker& other : speakers_)
    if (other.node == s.node && !other.reading->opinion.empty() && !other.not_counted)
      total += log_ratio(speak(other, p, -1));
  return total <= opinion_limit && total >= -opinion_limit;
}

// The pooled likelihood of the cluster that `s` would join, over what it is now.
pair evidence::beside(const speaker& s, const parameters& p, int i) const {
  const auto same = std::find_if(clusters_.begin(), clusters_.end(), [&](const cluster& c) {
    return c.node == s.node && speakers_[c.members[0]].group == s.group;
  });
  if (same == clusters_.end())
    return speak(s, p, i);
  struct voice {
    double order;
    const speaker* who;
  };
  std::vector<voice> all;
  const parameters means(0);
  const auto add = [&](const speaker& x) {
    const double l = log_ratio(speak(x, means, -1));
    all.push_back({l < 0 ? l : -l, &x});
  };
  for (std::size_t k : same->members)
    add(speakers_[k]);
  add(s);
  std::sort(all.begin(), all.end(), [](const voice& a, const voice& b) {
    return std::tie(a.order, a.who->finding->id, a.who->seen->where) <
           std::tie(b.order, b.who->finding->id, b.who->seen->where);
  });
  double total = 0, exponent = 1;
  for (const voice& v : all) {
    total += exponent * log_ratio(speak(*v.who, p, i));
    exponent *= 1 - same->rho;
  }
  return from_log_ratio(total - log_ratio(pooled(same->members, same->rho, p, i)));
}

std::vector<evidence::addition> evidence::one_more(const cases::settled& answer, const parameters& p,
                                                   int i) const {
  std::vector<addition> out;
  const kb::finding* f = knowledge_.find_finding(answer.finding);
  if (!f || !is_answered(answer))
    return out;
  const parameters means(0);
  for (const kb::observes* o : knowledge_.readings_of(f->id)) {
    const std::optional<speaker> s = speaker_for(answer, *f, *o);
    if (!s)
      continue;
    const pair says = speak(*s, p, i);
    if (says.absent == says.present || (!o->opinion.empty() && !counts_as_opinion(*s, means)))
      continue;
    const auto first =
        std::find_if(clusters_.begin(), clusters_.end(), [&](const cluster& c) { return c.node == s->node; });
    if (first == clusters_.end() && is_plain(*s)) {
      const pair sure = answer_of(answer) == cases::truth::present ? pair{0, 1} : pair{1, 0};
      out.push_back({s->node, sure, sure});
    } else if (first == clusters_.end() || !first->certain) {
      out.push_back({s->node, says, beside(*s, p, i)});
    }
  }
  return out;
}

} // namespace posterior::inference
