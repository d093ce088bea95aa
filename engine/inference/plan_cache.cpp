#include "engine/inference/plan_cache.hpp"

#include <bit>

namespace posterior::inference {
namespace {

// Everything that a program depends on besides the network's shape; -1 parts the lists.
std::vector<std::int64_t> key_of(std::span<const node_index> evidence, std::span<const node_index> targets,
                                 std::span<const node_index> absent, double runs) {
  std::vector<std::int64_t> out{std::bit_cast<std::int64_t>(runs)};
  for (const auto list : {evidence, targets, absent}) {
    out.insert(out.end(), list.begin(), list.end());
    out.push_back(-1);
  }
  return out;
}

} // namespace

std::shared_ptr<const program> plan_cache::compile(const layout& map, std::span<const node_index> evidence,
                                                   std::span<const node_index> targets,
                                                   std::span<const node_index> absent, double runs) {
  auto wanted = key_of(evidence, targets, absent, runs);
  {
    const std::lock_guard hold(guard_);
    if (const auto it = programs_.find(wanted); it != programs_.end()) {
      by_use_.splice(by_use_.begin(), by_use_, it->second.place);
      ++found_;
      return it->second.made;
    }
  }
  auto made = std::make_shared<const program>(planner().compile(map, evidence, targets, absent, runs));
  const std::lock_guard hold(guard_);
  ++made_;
  const auto [it, is_new] = programs_.try_emplace(std::move(wanted));
  if (!is_new) // another thread was faster, with the same program
    return it->second.made;
  by_use_.push_front(&it->first);
  it->second = {made, by_use_.begin()};
  if (programs_.size() > most_) {
    const key* oldest = by_use_.back();
    by_use_.pop_back();
    programs_.erase(programs_.find(*oldest));
  }
  return made;
}

plan_cache::counts plan_cache::count() const {
  const std::lock_guard hold(guard_);
  return {programs_.size(), found_, made_};
}

} // namespace posterior::inference
