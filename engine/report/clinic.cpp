#include "engine/report/clinic.hpp"

#include "engine/report/json_parts.hpp"
#include "engine/report/words.hpp"

namespace posterior::report {
namespace {

// What people read says it in a sentence; programs read one of three words.
std::string_view fires_word(cases::truth t) {
  return t == cases::truth::present ? "true" : t == cases::truth::absent ? "false" : "unknown";
}

void write(json_writer& w, const cases::suspended_rule& s) {
  w.begin_object().member("rule", s.rule).member("name", s.name).member("by", s.by).member("when", s.when);
  w.member("reason", s.reason).member("until", s.until).member("fires", fires_word(s.fires));
  observations(w, "because", s.because);
  w.end_object();
}

void add_would(sheet& page, const cases::suspended_rule& s) {
  if (s.fires == cases::truth::absent) {
    page.text("It would not have fired here.", 1);
    return;
  }
  if (s.fires == cases::truth::unknown) {
    page.text("Whether it would have fired here is not known: not everything that it asks was recorded.", 1,
              tone::caution);
    return;
  }
  page.item("!!",
            "It WOULD HAVE FIRED here: " + (s.timing.empty() ? s.action : s.action + " (" + s.timing + ")"),
            0, tone::alarm);
  if (!s.because.empty())
    page.item("because:", texts_of(s.because), 1);
}

void add_suspended(sheet& page, const cases::suspended_rule& s) {
  page.entry("SUSPENDED SAFETY RULE: " + s.name + " (" + s.rule + ")", tone::alarm);
  page.text("Suspended by " + s.by + " on " + s.when + ", until " + s.until + ": " + s.reason, 1,
            tone::caution);
  add_would(page, s);
}

void write(json_writer& w, const assess::clinic_line& c) {
  w.begin_object().member("what", c.what).member("statement", c.statement).member("field", c.field);
  w.member("before", c.before).member("now", c.now).member("by", c.by).member("when", c.when);
  w.member("reason", c.reason).member("used", c.used).end_object();
}

template <typename F>
std::string mark_if(const letter_view& v, F&& fits) {
  for (const assess::clinic_line& c : v.a.clinic)
    if (c.what != "withdrawn" && fits(c))
      return " [clinic]";
  return {};
}

// Whether `id` is the id of a link into this state: "link.FROM.TO" and what may follow.
bool leads_to(std::string_view id, std::string_view state) {
  const std::size_t to = id.starts_with("link.") ? id.find('.', 5) : std::string_view::npos;
  return to != std::string_view::npos && id.substr(to + 1, id.find('.', to + 1) - to - 1) == state;
}

bool about(std::string_view id, std::string_view kind, std::string_view of) {
  return id.starts_with(std::string(kind) + "." + std::string(of)) &&
         (id.size() == kind.size() + 1 + of.size() || id[kind.size() + 1 + of.size()] == '.');
}

std::string change_words(const assess::clinic_line& c) {
  if (c.what == "withdrawn")
    return "taken out";
  if (c.what == "added")
    return "added";
  return c.field + ": " + (c.before.empty() ? "nothing" : c.before) + " -> " + c.now;
}

void add_line(sheet& page, const assess::clinic_line& c) {
  page.item("*", c.statement + ", " + change_words(c), 1);
  if (!c.by.empty())
    page.text("by " + c.by + ", " + c.when + ": " + c.reason, 2, tone::faint);
}

} // namespace

std::string clinic_mark_of_cause(const letter_view& v, std::string_view cause) {
  return mark_if(v, [&](const assess::clinic_line& c) {
    return c.statement == cause || about(c.statement, "prior", cause) || leads_to(c.statement, cause);
  });
}

std::string clinic_mark_of_finding(const letter_view& v, std::string_view finding) {
  return mark_if(v, [&](const assess::clinic_line& c) {
    return c.statement == finding || about(c.statement, "observes", finding);
  });
}

std::string clinic_mark_of_exercise(const letter_view& v, std::string_view exercise) {
  return mark_if(v, [&](const assess::clinic_line& c) {
    return c.statement == exercise || about(c.statement, "indication", exercise);
  });
}

std::string clinic_mark_of_rule(const letter_view& v, std::string_view rule) {
  return mark_if(v, [&](const assess::clinic_line& c) { return c.statement == rule; });
}

void add_clinic(sheet& page, const letter_view& v) {
  if (v.a.clinic.empty())
    return;
  page.heading("WHAT IS THE CLINIC'S OWN");
  page.text("[clinic] stands behind what the clinic itself had a say in.", 1, tone::faint);
  std::size_t idle = 0;
  for (const assess::clinic_line& c : v.a.clinic)
    if (c.used || c.what == "withdrawn")
      add_line(page, c);
    else
      ++idle;
  if (idle > 0)
    page.item("*",
              counted(idle, "other entry takes", "other entries take") +
                  " no part in this answer (posterior kb overlay)",
              1, tone::faint);
}

void overlay_member(json_writer& w, const assess::assessment& a) {
  w.key("overlay").begin_array();
  for (const assess::clinic_line& c : a.clinic)
    write(w, c);
  w.end_array();
}

void add_standing(sheet& page, const letter_view& v) {
  if (!v.a.drafts.empty()) {
    page.entry("WITH DRAFTS: NOT THE KNOWLEDGE IN FORCE", tone::alarm);
    page.text("Taken as active, though nobody has accepted them yet: " + listing(v.a.drafts) + ".", 1,
              tone::caution);
  }
  for (const cases::suspended_rule& s : v.a.suspended)
    add_suspended(page, s);
}

void standing_members(json_writer& w, const assess::assessment& a) {
  w.key("suspended").begin_array();
  for (const cases::suspended_rule& s : a.suspended)
    write(w, s);
  w.end_array().strings("drafts", a.drafts);
}

} // namespace posterior::report
