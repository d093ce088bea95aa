// From a network to a schedule: relevance and peeling (relevant.cpp), an order for what is left
// (ordering.cpp), and the order as operations (emission.cpp). Judged by tests/oracle (brute force) and by the
// cost that program::cost states.
#include "engine/inference/planner.hpp"

#include <algorithm>
#include <limits>

#include "engine/inference/emission.hpp"
#include "engine/inference/ordering.hpp"
#include "engine/inference/relevant.hpp"

namespace posterior::inference {
namespace {

// Measured: a step of least fill takes about as long as this many cells of one run.
constexpr double cells_per_step = 100;
constexpr int most_attempts = 6;

} // namespace

struct planner::parts {
  relevant here;
  orderer orders;
  emitter writer;
  std::vector<step> best;
};

planner::planner()
    : parts_(std::make_unique<parts>()) {}
planner::~planner() = default;
planner::planner(planner&&) noexcept = default;
planner& planner::operator=(planner&&) noexcept = default;

program planner::compile(const layout& map, std::span<const node_index> evidence,
                         std::span<const node_index> targets, std::span<const node_index> absent,
                         double runs) {
  program p;
  parts_->here.build(map, evidence, targets, absent, p);
  orderer& orders = parts_->orders;
  parts_->best = orders.order(parts_->here, rule::smallest_table, 0, std::numeric_limits<double>::infinity());
  double cost = orders.cost();
  const double steps = static_cast<double>(parts_->best.size());
  for (int attempt = 1; attempt < most_attempts && cost * runs > cells_per_step * steps * attempt;
       ++attempt) {
    const auto& other = orders.order(parts_->here, rule::least_fill, attempt - 1, cost);
    if (other.empty())
      continue;
    parts_->best = other;
    cost = orders.cost();
  }
  parts_->writer.emit(parts_->here, parts_->best, p);
  return p;
}

std::optional<program> compile(const network& net, std::span<const node_index> evidence,
                               std::span<const node_index> targets, std::span<const node_index> absent,
                               double runs) {
  const layout map(net);
  if (!map.looped().empty())
    return std::nullopt;
  return planner().compile(map, evidence, targets, absent, runs);
}

} // namespace posterior::inference
