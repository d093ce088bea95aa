// The one list of which statement names which others, by kind: used to find what is unknown or of the wrong
// kind, to strip what sleeps, and to show who uses an item. Private to kb.
//
// `references(v, item)` calls, with `item` const or not:
//   v.one(label, id, kind, essential)       an id that may be empty
//   v.many(label, ids, kind)                a list whose unknown entries are without effect
//   v.groups(label, groups, kind)           lists of lists
//   v.when(label, clauses)                  findings in conditions
//   v.cited(citations)                      sources with places; essential
// `kind` is any_kind where an item of every kind will do.
// `essential`: without it the statement sleeps; otherwise only the reference is without effect.
#pragma once

#include "kb/schema.hpp"

namespace posterior::kb {

inline constexpr std::string_view any_kind{};

template <typename V, is<basis> T>
void references(V& v, T& s) {
  v.all("claims", s.claims, "claim");
  v.cited(s.sources);
}

template <typename V, is<claim> T>
void references(V& v, T& s) {
  v.one("source", s.source, "source", true);
}

template <typename V, is<state> T>
void references(V& v, T& s) {
  v.one("rule", s.rule, "rule", false);
  references(v, s.rests_on);
}

template <typename V, is<prior> T>
void references(V& v, T& s) {
  v.one("state", s.state, "state", true);
  references(v, s.rests_on);
}

template <typename V, is<theory> T>
void references(V& v, T& s) {
  v.many("causes", s.causes, "state");
  references(v, s.rests_on);
}

template <typename V, is<finding> T>
void references(V& v, T& s) {
  v.many("equipment", s.needs, "equipment");
  v.one("family", s.family, "family", false);
  v.one("retest_of", s.retest_of, "finding", false);
  v.many("consumes", s.consumes, "finding");
  v.many("replaces", s.replaces, "finding");
  references(v, s.rests_on);
}

template <typename V, is<observes> T>
void references(V& v, T& s) {
  v.one("finding", s.finding, "finding", true);
  v.one("state", s.state, "state", true);
  references(v, s.rests_on);
}

template <typename V, is<link> T>
void references(V& v, T& s) {
  v.one("from", s.source, "state", true);
  v.one("to", s.target, "state", true);
  v.all("only_with", s.only_with, "state");
  v.all("unless", s.unless, "state");
  references(v, s.rests_on);
}

template <typename V, is<rule> T>
void references(V& v, T& s) {
  v.when("when", s.when);
  v.many("asks", s.asks, "finding");
  references(v, s.rests_on);
}

template <typename V, is<exercise> T>
void references(V& v, T& s) {
  v.groups("equipment", s.needs, "equipment");
  v.many("easier", s.easier, "exercise");
  v.many("harder", s.harder, "exercise");
  v.many("avoid", s.avoid, "precaution");
  references(v, s.rests_on);
}

template <typename V, is<indication> T>
void references(V& v, T& s) {
  v.one("exercise", s.exercise, "exercise", true);
  v.one("cause", s.cause, "state", true);
  references(v, s.rests_on);
}

template <typename V, is<precaution> T>
void references(V& v, T& s) {
  v.when("when", s.when);
  v.one("cause", s.cause, "state", false);
  v.many("exercises", s.exercises, "exercise");
  v.many("except", s.except, "exercise");
  references(v, s.rests_on);
}

// Without its cause or its findings a rule of sequence would be about everybody, so it sleeps.
template <typename V, is<sequence> T>
void references(V& v, T& s) {
  v.one("cause", s.cause, "state", !s.cause.empty());
  for (auto& clause : s.when)
    for (auto& c : clause)
      v.one("when", c.finding, "finding", !c.finding.empty());
  for (auto& group : s.order)
    v.many("order", group.exercises, "exercise");
  if (s.at_most_one)
    v.many("at_most_one", s.at_most_one->exercises, "exercise");
  if (s.covers)
    for (auto& group : s.covers->each)
      v.many("covers", group.exercises, "exercise");
  if (s.apart)
    v.many("apart", s.apart->exercises, "exercise");
  references(v, s.rests_on);
}

template <typename V, is<tension> T>
void references(V& v, T& s) {
  v.groups("between", s.between, "claim");
  v.many("about", s.about, "state");
  v.many("decides", s.decides, "finding");
  for (auto& t : s.takes)
    v.many("withholds", t.withholds, "exercise");
  references(v, s.rests_on);
}

// A text may be about an item of any kind.
template <typename V, is<wording> T>
void references(V& v, T& s) {
  v.one("of", s.of, any_kind, true);
  references(v, s.rests_on);
}

template <typename V, typename T>
requires(is<T, source> || is<T, equipment> || is<T, site> || is<T, family> || is<T, message> ||
         is<T, change> || is<T, withdrawal> || is<T, suspension> || is<T, draft> ||
         is<T, retirement>) void references(V&, T&) {}

} // namespace posterior::kb
