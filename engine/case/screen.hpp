// Safety first: red-flag rules over what was recorded, before and apart from any probability. Pure; any
// thread.
#pragma once

#include <string>
#include <vector>

#include "engine/case/case.hpp"
#include "engine/case/settle.hpp"
#include "kb/snapshot.hpp"

namespace posterior::cases {

// A citation made printable: source id, place, and how it was seen.
struct cited {
  std::string source, place;
  kb::seen_as seen = kb::seen_as::judgement;
};

struct observation_ref {
  std::string finding;
  side where = side::none;
  std::string text; // "Slump test, left: present"
};

struct red_flag {
  std::string id, name;
  kb::urgency level = kb::urgency::prompt;
  std::vector<observation_ref> because;
  std::string action, timing;
  kb::closing closes = kb::closing::nothing;
  std::vector<cited> sources;
};

struct watch_line {
  std::string id, text, action;
  std::vector<observation_ref> because;
  std::vector<std::string> asks;
  std::vector<cited> sources;
};

// A rule of the core that the clinic suspended (FORMAT.md section 13): it was evaluated and raised nothing.
struct suspended_rule {
  std::string rule, name;
  kb::urgency level = kb::urgency::prompt;
  std::string by, when, reason, until; // dates as YYYY-MM-DD; `until` is the last day
  truth fires = truth::unknown;        // whether it would have fired here
  std::vector<observation_ref> because;
  std::string action, timing; // what it would have said
};

struct safety {
  std::string status = "incomplete"; // clear | incomplete | flagged
  std::vector<std::string> missing;  // safety findings not asked, and what they made a red flag depend on
  bool unreadable = false;           // an observation could not be read and resembles nothing known
};

struct screen_result {
  safety safe;
  std::vector<red_flag> flags;           // by urgency, then id
  std::vector<watch_line> watch;         // by id
  std::vector<suspended_rule> suspended; // by id
};

// Status: flagged when any rule above `watch` fires; clear when every safety finding is answered, every
// question that the answers make a red flag depend on (undecided.hpp) too, and no suspended rule above
// `watch` would have fired; else incomplete with the missing ones. An unusable observation makes it at best
// incomplete if its nearest match is a safety finding or none is known.
screen_result screen(const patient_case& c, const picture& p, const kb::snapshot& knowledge);

// Sources and claims of a basis as citations, each once, in order.
std::vector<cited> cite(const kb::basis& basis, const kb::snapshot& knowledge);

// "Slump test, left: present", "Passive knee extension, right: 32 deg".
observation_ref describe(const settled& s, const kb::snapshot& knowledge);

} // namespace posterior::cases
