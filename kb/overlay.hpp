// The clinic's own word on the knowledge (FORMAT.md section 13): `overlay.toml` of the home, and
// `overlay/*.toml` in the order of their names. Reading gives entries with their places; what became of each
// entry is known once it was merged. Values and pure functions; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kb/model.hpp"
#include "kb/values/document.hpp"

namespace posterior::kb {

inline constexpr std::string_view overlay_id = "clinic.overlay"; // the bundle that additions stand in
inline constexpr std::string_view overlay_prefix = "clinic";     // of their ids
inline constexpr std::string_view overlay_schema = "posterior.overlay/1";
inline constexpr std::string_view overlay_file = "overlay.toml"; // in the home
inline constexpr std::uint64_t overlay_bytes_limit = 1u << 20;   // of one document
inline constexpr std::string_view whole_statement = "statement"; // field of the change that an addition makes
inline constexpr std::int64_t suspension_days = 90;              // at most, from `when`

enum class overlay_deed : std::uint8_t { override, disable, suspend, review, addition };
std::string_view to_string(overlay_deed d); // "override", ...

// What became of an entry.
enum class overlay_standing : std::uint8_t {
  in_force,
  asleep,   // what it speaks about is not there; it wakes when that comes back
  refused,  // it may not do this, or its value is not (or no longer) valid
  doubled,  // another entry says something about the same thing: neither counts
  expired,  // a suspension whose day has passed
  overtaken // a verdict on a text that is no longer what the bundle says
};
std::string_view to_string(overlay_standing s);

struct overlay_entry {
  overlay_deed deed = overlay_deed::addition;
  // An id as `kb show` takes it, or "scale"; of a suspension the rule, of an addition the id that it makes.
  std::string statement;
  std::string kind;                // of an addition: "link", "finding" ...
  std::vector<std::string> fields; // of an override, as `change` names them: "p", "dose.sets", "words.often"
  std::map<std::string, std::string> was; // by field: canonical JSON of what was replaced
  std::string until;                      // of a suspension
  std::string verdict, digest;            // of a review: "accept" or "reject", and of which text
  std::string by, when, reason;
  // Of its head ([[override]]). It fills the lines from there to `last_line`; blank lines and comments before
  // the next head are not among them.
  place where;
  int last_line = 0;
  node table; // as it was read; of an addition without author, day and reason
  overlay_standing standing = overlay_standing::in_force;
  std::string why; // one sentence, where it is not in force
};

struct overlay_document {
  std::vector<overlay_entry> entries; // in the order of the files and, in them, of the lines; sound ones only
  diagnostics problems;               // what was left out (errors) and what disagrees (warnings), with places
};

// Reads one document. An entry with an error is left out and named; of a text that is no TOML, or of another
// schema, everything is.
overlay_document read_overlay(std::string_view bytes, const std::string& file);

// Whether a suspension is over (above 0), in force (0) or yet to come (below 0) on a day since 1970.
int phase_of(const overlay_entry& suspension, std::int64_t today);

// Codes of the problems that merging adds: kb.overlay-asleep (what an entry speaks about is gone), -was (the
// bundle says something else now than what was replaced; the clinic's counts), -invalid (a value that cannot
// stand), -weaker (a rule of the core may only be made stricter), -protected (may not be taken out or
// changed), -twice (two entries for one field), -expired, -other-text (a verdict on another text),
// -same-name (both steps by one person). The file itself: -unreadable, -schema.

} // namespace posterior::kb
