// What is said twice: one claim that several bundles cite for one statement (it counts once), and what looks
// like one thing under two names (it counts twice, and is worth a look). Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "kb/narrowing.hpp"
#include "kb/snapshot.hpp"

namespace posterior::kb {

enum class overlap_kind : std::uint8_t {
  one_claim,   // several bundles say a statement and cite the same claim: one voice
  one_work,    // they cite the same source under different claims, or one work under two ids: two voices
  same_ends,   // two links between the same states, under different conditions, rest on one claim
  same_source, // two sources are one work
  same_words,  // two claims of one work say nearly the same
};
std::string_view to_string(overlap_kind k); // "one-claim", ...

struct overlap_side {
  std::string id; // of the statement, claim or source
  origin from;
};

struct overlap {
  overlap_kind what = overlap_kind::one_claim;
  std::string id;                  // of the statement, or of the first of the two
  std::vector<std::string> shared; // claims or sources that they have in common
  std::vector<overlap_side> said;  // two or more, by plugin and place
  bool counted_once() const { return what == overlap_kind::one_claim; }
};

// By kind, then by id. Of a revision read from its rows only the last three kinds are known.
std::vector<overlap> overlaps_of(const snapshot& s, const narrowing& only);

} // namespace posterior::kb
