// The statements of the knowledge base as plain values, one struct per kind of kb/FORMAT.md.
// Values; copyable; no behaviour. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kb/model_base.hpp"
#include "kb/values/side.hpp"

namespace posterior::kb {

struct source {
  std::string id, title, authors, year, venue, locator, kind, sha256, note;
  std::string licence; // under which its text may be used; empty: not recorded
  std::string oxford;  // level of evidence, "1" to "5"; empty: none
  seen_as seen = seen_as::memory;
  origin from;
};

struct claim {
  std::string id, text, source, place, type;
  std::string oxford; // as of a source, whose level the merge fills in where it is left out
  grade level = grade::opinion;
  seen_as seen = seen_as::judgement;
  bool contested = false;
  origin from;
};

struct equipment {
  std::string id, name;
  bool at_home = false; // `default` in the document
  origin from;
};

struct site {
  std::string id, name;
  origin from;
};

struct family {
  std::string id, name;
  double rho = 0.6;
  origin from;
};

enum class state_kind : std::uint8_t { risk, cause, impairment, symptom, other, home };
std::string_view to_string(state_kind k);

struct state {
  std::string id, name;
  state_kind kind = state_kind::cause;
  bool lateral = false;
  std::string present_when, population;
  estimate leak;
  double pair = 0;
  bool serious = false;
  std::string rule;
  std::vector<code> codes;
  basis rests_on;
  origin from;
};

// The leak of a state in a part of the population: a setting, a sex, an age span (years, both ends in it).
// Empty: any.
struct prior {
  std::string state;
  std::string setting, sex;
  std::optional<range> age;
  estimate leak;
  basis rests_on;
  origin from;

  std::string id() const;
};

struct theory {
  estimate credence;
  std::vector<std::string> causes;
  basis rests_on;
  origin from; // one per bundle: its id is the bundle's
};

enum class finding_kind : std::uint8_t { history, symptom, sign, test, measure, safety, attribute };
std::string_view to_string(finding_kind k);

// `present` for a value, per sex and age.
struct cutoff {
  std::optional<double> above, below;
  std::string sex; // empty: any
  std::optional<double> age_min, age_max;
  bool operator==(const cutoff&) const = default;
};

struct finding {
  std::string id, name;
  std::vector<std::string> aliases;
  finding_kind kind = finding_kind::sign;
  std::string question, how;
  bool lateral = false;
  std::string unit;
  std::optional<range> bounds;
  std::vector<std::string> levels;
  std::optional<double> sem; // standard error of one measurement, in the unit
  std::vector<cutoff> cutoffs;
  std::string position;
  double minutes = 1;
  std::vector<std::string> needs; // equipment
  std::string family, retest_of, reliability;
  bool safety = false;
  bool derived = false;
  std::vector<std::string> consumes, replaces;
  std::vector<code> codes;
  basis rests_on;
  origin from;
};

// Measured value: normal without and with the state, one sd, likelihood ratio clipped to [1/clip, clip]. As a
// log-normal: absent and present are medians, sd is that of the natural logarithm.
struct normal_reading {
  double absent = 0, present = 0, sd = 1, clip = 20;
  bool operator==(const normal_reading&) const = default;
};

// Measured value: likelihood ratio by value, as {value, ratio} in ascending order; in between linear in the
// logarithm of the ratio, beyond the ends as at the end; clipped like a normal.
struct ratio_reading {
  std::vector<std::vector<double>> points;
  double clip = 20;
  bool operator==(const ratio_reading&) const = default;
};

struct accuracy {
  estimate sensitivity, specificity;
  bool operator==(const accuracy&) const = default;
};

struct observes {
  std::string finding, state;
  bool opposite = false;
  std::string read;                           // word of the scale, or empty
  std::map<std::string, accuracy> accuracies; // by setting; "" is the general row; resolved from `read` too
  std::string opinion;                        // word of the scale, or empty
  estimate ratio_present, ratio_absent;       // likelihood ratios, for opinion
  // {P(level | absent), P(level | present)} by level, and how many observations each column is worth.
  std::vector<std::vector<double>> levels;
  std::optional<double> worth;
  // By sex; "" is the general row. At most one of the three is filled.
  std::map<std::string, normal_reading> normals, log_normals;
  std::map<std::string, ratio_reading> ratios;
  basis rests_on;
  origin from;

