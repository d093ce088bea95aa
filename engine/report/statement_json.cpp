// Statements of the knowledge base as JSON members, in the order in which they are documented.
#include "engine/report/json_parts.hpp"
#include "engine/report/statement_parts.hpp"

namespace posterior::report {
namespace {

void claim_object(json_writer& w, const std::string& id, const kb::snapshot& knowledge) {
  const kb::claim* c = knowledge.find_claim(id);
  w.begin_object().member("id", id).member("text", c != nullptr ? c->text : "");
  if (c != nullptr) {
    w.member("source", c->source).member("place", c->place).member("grade", to_string(c->level));
    w.member("seen", to_string(c->seen)).member("contested", c->contested);
    origin_members(w, c->from);
  }
  w.end_object();
}

void accuracy_object(json_writer& w, const std::string& setting, const kb::accuracy& a) {
  w.begin_object().member("setting", setting.empty() ? std::string("any") : setting);
  estimate_member(w, "sensitivity", a.sensitivity);
  estimate_member(w, "specificity", a.specificity);
  w.end_object();
}

void link_object(json_writer& w, const kb::link& l, const kb::snapshot& knowledge) {
  w.begin_object().member("id", l.id()).member("from", l.source).member("to", l.target);
  w.member("side", l.opposite ? "opposite" : "same");
  estimate_member(w, "p", l.p);
  w.strings("only_with", l.only_with).strings("unless", l.unless);
  w.member("because", l.because).member("cut", l.cut).member("cut_reason", l.cut_reason);
  basis_members(w, l.rests_on, l.from, knowledge);
  w.end_object();
}

void normals_member(json_writer& w, std::string_view name,
                    const std::map<std::string, kb::normal_reading>& rows) {
  w.key(name).begin_array();
  for (const auto& [sex, n] : rows) {
    w.begin_object().member("sex", sex.empty() ? std::string("any") : sex).member("absent", n.absent);
    w.member("present", n.present).member("sd", n.sd).member("clip", n.clip).end_object();
  }
  w.end_array();
}

void pairs_member(json_writer& w, std::string_view name, const std::vector<std::vector<double>>& list) {
  w.key(name).begin_array();
  for (const auto& two : list)
    w.begin_array().value(two[0]).value(two[1]).end_array();
  w.end_array();
}

void prior_object(json_writer& w, const kb::prior& p, const kb::snapshot& knowledge) {
  w.begin_object().member("id", p.id()).member("setting", p.setting).member("sex", p.sex).key("age");
  if (p.age)
    w.begin_array().value(p.age->min).value(p.age->max).end_array();
  else
    w.null();
  estimate_member(w, "leak", p.leak);
  basis_members(w, p.rests_on, p.from, knowledge);
  w.end_object();
}

void reading_object(json_writer& w, const kb::observes& o, const kb::snapshot& knowledge) {
  w.begin_object().member("id", o.id()).member("finding", o.finding).member("state", o.state);
  w.member("side", o.opposite ? "opposite" : "same").member("read", o.read).key("accuracy").begin_array();
  for (const auto& [setting, a] : o.accuracies)
    accuracy_object(w, setting, a);
  w.end_array().member("opinion", o.opinion);
  if (!o.opinion.empty()) {
    estimate_member(w, "ratio_present", o.ratio_present);
    estimate_member(w, "ratio_absent", o.ratio_absent);
  }
  normals_member(w, "normal", o.normals);
  normals_member(w, "log_normal", o.log_normals);
  w.key("ratios").begin_array();
  for (const auto& [sex, r] : o.ratios) {
    w.begin_object().member("sex", sex.empty() ? std::string("any") : sex);
    pairs_member(w, "points", r.points);
    w.member("clip", r.clip).end_object();
  }
  w.end_array();
  pairs_member(w, "levels", o.levels);
  basis_members(w, o.rests_on, o.from, knowledge);
  w.end_object();
}

void indication_object(json_writer& w, const kb::indication& i, const kb::snapshot& knowledge) {
  w.begin_object().member("id", i.id()).member("exercise", i.exercise).member("cause", i.cause);
  w.member("role", i.primary ? "primary" : "supporting").member("purpose", i.purpose);
  basis_members(w, i.rests_on, i.from, knowledge);
  w.end_object();
}

template <typename T, typename Write>
void array(json_writer& w, std::string_view name, const T& list, const Write& one) {
  w.key(name).begin_array();
  for (const auto& item : list)
    one(item);
  w.end_array();
}

} // namespace

void estimate_member(json_writer& w, std::string_view name, const kb::estimate& e) {
  w.key(name).begin_object().member("mean", e.mean).member("low", e.low).member("high", e.high);
  w.member("word", e.word).end_object();
}

void basis_members(json_writer& w, const kb::basis& b, const kb::origin& from,
                   const kb::snapshot& knowledge) {
  array(w, "claims", b.claims, [&](const std::string& id) { claim_object(w, id, knowledge); });
  array(w, "sources", b.sources, [&](const kb::citation& c) {
    w.begin_object().member("source", c.source).member("place", c.place).end_object();
  });
  w.member("judgement", b.judgement).member("grade", to_string(b.level)).member("seen", to_string(b.seen));
  w.member("contested", b.contested);
  origin_members(w, from);
}

void state_members(json_writer& w, const kb::state& s, const kb::snapshot& knowledge) {
  w.member("id", s.id).member("name", s.name).member("kind", to_string(s.kind)).member("lateral", s.lateral);
  w.member("present_when", s.present_when).member("population", s.population).member("serious", s.serious);
  w.key("leak");
  if (s.serious)
    w.null();
  else
    w.begin_object()
        .member("mean", s.leak.mean)
        .member("low", s.leak.low)
        .member("high", s.leak.high)
        .end_object();
  basis_members(w, s.rests_on, s.from, knowledge);
  if (!s.serious)
    array(w, "priors", knowledge.priors_of(s.id),
          [&](const kb::prior* p) { prior_object(w, *p, knowledge); });
  const auto link = [&](const kb::link* l) { link_object(w, *l, knowledge); };
  array(w, "links_to", knowledge.links_to(s.id), link);
  array(w, "links_from", knowledge.links_from(s.id), link);
  w.key("readings").begin_array();
  for (const kb::observes& o : knowledge.all.readings)
    if (o.state == s.id)
      reading_object(w, o, knowledge);
  w.end_array();
  array(w, "indications", knowledge.indications_for(s.id),
        [&](const kb::indication* i) { indication_object(w, *i, knowledge); });
}

void finding_members(json_writer& w, const kb::finding& f, const kb::snapshot& knowledge) {
  w.member("id", f.id).member("name", f.name).strings("aliases", f.aliases).member("kind", to_string(f.kind));
  w.member("question", f.question).member("how", f.how).member("lateral", f.lateral).member("unit", f.unit);
  w.key("range");
  if (f.bounds)
    w.begin_array().value(f.bounds->min).value(f.bounds->max).end_array();
  else
    w.null();
  w.strings("levels", f.levels).member("position", f.position).member("minutes", f.minutes);
  w.strings("equipment", f.needs).member("family", f.family).member("retest_of", f.retest_of);
  w.member("reliability", f.reliability).member("safety", f.safety).member("derived", f.derived);
  w.strings("consumes", f.consumes).strings("replaces", f.replaces);
  basis_members(w, f.rests_on, f.from, knowledge);
  array(w, "readings", knowledge.readings_of(f.id),
        [&](const kb::observes* o) { reading_object(w, *o, knowledge); });
}

void exercise_members(json_writer& w, const kb::exercise& e, const kb::snapshot& knowledge) {
  w.member("id", e.id).member("name", e.name).strings("aliases", e.aliases).member("purpose", e.purpose);
  w.strings("targets", e.targets).member("phase", to_string(e.stage)).member("sided", e.sided);
  w.key("equipment").begin_array();
  for (const auto& any_of : e.needs) {
    w.begin_array();
    for (const std::string& tool : any_of)
      w.value(tool);
    w.end_array();
  }
  w.end_array().key("dose");
  write(w, e.how_much, "");
  w.strings("easier", e.easier).strings("harder", e.harder).member("depth", e.depth);
  w.member("irritability", to_string(e.allowed_up_to)).strings("avoid", e.avoid).member("caution", e.caution);
  w.strings("cues", e.cues).strings("errors", e.errors).strings("stop", e.stop).member("note", e.note);
  basis_members(w, e.rests_on, e.from, knowledge);
  array(w, "indications", knowledge.indications_of(e.id),
        [&](const kb::indication* i) { indication_object(w, *i, knowledge); });
}

void rule_members(json_writer& w, const kb::rule& r, const kb::snapshot& knowledge) {
  w.member("id", r.id).member("name", r.name).member("urgency", to_string(r.level));
  w.member("when", clause_words(r.when, knowledge)).member("action", r.action).member("timing", r.timing);
  w.member("closes", to_string(r.closes)).strings("asks", r.asks);
  basis_members(w, r.rests_on, r.from, knowledge);
}

} // namespace posterior::report
