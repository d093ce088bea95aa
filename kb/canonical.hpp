// The canonical text of statements and the digest of a snapshot (FORMAT.md section 9), and the way back.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kb/model.hpp"
#include "kb/snapshot.hpp"

namespace posterior::kb {

// One line of JSON, without a line feed: {"statement":"state","id":"...",...}.
template <typename T>
std::string canonical_text(const T& item);
std::string canonical_text(const scale& words);

struct canonical_line {
  std::string_view kind;
  std::string id;
  std::string text;
  const origin* from;    // of the statement; nullptr for the scale
  const basis* rests_on; // nullptr for kinds without one
};

// Every statement and the scale, sorted by (kind, id).
std::vector<canonical_line> canonical_lines(const statements& all, const scale& words);

// Whether statements of that kind are part of the digest: drafts are not.
bool reasons(std::string_view kind);

// SHA-256 over all canonical lines of kinds that reason, each ended by a line feed.
std::string digest(const statements& all, const scale& words);

// Appends the statement that `text` is the canonical text of; false if it is none.
bool read_canonical(std::string_view text, const origin& from, statements& into, scale& words);

} // namespace posterior::kb
