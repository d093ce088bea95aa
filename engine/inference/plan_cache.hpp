// Programs made before, for one network: a clinic asks about the same findings again and again, and what-ifs
// of one case differ in numbers, not in shape. Any thread; what it hands out never changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "engine/inference/planner.hpp"

namespace posterior::inference {

class plan_cache {
public:
  // Keeps at most this many programs, those used last.
  explicit plan_cache(std::size_t most = 64)
      : most_(most) {}

  // As planner::compile(); the same program whether it was kept or is made now. Every call must be about a
  // network of the same shape (nodes, links, shocks, tables; probabilities may differ).
  std::shared_ptr<const program> compile(const layout& map, std::span<const node_index> evidence,
                                         std::span<const node_index> targets,
                                         std::span<const node_index> absent = {}, double runs = 1);

  struct counts {
    std::size_t kept, found, made;
  };
  counts count() const;

private:
  using key = std::vector<std::int64_t>;
  struct entry {
    std::shared_ptr<const program> made;
    std::list<const key*>::iterator place;
  };

  const std::size_t most_;
  mutable std::mutex guard_;
  std::map<key, entry> programs_;
  std::list<const key*> by_use_; // last used first
  std::size_t found_ = 0, made_ = 0;
};

} // namespace posterior::inference
