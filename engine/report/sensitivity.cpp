#include "engine/report/sensitivity.hpp"

#include <algorithm>

#include "engine/report/assessment.hpp"
#include "engine/report/clinic.hpp"
#include "engine/report/json_parts.hpp"
#include "engine/report/letter_parts.hpp"
#include "engine/report/words.hpp"

namespace posterior::report {
namespace {

constexpr std::size_t turns_told = 8, movers_told = 8;

using line = assess::sensitivity_line;

const assess::cause_entry* leader(const assess::assessment& a) {
  return a.differential.empty() || a.differential.front().hidden ? nullptr : &a.differential.front();
}

double swing(const line& l) {
  const double d = l.leader_high - l.leader_low;
  return d < 0 ? -d : d;
}

// Those with a turning point, inside their interval first, then by how far off it is.
std::vector<const line*> turning(const assess::assessment& a) {
  std::vector<const line*> out;
  for (const line& l : a.sensitivity)
    if (l.turns)
      out.push_back(&l);
  std::stable_sort(out.begin(), out.end(), [](const line* x, const line* y) {
    return std::pair(!x->turns->inside, x->turns->distance) <
           std::pair(!y->turns->inside, y->turns->distance);
  });
  return out;
}

std::vector<const line*> movers(const assess::assessment& a) {
  std::vector<const line*> out;
  for (const line& l : a.sensitivity)
    if (swing(l) >= 0.005)
      out.push_back(&l);
  std::stable_sort(out.begin(), out.end(),
                   [](const line* x, const line* y) { return swing(*x) > swing(*y); });
  return out;
}

// What the number says, as the subject of a sentence.
std::string subject(const line& l, const kb::snapshot& k) {
  if (l.kind == "prior")
    return "how likely \"" + state_name(l.to, k) +
           "\" is before any finding, with nothing modelled behind it";
  if (l.kind == "link")
    return "how often \"" + state_name(l.from, k) + "\" brings about \"" + state_name(l.to, k) + "\"";
  if (l.kind == "credence")
    return "the credence of the theory of " + l.from;
  const std::string about = " of \"" + finding_name(l.from, k) + "\" for \"" + state_name(l.to, k) + "\"";
  if (l.kind == "sensitivity" || l.kind == "specificity")
    return "the " + l.kind + about;
  return "the likelihood ratio" + about + (l.kind == "present-ratio" ? ", when present" : ", when absent");
}

std::string number(double x) {
  return x >= 1 ? short_number(x) : probability(x);
}

// --- JSON ------------------------------------------------------------------------

void write_line(json_writer& w, const line& l) {
  w.begin_object().member("kind", l.kind).member("statement", l.statement);
  w.member("from", l.from).member("to", l.to).member("mean", l.mean);
  w.key("interval").begin_array().value(l.low).value(l.high).end_array();
  w.member("tied", l.tied);
  w.key("leader").begin_object().member("low", l.leader_low).member("high", l.leader_high).end_object();
  w.key("turns");
  if (!l.turns)
    w.null();
  else
    w.begin_object()
        .member("value", l.turns->value)
        .member("cause", l.turns->cause)
        .member("side", to_string(l.turns->where))
        .member("inside", l.turns->inside)
        .member("distance", l.turns->distance)
        .member("how", l.turns->searched ? "searched" : "solved")
        .end_object();
  w.end_object();
}

// --- text ------------------------------------------------------------------------

void add_turning(sheet& page, const assess::assessment& a, const kb::snapshot& k) {
  page.heading("WHAT WOULD PUT ANOTHER CAUSE FIRST");
  const auto all = turning(a);
  if (all.empty()) {
    page.text("No single number of the knowledge, whatever it were, would put another cause first.", 1,
              tone::good);
    return;
  }
  if (!all.front()->turns->inside)
    page.text("No single number would do so within its own interval. Outside of it:", 1, tone::good);
  for (std::size_t i = 0; i < std::min(turns_told, all.size()); ++i) {
    const line& l = *all[i];
    page.item("*",
              "The first place would go to " + with_side(state_name(l.turns->cause, k), l.turns->where) +
                  " if " + subject(l, k) + " were " + number(l.turns->value) + " instead of " +
                  number(l.mean) + " [" + number(l.low) + "-" + number(l.high) + "] (" +
                  (l.turns->inside ? "inside" : "outside") + " its interval)" +
                  (l.tied ? ", on both sides alike." : "."),
              1, l.turns->inside ? tone::caution : tone::plain);
  }
  if (all.size() > turns_told)
    page.text("And " + counted(all.size() - turns_told, "other number", "other numbers") +
                  ", farther from what they are now; --json lists all.",
              1, tone::faint);
}

void add_movers(sheet& page, const assess::assessment& a, const kb::snapshot& k) {
  const auto all = movers(a);
  const assess::cause_entry* first = leader(a);
  if (all.empty() || first == nullptr)
    return;
  page.heading("WHAT MOVES THE FIRST CAUSE MOST");
  page.text("Posterior of " + with_side(first->name, first->where) + ", now " +
                probability(first->posterior) + ", at the two ends of each number's own interval.",
            1);
  for (std::size_t i = 0; i < std::min(movers_told, all.size()); ++i)
    page.item("*",
              probability(all[i]->leader_low) + " to " + probability(all[i]->leader_high) + ": " +
                  subject(*all[i], k) + ", " + number(all[i]->low) + " to " + number(all[i]->high),
              1);
}

} // namespace

std::string sensitivity_json(const assess::assessment& a) {
  json_writer w;
  w.begin_object().member("schema", "posterior.sensitivity/1");
  standing_members(w, a);
  w.key("knowledge").begin_object().member("revision", a.revision).member("digest", a.digest).end_object();
  w.key("engine").begin_object().member("version", a.engine_version).end_object().key("leader");
  if (const assess::cause_entry* first = leader(a))
    w.begin_object()
        .member("cause", first->cause)
        .member("side", to_string(first->where))
        .member("posterior", first->posterior)
        .end_object();
  else
    w.null();
  w.key("turning").begin_array();
  for (const line* l : turning(a))
    write_line(w, *l);
  w.end_array().key("moving").begin_array();
  for (const line* l : movers(a))
    write_line(w, *l);
  w.end_array().member("rung", a.how.rung).member("case_digest", a.case_digest).end_object();
  return w.take();
}

sheet sensitivity_sheet(const assess::assessment& a, const kb::snapshot& knowledge) {
  sheet page;
  add_standing(page, {a, knowledge});
  add_flags(page, {a, knowledge});
  if (closed_by_flag(a))
    page.text("What follows is not for action until the flag above is cleared.", 0, tone::alarm);
  if (a.sensitivity.empty()) {
    page.text("This case was not answered exactly, or no cause is ranked; there is nothing to vary.", 0,
              tone::caution);
    return page;
  }
  add_turning(page, a, knowledge);
  add_movers(page, a, knowledge);
  page.gap().text(
      "One number at a time, all others as they are. Each value was checked by re-runs a little short of "
      "it and a little beyond.",
      0, tone::faint);
  return page;
}

} // namespace posterior::report
