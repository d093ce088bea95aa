// M01 to M09: what came into force, loops, and what nothing reaches.
#include <map>
#include <set>

#include "engine/check/kb_check.hpp"
#include "engine/check/kb_parts.hpp"
#include "engine/check/knowledge_parts.hpp"
#include "engine/plan/plan.hpp"

namespace posterior::check {
namespace {

// --- what is in force ---------------------------------------------------------------

bool about_loops(const diagnostic& d) {
  return d.code == "kb.loop";
}

void check_in_force(const kb_subject& s, kb_remarks& out) {
  for (const kb::bundle& b : s.refused)
    for (const diagnostic& d : b.problems)
      if (d.level == severity::error && !about_loops(d))
        out.add({b.about.id, b.about.id, d.where, d.text, d.hint});
}

void check_asleep(const kb_subject& s, kb_remarks& out) {
  for (const kb::dormant& d : s.knowledge.asleep)
    if (s.knowledge.find_exercise(d.statement) == nullptr || names_precaution(d))
      out.add({d.statement,
               d.plugin,
               {},
               fault("\"" + d.statement + "\"", "naming \"" + d.missing + "\", which no bundle defines",
                     "names of what is there"),
               "until a bundle defines it, it sleeps or goes on without it"});
}

// --- loops --------------------------------------------------------------------------

using ways = std::map<std::string_view, std::set<std::string_view>>;

ways ways_of(const std::vector<kb::link>& links, bool with_cut) {
  ways out;
  for (const kb::link& l : links) {
    if (l.cut && !with_cut)
      continue;
    out[l.source].insert(l.target);
    for (const auto* gates : {&l.only_with, &l.unless})
      for (const std::string& gate : *gates)
        out[gate].insert(l.target);
  }
  return out;
}

// A shortest way from one state to another, both ends in it; empty if there is none.
std::vector<std::string_view> way_between(const ways& w, std::string_view from, std::string_view to) {
  std::map<std::string_view, std::string_view> before;
  std::vector<std::string_view> queue{from};
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const auto at = w.find(queue[i]);
    if (at == w.end())
      continue;
    for (std::string_view next : at->second) {
      if (next == to) {
        std::vector<std::string_view> out{to};
        for (auto state = queue[i]; state != from; state = before[state])
          out.push_back(state);
        out.push_back(from);
        std::reverse(out.begin(), out.end());
        return out;
      }
      if (before.emplace(next, queue[i]).second)
        queue.push_back(next);
    }
  }
  return {};
}

// "a -> b -> a (claims s001, s002)".
std::string loop_in_words(const kb::snapshot& k, const std::vector<std::string_view>& states) {
  std::string out;
  std::set<std::string> claims;
  for (std::size_t i = 0; i < states.size(); ++i) {
    out += (i ? " -> " : "") + std::string(states[i]);
    if (i + 1 < states.size())
      for (const kb::link* l : k.links_from(states[i]))
        if (l->target == states[i + 1])
          claims.insert(l->rests_on.claims.begin(), l->rests_on.claims.end());
  }
  return out + (claims.empty() ? " (no claims)" : " (claims " + joined({claims.begin(), claims.end()}) + ")");
}

void check_open_loops(const kb_subject& s, kb_remarks& out) {
  for (const kb::bundle& b : s.refused)
    for (const diagnostic& d : b.problems)
      if (d.level == severity::error && about_loops(d))
        out.add({b.about.id, b.about.id, d.where, d.text, d.hint});
  const ways uncut = ways_of(s.knowledge.all.links, false);
  std::set<std::set<std::string_view>> told;
  for (const kb::link& l : s.knowledge.all.links) {
    if (l.cut)
      continue;
    auto loop = way_between(uncut, l.target, l.source);
    if (loop.empty() || !told.insert({loop.begin(), loop.end()}).second)
      continue;
    loop.insert(loop.begin(), l.source);
    out.add(l.id(), l.from,
            fault(naming("link", l.id()), "part of the loop " + loop_in_words(s.knowledge, loop),
                  "free of loops"),
            "mark one link of the loop with cut = true and a cut_reason");
  }
}

// The mark may cut a link that closes no loop any more: then it only takes the link out.
void check_cut_loops(const kb_subject& s, kb_remarks& out) {
  const ways all = ways_of(s.knowledge.all.links, true);
  for (const kb::link& l : s.knowledge.all.links) {
    if (!l.cut)
      continue;
    auto loop = way_between(all, l.target, l.source);
    if (loop.empty()) {
      out.add(l.id(), l.from,
              fault(naming("link", l.id()), "cut (" + l.cut_reason + "), though it closes no loop",
                    "one that counts, or cut for a loop"));
      continue;
    }
    loop.insert(loop.begin(), l.source);
    out.add(l.id(), l.from,
            fault(naming("link", l.id()), "cut from the loop " + loop_in_words(s.knowledge, loop),
                  "shown and not reasoned with"),
            l.cut_reason);
  }
}

// --- reach --------------------------------------------------------------------------

std::set<std::string_view> observed_states(const kb::snapshot& k) {
  std::set<std::string_view> out;
  for (const kb::observes& o : k.all.readings)
    out.insert(o.state);
  return out;
}

// Whether a finding speaks about the state or about anything that it brings about.
bool shows(const kb::snapshot& k, const std::set<std::string_view>& observed, std::string_view state) {
  std::set<std::string_view> seen{state};
  for (std::vector<std::string_view> open{state}; !open.empty();) {
    const std::string_view at = open.back();
    open.pop_back();
    if (observed.contains(at))
      return true;
    for (const kb::link* l : k.links_from(at))
      if (!l->cut && seen.insert(l->target).second)
        open.push_back(l->target);
  }
  return false;
}

void check_causes_show(const kb_subject& s, kb_remarks& out) {
  const auto observed = observed_states(s.knowledge);
  for (const kb::state& one : s.knowledge.all.states)
    if (one.kind == kb::state_kind::cause && !shows(s.knowledge, observed, one.id))
      out.add(one.id, one.from,
              fault(naming("cause", one.id), "one that shows in no finding",
                    "observed, or bringing about something that is"),
              "add an [[observes]] about it, or a [[link]] to a state that is observed");
}

// A state that neither a finding nor a link touches says nothing in any case.
void check_states_joined(const kb_subject& s, kb_remarks& out) {
  for (const kb::state& one : s.knowledge.all.states)
    if (one.kind != kb::state_kind::cause && !reachable(s.knowledge, one.id))
      out.add(one.id, one.from,
              fault(naming("state", one.id), "out of reach of every finding", "moved by at least one"),
              "add an [[observes]] about it, or a [[link]] that joins it to what is observed");
}

void check_causes_treated(const kb_subject& s, kb_remarks& out) {
  for (const kb::state& one : s.knowledge.all.states)
    if (one.kind == kb::state_kind::cause && s.knowledge.indications_for(one.id).empty())
      out.add(one.id, one.from,
              fault(naming("cause", one.id), "without an exercise", "the cause of at least one indication"),
              "add an [[indication]], or make it `kind = \"other\"` if no plan aims at it");
}

void check_findings_of_use(const kb_subject& s, kb_remarks& out) {
  std::set<std::string> used = findings_in_use(s.knowledge);
  if (const kb::finding* f = s.knowledge.find_finding(plan::irritability_finding))
    used.insert(f->id);
  for (const kb::finding& f : s.knowledge.all.findings)
    if (!f.derived && !used.contains(f.id) && f.kind != kb::finding_kind::attribute)
      out.add(f.id, f.from,
              fault(naming("finding", f.id), "asked by nothing",
                    "read by an observes, a rule, a precaution, a detector or a tension"),
              "add what it means, or leave it out of the form");
}

bool decides_something(const kb::snapshot& k, const std::string& finding) {
  return std::any_of(k.all.tensions.begin(), k.all.tensions.end(),
                     [&](const kb::tension& t) { return lists(t.decides, finding); });
}

void check_derived_read(const kb_subject& s, kb_remarks& out) {
  for (const kb::finding& f : s.knowledge.all.findings)
    if (f.derived && s.knowledge.readings_of(f.id).empty() && !decides_something(s.knowledge, f.id))
      out.add(f.id, f.from,
              fault(naming("derived finding", f.id), "read by nothing", "read by an observes or a tension"),
              "the detector computes it in vain; a precaution cannot read what is derived");
}

} // namespace

std::vector<kb_spec> kb_network_checks() {
  return {
      {"M01", "bundles-in-force", "Every bundle that was found can be used.", severity::error,
       check_in_force},
      {"M02", "nothing-asleep", "Every statement names what is there.", severity::warning, check_asleep},
      {"M03", "no-open-loop", "No links lead back to where they began.", severity::error, check_open_loops},
      {"M04", "cut-loops-named", "Each loop that a mark cuts, with the claims in it.", severity::note,
       check_cut_loops},
      {"M05", "causes-show", "A finding speaks about each cause, or about something that it brings about.",
       severity::error, check_causes_show},
      {"M06", "states-joined", "Every other state can be moved by a finding.", severity::warning,
       check_states_joined},
      {"M07", "causes-treated", "Each cause has an exercise.", severity::warning, check_causes_treated},
      {"M08", "findings-of-use", "Something reads each finding that is asked.", severity::warning,
       check_findings_of_use},
      {"M09", "derived-findings-read", "Something reads what each detector derives.", severity::warning,
       check_derived_read},
  };
}

} // namespace posterior::check