  std::string id() const { return "observes." + finding + "." + state; }
  bool reads_values() const { return !normals.empty() || !log_normals.empty() || !ratios.empty(); }
};

struct link {
  std::string source, target; // `from`, `to`
  estimate p;
  bool opposite = false;
  std::vector<std::string> only_with, unless; // states: acts only with all of these, and with none of those
  std::string because;
  bool cut = false;
  std::string cut_reason;
  basis rests_on;
  origin from;

  std::string id() const; // link.FROM.TO, then .opposite, .with.STATE..., .unless.STATE...
  bool gated() const { return !only_with.empty() || !unless.empty(); }
};

enum class urgency : std::uint8_t { emergency, urgent, prompt, watch };
std::string_view to_string(urgency u);
enum class closing : std::uint8_t { plan, loading, nothing };
std::string_view to_string(closing c);

struct rule {
  std::string id, name;
  urgency level = urgency::prompt;
  clauses when;
  std::string action, timing;
  closing closes = closing::nothing;
  std::vector<std::string> asks;
  basis rests_on;
  origin from;
};

// Rank order of a programme (decided once).
enum class phase : std::uint8_t {
  protection,
  neural,
  mobility,
  activation,
  isometric,
  concentric,
  eccentric,
  integration
};
std::string_view to_string(phase p);

enum class irritability : std::uint8_t { low, moderate, high };
std::string_view to_string(irritability i);

struct dose {
  std::optional<range> sets, reps, hold_s, rest_s, per_day, per_week, weeks, minutes;
  std::string tempo, load, note, basis;
  bool operator==(const dose&) const = default;
};

struct exercise {
  std::string id, name;
  std::vector<std::string> aliases;
  std::string purpose;
  std::vector<std::string> targets;
  phase stage = phase::activation;
  bool sided = false;
  std::vector<std::vector<std::string>> needs; // any of the first, and any of the second
  dose how_much;
  std::vector<std::string> easier, harder;
  int depth = 1;
  irritability allowed_up_to = irritability::high;
  std::vector<std::string> avoid;
  std::string caution, cap, note;
  std::vector<std::string> cues, errors, stop;
  std::vector<code> codes;
  basis rests_on;
  origin from;
};

struct indication {
  std::string exercise, cause;
  bool primary = false;
  std::string purpose;
  std::optional<phase> stage;
  std::optional<dose> how_much;
  basis rests_on;
  origin from;

  std::string id() const { return "indication." + exercise + "." + cause; }
};

enum class precaution_effect : std::uint8_t { block, warn };
std::string_view to_string(precaution_effect e);

struct precaution {
  std::string id, name;
  precaution_effect effect = precaution_effect::block;
  std::string why;
  clauses when;      // may be empty
  std::string cause; // may be empty
  double above = 1;  // posterior of `cause`, either side
  std::vector<std::string> exercises, except;
  std::vector<phase> phases;
  bool all = false;
  basis rests_on;
  origin from;
};

// Exercises that a rule of sequence speaks about: those named, and all of these phases.
struct exercise_group {
  std::vector<std::string> exercises;
  std::vector<phase> phases;
  bool operator==(const exercise_group&) const = default;
  bool empty() const { return exercises.empty() && phases.empty(); }
};

// At most one of these in one session; 0 weeks: always.
struct exclusion {
  std::vector<std::string> exercises;
  int first_weeks = 0;
  bool operator==(const exclusion&) const = default;
};

// On `times` days in `weeks` weeks something of each group, from week `from_week` of the programme on.
struct coverage {
  std::vector<exercise_group> each;
  int times = 1, weeks = 1, from_week = 1;
  bool once_begun = false; // asks for nothing new: only that what was begun goes on
  bool operator==(const coverage&) const = default;
};

// At least `hours` between two sessions of these (in the first weeks `first_hours`), and before `event`.
struct spacing {
  std::vector<std::string> exercises;
  std::vector<phase> phases;
  int hours = 0, first_hours = 0, first_weeks = 0;
  std::string event; // empty: none
  bool operator==(const spacing&) const = default;
};

// A rule of sequence: exactly one of the four forms, while all of `cause` (treated) and `when` (found) hold.
struct sequence {
  std::string id, name, why;
  clauses when;                      // may be empty
  std::string cause;                 // may be empty
  std::vector<exercise_group> order; // inside a session, each group before all later ones
  std::optional<exclusion> at_most_one;
  std::optional<coverage> covers;
  std::optional<spacing> apart;
  basis rests_on;
  origin from;

