// M21 to M29: exercises, their ladders, their order and their doses.
#include <map>
#include <set>

#include "engine/check/kb_ceilings.hpp"
#include "engine/check/kb_check.hpp"
#include "engine/check/kb_parts.hpp"
#include "engine/check/knowledge_parts.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::check {
namespace {

void check_for_a_cause(const kb_subject& s, kb_remarks& out) {
  for (const kb::exercise& e : s.knowledge.all.exercises)
    if (s.knowledge.indications_of(e.id).empty())
      out.add(e.id, e.from, fault(naming("exercise", e.id), "for no cause", "the exercise of an indication"),
              "add an [[indication]]: without one no plan can hold it");
}

// --- ladders ------------------------------------------------------------------------

void check_ladder_loops(const kb_subject& s, kb_remarks& out) {
  for (const std::string& way : ladder_loops(s.knowledge.all.exercises)) {
    const std::string first = way.substr(0, way.find(' '));
    const kb::exercise* e = s.knowledge.find_exercise(first);
    out.add(first, e != nullptr ? e->from : kb::origin{},
            fault("the ladder of exercises", way, "without a way back to where it began"),
            "`harder` must lead away from `easier`");
  }
}

// A step of a ladder, by whichever of the two names the other.
struct rung {
  const kb::exercise *easy, *hard;
  bool said_below, said_above;
};

std::vector<rung> rungs(const kb::snapshot& k) {
  std::map<std::pair<std::string, std::string>, rung> out;
  const auto step = [&](const kb::exercise* easy, const kb::exercise* hard) -> rung* {
    return easy == nullptr || hard == nullptr
               ? nullptr
               : &out.try_emplace({easy->id, hard->id}, rung{easy, hard, false, false}).first->second;
  };
  for (const kb::exercise& e : k.all.exercises) {
    for (const std::string& h : e.harder)
      if (rung* r = step(&e, k.find_exercise(h)))
        r->said_below = true;
    for (const std::string& l : e.easier)
      if (rung* r = step(k.find_exercise(l), &e))
        r->said_above = true;
  }
  std::vector<rung> list;
  for (const auto& [ids, r] : out)
    list.push_back(r);
  return list;
}

std::string step_words(const rung& r) {
  return "the step from \"" + r.easy->id + "\" to \"" + r.hard->id + "\"";
}

void check_depth(const kb_subject& s, kb_remarks& out) {
  for (const rung& r : rungs(s.knowledge))
    if (r.hard->depth <= r.easy->depth)
      out.add(r.hard->id, r.hard->from,
              fault(step_words(r),
                    "from depth " + std::to_string(r.easy->depth) + " to " + std::to_string(r.hard->depth),
                    "to a greater depth"),
              "the harder of two neighbours has the greater `depth`");
}

void check_mutual(const kb_subject& s, kb_remarks& out) {
  for (const rung& r : rungs(s.knowledge))
    if (r.said_below != r.said_above) {
      const kb::exercise& silent = r.said_below ? *r.hard : *r.easy;
      out.add(
          silent.id, silent.from,
          fault(step_words(r), std::string("named by the ") + (r.said_below ? "easier" : "harder") + " alone",
                "named by both"),
          std::string("add it to `") + (r.said_below ? "easier" : "harder") + "` of \"" + silent.id + "\"");
    }
}

// What a ladder names and no bundle defines; a precaution that is missing is no step of it.
void check_whole(const kb_subject& s, kb_remarks& out) {
  for (const kb::dormant& d : s.knowledge.asleep)
    if (const kb::exercise* e = s.knowledge.find_exercise(d.statement); e != nullptr && !names_precaution(d))
      out.add(e->id, e->from,
              fault("the ladder at \"" + e->id + "\"",
                    "broken off before \"" + d.missing + "\", which no bundle defines", "whole"),
              "define it, or take it out of `easier` and `harder`");
}

// Exercises that hang together, each ladder once.
std::vector<std::set<std::string>> ladders(const std::vector<rung>& all) {
  std::vector<std::set<std::string>> out;
  for (const rung& r : all) {
    std::set<std::string> joined{r.easy->id, r.hard->id};
    std::erase_if(out, [&](const std::set<std::string>& other) {
      const bool meets = other.contains(r.easy->id) || other.contains(r.hard->id);
      if (meets)
        joined.insert(other.begin(), other.end());
      return meets;
    });
    out.push_back(std::move(joined));
  }
  return out;
}

void check_starts(const kb_subject& s, kb_remarks& out) {
  const std::vector<rung> all = rungs(s.knowledge);
  std::set<std::string> above;
  for (const rung& r : all)
    above.insert(r.hard->id);
  for (const auto& ladder : ladders(all)) {
    std::vector<std::string> starts;
    for (const std::string& id : ladder)
      if (!above.contains(id))
        starts.push_back(id);
    if (starts.size() > 1)
      out.add(starts.front(), s.knowledge.find_exercise(starts.front())->from,
              fault("the ladder of " + std::to_string(ladder.size()) + " exercises",
                    "beginning at " + joined(starts), "one way up from one start, unless that is meant"));
  }
}

// Where a plan for one cause holds both, the phases put the harder one first.
void check_phases(const kb_subject& s, kb_remarks& out) {
  const auto stage = [](const kb::indication& i, const kb::exercise& e) { return i.stage.value_or(e.stage); };
  for (const rung& r : rungs(s.knowledge))
    for (const kb::indication* low : s.knowledge.indications_of(r.easy->id))
      for (const kb::indication* high : s.knowledge.indications_of(r.hard->id))
        if (low->cause == high->cause && stage(*low, *r.easy) > stage(*high, *r.hard))
          out.add(low->id(), low->from,
                  fault(step_words(r) + " for \"" + low->cause + "\"",
                        "from the phase " + std::string(to_string(stage(*low, *r.easy))) + " to " +
                            std::string(to_string(stage(*high, *r.hard))) + ", which a plan puts before it",
                        "to the same phase or a later one"),
                  "give the indication another `phase`, or take the step out of the ladder");
}

// --- doses --------------------------------------------------------------------------

template <typename T>
void take(std::optional<T>& to, const std::optional<T>& from) {
  if (from)
    to = from;
}

// As the planner reads it: what the indication says goes before what the exercise says.
kb::dose with(kb::dose base, const kb::dose& over) {
  take(base.sets, over.sets);
  take(base.reps, over.reps);
  take(base.hold_s, over.hold_s);
  take(base.rest_s, over.rest_s);
  take(base.per_day, over.per_day);
  take(base.per_week, over.per_week);
  take(base.weeks, over.weeks);
  take(base.minutes, over.minutes);
  return base;
}

// Calls act(exercise, dose, id of what says it, its origin) for each dose that a plan may hold.
template <typename F>
void each_dose(const kb::snapshot& k, F act) {
  for (const kb::exercise& e : k.all.exercises) {
    act(e, e.how_much, e.id, e.from);
    for (const kb::indication* i : k.indications_of(e.id))
      if (i->how_much)
        act(e, with(e.how_much, *i->how_much), i->id(), i->from);
  }
}

void check_doable(const kb_subject& s, kb_remarks& out) {
  each_dose(s.knowledge,
            [&](const kb::exercise&, const kb::dose& d, const std::string& id, const kb::origin& from) {
              for (const std::string& why : dose_faults(d))
                out.add(id, from, fault("the dose of \"" + id + "\"", why, "one that a person can do"),
                        "was a field or a unit confused? hold_s and rest_s are seconds, minutes are minutes");
            });
}

std::string limit_words(const ceiling& c) {
  return "at most " + format_number(c.most) + (c.unit.empty() ? "" : " ") + std::string(c.unit) + " (" +
         (c.source.empty() ? "judgement: " : std::string(c.source) + ": ") + std::string(c.basis) + ")";
}

void check_ceilings(const kb_subject& s, kb_remarks& out) {
  each_dose(s.knowledge,
            [&](const kb::exercise& e, const kb::dose& d, const std::string& id, const kb::origin& from) {
              for (const ceiling& c : ceilings())
                if (const double asked = amount(d, c.what); belongs(e, c.group) && asked > c.most)
                  out.add(id, from,
                          fault("the dose of \"" + id + "\", " + std::string(to_string(c.group)),
                                format_number(asked) + " " + std::string(to_string(c.what)), limit_words(c)),
                          "lower the upper end of the range, or say in a tension why it may be more");
            });
}

} // namespace

std::vector<kb_spec> kb_exercise_checks() {
  return {
      {"M21", "exercises-for-a-cause", "Each exercise is indicated for something.", severity::warning,
       check_for_a_cause},
      {"M22", "ladders-lead-up", "No ladder of exercises leads back to where it began.", severity::error,
       check_ladder_loops},
      {"M23", "ladders-by-depth", "The harder of two neighbours has the greater depth.", severity::error,
       check_depth},
      {"M24", "ladders-by-phase", "No plan for a cause puts the harder of two neighbours first.",
       severity::warning, check_phases},
      {"M25", "ladders-mutual", "Each step of a ladder that only one of its two ends names.", severity::note,
       check_mutual},
      {"M26", "ladders-from-one-start", "Each ladder that begins at several exercises.", severity::note,
       check_starts},
      {"M27", "ladders-whole", "Every neighbour on a ladder is there.", severity::warning, check_whole},
      {"M28", "doses-doable", "Every dose is one that a person can do.", severity::error, check_doable},
      {"M29", "doses-under-ceilings", "No dose asks more than what is known to help, or safe.",
       severity::error, check_ceilings},
  };
}

} // namespace posterior::check
