// Statements of the knowledge base in words.
#include <array>
#include <cstdio>

#include "engine/report/statement_parts.hpp"
#include "engine/report/words.hpp"

namespace posterior::report {
namespace {

std::string decimal(double v) {
  std::array<char, 64> buffer;
  std::snprintf(buffer.data(), buffer.size(), "%.3g", v);
  return buffer.data();
}

std::string triple(const kb::estimate& e) {
  return decimal(e.mean) + " [" + decimal(e.low) + "-" + decimal(e.high) + "]";
}

void add_claim(sheet& page, const std::string& id, const kb::snapshot& knowledge, int depth) {
  const kb::claim* c = knowledge.find_claim(id);
  if (c == nullptr) {
    page.item("*", "claim " + id + " (not in this knowledge base)", depth, tone::faint);
    return;
  }
  std::string at = c->source;
  if (!c->place.empty())
    at += ", " + c->place;
  page.item("*", "claim " + c->id + ": " + c->text, depth);
  page.item("from:",
            at + "; " + grade_words(c->level, c->contested) + "; seen: " + std::string(to_string(c->seen)) +
                "; said by " + c->from.plugin + " " + c->from.version,
            depth + 1, tone::faint);
}

void add_source(sheet& page, const kb::citation& c, const kb::snapshot& knowledge, int depth) {
  const kb::source* s = knowledge.find_source(c.source);
  std::string out = c.source;
  if (!c.place.empty())
    out += ", " + c.place;
  if (s != nullptr)
    out += ": " + s->title + (s->year.empty() ? "" : " (" + s->year + ")") +
           "; seen: " + std::string(to_string(s->seen));
  page.item("*", out, depth, tone::faint);
}

std::string_view sign(kb::comparison op) {
  switch (op) {
  case kb::comparison::less:
    return " < ";
  case kb::comparison::at_most:
    return " <= ";
  case kb::comparison::equal:
    return " = ";
  case kb::comparison::at_least:
    return " >= ";
  case kb::comparison::greater:
    return " > ";
  case kb::comparison::none:
    break;
  }
  return " ";
}

std::string_view name_of(kb::attribute a) {
  switch (a) {
  case kb::attribute::age:
    return "age";
  case kb::attribute::sex:
    return "sex";
  case kb::attribute::pregnant:
    return "pregnant";
  case kb::attribute::body_mass:
    return "body mass";
  case kb::attribute::height:
    return "height";
  case kb::attribute::none:
    break;
  }
  return "";
}

std::string_view place_of(decltype(kb::condition::on) on) {
  using where = decltype(kb::condition::on);
  switch (on) {
  case where::left:
    return ", left";
  case where::right:
    return ", right";
  case where::both:
    return ", both sides";
  case where::any:
    break;
  }
  return "";
}

std::string condition_words(const kb::condition& c, const kb::snapshot& knowledge) {
  std::string out =
      c.of != kb::attribute::none ? std::string(name_of(c.of)) : finding_name(c.finding, knowledge);
  out += place_of(c.on);
  if (c.op != kb::comparison::none)
    return out + std::string(sign(c.op)) + (c.word.empty() ? short_number(c.value) : c.word);
  if (c.of != kb::attribute::none)
    return c.negated ? "not " + out : out;
  return out + (c.negated ? " absent" : " present");
}

void add_accuracy(sheet& page, const std::string& setting, const kb::accuracy& a, int depth) {
  page.text((setting.empty() ? std::string() : setting + ": ") + "sensitivity " + triple(a.sensitivity) +
                ", specificity " + triple(a.specificity),
            depth);
}

void add_list(sheet& page, const char* marker, const std::vector<std::string>& list, int depth) {
  for (const std::string& one : list)
    page.item(marker, one, depth);
}

void add_if(sheet& page, const char* marker, const std::string& text, int depth) {
  if (!text.empty())
    page.item(marker, text, depth);
}

void add_theories(sheet& page, const kb::state& s, const kb::snapshot& knowledge) {
  for (const kb::theory& t : knowledge.all.theories)
    for (const std::string& cause : t.causes)
      if (cause == s.id) {
        page.item("theory:", "contested: that this mechanism exists at all is given " + triple(t.credence),
                  1);
        add_basis(page, t.rests_on, t.from, knowledge, 2);
      }
}

std::string shape_words(const kb::finding& f) {
  std::string out(to_string(f.kind));
  out += f.lateral ? ", per side" : ", not sided";
  if (!f.unit.empty())
    out += ", in " + f.unit;
  if (f.bounds)
    out += " from " + short_number(f.bounds->min) + " to " + short_number(f.bounds->max);
  if (!f.levels.empty())
    out += ", levels " + listing(f.levels);
  return out;
}

std::string cutoff_words(const kb::cutoff& c) {
  std::string out =
      c.above ? "above " + short_number(*c.above) : "below " + short_number(c.below.value_or(0));
  if (!c.sex.empty())
    out += ", " + c.sex;
  if (c.age_min || c.age_max)
    out += ", age " + short_number(c.age_min.value_or(18)) + "-" + short_number(c.age_max.value_or(120));
  return out;
}

} // namespace

std::string estimate_words(const kb::estimate& e) {
  return triple(e) + (e.word.empty() ? "" : " (" + e.word + ")");
}

std::string clause_words(const kb::clauses& when, const kb::snapshot& knowledge) {
  std::string out;
  for (const auto& all_of : when) {
    if (!out.empty())
      out += "; or ";
    for (std::size_t i = 0; i < all_of.size(); ++i)
      out += (i == 0 ? "" : " and ") + condition_words(all_of[i], knowledge);
  }
  return out;
}

void add_basis(sheet& page, const kb::basis& b, const kb::origin& from, const kb::snapshot& knowledge,
               int depth) {
  page.item("basis:",
            grade_words(b.level, b.contested) + "; seen: " + std::string(to_string(b.seen)) + "; said by " +
                from.plugin + " " + from.version,
            depth, tone::faint);
  for (const std::string& id : b.claims)
    add_claim(page, id, knowledge, depth + 1);
  for (const kb::citation& c : b.sources)
    add_source(page, c, knowledge, depth + 1);
  if (!b.judgement.empty())
    page.item("*", "judgement: " + b.judgement, depth + 1, tone::faint);
}

void add_link(sheet& page, const kb::link& l, const kb::snapshot& knowledge, int depth) {
  std::string out = state_name(l.source, knowledge) + " brings about " + state_name(l.target, knowledge) +
                    (l.opposite ? " on the other side" : "") + ": " + estimate_words(l.p);
  for (const std::string& s : l.only_with)
    out += ", only with " + state_name(s, knowledge);
  for (const std::string& s : l.unless)
    out += ", unless " + state_name(s, knowledge);
  if (!l.because.empty())
    out += ", because " + l.because;
  page.item("*", out, depth);
  if (l.cut)
    page.item("cut:", "shown, but not reasoned with: " + l.cut_reason, depth + 1);
  add_basis(page, l.rests_on, l.from, knowledge, depth + 1);
}

std::string whom(const std::string& sex) {
  return sex.empty() ? std::string() : sex + ": ";
}

void add_values(sheet& page, const kb::observes& o, int depth) {
  for (const auto* rows : {&o.normals, &o.log_normals})
    for (const auto& [sex, n] : *rows)
      page.text(whom(sex) + "without it " + short_number(n.absent) + ", with it " + short_number(n.present) +
                    ", sd " + short_number(n.sd) + (rows == &o.normals ? "" : " of the logarithm"),
                depth);
  for (const auto& [sex, r] : o.ratios) {
    std::string out;
    for (const auto& point : r.points)
      out += (out.empty() ? "" : ", ") + short_number(point[1]) + " at " + short_number(point[0]);
    page.text(whom(sex) + "likelihood ratio " + out, depth);
  }
}

void add_levels(sheet& page, const kb::observes& o, const kb::snapshot& knowledge, int depth) {
  const kb::finding* f = knowledge.find_finding(o.finding);
  for (std::size_t k = 0; k < o.levels.size(); ++k)
    page.text((f && k < f->levels.size() ? f->levels[k] : "level " + std::to_string(k)) + ": without it " +
                  decimal(o.levels[k][0]) + ", with it " + decimal(o.levels[k][1]),
              depth);
}

void add_prior(sheet& page, const kb::prior& p, const kb::snapshot& knowledge, int depth) {
  std::string who = p.setting;
  if (!p.sex.empty())
    who += (who.empty() ? "" : ", ") + p.sex;
  if (p.age)
    who += (who.empty() ? "age " : ", age ") + short_number(p.age->min) + "-" + short_number(p.age->max);
  page.item("before:", who + ": " + estimate_words(p.leak), depth);
  add_basis(page, p.rests_on, p.from, knowledge, depth + 1);
}

void add_reading(sheet& page, const kb::observes& o, const kb::snapshot& knowledge, int depth) {
  page.item("*",
            finding_name(o.finding, knowledge) + " speaks about " + state_name(o.state, knowledge) +
                (o.opposite ? " on the other side" : ""),
            depth);
  if (!o.read.empty())
    page.text("read as " + o.read, depth + 1);
  for (const auto& [setting, accuracy] : o.accuracies)
    add_accuracy(page, setting, accuracy, depth + 1);
  if (!o.opinion.empty())
    page.text(o.opinion + " (opinion): likelihood ratio present " + triple(o.ratio_present) + ", absent " +
                  triple(o.ratio_absent),
              depth + 1);
  add_values(page, o, depth + 1);
  add_levels(page, o, knowledge, depth + 1);
  add_basis(page, o.rests_on, o.from, knowledge, depth + 1);
}

void add_indication(sheet& page, const kb::indication& i, const kb::snapshot& knowledge, int depth) {
  std::string out = exercise_name(i.exercise, knowledge) + " for " + state_name(i.cause, knowledge) +
                    (i.primary ? " (primary)" : " (supporting)");
  if (!i.purpose.empty())
    out += ": " + i.purpose;
  page.item("*", out, depth);
  add_basis(page, i.rests_on, i.from, knowledge, depth + 1);
}

void add_state(sheet& page, const kb::state& s, const kb::snapshot& knowledge) {
  page.text(std::string(to_string(s.kind)) + (s.lateral ? ", once per side" : ", not sided"), 1);
  add_if(page, "present when:", s.present_when, 1);
  add_if(page, "among:", s.population, 1);
  if (s.serious)
    page.text("A serious condition: its probability is not printed below one half.", 1, tone::caution);
  else
    page.item("before:", estimate_words(s.leak) + " with no modelled reason", 1);
  add_basis(page, s.rests_on, s.from, knowledge, 1);
  for (const kb::prior* p : knowledge.priors_of(s.id))
    if (!s.serious)
      add_prior(page, *p, knowledge, 1);
  add_theories(page, s, knowledge);
  page.heading("WHAT BRINGS IT ABOUT, AND WHAT IT BRINGS ABOUT");
  for (const kb::link* l : knowledge.links_to(s.id))
    add_link(page, *l, knowledge, 1);
  for (const kb::link* l : knowledge.links_from(s.id))
    add_link(page, *l, knowledge, 1);
  page.heading("WHAT SPEAKS ABOUT IT");
  for (const kb::observes& o : knowledge.all.readings)
    if (o.state == s.id)
      add_reading(page, o, knowledge, 1);
  page.heading("WHAT IS DONE ABOUT IT");
  for (const kb::indication* i : knowledge.indications_for(s.id))
    add_indication(page, *i, knowledge, 1);
}

void add_finding(sheet& page, const kb::finding& f, const kb::snapshot& knowledge) {
  page.text(shape_words(f), 1);
  add_if(page, "asks:", f.question, 1);
  add_if(page, "how:", f.how, 1);
  add_if(page, "position:", f.position, 1);
  page.item("takes:", short_number(f.minutes) + " min", 1);
  if (!f.aliases.empty())
    page.item("also:", listing(f.aliases), 1);
  for (const kb::cutoff& c : f.cutoffs)
    page.item("present:", cutoff_words(c), 1);
  add_if(page, "reliable:", f.reliability, 1);
  if (f.safety)
    page.text("Part of the safety screen.", 1, tone::strong);
  if (f.derived)
    page.item("computed:", "by " + f.from.plugin + " from " + listing(f.consumes), 1);
  add_basis(page, f.rests_on, f.from, knowledge, 1);
  page.heading("WHAT IT SPEAKS ABOUT");
  for (const kb::observes* o : knowledge.readings_of(f.id))
    add_reading(page, *o, knowledge, 1);
}

void add_exercise(sheet& page, const kb::exercise& e, const kb::snapshot& knowledge) {
  page.text("exercise, " + std::string(to_string(e.stage)) + (e.sided ? ", per side" : ""), 1);
  add_if(page, "purpose:", e.purpose, 1);
  add_if(page, "dose:", dose_words(e.how_much), 1);
  add_if(page, "from:", e.how_much.basis, 2);
  for (const auto& any_of : e.needs) {
    std::string out;
    for (const std::string& tool : any_of)
      out += (out.empty() ? "" : " or ") + tool;
    page.item("needs:", out, 1);
  }
  add_list(page, "cue:", e.cues, 1);
  add_list(page, "error:", e.errors, 1);
  add_list(page, "stop:", e.stop, 1);
  add_if(page, "caution:", e.caution, 1);
  for (const std::string& id : e.easier)
    page.item("easier:", exercise_name(id, knowledge), 1);
  for (const std::string& id : e.harder)
    page.item("harder:", exercise_name(id, knowledge), 1);
  add_basis(page, e.rests_on, e.from, knowledge, 1);
  page.heading("WHAT IT IS FOR");
  for (const kb::indication* i : knowledge.indications_of(e.id))
    add_indication(page, *i, knowledge, 1);
  page.heading("WHAT SPEAKS AGAINST IT");
  for (const std::string& id : e.avoid)
    if (const kb::precaution* p = knowledge.find_precaution(id); p != nullptr)
      page.item("*", p->name + ": " + p->why, 1);
}

void add_rule(sheet& page, const kb::rule& r, const kb::snapshot& knowledge) {
  page.text("red-flag rule, " + std::string(to_string(r.level)) + ", closes " +
                std::string(to_string(r.closes)),
            1);
  page.item("when:", clause_words(r.when, knowledge), 1);
  page.item("do:", r.action, 1, tone::strong);
  add_if(page, "how soon:", r.timing, 1);
  for (const std::string& id : r.asks)
    page.item("ask:", finding_name(id, knowledge), 1);
  add_basis(page, r.rests_on, r.from, knowledge, 1);
}

} // namespace posterior::report
