#include "engine/check/knowledge_parts.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

#include "kb/reader.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::check {
namespace {

using kb::condition;

// What a conjunction asks of one finding or attribute and side.
struct demand {
  bool present = false, absent = false;
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  bool open_least = false, open_most = false;
  std::set<std::string> words;

  void take(const condition& c) {
    const bool up = c.op == kb::comparison::greater || c.op == kb::comparison::at_least;
    const bool down = c.op == kb::comparison::less || c.op == kb::comparison::at_most;
    if (!c.word.empty())
      words.insert(c.word);
    else if (c.op == kb::comparison::none)
      (c.negated ? absent : present) = true;
    if ((up || c.op == kb::comparison::equal) && c.word.empty() && c.value >= least) {
      least = c.value;
      open_least = c.op == kb::comparison::greater;
    }
    if ((down || c.op == kb::comparison::equal) && c.word.empty() && c.value <= most) {
      most = c.value;
      open_most = c.op == kb::comparison::less;
    }
  }
  bool impossible() const {
    return (present && absent) || words.size() > 1 || least > most ||
           (least == most && (open_least || open_most));
  }
};

std::string subject_of(const condition& c) {
  return c.finding + "/" + std::to_string(static_cast<int>(c.of)) + "/" +
         std::to_string(static_cast<int>(c.on));
}

std::string in_words(const std::vector<condition>& all) {
  std::string out;
  for (const condition& c : all)
    out += (out.empty() ? "" : " and ") + kb::to_string(c);
  return out;
}

bool opposite(const condition& a, const condition& b) {
  return subject_of(a) == subject_of(b) && a.op == kb::comparison::none && b.op == kb::comparison::none &&
         a.word.empty() && b.word.empty() && a.negated != b.negated;
}

} // namespace

std::string condition_fault(const kb::clauses& when) {
  for (const auto& all : when) {
    std::map<std::string, demand> demands;
    for (const condition& c : all)
      demands[subject_of(c)].take(c);
    for (const auto& [of, d] : demands)
      if (d.impossible())
        return "never true (" + in_words(all) + ")";
  }
  for (const auto& a : when)
    for (const auto& b : when)
      if (a.size() == 1 && b.size() == 1 && opposite(a.front(), b.front()))
        return "true of everybody (" + in_words(a) + ", or " + in_words(b) + ")";
  return {};
}

std::set<std::string> findings_in_use(const kb::snapshot& k) {
  std::set<std::string> out;
  const auto conditions = [&](const kb::clauses& when) {
    for (const auto& all : when)
      for (const condition& c : all)
        out.insert(c.finding);
  };
  for (const kb::observes& o : k.all.readings)
    out.insert(o.finding);
  for (const kb::finding& f : k.all.findings) {
    out.insert(f.consumes.begin(), f.consumes.end());
    out.insert(f.retest_of);
  }
  for (const kb::rule& r : k.all.rules) {
    conditions(r.when);
    out.insert(r.asks.begin(), r.asks.end());
  }
  for (const kb::precaution& p : k.all.precautions)
    conditions(p.when);
  for (const kb::sequence& q : k.all.sequences)
    conditions(q.when);
  for (const kb::tension& t : k.all.tensions)
    out.insert(t.decides.begin(), t.decides.end());
  return out;
}

bool reachable(const kb::snapshot& k, const std::string& state) {
  std::set<std::string> seen{state}, observed;
  for (const kb::observes& o : k.all.readings)
    observed.insert(o.state);
  for (std::vector<std::string> open{state}; !open.empty();) {
    const std::string at = open.back();
    open.pop_back();
    if (observed.contains(at))
      return true;
    for (const kb::link* l : k.links_from(at))
      if (!l->cut && seen.insert(l->target).second)
        open.push_back(l->target);
    for (const kb::link* l : k.links_to(at))
      if (!l->cut && seen.insert(l->source).second)
        open.push_back(l->source);
  }
  return false;
}

std::vector<std::string> dose_faults(const kb::dose& d) {
  std::vector<std::string> out;
  const auto most = [&](std::string_view field, const std::optional<kb::range>& r, double limit) {
    if (r && r->max > limit)
      out.push_back(std::string(field) + " up to " + format_number(r->max) + " (more than " +
                    format_number(limit) + ")");
  };
  most("sets", d.sets, 10);
  most("reps", d.reps, 100);
  most("hold_s", d.hold_s, 600);
  most("rest_s", d.rest_s, 900);
  most("per_day", d.per_day, 24);
  most("per_week", d.per_week, 70);
  most("weeks", d.weeks, 104);
  most("minutes", d.minutes, 180);
  if (d.sets && d.reps && d.hold_s && d.sets->max * d.reps->max * d.hold_s->max > 3600)
    out.push_back("sets, reps and holds of more than an hour together");
  return out;
}

std::vector<std::string> ladder_loops(const std::vector<kb::exercise>& all) {
  std::map<std::string, std::set<std::string>> harder;
  for (const kb::exercise& e : all) {
    harder[e.id].insert(e.harder.begin(), e.harder.end());
    for (const std::string& below : e.easier)
      harder[below].insert(e.id);
  }
  std::vector<std::string> out;
  for (const kb::exercise& e : all) {
    std::map<std::string, std::string> from;
    for (std::vector<std::string> open{e.id}; !open.empty();) {
      const std::string at = open.back();
      open.pop_back();
      for (const std::string& next : harder[at])
        if (from.emplace(next, at).second)
          open.push_back(next);
    }
    if (!from.contains(e.id))
      continue;
    std::string way = e.id;
    for (std::string at = from[e.id]; at != e.id; at = from[at])
      way = at + " -> " + way;
    out.push_back(e.id + " -> " + way);
    return out; // the others are the same loop from elsewhere, or come up once this one is mended
  }
  return out;
}

} // namespace posterior::check
