// M10 to M19: what statements rest on, what is counted twice, and disagreement.
#include <map>
#include <set>

#include "engine/check/kb_check.hpp"
#include "engine/check/kb_parts.hpp"

namespace posterior::check {
namespace {

using kb::seen_as;

// The ways of seeing a text, best first; what was computed or judged is no text.
bool is_text(seen_as s) {
  return s == seen_as::full_text || s == seen_as::abstract || s == seen_as::second_hand;
}

// How the best of what a statement rests on was seen; judgement if that is nothing.
seen_as best_seen(const kb::snapshot& k, const kb::basis& b) {
  seen_as best = seen_as::judgement;
  for (const std::string& id : b.claims)
    if (const kb::claim* c = k.find_claim(id))
      best = std::min(best, c->seen);
  for (const kb::citation& cited : b.sources)
    if (const kb::source* s = k.find_source(cited.source))
      best = std::min(best, s->seen);
  return best;
}

void check_seen(const kb_subject& s, kb_remarks& out) {
  each_basis(s.knowledge, [&](std::string_view kind, const std::string& id, const kb::basis& b,
                              const kb::origin& from) {
    const seen_as best = best_seen(s.knowledge, b);
    if (is_text(b.seen) && b.seen < best)
      out.add(id, from,
              fault("\"seen\" of " + naming(kind, id), std::string(to_string(b.seen)),
                    best == seen_as::judgement ? "judgement, since it names no source"
                                               : std::string(to_string(best)) + ", as the best it rests on"),
              "say how the figure itself was seen, or cite what was read");
  });
  for (const kb::claim& c : s.knowledge.all.claims)
    if (const kb::source* of = s.knowledge.find_source(c.source);
        of != nullptr && is_text(c.seen) && c.seen < of->seen)
      out.add(c.id, c.from,
              fault("\"seen\" of " + naming("claim", c.id), std::string(to_string(c.seen)),
                    std::string(to_string(of->seen)) + ", as its source " + of->id));
}

void check_remembered(const kb_subject& s, kb_remarks& out) {
  each_basis(s.knowledge,
             [&](std::string_view kind, const std::string& id, const kb::basis& b, const kb::origin& from) {
               if (!b.judgement.empty() || (b.claims.empty() && b.sources.empty()))
                 return;
               if (best_seen(s.knowledge, b) >= seen_as::memory)
                 out.add(id, from,
                         fault(naming(kind, id), "resting on what nobody has read again (seen: memory)",
                               "resting on a text that was seen, or marked as a judgement"),
                         "look the source up, or add a `judgement` that says so");
             });
}

void check_judged(const kb_subject& s, kb_remarks& out) {
  each_basis(s.knowledge,
             [&](std::string_view kind, const std::string& id, const kb::basis& b, const kb::origin& from) {
               if (b.claims.empty() && b.sources.empty() && kind != "tension")
                 out.add(id, from,
                         fault(naming(kind, id), "resting on judgement alone (" + b.judgement + ")",
                               "read as such; a source would make it stronger"));
             });
}

// --- what nobody cites --------------------------------------------------------------

std::set<std::string> cited_claims(const kb::snapshot& k) {
  std::set<std::string> out;
  each_basis(k, [&](std::string_view, const std::string&, const kb::basis& b, const kb::origin&) {
    out.insert(b.claims.begin(), b.claims.end());
  });
  for (const kb::tension& t : k.all.tensions)
    for (const auto& group : t.between)
      out.insert(group.begin(), group.end());
  return out;
}

void check_claims_cited(const kb_subject& s, kb_remarks& out) {
  const auto cited = cited_claims(s.knowledge);
  for (const kb::claim& c : s.knowledge.all.claims)
    if (!cited.contains(c.id))
      out.add(c.id, c.from, fault(naming("claim", c.id), "cited by nothing", "what a statement rests on"));
}

void check_sources_cited(const kb_subject& s, kb_remarks& out) {
  std::set<std::string> cited;
  each_basis(s.knowledge, [&](std::string_view, const std::string&, const kb::basis& b, const kb::origin&) {
    for (const kb::citation& c : b.sources)
      cited.insert(c.source);
  });
  for (const kb::claim& c : s.knowledge.all.claims)
    cited.insert(c.source);
  for (const kb::source& one : s.knowledge.all.sources)
    if (!cited.contains(one.id))
      out.add(one.id, one.from,
              fault(naming("source", one.id), "cited by nothing", "what a claim or a statement rests on"));
}

// --- double evidence ----------------------------------------------------------------

bool one_family(const kb::finding& a, const kb::finding& b) {
  return !a.family.empty() && a.family == b.family;
}

// A neutral word only says that the finding was read and speaks for nothing.
bool speaks(const kb::observes& o) {
  return o.opinion.empty() || o.reads_values() || o.ratio_present.mean != 1 || o.ratio_absent.mean != 1;
}

const kb::observes* reading(const kb::snapshot& k, std::string_view finding, std::string_view state) {
  for (const kb::observes* o : k.readings_of(finding))
    if (o->state == state && speaks(*o))
      return o;
  return nullptr;
}

// States that both findings speak about.
std::vector<std::string> shared_states(const kb::snapshot& k, std::string_view a, std::string_view b) {
  std::vector<std::string> out;
  for (const kb::observes* o : k.readings_of(a))
    if (speaks(*o) && reading(k, b, o->state) != nullptr)
      out.push_back(o->state);
  return out;
}

void check_retests(const kb_subject& s, kb_remarks& out) {
  for (const kb::finding& f : s.knowledge.all.findings) {
    const kb::finding* base = f.retest_of.empty() ? nullptr : s.knowledge.find_finding(f.retest_of);
    if (base == nullptr || one_family(f, *base))
      continue;
    for (const std::string& state : shared_states(s.knowledge, f.id, base->id))
      out.add(f.id, f.from,
              fault(naming("finding", f.id),
                    "speaking about \"" + state + "\" beside \"" + base->id + "\", which it repeats",
                    "of one family with it"),
              "give the two one `family`: what they share in error is then counted once");
  }
}

void check_derived_once(const kb_subject& s, kb_remarks& out) {
  for (const kb::finding& d : s.knowledge.all.findings)
    for (const std::string& raw : d.consumes) {
      const kb::finding* f = s.knowledge.find_finding(raw);
      if (f == nullptr || lists(d.replaces, raw) || one_family(d, *f))
        continue;
      for (const std::string& state : shared_states(s.knowledge, d.id, raw))
        out.add(d.id, d.from,
                fault(naming("derived finding", d.id),
                      "speaking about \"" + state + "\" beside \"" + raw + "\", which it is computed from",
                      "counted once"),
                "add \"" + raw + "\" to its `replaces`, or give the two one `family`");
    }
}

// Two findings of no common family that speak about one state by the same claims and nothing else.
bool one_voice(const kb::snapshot& k, const kb::observes& a, const kb::observes& b) {
  if (a.rests_on.claims.empty() || a.rests_on.claims != b.rests_on.claims || !a.rests_on.sources.empty() ||
      !b.rests_on.sources.empty())
    return false;
  const kb::finding *f = k.find_finding(a.finding), *g = k.find_finding(b.finding);
  return f != nullptr && g != nullptr && !one_family(*f, *g);
}

void check_one_voice(const kb_subject& s, kb_remarks& out) {
  std::map<std::string_view, std::vector<const kb::observes*>> about;
  for (const kb::observes& o : s.knowledge.all.readings)
    about[o.state].push_back(&o);
  for (const auto& [state, all] : about)
    for (std::size_t i = 0; i < all.size(); ++i)
      for (std::size_t j = i + 1; j < all.size(); ++j)
        if (one_voice(s.knowledge, *all[i], *all[j]))
          out.add(all[j]->id(), all[j]->from,
                  fault(naming("reading", all[j]->id()),
                        "a second voice of the claims " + joined(all[j]->rests_on.claims) + " beside \"" +
                            all[i]->id() + "\"",
                        "one voice"),
                  "where the claim is about both together, give the findings one `family`");
}

// --- disagreement -------------------------------------------------------------------

bool opposed(const kb::snapshot& k, const std::vector<std::string>& claims,
             const std::vector<std::string>& states) {
  return std::any_of(k.all.tensions.begin(), k.all.tensions.end(), [&](const kb::tension& t) {
    const auto names = [&](const auto& group) {
      return std::any_of(group.begin(), group.end(), [&](const std::string& c) { return lists(claims, c); });
    };
    return std::any_of(t.between.begin(), t.between.end(), names) ||
           std::any_of(t.about.begin(), t.about.end(), [&](const auto& id) { return lists(states, id); });
  });
}

// Whether the statement itself names two sides: claims or sources beside each other, one of them contested.
bool speaks_of_both(const kb::snapshot& k, const kb::basis& b) {
  const auto contested = [&](const std::string& id) {
    const kb::claim* c = k.find_claim(id);
    return c != nullptr && c->contested;
  };
  return b.claims.size() + b.sources.size() > 1 || !b.judgement.empty() ||
         std::any_of(b.claims.begin(), b.claims.end(), contested);
}

void check_contested(const kb_subject& s, kb_remarks& out) {
  const auto judge = [&](std::string_view kind, const auto& list, auto states) {
    for (const auto& one : list)
      if (one.rests_on.contested && !speaks_of_both(s.knowledge, one.rests_on) &&
          !opposed(s.knowledge, one.rests_on.claims, states(one))) {
        std::string id;
        if constexpr (requires { one.id(); })
          id = one.id();
        else
          id = one.id;
        out.add(id, one.from,
                fault(naming(kind, id), "contested, with nothing that speaks against it",
                      "beside a counter-claim or in a tension"),
                "cite the study that disagrees, or record a [[tension]]");
      }
  };
  using states = std::vector<std::string>;
  judge("state", s.knowledge.all.states, [](const kb::state& x) { return states{x.id}; });
  judge("link", s.knowledge.all.links, [](const kb::link& x) { return states{x.source, x.target}; });
  judge("reading", s.knowledge.all.readings, [](const kb::observes& x) { return states{x.state}; });
  judge("indication", s.knowledge.all.indications, [](const kb::indication& x) { return states{x.cause}; });
}

void check_decidable(const kb_subject& s, kb_remarks& out) {
  for (const kb::tension& t : s.knowledge.all.tensions)
    if (!t.same_plan && t.decides.empty())
      out.add(t.id, t.from,
              fault(naming("tension", t.id), "without a finding that decides it",
                    "decidable, or one whose readings lead to the same plan"),
              "name findings in `decides`, or set same_plan = true; until then only a [[choice]] settles it");
}

void check_withholding(const kb_subject& s, kb_remarks& out) {
  for (const kb::tension& t : s.knowledge.all.tensions) {
    if (t.same_plan || t.takes.empty())
      continue;
    if (std::all_of(t.takes.begin(), t.takes.end(), [](const kb::take& x) { return x.withholds.empty(); }))
      out.add(t.id, t.from,
              fault(naming("tension", t.id), "with takes that withhold no exercise that exists",
                    "one whose takes lead to different plans"),
              "name exercises in `withholds` of a take, or set same_plan = true");
  }
}

} // namespace

std::vector<kb_spec> kb_basis_checks() {
  return {
      {"M10", "seen-as-it-was", "No statement claims to be seen better than what it rests on.",
       severity::error, check_seen},
      {"M11", "sources-read", "No statement rests on remembered texts alone without saying so.",
       severity::warning, check_remembered},
      {"M12", "judgement-named", "Each statement that rests on judgement alone.", severity::note,
       check_judged},
      {"M13", "claims-cited", "Each claim that nothing cites.", severity::note, check_claims_cited},
      {"M14", "sources-cited", "Each source that nothing cites.", severity::note, check_sources_cited},
      {"M15", "retests-in-a-family", "A finding and its retest share a family where both read one state.",
       severity::error, check_retests},
      {"M16", "derived-counted-once", "What a detector used speaks no second time for the same state.",
       severity::error, check_derived_once},
      {"M17", "one-claim-one-voice", "No claim speaks for one state by two findings of no common family.",
       severity::warning, check_one_voice},
      {"M18", "contested-has-two-sides", "What is contested stands beside what speaks against it.",
       severity::warning, check_contested},
      {"M19", "tensions-decidable", "A finding decides each tension that changes the plan.",
       severity::warning, check_decidable},
      {"M20", "tensions-withhold", "The takes of a tension withhold something, if they change the plan.",
       severity::warning, check_withholding},
  };
}

} // namespace posterior::check
