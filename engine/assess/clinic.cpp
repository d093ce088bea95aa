// Which of the clinic's own numbers took part in an answer.
#include <algorithm>
#include <tuple>

#include "engine/assess/parts.hpp"
#include "kb/overlay.hpp"

namespace posterior::assess {
namespace {

namespace inf = inference;

class usage {
public:
  usage(const material& m, const assessment& a)
      : m_(m)
      , a_(a)
      , bears_(static_cast<std::size_t>(m.ground.net().size()), false) {
    for (const inf::node_index v : m.evidence.nodes())
      mark(v);
    for (const auto* list : {&m.ground.causes(), &m.ground.others()})
      for (const inf::node_index v : *list)
        mark(v);
  }

  bool took_part(std::string_view id) const {
    const kb::snapshot& k = m_.knowledge;
    if (id.starts_with("link."))
      return link(id);
    if (id.starts_with("observes."))
      return reading(id);
    if (id.starts_with("prior."))
      return prior(id);
    if (id.starts_with("indication."))
      return indication(id);
    if (id.starts_with("message."))
      return message(id);
    if (const kb::finding* f = k.find_finding(id))
      return asked_or_seen(f->id);
    if (k.find_exercise(id) != nullptr)
      return planned(id);
    if (k.find_state(id) != nullptr)
      return state(id);
    if (const kb::precaution* p = k.find_precaution(id))
      return precaution(*p);
    if (k.find_tension(id) != nullptr)
      return std::any_of(a_.tensions.begin(), a_.tensions.end(), [&](const auto& t) { return t.id == id; });
    if (const kb::family* f = k.find_family(id))
      return std::any_of(a_.recorded.begin(), a_.recorded.end(), [&](const observation_ref& o) {
        const kb::finding* seen = k.find_finding(o.finding);
        return seen != nullptr && seen->family == f->id;
      });
    // The scale and the credence of a theory stand behind every answer, a rule is evaluated for each case.
    return id == "scale" || id.starts_with("theory.") || k.find_rule(id) != nullptr;
  }

private:
  // What a posterior that is told can depend on: the node and all that brings it about.
  void mark(inf::node_index v) {
    if (bears_[static_cast<std::size_t>(v)])
      return;
    bears_[static_cast<std::size_t>(v)] = true;
    const inf::layout& map = m_.ground.map();
    for (const inf::layout::arc& up : map.into(v))
      mark(up.from);
    if (const inf::node_index t = map.table_of(v); t >= 0)
      for (const inf::node_index parent : m_.ground.net().tables[static_cast<std::size_t>(t)].parents)
        mark(parent);
  }
  bool bears(inf::node_index v) const { return v >= 0 && bears_[static_cast<std::size_t>(v)]; }

  bool state(std::string_view id) const {
    const auto& nodes = m_.ground.nodes();
    for (std::size_t v = 0; v < nodes.size(); ++v)
      if (bears_[v] && nodes[v].state != nullptr && nodes[v].state->id == id)
        return true;
    return false;
  }

  bool link(std::string_view id) const {
    const auto& net = m_.ground.net();
    const auto& meaning = m_.ground.links();
    for (std::size_t l = 0; l < meaning.size(); ++l)
      if (meaning[l].statement != nullptr && meaning[l].statement->id() == id && bears(net.links[l].to))
        return true;
    const auto& risks = m_.ground.risks();
    return std::any_of(risks.begin(), risks.end(),
                       [&](const inf::risk_link& r) { return r.statement->id() == id && bears(r.effect); });
  }

  bool reading(std::string_view id) const {
    const auto& speakers = m_.evidence.speakers();
    const bool spoke = std::any_of(speakers.begin(), speakers.end(), [&](const inf::speaker& s) {
      return s.reading != nullptr && s.reading->id() == id;
    });
    return spoke || std::any_of(a_.next_tests.begin(), a_.next_tests.end(), [&](const next_test& t) {
             return id.starts_with("observes." + t.finding + ".");
           });
  }

  bool prior(std::string_view id) const {
    const inf::circumstances who = inf::circumstances_of(m_.picture);
    for (const kb::prior& p : m_.knowledge.all.priors)
      if (p.id() == id)
        return inf::prior_for(m_.knowledge, p.state, who) == &p && state(p.state);
    return false;
  }

  bool asked_or_seen(const std::string& finding) const {
    const auto names = [&](const auto& one) { return one.finding == finding; };
    return std::any_of(a_.recorded.begin(), a_.recorded.end(), names) ||
           std::any_of(a_.next_tests.begin(), a_.next_tests.end(), names);
  }

  bool planned(std::string_view exercise) const {
    const auto same = [&](const auto& one) { return one.exercise == exercise; };
    const auto& left_out = a_.programme.left_out;
    return std::any_of(a_.programme.phases.begin(), a_.programme.phases.end(),
                       [&](const plan::plan_phase& p) {
                         return std::any_of(p.items.begin(), p.items.end(), same);
                       }) ||
           std::any_of(left_out.begin(), left_out.end(), same);
  }

  bool indication(std::string_view id) const {
    for (const kb::indication& i : m_.knowledge.all.indications)
      if (i.id() == id)
        return planned(i.exercise);
    return false;
  }

  // A precaution that acted is known by its words alone.
  bool precaution(const kb::precaution& p) const {
    const std::string& words = p.why.empty() ? p.name : p.why;
    const auto told = [&](const std::string& text) { return text.starts_with(words); };
    for (const plan::left_out_line& l : a_.programme.left_out)
      if (told(l.because))
        return true;
    for (const plan::plan_phase& phase : a_.programme.phases)
      for (const plan::plan_item& item : phase.items)
        if (std::any_of(item.warnings.begin(), item.warnings.end(), told))
          return true;
    return false;
  }

  bool message(std::string_view id) const {
    const auto& texts = m_.from_detectors.texts;
    for (const kb::message& one : m_.knowledge.all.messages)
      if ("message." + one.from.plugin + "." + one.key == id)
        return std::find(texts.begin(), texts.end(), one.text) != texts.end();
    return false;
  }

  const material& m_;
  const assessment& a_;
  std::vector<bool> bears_; // by node
};

} // namespace

std::vector<clinic_line> clinic_lines(const material& m, const assessment& a) {
  std::vector<clinic_line> out;
  const kb::statements& all = m.knowledge.all;
  if (all.changes.empty() && all.withdrawals.empty())
    return out;
  const usage used(m, a);
  for (const kb::change& c : all.changes)
    out.push_back({c.field == kb::whole_statement ? "added" : "changed", c.statement, c.field, c.before,
                   c.now, c.by, c.when, c.reason, used.took_part(c.statement)});
  for (const kb::withdrawal& w : all.withdrawals)
    out.push_back({"withdrawn", w.statement, "", "", "", w.by, w.when, w.reason, false});
  std::stable_sort(out.begin(), out.end(), [](const clinic_line& x, const clinic_line& y) {
    return std::tie(x.statement, x.field) < std::tie(y.statement, y.field);
  });
  return out;
}

// What stands in the overlay and could not be understood; kept with a revision, so that a replay says it
// again.
diagnostics clinic_problems(const kb::snapshot& knowledge) {
  diagnostics out;
  for (const kb::dormant& d : knowledge.asleep)
    if (d.plugin == kb::overlay_id && d.statement.starts_with("overlay"))
      out.push_back({severity::warning,
                     "overlay.left-out",
                     {},
                     "what the clinic says was left out in part: " + d.statement + ": " + d.missing,
                     "`posterior kb overlay` shows all of it"});
  return out;
}

} // namespace posterior::assess
