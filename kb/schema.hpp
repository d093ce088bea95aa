// The one list of what every statement consists of, in schema order. The canonical text (canonical.cpp) and
// the compact form of the store (codec.cpp) are both visitors over it, so that a field cannot be in one and
// not in the other. `visit(v, item)` calls v(name, member) for each member; `item` may be const. Private to
// kb.
#pragma once

#include <concepts>
#include <string>
#include <type_traits>

#include "kb/model.hpp"
#include "kb/schema_exercises.hpp"

namespace posterior::kb {

template <typename V, is<source> T>
void visit(V& v, T& s) {
  v("id", s.id);
  v("title", s.title);
  v("authors", s.authors);
  v("year", s.year);
  v("venue", s.venue);
  v("locator", s.locator);
  v("kind", s.kind);
  v("seen", s.seen);
  v("sha256", s.sha256);
  v("note", s.note);
  v("licence", s.licence);
  v("oxford", s.oxford);
}

template <typename V, is<claim> T>
void visit(V& v, T& s) {
  v("id", s.id);
  v("text", s.text);
  v("source", s.source);
  v("place", s.place);
  v("type", s.type);
  v("grade", s.level);
  v("seen", s.seen);
  v("contested", s.contested);
  v("oxford", s.oxford);
}

template <typename V, is<equipment> T>
void visit(V& v, T& s) {
  v("id", s.id);
  v("name", s.name);
  v("default", s.at_home);
}

template <typename V, is<site> T>
void visit(V& v, T& s) {
  v("id", s.id);
  v("name", s.name);
}

template <typename V, is<family> T>
void visit(V& v, T& s) {
  v("id", s.id);
  v("name", s.name);
  v("rho", s.rho);
}

template <typename V, is<state> T>
void visit(V& v, T& s) {
  v("id", s.id);
  v("name", s.name);
  v("kind", s.kind);
  v("lateral", s.lateral);
  v("present_when", s.present_when);
  v("population", s.population);
  v("leak", s.leak);
  v("pair", s.pair);
  v("serious", s.serious);
  v("rule", s.rule);
  v("codes", s.codes);
  v("basis", s.rests_on);
}

template <typename V, is<prior> T>
void visit(V& v, T& s) {
  v("state", s.state);
  v("setting", s.setting);
  v("sex", s.sex);
  v("age", s.age);
  v("leak", s.leak);
  v("basis", s.rests_on);
}

template <typename V, is<theory> T>
void visit(V& v, T& s) {
  v("plugin", s.from.plugin);
  v("credence", s.credence);
  v("causes", s.causes);
  v("basis", s.rests_on);
}

template <typename V, is<cutoff> T>
void visit(V& v, T& s) {
  v("above", s.above);
  v("below", s.below);
  v("sex", s.sex);
  v("age_min", s.age_min);
  v("age_max", s.age_max);
}

template <typename V, is<finding> T>
void visit(V& v, T& s) {
  v("id", s.id);
  v("name", s.name);
  v("aliases", s.aliases);
  v("kind", s.kind);
  v("question", s.question);
  v("how", s.how);
  v("lateral", s.lateral);
  v("unit", s.unit);
  v("range", s.bounds);
  v("levels", s.levels);
  v("sem", s.sem);
  v("cutoff", s.cutoffs);
  v("position", s.position);
  v("minutes", s.minutes);
  v("equipment", s.needs);
  v("family", s.family);
  v("retest_of", s.retest_of);
  v("reliability", s.reliability);
  v("safety", s.safety);
  v("derived", s.derived);
  v("consumes", s.consumes);
  v("replaces", s.replaces);
  v("codes", s.codes);
  v("basis", s.rests_on);
}

template <typename V, is<normal_reading> T>
void visit(V& v, T& s) {
  v("absent", s.absent);
  v("present", s.present);
  v("sd", s.sd);
  v("clip", s.clip);
}

template <typename V, is<ratio_reading> T>
void visit(V& v, T& s) {
  v("points", s.points);
  v("clip", s.clip);
}

template <typename V, is<accuracy> T>
void visit(V& v, T& s) {
  v("sensitivity", s.sensitivity);
  v("specificity", s.specificity);
}

template <typename V, is<observes> T>
void visit(V& v, T& s) {
  v("finding", s.finding);
  v("state", s.state);
  v("opposite", s.opposite);
  v("read", s.read);
  v("accuracy", s.accuracies);
  v("opinion", s.opinion);
  v("ratio_present", s.ratio_present);
  v("ratio_absent", s.ratio_absent);
  v("levels", s.levels);
  v("worth", s.worth);
  v("normal", s.normals);
  v("log_normal", s.log_normals);
  v("ratios", s.ratios);
  v("basis", s.rests_on);
}

template <typename V, is<link> T>
void visit(V& v, T& s) {
  v("from", s.source);
  v("to", s.target);
  v("opposite", s.opposite);
  v("p", s.p);
  v("only_with", s.only_with);
  v("unless", s.unless);
  v("because", s.because);
  v("cut", s.cut);
  v("cut_reason", s.cut_reason);
  v("basis", s.rests_on);
}

template <typename V, is<rule> T>
void visit(V& v, T& s) {
  v("id", s.id);
  v("name", s.name);
  v("urgency", s.level);
  v("when", s.when);
  v("action", s.action);
  v("timing", s.timing);
  v("closes", s.closes);
  v("asks", s.asks);
  v("basis", s.rests_on);
}

template <typename V, is<take> T>
void visit(V& v, T& s) {
  v("id", s.id);
  v("text", s.text);
  v("withholds", s.withholds);
}

template <typename V, is<tension> T>
void visit(V& v, T& s) {
  v("id", s.id);
  v("text", s.text);
  v("between", s.between);
  v("about", s.about);
  v("decides", s.decides);
  v("same_plan", s.same_plan);
  v("take", s.takes);
  v("basis", s.rests_on);
}

template <typename V, is<message> T>
void visit(V& v, T& s) {
  v("plugin", s.from.plugin);
  v("key", s.key);
  v("text", s.text);
}

template <typename V, is<wording> T>
void visit(V& v, T& s) {
  v("of", s.of);
  v("lang", s.lang);
  v("patient", s.patient);
  v("name", s.name);
  v("text", s.text);
  v("question", s.question);
  v("how", s.how);
  v("purpose", s.purpose);
  v("why", s.why);
  v("action", s.action);
  v("timing", s.timing);
  v("caution", s.caution);
  v("note", s.note);
  v("levels", s.levels);
  v("cues", s.cues);
  v("errors", s.errors);
  v("stop", s.stop);
  v("basis", s.rests_on);
}

template <typename V, is<change> T>
void visit(V& v, T& s) {
  v("about", s.statement);
  v("field", s.field);
  v("before", s.before);
  v("now", s.now);
  v("by", s.by);
  v("when", s.when);
  v("reason", s.reason);
}

template <typename V, is<withdrawal> T>
void visit(V& v, T& s) {
  v("about", s.statement);
  v("kind", s.kind);
  v("name", s.name);
  v("by", s.by);
  v("when", s.when);
  v("reason", s.reason);
}

template <typename V, is<suspension> T>
void visit(V& v, T& s) {
  v("rule", s.rule);
  v("until", s.until);
  v("by", s.by);
  v("when", s.when);
  v("reason", s.reason);
}

template <typename V, is<draft> T>
void visit(V& v, T& s) {
  v("about", s.statement);
  v("kind", s.kind);
  v("name", s.name);
  v("status", s.status);
  v("digest", s.digest);
  v("body", s.text);
  v("by", s.by);
  v("when", s.when);
  v("reason", s.reason);
}

template <typename V, is<retirement> T>
void visit(V& v, T& s) {
  v("old", s.old);
  v("kind", s.kind);
  v("replaced_by", s.replaced_by);
  v("reason", s.reason);
}

template <typename V, is<scale::opinion> T>
void visit(V& v, T& s) {
  v("present", s.present);
  v("absent", s.absent);
}

template <typename V, is<scale> T>
void visit(V& v, T& s) {
  v("words", s.words);
  v("read", s.reads);
  v("read-bounds", s.read_bounds);
  v("opinion", s.opinions);
  v("credence", s.credence);
  v("basis", s.basis);
}

// --- what surrounds statements --------------------------------------------------

template <typename V, is<place> T>
void visit(V& v, T& s) {
  v("file", s.file);
  v("line", s.line);
  v("column", s.column);
  v("pointer", s.pointer);
}

template <typename V, is<origin> T>
void visit(V& v, T& s) {
  v("plugin", s.plugin);
  v("version", s.version);
  v("where", s.where);
}

// --- kinds ----------------------------------------------------------------------

// f(name of the kind, list) for every kind but the scale, in the order of their names.
template <typename S, typename F>
requires is<S, statements>
void each_kind(S& s, F&& f) {
  f("change", s.changes);
  f("claim", s.claims);
  f("draft", s.drafts);
  f("equipment", s.tools);
  f("exercise", s.exercises);
  f("family", s.families);
  f("finding", s.findings);
  f("indication", s.indications);
  f("link", s.links);
  f("message", s.messages);
  f("observes", s.readings);
  f("precaution", s.precautions);
  f("prior", s.priors);
  f("retirement", s.retirements);
  f("rule", s.rules);
  f("sequence", s.sequences);
  f("site", s.sites);
  f("source", s.sources);
  f("state", s.states);
  f("suspension", s.suspensions);
  f("tension", s.tensions);
  f("text", s.texts);
  f("theory", s.theories);
  f("withdrawal", s.withdrawals);
}

template <typename T>
std::string id_of(const T& item) {
  if constexpr (requires { item.id(); })
    return item.id();
  else
    return item.id;
}
inline std::string id_of(const theory& t) {
  return "theory." + t.from.plugin;
}
inline std::string id_of(const message& m) {
  return "message." + m.from.plugin + "." + m.key;
}

// What a statement rests on; nullptr for kinds without a basis.
template <typename T>
auto* basis_of(T& item) {
  if constexpr (requires { item.rests_on; })
    return &item.rests_on;
  else
    return static_cast<std::conditional_t<std::is_const_v<T>, const basis, basis>*>(nullptr);
}

} // namespace posterior::kb