  bool has_anything() const; // enough exercises or phases to say something about
};

struct take {
  std::string id, text;
  std::vector<std::string> withholds;
  bool operator==(const take&) const = default;
};

struct tension {
  std::string id, text;
  std::vector<std::vector<std::string>> between;
  std::vector<std::string> about, decides;
  bool same_plan = false;
  std::vector<take> takes;
  basis rests_on;
  origin from;
};

struct message {
  std::string key, text;
  origin from;
};

// The words of an item in another language, or for the patient. Takes part in no reasoning.
struct wording {
  std::string of;   // id of the item
  std::string lang; // "de", "pt-BR"
  bool patient = false;
  std::string name, text, question, how, purpose, why, action, timing, caution, note;
  std::vector<std::string> levels, cues, errors, stop;
  basis rests_on; // of a text for patients; empty in a mere translation
  origin from;

  std::string id() const; // text.OF.LANG, then .patient
};

// --- what was done to statements ------------------------------------------------

// A field of a statement that the clinic's overlay set. `before` and `now` are canonical JSON; `before` is
// empty where nothing stood. Dates are ISO days.
struct change {
  std::string statement, field, before, now, by, when, reason;
  origin from;

  std::string id() const { return "change." + statement + "." + field; }
};

// A statement that the overlay took out.
struct withdrawal {
  std::string statement, kind, name, by, when, reason;
  origin from;

  std::string id() const { return "withdrawal." + statement; }
};

// A red-flag rule that raises no flag up to and on the day `until`. It is evaluated all the same.
struct suspension {
  std::string rule, until, by, when, reason;
  origin from;

  std::string id() const { return "suspension." + rule; }
};

enum class review_status : std::uint8_t { draft, reviewed, retired };
std::string_view to_string(review_status s);

// A statement that does not reason yet, or no more: what was said as `review = "draft"`, with the last
// decision about it. `text` is what is judged (one canonical text, or several joined by line feeds where
// several bundles draft the same link), `digest` its SHA-256. No part of the digest of a snapshot.
struct draft {
  std::string statement, kind, name;
  review_status status = review_status::draft;
  std::string digest, text, by, when, reason;
  origin from;

  std::string id() const { return "draft." + statement; }
};

// An id that is used no more; what names it sleeps. `replaced_by` may be empty.
struct retirement {
  std::string old, kind, replaced_by, reason;
  origin from;

  std::string id() const { return "retirement." + old; }
};

// The word scale (core's scale.toml).
struct scale {
  std::map<std::string, estimate> words;
  std::map<std::string, accuracy> reads;
  std::map<std::string, double>
      read_bounds; // false-positive rate at most this times the leak of what is read
  struct opinion {
    estimate present, absent;
  };
  std::map<std::string, opinion> opinions;
  estimate credence{0.75, 0.5, 0.9, ""};
  std::map<std::string, std::string> basis; // "words", "read.told", "opinion", "credence" ... -> why
};

// Everything one bundle says, or everything merged.
struct statements {
  std::vector<source> sources;
  std::vector<claim> claims;
  std::vector<equipment> tools;
  std::vector<site> sites;
  std::vector<family> families;
  std::vector<state> states;
  std::vector<theory> theories;
  std::vector<finding> findings;
  std::vector<observes> readings;
  std::vector<link> links;
  std::vector<rule> rules;
  std::vector<exercise> exercises;
  std::vector<indication> indications;
  std::vector<precaution> precautions;
  std::vector<sequence> sequences;
  std::vector<prior> priors;
  std::vector<tension> tensions;
  std::vector<message> messages;
  std::vector<wording> texts;
  std::vector<retirement> retirements;
  // Made by the merge out of the clinic's overlay; no bundle says them.
  std::vector<change> changes;
  std::vector<withdrawal> withdrawals;
  std::vector<suspension> suspensions;
  std::vector<draft> drafts;
};

} // namespace posterior::kb
