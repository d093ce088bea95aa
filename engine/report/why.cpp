#include "engine/report/why.hpp"

#include <algorithm>

#include "engine/report/assessment.hpp"
#include "engine/report/clinic.hpp"
#include "engine/report/explained_parts.hpp"
#include "engine/report/json_parts.hpp"
#include "engine/report/letter_parts.hpp"
#include "engine/report/statement_parts.hpp"
#include "engine/report/words.hpp"

namespace posterior::report {
namespace {

struct subject {
  std::string_view id;
  std::optional<side> where; // asked with "@left"
};

subject subject_of(std::string_view asked) {
  const std::size_t at = asked.find('@');
  if (at == std::string_view::npos)
    return {asked, {}};
  const std::string_view named = asked.substr(at + 1);
  return {asked.substr(0, at), named == "left" ? side::left : named == "right" ? side::right : side::none};
}

// Every entry about that state, wherever it is ranked; a hidden one only if the letter names it, too.
std::vector<const assess::cause_entry*> entries(const assess::assessment& a, const subject& s) {
  std::vector<const assess::cause_entry*> out;
  for (const auto* list : {&a.differential, &a.outside})
    for (const assess::cause_entry& c : *list)
      if (c.cause == s.id && (!s.where || c.where == *s.where) && (!c.hidden || c.cannot_be_excluded))
        out.push_back(&c);
  return out;
}

struct placed {
  const plan::plan_phase* phase;
  const plan::plan_item* item;
};

std::vector<placed> in_plan(const assess::assessment& a, std::string_view exercise) {
  std::vector<placed> out;
  for (const plan::plan_phase& p : a.programme.phases)
    for (const plan::plan_item& item : p.items)
      if (item.exercise == exercise)
        out.push_back({&p, &item});
  return out;
}

std::vector<const plan::left_out_line*> left_out(const assess::assessment& a, std::string_view exercise) {
  std::vector<const plan::left_out_line*> out;
  for (const plan::left_out_line& l : a.programme.left_out)
    if (l.exercise == exercise)
      out.push_back(&l);
  return out;
}

std::vector<const assess::next_test*> tests(const assess::assessment& a, std::string_view finding) {
  std::vector<const assess::next_test*> out;
  for (const assess::next_test& t : a.next_tests)
    if (t.finding == finding)
      out.push_back(&t);
  return out;
}

// What a finding did to each cause that may be shown.
struct effect {
  const assess::cause_entry* cause;
  const assess::reason* why;
};

std::vector<effect> effects(const assess::assessment& a, std::string_view finding) {
  std::vector<effect> out;
  for (const assess::cause_entry& c : a.differential)
    for (const auto* list : {&c.in_favour, &c.against})
      for (const assess::reason& r : *list)
        if (r.finding == finding && !c.hidden)
          out.push_back({&c, &r});
  return out;
}

const cases::red_flag* raised(const assess::assessment& a, std::string_view rule) {
  const auto it =
      std::find_if(a.red_flags.begin(), a.red_flags.end(), [&](const auto& f) { return f.id == rule; });
  return it == a.red_flags.end() ? nullptr : &*it;
}

// --- words -----------------------------------------------------------------------

void add_cause_answer(sheet& page, const letter_view& v, const kb::state& s, const subject& asked) {
  page.title("Why: " + s.name);
  const auto list = entries(v.a, asked);
  for (const assess::cause_entry* c : list) {
    page.entry(with_side(c->name, c->where) + (c->examined ? "" : " (not examined)"));
    add_cause_body(page, *c, v);
    add_explanation(page, *c, v.knowledge);
  }
  if (list.empty())
    page.text("It is not ranked in this assessment.", 1);
  add_sets(page, v.a, v.knowledge);
  page.heading("WHAT THE KNOWLEDGE BASE SAYS");
  add_state(page, s, v.knowledge);
}

void add_exercise_answer(sheet& page, const letter_view& v, const kb::exercise& e) {
  page.title("Why: " + e.name);
  const auto given = in_plan(v.a, e.id);
  const auto withheld = left_out(v.a, e.id);
  for (const placed& p : given) {
    page.entry("In the plan, phase " + std::string(to_string(p.phase->stage)) + ", " +
               with_side(p.item->name, p.item->where));
    add_item_body(page, *p.item, v);
  }
  for (const plan::left_out_line* l : withheld)
    page.item("left out:",
              l->because + " (" + l->by + ")" +
                  (l->sources.empty() ? "" : " [" + citations(l->sources) + "]"),
              1, tone::caution);
  if (given.empty() && withheld.empty())
    page.text("Neither in the plan nor left out: no cause that was found asks for it.", 1);
  page.heading("WHAT THE KNOWLEDGE BASE SAYS");
  add_exercise(page, e, v.knowledge);
}

void add_finding_answer(sheet& page, const letter_view& v, const kb::finding& f) {
  page.title("Why: " + f.name);
  for (const cases::observation_ref& o : v.a.recorded)
    if (o.finding == f.id)
      page.item("recorded:", o.text, 1);
  for (const effect& e : effects(v.a, f.id))
    page.item(e.why->weight_db < 0 ? "-" : "+",
              with_side(e.cause->name, e.cause->where) + ": " + weight(e.why->weight_db), 1);
  const auto next = tests(v.a, f.id);
  for (const assess::next_test* t : next) {
    page.entry("Worth testing next: " + with_side(t->name, t->where));
    add_test_body(page, *t, v);
  }
  for (const assess::unexplained_finding& u : v.a.unexplained)
    if (u.finding == f.id)
      page.item("unexplained:", u.why, 1);
  if (next.empty())
    page.text("It is not among the tests to do next.", 1);
  page.heading("WHAT THE KNOWLEDGE BASE SAYS");
  add_finding(page, f, v.knowledge);
}

void add_rule_answer(sheet& page, const letter_view& v, const kb::rule& r) {
  page.title("Why: " + r.name);
  if (const cases::red_flag* f = raised(v.a, r.id)) {
    page.text("Raised, because:", 1, tone::alarm);
    for (const cases::observation_ref& o : f->because)
      page.item("*", o.text, 2);
  } else {
    page.text("Not raised by what was recorded.", 1);
  }
  page.heading("WHAT THE KNOWLEDGE BASE SAYS");
  add_rule(page, r, v.knowledge);
}

std::vector<plan::sequence_line> bearing(const assess::assessment& a, std::string_view rule) {
  std::vector<plan::sequence_line> out;
  for (const plan::sequence_line& l : a.programme.sequence)
    if (l.rule == rule)
      out.push_back(l);
  return out;
}

void add_sequence_answer(sheet& page, const letter_view& v, const kb::sequence& s) {
  page.title("Why: " + s.name);
  const auto lines = bearing(v.a, s.id);
  for (const plan::sequence_line& l : lines)
    add_sequence_line(page, l);
  if (lines.empty())
    page.text("It does not bear on the plan of this assessment.", 1);
  page.heading("WHAT THE KNOWLEDGE BASE SAYS");
  add_sequence(page, s, v.knowledge);
}

// --- JSON ------------------------------------------------------------------------

void write_head(json_writer& w, const assess::assessment& a, std::string_view id, const char* kind) {
  w.begin_object().member("schema", "posterior.why/1").member("id", id).member("kind", kind);
  standing_members(w, a);
  w.key("knowledge").begin_object().member("revision", a.revision).member("digest", a.digest).end_object();
  w.key("engine").begin_object().member("version", a.engine_version).end_object();
}

void cause_members(json_writer& w, const assess::assessment& a, const kb::snapshot& k, const kb::state& s,
                   const subject& asked) {
  w.key("entries").begin_array();
  for (const assess::cause_entry* c : entries(a, asked))
    write(w, *c);
  w.end_array().key("says").begin_object();
  state_members(w, s, k);
  w.end_object();
}

void exercise_answer(json_writer& w, const assess::assessment& a, const kb::snapshot& k,
                     const kb::exercise& e) {
  w.key("in_plan").begin_array();
  for (const placed& p : in_plan(a, e.id)) {
    w.begin_object().member("phase", to_string(p.phase->stage)).key("item");
    write(w, *p.item);
    w.end_object();
  }
  w.end_array().key("left_out").begin_array();
  for (const plan::left_out_line* l : left_out(a, e.id)) {
    w.begin_object().member("because", l->because).member("by", l->by);
    sources(w, l->sources);
    w.end_object();
  }
  w.end_array().key("says").begin_object();
  exercise_members(w, e, k);
  w.end_object();
}

void finding_answer(json_writer& w, const assess::assessment& a, const kb::snapshot& k,
                    const kb::finding& f) {
  std::vector<cases::observation_ref> mine;
  std::copy_if(a.recorded.begin(), a.recorded.end(), std::back_inserter(mine),
               [&](const cases::observation_ref& o) { return o.finding == f.id; });
  observations(w, "recorded", mine);
  w.key("effects").begin_array();
  for (const effect& e : effects(a, f.id))
    w.begin_object()
        .member("cause", e.cause->cause)
        .member("side", to_string(e.cause->where))
        .member("weight_db", e.why->weight_db)
        .end_object();
  w.end_array().key("next_tests").begin_array();
  for (const assess::next_test* t : tests(a, f.id))
    write(w, *t, a);
  w.end_array().key("says").begin_object();
  finding_members(w, f, k);
  w.end_object();
}

void rule_answer(json_writer& w, const assess::assessment& a, const kb::snapshot& k, const kb::rule& r) {
  const cases::red_flag* f = raised(a, r.id);
  w.member("raised", f != nullptr);
  observations(w, "because", f != nullptr ? f->because : std::vector<cases::observation_ref>{});
  w.key("says").begin_object();
  rule_members(w, r, k);
  w.end_object();
}

void sequence_answer(json_writer& w, const assess::assessment& a, const kb::snapshot& k,
                     const kb::sequence& s) {
  w.key("bears").begin_array();
  for (const plan::sequence_line& l : bearing(a, s.id))
    write(w, l);
  w.end_array().key("says").begin_object();
  sequence_members(w, s, k);
  w.end_object();
}

} // namespace

std::optional<std::string> why_json(const assess::assessment& a, const kb::snapshot& k, std::string_view id) {
  const subject asked = subject_of(id);
  json_writer w;
  if (const kb::state* s = k.find_state(asked.id)) {
    write_head(w, a, id, "cause");
    cause_members(w, a, k, *s, asked);
  } else if (const kb::exercise* e = k.find_exercise(asked.id)) {
    write_head(w, a, id, "exercise");
    exercise_answer(w, a, k, *e);
  } else if (const kb::finding* f = k.find_finding(asked.id)) {
    write_head(w, a, id, "finding");
    finding_answer(w, a, k, *f);
  } else if (const kb::rule* r = k.find_rule(asked.id)) {
    write_head(w, a, id, "rule");
    rule_answer(w, a, k, *r);
  } else if (const kb::sequence* q = k.find_sequence(asked.id)) {
    write_head(w, a, id, "sequence");
    sequence_answer(w, a, k, *q);
  } else {
    return std::nullopt;
  }
  w.end_object();
  return w.take();
}

std::optional<sheet> why_sheet(const assess::assessment& a, const kb::snapshot& k, std::string_view id) {
  const subject asked = subject_of(id);
  const letter_view v{a, k};
  sheet page;
  add_open_flags(page, v);
  if (const kb::state* s = k.find_state(asked.id))
    add_cause_answer(page, v, *s, asked);
  else if (const kb::exercise* e = k.find_exercise(asked.id))
    add_exercise_answer(page, v, *e);
  else if (const kb::finding* f = k.find_finding(asked.id))
    add_finding_answer(page, v, *f);
  else if (const kb::rule* r = k.find_rule(asked.id))
    add_rule_answer(page, v, *r);
  else if (const kb::sequence* q = k.find_sequence(asked.id))
    add_sequence_answer(page, v, *q);
  else
    return std::nullopt;
  page.gap().text("Knowledge base revision " + std::to_string(a.revision) + ", digest " + a.digest +
                      "; engine " + a.engine_version,
                  0, tone::faint);
  return page;
}

} // namespace posterior::report
