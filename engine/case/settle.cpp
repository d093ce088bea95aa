// How repeats are settled. Observations are grouped by (finding, side); of a group the newest date counts
// (undated is older than dated), and what was recorded on that date is pooled: states to one state, values to
// their mean. For a safety finding `unknown` never displaces an answer. Judged by tests/case/settle_test.cpp.
#include "engine/case/settle.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "engine/case/truth.hpp"

namespace posterior::cases {
namespace {

constexpr double adult_age = 18;

struct context {
  const patient_case& from;
  const kb::snapshot& knowledge;
  diagnostics& notes;
};

std::string spot(const kb::finding& f, side where) {
  return "\"" + f.id + "\"" + (where == side::none ? "" : ", " + std::string(posterior::to_string(where)));
}

std::int64_t age_of(const observation& o) {
  return o.day.value_or(std::numeric_limits<std::int64_t>::min());
}

bool says_nothing(const observation& o) {
  return o.state == truth::unknown && !o.value && !o.level;
}

using group = std::vector<std::size_t>; // indices into observations, in the order of the file

// --- states from values -----------------------------------------------------------

bool applies(const kb::cutoff& c, const patient& who) {
  const bool sex_fits = c.sex.empty() || who.sex_is == sex::unknown || who.sex_is == sex::other ||
                        c.sex == to_string(who.sex_is);
  const bool old_enough = !who.age || !c.age_min || *who.age >= *c.age_min;
  const bool young_enough = !who.age || !c.age_max || *who.age <= *c.age_max;
  return sex_fits && old_enough && young_enough;
}

bool beyond(const kb::cutoff& c, double value) {
  return (c.above && value > *c.above) || (c.below && value < *c.below);
}

bool has_norm(const kb::finding& f, const kb::snapshot& knowledge) {
  const auto readings = knowledge.readings_of(f.id);
  return std::any_of(readings.begin(), readings.end(),
                     [](const kb::observes* r) { return r->reads_values() || !r->levels.empty(); });
}

void note_missing_cutoff(const context& in, const kb::finding& f, const settled& s, const place& at) {
  const std::string what = "the value of " + spot(f, s.where);
  if (in.from.who.age && *in.from.who.age < adult_age)
    in.notes.push_back({severity::warning, "case.no-cutoff", at,
                        what +
                            " was measured under 18 years, adult cut-offs must not be applied: it is shown "
                            "and carries no weight",
                        ""});
  else if (!f.cutoffs.empty())
    in.notes.push_back({severity::warning, "case.no-cutoff", at,
                        what + " was measured in a patient for whom no cut-off is known", ""});
  else if (!has_norm(f, in.knowledge))
    in.notes.push_back({severity::note, "case.no-cutoff", at,
                        what + " has no cut-off: it is shown and decides nothing by itself", ""});
}

// --- pooling ----------------------------------------------------------------------

struct pool {
  std::vector<double> values, errors;
  std::set<int> levels;
  std::vector<double> present, absent; // certainties
  std::size_t informative = 0;
};

pool gather(const context& in, const kb::finding& f, const group& same_day) {
  pool out;
  for (const std::size_t i : same_day) {
    const observation& o = in.from.observations[i];
    out.informative += says_nothing(o) ? 0u : 1u;
    if (o.value)
      out.values.push_back(*o.value);
    if (const auto error = o.error ? o.error : f.sem; o.value && error)
      out.errors.push_back(*error);
    if (o.level)
      out.levels.insert(*o.level);
    // Surely wrong is the opposite, surely: from here on nobody needs to know how it was written down.
    const bool opposite = o.certainty <= 0;
    const truth state = opposite ? !o.state : o.state;
    if (state != truth::unknown)
      (state == truth::present ? out.present : out.absent).push_back(opposite ? 1 : o.certainty);
  }
  return out;
}

// Summed in ascending order, so that the order of the file cannot change the last bit.
double sum(std::vector<double> list) {
  std::sort(list.begin(), list.end());
  double total = 0;
  for (const double x : list)
    total += x;
  return total;
}

// The error of a mean of n independent values; unknown as soon as one of them is.
std::optional<double> pooled_error(const pool& p) {
  if (p.errors.empty() || p.errors.size() != p.values.size())
    return std::nullopt;
  std::vector<double> squares;
  for (const double e : p.errors)
    squares.push_back(e * e);
  return std::sqrt(sum(squares)) / static_cast<double>(p.errors.size());
}

truth recorded_state(const pool& p) {
  if (p.present.empty() == p.absent.empty())
    return truth::unknown;
  return p.absent.empty() ? truth::present : truth::absent;
}

bool opposed(const pool& p) {
  return !p.present.empty() && !p.absent.empty();
}

bool contradicts(truth a, truth b) {
  return a != truth::unknown && b != truth::unknown && a != b;
}

void note_contradiction(const context& in, const kb::finding& f, const settled& s, const place& at) {
  in.notes.push_back({severity::warning, "case.contradiction", at,
                      fault(spot(f, s.where), "recorded with contradicting values on one date",
                            "one value per finding, side and date"),
                      f.safety ? "a safety finding counts as present until this is settled"
                               : "it counts as unknown; keep the value that holds, or give each its date"});
}

void settle_state(const context& in, const kb::finding& f, const pool& p, const place& at, settled& s) {
  const truth told = recorded_state(p);
  truth measured = truth::unknown;
  if (s.value)
    measured = state_of_value(f, in.from.who, *s.value);
  else if (s.level)
    measured = as_truth(*s.level > 0);
  const bool clash = opposed(p) || contradicts(told, measured) || p.levels.size() > 1;
  s.state = told == truth::unknown ? measured : told;
  if (clash) {
    s.state = f.safety ? truth::present : truth::unknown;
    note_contradiction(in, f, s, at);
  } else if (s.value && s.state == truth::unknown) {
    note_missing_cutoff(in, f, s, at);
  }
}

double mean(const std::vector<double>& list) {
  return sum(list) / static_cast<double>(list.size());
}

void settle_certainty(const pool& p, settled& s) {
  if (s.value || s.level)
    return;
  if (s.state == truth::present && !p.present.empty())
    s.certainty = mean(p.present);
  else if (s.state == truth::absent && !p.absent.empty())
    s.certainty = mean(p.absent);
}

settled pool_group(const context& in, const kb::finding& f, const group& same_day) {
  const observation& first = in.from.observations[same_day.front()];
  const pool p = gather(in, f, same_day);
  settled s;
  s.finding = f.id;
  s.where = first.where;
  s.day = first.day;
  s.from = same_day;
  if (!p.values.empty()) {
    s.value = mean(p.values);
    s.error = pooled_error(p);
  } else if (p.levels.size() == 1 || (f.safety && !p.levels.empty())) {
    s.level = *p.levels.rbegin();
  }
  settle_state(in, f, p, first.at, s);
  settle_certainty(p, s);
  if (p.informative > 1 && p.levels.size() < 2 && !opposed(p))
    in.notes.push_back({severity::note, "case.pooled", first.at,
                        spot(f, s.where) + " was recorded " + std::to_string(p.informative) +
                            " times on one date; the records count as one",
                        ""});
  return s;
}

// --- dates ------------------------------------------------------------------------

group newest(const context& in, const kb::finding& f, group all) {
  const auto& list = in.from.observations;
  const auto silent = [&](std::size_t i) { return says_nothing(list[i]); };
  if (f.safety && !std::all_of(all.begin(), all.end(), silent))
    std::erase_if(all, silent);
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  for (const std::size_t i : all)
    last = std::max(last, age_of(list[i]));
  std::erase_if(all, [&](std::size_t i) { return age_of(list[i]) != last; });
  return all;
}

void note_missing_side(const context& in, const kb::finding& f, const settled& s, const place& at) {
  const bool absent = s.state == truth::absent;
  in.notes.push_back({absent ? severity::note : severity::warning, "case.side-missing", at,
                      fault("the side of " + spot(f, s.where), "missing", "\"left\", \"right\" or \"both\""),
                      absent ? "until then it counts as absent on both sides"
                             : "until then it speaks about one side or the other"});
}

settled settle_group(const context& in, const kb::finding& f, const group& all) {
  const group kept = newest(in, f, all);
  settled s = pool_group(in, f, kept);
  const observation& first = in.from.observations[all.front()];
  if (kept.size() < all.size())
    in.notes.push_back({severity::note, "case.older", first.at,
                        spot(f, s.where) +
                            " was recorded on several dates; the newest counts, the others show "
                            "the trend",
                        ""});
  if (f.lateral && s.where == side::none)
    note_missing_side(in, f, s, first.at);
  return s;
}

// --- screening --------------------------------------------------------------------

bool listed(const std::vector<std::string>& list, const std::string& id) {
  return std::find(list.begin(), list.end(), id) != list.end();
}

settled screened_absent(const kb::finding& f, side where, const screening& s) {
  settled out;
  out.finding = f.id;
  out.where = where;
  out.state = truth::absent;
  out.day = s.day;
  out.from_screening = true;
  return out;
}

void add_screened(const context& in, const kb::finding& f, const picture& recorded,
                  std::vector<settled>& out) {
  if (recorded.find(f.id, side::none))
    return;
  if (!f.lateral)
    out.push_back(screened_absent(f, side::none, in.from.screened));
  else
    for (const side where : {side::left, side::right})
      if (!recorded.find(f.id, where))
        out.push_back(screened_absent(f, where, in.from.screened));
}

// A finding that an unusable observation was probably meant to be is not absent by the screen.
void apply_screening(const context& in, picture& p) {
  std::vector<settled> added;
  for (const kb::finding& f : in.knowledge.all.findings)
    if (f.safety && !f.derived && !listed(in.from.screened.not_asked, f.id) &&
        !listed(in.from.unusable_near, f.id))
      add_screened(in, f, p, added);
  p.findings.insert(p.findings.end(), added.begin(), added.end());
}

bool before(const settled& a, const settled& b) {
  return a.finding != b.finding ? a.finding < b.finding : a.where < b.where;
}

} // namespace

// Where several cut-offs may be meant (sex or age not known) only what is beyond all of them is present: the
// less extreme reading.
truth state_of_value(const kb::finding& f, const patient& who, double value) {
  truth all = truth::unknown;
  if (who.age && *who.age < adult_age)
    return all;
  for (const kb::cutoff& c : f.cutoffs)
    if (applies(c, who))
      all = all == truth::absent ? all : as_truth(beyond(c, value));
  return all;
}

const settled* picture::find(std::string_view finding, side where) const {
  const auto at = std::lower_bound(findings.begin(), findings.end(), finding,
                                   [](const settled& s, std::string_view id) { return s.finding < id; });
  for (auto it = at; it != findings.end() && it->finding == finding; ++it)
    if (it->where == where)
      return &*it;
  return nullptr;
}

std::vector<const settled*> picture::of(std::string_view finding) const {
  std::vector<const settled*> out;
  for (const side where : {side::none, side::left, side::right})
    if (const settled* s = find(finding, where))
      out.push_back(s);
  return out;
}

picture settle(const patient_case& c, const kb::snapshot& knowledge) {
  picture p;
  p.who = c.who;
  p.in = c.in;
  const context in{c, knowledge, p.notes};
  std::map<std::pair<std::string, side>, group> groups;
  for (std::size_t i = 0; i < c.observations.size(); ++i)
    groups[{c.observations[i].finding, c.observations[i].where}].push_back(i);
  for (const auto& [key, members] : groups)
    if (const kb::finding* f = knowledge.find_finding(key.first))
      p.findings.push_back(settle_group(in, *f, members));
  if (c.screened.done)
    apply_screening(in, p);
  std::sort(p.findings.begin(), p.findings.end(), before);
  return p;
}

} // namespace posterior::cases
