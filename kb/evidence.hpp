// Claims, sources and tensions with what rests on them, and what is said twice, for whoever lists them. It
// borrows from the snapshot. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "kb/narrowing.hpp"
#include "kb/snapshot.hpp"

namespace posterior::kb {

struct listed_claim {
  const claim* what = nullptr;
  std::vector<std::string> used_by; // ids of the statements that rest on it
};

struct listed_source {
  const source* what = nullptr;
  std::vector<const claim*> claims; // taken from it
  std::size_t used_by = 0;          // statements that rest on it or on one of those
};

struct listed_tension {
  const tension* what = nullptr;
  bool found = false; // by comparing what bundles say; else a bundle recorded it
};

// Narrowed by everything in `only`; a source by the grades and doubts of its claims, a claim and a source by
// cause if a statement about that state rests on it. In the order of ids.
std::vector<listed_claim> claims_of(const snapshot& s, const narrowing& only);
std::vector<listed_source> sources_of(const snapshot& s, const narrowing& only);
std::vector<listed_tension> tensions_of(const snapshot& s, const narrowing& only);

// Whether a statement about the state rests on this claim or source.
class cited_about {
public:
  cited_about(const snapshot& s, std::string_view state);
  bool has_claim(std::string_view id) const;
  bool has_source(std::string_view id) const; // directly, or one of its claims

private:
  std::vector<std::string_view> claims_, sources_; // sorted
};

} // namespace posterior::kb
