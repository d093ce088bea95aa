// Which statement names which: for every id the statements that name it, in the order of the kinds and of
// their lists. Made once for a snapshot, on the first question (snapshot::users). Immutable; any thread. It
// holds views of the statements, and lives no longer than they do.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kb/model.hpp"

namespace posterior::kb {

// One statement that names an id.
struct use {
  std::string_view label;   // of the reference: "claims", "from", "harder"
  std::uint32_t kind = 0;   // which of the kinds, in their order
  std::uint32_t at = 0;     // which of that kind's list
  std::uint32_t plugin = 0; // which of plugins()
};

class usage {
public:
  usage() = default;
  explicit usage(const statements& all);

  // Who names this id; one entry for each label under which a statement does.
  std::span<const use> of(std::string_view id) const;
  // Ids of the bundles that say what names something.
  const std::vector<std::string_view>& plugins() const { return plugins_; }

private:
  std::unordered_map<std::string_view, std::uint32_t> number_; // of an id that something names
  std::vector<std::uint32_t> begin_;                           // by number: where its uses begin
  std::vector<use> uses_;
  std::vector<std::string_view> plugins_;
};

} // namespace posterior::kb
