// What statements of all kinds share: grade, basis, numbers with intervals, where they come from, conditions.
// Values; copyable; no behaviour. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kb/values/diagnostic.hpp"

namespace posterior::kb {

enum class grade : std::uint8_t { high, moderate, low, very_low, opinion };
enum class seen_as : std::uint8_t { full_text, abstract, second_hand, memory, computed, judgement };

std::string_view to_string(grade g);   // "high", ..., "very-low", "opinion"
std::string_view to_string(seen_as s); // "full-text", ..., "judgement"
// The way back; nothing for a word that is no grade.
std::optional<grade> grade_of(std::string_view word);

struct citation {
  std::string source;
  std::string place; // empty: the source as a whole
  bool operator==(const citation&) const = default;
};

// What a statement rests on (FORMAT.md section 4). The reader fills grade and seen from the claims where left
// out.
struct basis {
  std::vector<std::string> claims;
  std::vector<citation> sources;
  std::string judgement;
  grade level = grade::opinion;
  seen_as seen = seen_as::judgement;
  bool contested = false;
  // Whether the document says them; if not, the merge fills them in from the claims.
  bool level_given = false, seen_given = false;
  bool operator==(const basis&) const = default;
};

// A probability or likelihood ratio with its 5 % and 95 % points; `word` is the scale word it came from, or
// empty. With `of` above 0 it was stated as counts, and the three numbers follow from them.
struct estimate {
  double mean = 0, low = 0, high = 0;
  std::string word;
  double hits = 0, of = 0;
  bool operator==(const estimate&) const = default;
};

struct range {
  double min = 0, max = 0;
  bool operator==(const range&) const = default;
};

// The estimate that `hits` in `of` cases amount to (0 <= hits <= of, of > 0).
estimate from_counts(double hits, double of);

// What a classification calls the same thing (FORMAT.md section 4). For people and other programs: nothing in
// the engine reads it.
struct code {
  std::string system;   // "icd-10", "icf", "loinc"
  std::string value;    // "S76.3"
  std::string relation; // "exact", "close", "broad"
  seen_as seen = seen_as::memory;
  bool operator==(const code&) const = default;
};

// Who contributed a statement, and where it stands. Not part of the canonical text.
struct origin {
  std::string plugin;
  std::string version;
  place where;
};

// --- conditions -----------------------------------------------------------------

enum class attribute : std::uint8_t { none, age, sex, pregnant, body_mass, height };
enum class comparison : std::uint8_t { none, less, at_most, equal, at_least, greater };
std::string_view to_string(attribute a);  // "age", ..., "body-mass"
std::string_view to_string(comparison c); // "<", "<=", "=", ">=", ">"; none is empty

// One condition of FORMAT.md section 4. Either an attribute or a finding.
struct condition {
  attribute of = attribute::none;
  std::string finding;
  bool negated = false; // recorded as absent
  enum class where : std::uint8_t { any, left, right, both } on = where::any;
  comparison op = comparison::none;
  double value = 0;
  std::string word; // sex
  bool operator==(const condition&) const = default;
};

// Alternatives of conjunctions.
using clauses = std::vector<std::vector<condition>>;

} // namespace posterior::kb
