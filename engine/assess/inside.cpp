#include "engine/assess/inside.hpp"

#include <algorithm>
#include <tuple>

#include "engine/assess/parts.hpp"
#include "engine/case/screen.hpp"
#include "engine/inference/whole_answer.hpp"
#include "kb/values/elementary.hpp"

namespace posterior::assess {
namespace {

// settle(), and what the detectors say about that.
detected ask(const cases::patient_case& c, const cases::picture& raw, const kb::snapshot& knowledge,
             const detector_port& detectors) {
  return detectors ? detectors(c, raw, knowledge) : detected{};
}

std::string reading_of(const inference::speaker& s) {
  if (s.seen->value && s.reading->reads_values())
    return "value";
  if (s.seen->level && !s.reading->levels.empty())
    return "level";
  if (!s.reading->opinion.empty())
    return "opinion \"" + s.reading->opinion + "\"";
  return s.reading->read.empty() ? "sensitivity and specificity" : "read \"" + s.reading->read + "\"";
}

std::vector<voice> voices(const inside& in) {
  const inference::parameters means(0);
  std::vector<voice> out;
  for (const inference::speaker& s : in.seen().speakers()) {
    const inference::pair said = in.seen().speak(s, means, -1);
    out.push_back({cases::describe(*s.seen, in.knowledge()), inference::node_name(in.ground(), s.node),
                   s.group, reading_of(s), said.absent, said.present, !s.not_counted});
  }
  std::stable_sort(out.begin(), out.end(), [](const voice& a, const voice& b) {
    return std::tie(a.node, a.group) < std::tie(b.node, b.group);
  });
  return out;
}

bool is_suspended(const inside& in, const cases::settled& s) {
  const auto& all = in.suspended();
  return std::find(all.begin(), all.end(), std::pair(s.finding, s.where)) != all.end();
}

bool speaks(const inside& in, const cases::settled& s) {
  const auto& all = in.seen().speakers();
  return std::any_of(all.begin(), all.end(), [&](const inference::speaker& x) {
    return x.seen->finding == s.finding && x.seen->where == s.where;
  });
}

struct figure {
  inference::outcome what;
  double log10_evidence;
};

figure evidence_of_rows(const inference::network_question& q, std::vector<std::size_t> rows) {
  inference::whole_answer a(q, std::move(rows));
  const inference::outcome planned = a.plan();
  if (planned != inference::outcome::answered)
    return {planned, 0};
  const inference::outcome ran = a.run();
  return {ran, ran == inference::outcome::answered ? a.log10_evidence() : 0};
}

std::vector<std::size_t> all_rows(const inference::network_question& q) {
  std::vector<std::size_t> out;
  for (std::size_t row = 0; row < q.seen.size(); ++row)
    out.push_back(row);
  return out;
}

// log10 P(e and no modelled cause) - log10 P(e) as a probability.
double none_present(const inside& in, double log10_evidence) {
  inference::case_question q = inference::question_of(in.ground(), in.seen(), in.ground().causes());
  for (std::size_t v = 0; v < q.node.size(); ++v)
    if (const auto& all = in.ground().causes(); std::find(all.begin(), all.end(), q.node[v]) != all.end())
      q.asked.seen.push_back({static_cast<inference::node_index>(v), {1, 0}});
  const figure none = evidence_of_rows(q.asked, all_rows(q.asked));
  if (none.what != inference::outcome::answered)
    return 0;
  return std::min(1.0, power(10, none.log10_evidence - log10_evidence));
}

void add_figures(const inside& in, evidence_view& out) {
  const inference::case_question q = inference::question_of(in.ground(), in.seen(), {});
  const figure all = evidence_of_rows(q.asked, all_rows(q.asked));
  out.known = all.what == inference::outcome::answered;
  out.impossible = all.what == inference::outcome::contradiction;
  if (!out.known)
    return;
  out.log10_evidence = all.log10_evidence;
  inference::reasoning_options plain;
  plain.draws = 0;
  plain.tests.wanted = false;
  out.conflict = inference::reason(in.knowledge(), in.picture(), in.ground(), in.seen(), plain).coherence;
  out.none_present = none_present(in, all.log10_evidence);
}

} // namespace

inside::inside(const cases::patient_case& c, const kb::snapshot& knowledge, const detector_port& detectors)
    : knowledge_(knowledge)
    , found_(ask(c, cases::settle(c, knowledge), knowledge, detectors))
    , picture_(with_derived(cases::settle(c, knowledge), found_))
    , suspended_(assess::suspended(picture_, found_, knowledge))
    , ground_(knowledge, {picture_.who.age, picture_.who.sex_is, picture_.in})
    , seen_(knowledge, picture_, ground_, suspended_) {}

evidence_view evidence_of(const inside& in) {
  evidence_view out;
  out.voices = voices(in);
  for (const auto& part : in.seen().parts(inference::parameters(0), -1))
    out.pooled.push_back({inference::node_name(in.ground(), part.node), in.seen().groups()[part.group],
                          part.said.absent, part.said.present});
  for (const cases::settled& s : in.picture().findings) {
    if (s.from_screening)
      continue;
    if (is_suspended(in, s))
      out.counted_in.push_back(cases::describe(s, in.knowledge()));
    else if (!speaks(in, s))
      out.silent.push_back(cases::describe(s, in.knowledge()));
  }
  add_figures(in, out);
  return out;
}

} // namespace posterior::assess
