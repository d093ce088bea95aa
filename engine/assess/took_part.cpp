// Which statements took part in an answer (kb/FORMAT.md section 16).
#include <algorithm>
#include <set>

#include "engine/assess/parts.hpp"
#include "engine/inference/case_question.hpp"

namespace posterior::assess {
namespace {

using inference::node_index;

std::size_t ix(node_index v) {
  return static_cast<std::size_t>(v);
}

class participants {
public:
  participants(const material& m, const assessment& a)
      : m_(m)
      , a_(a)
      , there_(m.ground.nodes().size(), false) {}

  std::vector<statement_ref> run() {
    network();
    recorded();
    rules();
    programme();
    resting_on();
    return {out_.begin(), out_.end()};
  }

private:
  void add(std::string_view kind, std::string id) { out_.insert({std::string(kind), std::move(id)}); }
  template <typename T>
  void add(std::string_view kind, std::string id, const T& statement) {
    add(kind, std::move(id));
    bases_.push_back(&statement.rests_on);
  }

  // The part of the network that bears on what was recorded.
  void network() {
    for (const node_index v : inference::question_of(m_.ground, m_.evidence, {}).node)
      there_[ix(v)] = true;
    const auto who = inference::circumstances_of(m_.picture);
    for (std::size_t v = 0; v < there_.size(); ++v)
      if (const kb::state* s = m_.ground.nodes()[v].state; there_[v] && s != nullptr) {
        add("state", s->id, *s);
        if (const kb::prior* p = inference::prior_for(m_.knowledge, s->id, who))
          add("prior", p->id(), *p);
      }
    links();
    for (const kb::theory& t : m_.knowledge.all.theories)
      if (std::any_of(t.causes.begin(), t.causes.end(), [&](const auto& id) { return has("state", id); }))
        add("theory", "theory." + t.from.plugin, t);
  }

  void links() {
    const auto& net = m_.ground.net().links;
    for (std::size_t k = 0; k < net.size(); ++k)
      if (const kb::link* l = m_.ground.links()[k].statement;
          l != nullptr && there_[ix(net[k].from)] && there_[ix(net[k].to)])
        add("link", l->id(), *l);
    for (const inference::risk_link& r : m_.ground.risks())
      if (there_[ix(r.risk)] && there_[ix(r.effect)])
        add("link", r.statement->id(), *r.statement);
  }

  void recorded() {
    for (const cases::settled& s : m_.picture.findings) {
      const kb::finding* f = m_.knowledge.find_finding(s.finding);
      const bool nothing = s.state == cases::truth::unknown && !s.value && !s.level;
      if (f == nullptr || s.from_screening || nothing)
        continue;
      add("finding", f->id, *f);
      if (!f->family.empty())
        add("family", f->family);
    }
    for (const inference::speaker& s : m_.evidence.speakers())
      add("observes", s.reading->id(), *s.reading);
  }

  // Raised; or turned down, with an answer that somebody gave to one of its questions.
  void rules() {
    for (const kb::rule& r : m_.knowledge.all.rules) {
      const cases::truth now = cases::holds(r.when, m_.picture, m_.knowledge);
      if (now == cases::truth::present || (now == cases::truth::absent && asks_what_was_recorded(r.when)))
        add("rule", r.id, r);
    }
  }

  bool asks_what_was_recorded(const kb::clauses& when) const {
    return std::any_of(when.begin(), when.end(), [&](const auto& clause) {
      return std::any_of(clause.begin(), clause.end(),
                         [&](const kb::condition& c) { return has("finding", c.finding); });
    });
  }

  void programme() {
    for (const auto& stage : a_.programme.phases)
      for (const auto& item : stage.items)
        exercise(item.exercise);
    for (const auto& l : a_.programme.left_out)
      exercise(l.exercise);
    const auto now = beliefs(m_);
    for (const std::string& id : plan::applied_precautions(
             {m_.knowledge, m_.picture, now, m_.screened, a_.tensions, m_.asked.wanted}))
      add("precaution", id, *m_.knowledge.find_precaution(id));
    for (const auto& line : a_.programme.sequence)
      if (const kb::sequence* s = m_.knowledge.find_sequence(line.rule))
        add("sequence", s->id, *s);
    for (const auto& line : a_.tensions)
      if (const kb::tension* t = m_.knowledge.find_tension(line.id)) {
        add("tension", t->id, *t);
        for (const auto& group : t->between)
          for (const std::string& c : group)
            claim(c);
      }
  }

  // Given or left out; its indications for what is in the network were weighed.
  void exercise(const std::string& id) {
    const kb::exercise* e = m_.knowledge.find_exercise(id);
    if (e == nullptr)
      return;
    add("exercise", e->id, *e);
    for (const kb::indication* i : m_.knowledge.indications_of(e->id))
      if (has("state", i->cause))
        add("indication", i->id(), *i);
  }

  void claim(const std::string& id) {
    add("claim", id);
    if (const kb::claim* c = m_.knowledge.find_claim(id))
      add("source", c->source);
  }

  void resting_on() {
    for (const kb::basis* b : bases_) {
      for (const std::string& id : b->claims)
        claim(id);
      for (const kb::citation& c : b->sources)
        add("source", c.source);
    }
  }

  bool has(std::string_view kind, const std::string& id) const {
    return out_.contains({std::string(kind), id});
  }

  const material& m_;
  const assessment& a_;
  std::vector<bool> there_; // by node
  std::set<statement_ref> out_;
  std::vector<const kb::basis*> bases_;
};

} // namespace

std::vector<statement_ref> took_part(const material& m, const assessment& a) {
  return participants(m, a).run();
}

} // namespace posterior::assess
