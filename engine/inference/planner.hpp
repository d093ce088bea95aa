// Makes programs for queries on one network after another, without asking for memory each time. One thread;
// keeps nothing that matters between calls: same query, same program.
#pragma once

#include <memory>
#include <span>

#include "engine/inference/layout.hpp"
#include "engine/inference/program.hpp"

namespace posterior::inference {

class planner {
public:
  planner();
  ~planner();
  planner(planner&&) noexcept;
  planner& operator=(planner&&) noexcept;

  // As compile() in program.hpp; the network must have no directed loop.
  program compile(const layout& map, std::span<const node_index> evidence,
                  std::span<const node_index> targets, std::span<const node_index> absent = {},
                  double runs = 1);

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace posterior::inference
