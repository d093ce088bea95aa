#include "engine/report/inference.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <set>

#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior::report {
namespace {

constexpr std::size_t label_bytes = 36;

std::size_t ix(inference::node_index v) {
  return static_cast<std::size_t>(v);
}

// The nodes of the conflict, each once, in the order of the evidence.
std::vector<std::string> conflicting_nodes(const inference_answer& a) {
  std::vector<std::string> out;
  std::set<inference::node_index> met;
  for (std::size_t row : a.conflict)
    if (const inference::node_index v = a.asked.seen[row].node; met.insert(v).second)
      out.push_back(a.asked.ids[ix(v)]);
  return out;
}

std::vector<std::string> not_found(const inference_answer& a) {
  std::vector<std::string> out;
  for (std::size_t v = 0; v < a.posterior.size(); ++v)
    if (a.posterior[v] < 0)
      out.push_back(a.asked.ids[v]);
  return out;
}

std::string six_digits(double value) {
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::general, 6).ptr;
  return {buffer, end};
}

// Bounds and standard errors of what is not exact.
void write_doubt(json_writer& w, const inference_answer& a) {
  if (a.by == inference::rung::exact)
    return;
  w.key("bounds").begin_object();
  for (std::size_t v = 0; v < a.beliefs.size(); ++v)
    if (a.beliefs[v].by == inference::rung::bounded) {
      w.key(a.asked.ids[v]).begin_array().value(a.beliefs[v].low).value(a.beliefs[v].high);
      w.end_array();
    }
  w.end_object().key("standard_errors").begin_object();
  for (std::size_t v = 0; v < a.beliefs.size(); ++v)
    if (a.beliefs[v].by == inference::rung::sampled)
      w.member(a.asked.ids[v], a.beliefs[v].standard_error);
  w.end_object();
}

void write_beliefs(json_writer& w, const inference_answer& a) {
  w.key("posteriors").begin_object();
  for (std::size_t v = 0; v < a.posterior.size(); ++v)
    if (a.posterior[v] >= 0)
      w.member(a.asked.ids[v], a.posterior[v]);
  w.end_object();
  if (const auto missing = not_found(a); !missing.empty())
    w.strings("too_wide", missing);
  write_doubt(w, a);
  if (a.grades.empty())
    return;
  w.key("grades").begin_object();
  for (std::size_t g = 0; g < a.grades.size(); ++g) {
    if (a.grades[g].empty())
      continue;
    w.key(a.asked.ids[ix(a.asked.graded[g].node)]).begin_array();
    for (double p : a.grades[g])
      w.value(p);
    w.end_array();
  }
  w.end_object();
}

std::vector<std::string> present_in(const inference_answer& a, const inference::joint_state& s) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < s.present.size(); ++i)
    if (s.present[i])
      out.push_back(a.asked.ids[ix(a.states->nodes[i])]);
  return out;
}

void write_states(json_writer& w, const inference_answer& a) {
  w.key("most_probable");
  if (a.states->what == inference::outcome::too_wide) {
    w.null();
    return;
  }
  w.begin_array();
  for (const inference::joint_state& s : a.states->best)
    w.begin_object().member("probability", s.posterior).strings("present", present_in(a, s)).end_object();
  w.end_array();
}

void add_states(sheet& page, const inference_answer& a) {
  page.heading("Most probable states of everything that matters, together");
  if (a.states->what == inference::outcome::too_wide)
    page.text("Too wide to be found.", 1);
  for (const inference::joint_state& s : a.states->best) {
    std::string names;
    for (const std::string& id : present_in(a, s))
      names += (names.empty() ? "present: " : ", ") + id;
    page.item(six_digits(s.posterior) + ":", names.empty() ? "nothing is present" : names, 1);
  }
}

std::string padded(std::string text, std::size_t to) {
  const auto used = static_cast<std::size_t>(columns(text));
  return used < to ? text.append(to - used, ' ') : text;
}

void add_beliefs(sheet& page, const inference_answer& a) {
  std::vector<std::size_t> order(a.posterior.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t x, std::size_t y) { return a.posterior[x] > a.posterior[y]; });
  std::size_t widest = 0;
  for (const std::string& id : a.asked.ids)
    widest = std::max(widest, static_cast<std::size_t>(columns(quoted(id, label_bytes))));
  page.heading("Posteriors, the highest first");
  for (std::size_t v : order) {
    const double p = a.posterior[v];
    if (p < 0)
      continue;
    page.bar(padded(quoted(a.asked.ids[v], label_bytes), widest), {p, p, p}, six_digits(p), 1);
  }
  const std::vector<std::string> missing = not_found(a);
  if (!missing.empty())
    page.heading("Too wide to be found");
  for (const std::string& id : missing)
    page.item("-", id, 1);
}

void add_grades(sheet& page, const inference_answer& a) {
  page.heading("Grades");
  for (std::size_t g = 0; g < a.grades.size(); ++g) {
    if (a.grades[g].empty())
      continue;
    std::string words;
    for (std::size_t v = 0; v < a.grades[g].size(); ++v)
      words += (v == 0 ? "" : ", ") + std::to_string(v) + ": " + six_digits(a.grades[g][v]);
    page.item(a.asked.ids[ix(a.asked.graded[g].node)] + ":", words, 1);
  }
}

std::string effort(const inference_answer& a) {
  std::string how = to_string(a.by);
  if (a.gap > 0)
    how += ", the bounds at most " + six_digits(a.gap) + " apart";
  if (a.standard_error > 0)
    how += ", standard error at most " + six_digits(a.standard_error);
  return how + "; the largest table has " + std::to_string(a.width) + " nodes; " + six_digits(a.operations) +
         " table cells touched; plan " + six_digits(a.took.plan) + " us, run " + six_digits(a.took.run) +
         " us";
}

} // namespace

std::string inference_json(const inference_answer& a) {
  json_writer w;
  w.begin_object().member("schema", "posterior.inference/1").key("log10_evidence");
  if (a.conflict.empty() && a.evidence_known)
    w.value(a.log10_evidence);
  else
    w.null();
  if (!a.conflict.empty())
    w.strings("contradiction", conflicting_nodes(a));
  if (a.conflict.empty())
    write_beliefs(w, a);
  if (a.conflict.empty() && a.states)
    write_states(w, a);
  w.key("method").begin_object().member("rung", to_string(a.by)).member("gap", a.gap);
  w.member("standard_error", a.standard_error);
  w.member("width", a.width).member("operations", a.operations).end_object();
  w.key("micros").begin_object().member("plan", a.took.plan).member("run", a.took.run);
  w.member("index", a.took.index).member("rest", a.took.rest).end_object().end_object();
  return w.take();
}

sheet inference_sheet(const inference_answer& a) {
  sheet page;
  if (!a.conflict.empty()) {
    page.text("The evidence is impossible in this network.", 0, tone::alarm);
    page.text("These observations contradict each other, and none of them can be left out:");
    for (const std::string& id : conflicting_nodes(a))
      page.item("-", id, 1);
    return page;
  }
  page.item("log10 P(evidence):", a.evidence_known ? six_digits(a.log10_evidence) : "not known");
  page.item("method:", effort(a));
  if (!a.posterior.empty())
    add_beliefs(page, a);
  if (!a.grades.empty())
    add_grades(page, a);
  if (a.states)
    add_states(page, a);
  return page;
}

} // namespace posterior::report
