// The steps of merging, each in its own file. Private to kb; pure.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kb/bundle.hpp"
#include "kb/overlay.hpp"
#include "kb/snapshot.hpp"

namespace posterior::kb {

// What kind an id stands for, and which bundle defines it. Ids and places are those of the statements, so it
// must not outlive them.
struct definition {
  std::string_view kind;
  const bundle* by = nullptr;
  const place* inside = nullptr; // in that bundle
};
inline constexpr std::string_view retired_kind = "retired id";
using definitions = std::unordered_map<std::string_view, definition>;

// 0 core, 1 org.posterior, 2 all others, 3 what the clinic adds. Lower ones are never refused on account of
// higher ones.
int tier(const bundle& b);
bool sound(const bundle& b); // takes part: not shadowed or disabled, no errors
place full_place(const bundle& b, const place& inside);
void refuse(bundle& b, const place& inside, std::string_view code, std::string text, std::string hint = {});

// Enters every id of the sound bundles, in order; a bundle that defines an id or prefix again is refused.
definitions collect(std::vector<bundle>& bundles);

// Refuses bundles whose statements cannot hold together with those of the bundles before them: references of
// the wrong kind, conditions that a finding cannot meet, a second non-opinion reading of one finding.
void check_together(std::vector<bundle>& bundles, const definitions& known);

// Refuses bundles whose texts do not fit what they are about, or say again what a bundle before them says.
void check_texts(std::vector<bundle>& bundles, const definitions& known);

// Refuses `b` where what it says cannot be said about the findings and states of `all`.
void check_fit(bundle& b, const statements& all);

// Refuses the bundles whose links close a loop, tier by tier. Returns the loops of the core itself.
std::vector<std::string> refuse_loops(std::vector<bundle>& bundles);

// The same for orders of exercises (rules of sequence) that contradict each other.
std::vector<std::string> refuse_orders(std::vector<bundle>& bundles);

// Why an id is not there although somebody said it, as people read it: "the clinic took out"; and what helps.
struct absence {
  std::string why, hint;
};
using absences = std::map<std::string, absence, std::less<>>; // by id

// Takes out of `all` what names unknown ids, until nothing more falls asleep. Adds one warning for each to
// its bundle's problems.
std::vector<dormant> put_to_sleep(statements& all, std::vector<bundle>& bundles, const absences& gone);

// Appends all statements of `from`, which is empty then.
void move_statements(statements& from, statements& to);

// Takes drafts out of what the sound bundles say, unless both steps of their review were taken (or,
// `reasoning`, nobody rejected them). Gives their records; what a review made active is a change.
std::vector<draft> hold_drafts(std::vector<bundle>& bundles, overlay_document& said, bool reasoning,
                               std::vector<change>& changes);

// Fills in grade and seen from claims and sources, and the Oxford level of claims from their sources. `all`
// must be closed.
void fill_grades(statements& all);

// What combine() makes one of: everything that is said about what several bundles speak about.
std::vector<contribution> said_apart(const statements& all);

// Links, observes, priors and indications: one statement for each thing joined.
void combine(statements& all);

} // namespace posterior::kb
