#include "engine/assess/detectors.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "engine/case/settle.hpp"
#include "kb/values/unit.hpp"

namespace posterior::assess {
namespace {

host::declared_finding declared(const kb::finding& f) {
  host::declared_finding out;
  out.lateral = f.lateral;
  out.has_unit = !f.unit.empty();
  out.levels = static_cast<std::uint32_t>(f.levels.size());
  if (f.bounds) {
    out.value_min = f.bounds->min;
    out.value_max = f.bounds->max;
  }
  return out;
}

void add_findings(host::detector_spec& spec, const kb::snapshot& knowledge) {
  std::set<std::string> consumed;
  for (const kb::finding& f : knowledge.all.findings) {
    if (!f.derived || f.from.plugin != spec.plugin)
      continue;
    spec.produces.emplace(f.id, declared(f));
    consumed.insert(f.consumes.begin(), f.consumes.end());
  }
  spec.consumes.assign(consumed.begin(), consumed.end());
  for (const kb::message& m : knowledge.all.messages)
    if (m.from.plugin == spec.plugin)
      spec.rules.push_back(m.key);
}

host::detector_spec spec_of(const kb::plugin_entry& p, const kb::snapshot& knowledge,
                            const code_policy& may_run) {
  host::detector_spec spec;
  spec.plugin = p.about.id;
  spec.version = p.about.version;
  code_ruling ruling = may_run(p);
  spec.library = std::move(ruling.library);
  spec.sha256 = std::move(ruling.sha256);
  spec.bundle_digest = p.digest;
  spec.bundled = ruling.bundled;
  spec.barred = ruling.barred;
  spec.barred_reason = std::move(ruling.reason);
  spec.limits = {p.about.allowed.evaluate_ms, p.about.allowed.memory_mib, p.about.allowed.records};
  add_findings(spec, knowledge);
  return spec;
}

host::observation plain(const cases::observation& o) {
  host::observation out;
  out.finding = o.finding;
  out.where = o.where;
  out.certainty = o.certainty;
  out.day = o.day;
  if (o.value) {
    out.says = host::reading::measured;
    out.value = *o.value;
  } else if (o.level) {
    out.says = host::reading::graded;
    out.level = static_cast<std::uint32_t>(*o.level);
  } else {
    out.says = o.state == cases::truth::present  ? host::reading::present
               : o.state == cases::truth::absent ? host::reading::absent
                                                 : host::reading::unknown;
  }
  return out;
}

void add_number(std::vector<host::observation>& out, const kb::snapshot& knowledge, std::string_view id,
                const std::optional<double>& value, std::string_view unit) {
  const kb::finding* f = knowledge.find_finding(id);
  const auto converted = f != nullptr && value ? convert(*value, unit, f->unit) : std::nullopt;
  if (!converted)
    return;
  host::observation o;
  o.finding = f->id;
  o.says = host::reading::measured;
  o.value = *converted;
  out.push_back(std::move(o));
}

void add_sex(std::vector<host::observation>& out, const kb::snapshot& knowledge, cases::sex is) {
  const kb::finding* f = knowledge.find_finding("sex");
  if (f == nullptr || is == cases::sex::unknown)
    return;
  const auto at = std::find(f->levels.begin(), f->levels.end(), to_string(is));
  if (at == f->levels.end())
    return;
  host::observation o;
  o.finding = f->id;
  o.says = host::reading::graded;
  o.level = static_cast<std::uint32_t>(at - f->levels.begin());
  out.push_back(std::move(o));
}

cases::observation recorded(const host::derived_finding& d) {
  cases::observation o;
  o.finding = d.finding;
  o.where = d.where;
  o.certainty = d.certainty;
  if (d.says == host::reading::measured)
    o.value = d.value;
  else if (d.says == host::reading::graded)
    o.level = static_cast<int>(d.level);
  else
    o.state = d.says == host::reading::present  ? cases::truth::present
              : d.says == host::reading::absent ? cases::truth::absent
                                                : cases::truth::unknown;
  return o;
}

// One text per status, whatever went wrong inside: the same statuses give the same bytes.
std::string_view detail_of(host::answer_status status) {
  switch (status) {
  case host::answer_status::answered:
    return "its detector answered";
  case host::answer_status::timed_out:
    return "its detector gave no answer in its time; what it would derive from the findings is missing";
  case host::answer_status::quarantined:
    return "its detector failed too often and is in quarantine; what it would derive from the findings is "
           "missing";
  case host::answer_status::not_trusted:
    return "its code is not trusted here and did not run; what it would derive from the findings is missing";
  case host::answer_status::not_confined:
    return "its code could not be confined on this system and did not run; what it would derive from the "
           "findings is missing";
  case host::answer_status::failed:
    break;
  }
  return "its detector failed; what it would derive from the findings is missing";
}

std::string rule_text(const std::vector<host::derived_finding>& list, const cases::settled& s,
                      const kb::snapshot& knowledge) {
  for (const host::derived_finding& d : list)
    if (d.finding == s.finding && d.where == s.where)
      if (const kb::message* m = knowledge.find_message(d.plugin, d.rule))
        return m->text;
  return {};
}

// Derived findings pass through the same rules as recorded ones: cut-offs by sex and age, levels, sides.
void add_derived(detected& out, const host::detection& found, const cases::patient_case& c,
                 const kb::snapshot& knowledge) {
  cases::patient_case derived;
  derived.who = c.who;
  derived.in = c.in;
  for (const host::derived_finding& d : found.findings)
    derived.observations.push_back(recorded(d));
  out.findings = cases::settle(derived, knowledge).findings;
  for (cases::settled& s : out.findings) {
    s.from.clear(); // they are no observations of the case
    out.texts.push_back(rule_text(found.findings, s, knowledge));
  }
}

} // namespace

std::vector<host::detector_spec> detector_specs(const kb::snapshot& knowledge, const code_policy& may_run) {
  std::vector<host::detector_spec> out;
  for (const kb::plugin_entry& p : knowledge.plugins)
    if (p.about.has_detector)
      out.push_back(spec_of(p, knowledge, may_run));
  return out;
}

std::vector<host::observation> detector_input(const cases::patient_case& c, const kb::snapshot& knowledge) {
  std::vector<host::observation> out;
  for (const cases::observation& o : c.observations)
    out.push_back(plain(o));
  add_number(out, knowledge, "age", c.who.age, "a");
  add_number(out, knowledge, "body-mass", c.who.body_mass, "kg");
  add_number(out, knowledge, "height", c.who.height, "cm");
  add_sex(out, knowledge, c.who.sex_is);
  return out;
}

detector_port ask_detectors(std::shared_ptr<host::worker_pool> workers,
                            std::vector<host::detector_spec> specs, silence_observer silent) {
  return [workers = std::move(workers), specs = std::move(specs), silent = std::move(silent)](
             const cases::patient_case& c, const cases::picture&, const kb::snapshot& current) {
    detected out;
    if (specs.empty())
      return out;
    const host::detection found = workers->run(specs, detector_input(c, current));
    for (const host::detector_answer& a : found.answers) {
      out.answers.push_back(
          {a.plugin, a.version, std::string(to_string(a.status)), std::string(detail_of(a.status))});
      if (silent && a.status != host::answer_status::answered)
        silent(a);
    }
    out.confinement = found.confinement;
    add_derived(out, found, c, current);
    return out;
  };
}

} // namespace posterior::assess
