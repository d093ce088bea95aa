// The fields of exercises and of everything that speaks about them; see schema.hpp. Private to kb.
#pragma once

#include "kb/schema_base.hpp"

namespace posterior::kb {

template <typename V, is<dose> T>
void visit(V& v, T& s) {
  v("sets", s.sets);
  v("reps", s.reps);
  v("hold_s", s.hold_s);
  v("rest_s", s.rest_s);
  v("per_day", s.per_day);
  v("per_week", s.per_week);
  v("weeks", s.weeks);
  v("minutes", s.minutes);
  v("tempo", s.tempo);
  v("load", s.load);
  v("note", s.note);
  v("basis", s.basis);
}

template <typename V, is<exercise> T>
void visit(V& v, T& s) {
  v("id", s.id);
  v("name", s.name);
  v("aliases", s.aliases);
  v("purpose", s.purpose);
  v("targets", s.targets);
  v("phase", s.stage);
  v("sided", s.sided);
  v("equipment", s.needs);
  v("dose", s.how_much);
  v("easier", s.easier);
  v("harder", s.harder);
  v("depth", s.depth);
  v("irritability", s.allowed_up_to);
  v("avoid", s.avoid);
  v("caution", s.caution);
  v("cap", s.cap);
  v("note", s.note);
  v("cues", s.cues);
  v("errors", s.errors);
  v("stop", s.stop);
  v("codes", s.codes);
  v("basis", s.rests_on);
}

template <typename V, is<indication> T>
void visit(V& v, T& s) {
  v("exercise", s.exercise);
  v("cause", s.cause);
  v("primary", s.primary);
  v("purpose", s.purpose);
  v("phase", s.stage);
  v("dose", s.how_much);
  v("basis", s.rests_on);
}

template <typename V, is<precaution> T>
void visit(V& v, T& s) {
  v("id", s.id);
  v("name", s.name);
  v("effect", s.effect);
  v("why", s.why);
  v("when", s.when);
  v("cause", s.cause);
  v("above", s.above);
  v("exercises", s.exercises);
  v("except", s.except);
  v("phases", s.phases);
  v("all", s.all);
  v("basis", s.rests_on);
}

template <typename V, is<exercise_group> T>
void visit(V& v, T& s) {
  v("exercises", s.exercises);
  v("phases", s.phases);
}

template <typename V, is<exclusion> T>
void visit(V& v, T& s) {
  v("exercises", s.exercises);
  v("first_weeks", s.first_weeks);
}

template <typename V, is<coverage> T>
void visit(V& v, T& s) {
  v("each", s.each);
  v("times", s.times);
  v("weeks", s.weeks);
  v("from_week", s.from_week);
  v("once_begun", s.once_begun);
}

template <typename V, is<spacing> T>
void visit(V& v, T& s) {
  v("exercises", s.exercises);
  v("phases", s.phases);
  v("hours", s.hours);
  v("first_hours", s.first_hours);
  v("first_weeks", s.first_weeks);
  v("event", s.event);
}

template <typename V, is<sequence> T>
void visit(V& v, T& s) {
  v("id", s.id);
  v("name", s.name);
  v("why", s.why);
  v("when", s.when);
  v("cause", s.cause);
  v("order", s.order);
  v("at_most_one", s.at_most_one);
  v("covers", s.covers);
  v("apart", s.apart);
  v("basis", s.rests_on);
}

} // namespace posterior::kb
