// Knowledge as a network: every state becomes one node, or one a side where it is lateral; every uncut link
// becomes one or more links that share one parameter. Built from a snapshot alone; the snapshot must outlive
// it. Immutable; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/inference/layout.hpp"
#include "engine/inference/network.hpp"
#include "engine/inference/parameters.hpp"
#include "kb/snapshot.hpp"

namespace posterior::inference {

// What a node stands for. `either`: "on one side or the other" of a lateral state.
struct node_meaning {
  const kb::state* state = nullptr;
  stream leak = 0; // names the leak among the parameters
  side where = side::none;
  bool either = false;
};

// What a link's probability comes from; nullptr: certain (into an either-side node).
struct link_meaning {
  const kb::link* statement = nullptr;
  stream p = 0;
};

// A link out of a risk that nothing brings about. It is not a link of the network: given what was recorded
// about the risk, it raises the leak of each effect on its own account. Rationale: as a shared parent, an
// unrecorded risk would join both sides and most causes into one table, many times dearer; what its effects
// have in common beyond the pair priors is small (measured in ARCHITECTURE.md).
struct risk_link {
  node_index risk, effect;
  const kb::link* statement;
  stream p;
};

// What is left of a lateral state's leak for one side alone once the shock on both sides is taken out.
double own_leak_of_pair(const kb::state& s, double leak);

class grounding {
public:
  explicit grounding(const kb::snapshot& knowledge);
  grounding(const grounding&) = delete; // the index points into it
  grounding& operator=(const grounding&) = delete;

  const network& net() const { return net_; }
  const layout& map() const { return *map_; }
  const std::vector<node_meaning>& nodes() const { return nodes_; }
  const std::vector<risk_link>& risks() const { return risks_; }
  const std::vector<link_meaning>& links() const { return links_; }

  // The node of a state on a side (`none` for midline states); -1 if there is none.
  node_index find(std::string_view state, side where) const;
  // "One side or the other" of a lateral state, the node itself for a midline one; -1 if unknown.
  node_index either(std::string_view state) const;
  // The nodes of every cause (kind cause), both sides, in order; and of every `other`.
  const std::vector<node_index>& causes() const { return causes_; }
  const std::vector<node_index>& others() const { return others_; }

  // Leak and shock of a node, and probability of a link, in draw `i` (i < 0: the means).
  double own_leak(node_index v, const parameters& p, int i) const;
  double shock(std::size_t k, const parameters& p, int i) const;
  double link(std::size_t k, const parameters& p, int i) const;

private:
  struct slot {
    node_index none = -1, left = -1, right = -1, either = -1;
  };
  node_index add(const kb::state& s, side where, bool either);
  void add_state(const kb::state& s);
  void add_link(const kb::link& l, bool from_risk);

  network net_;
  std::optional<layout> map_; // of net_, once that is complete
  std::vector<node_meaning> nodes_;
  std::vector<link_meaning> links_;
  std::vector<risk_link> risks_;
  std::vector<node_index> causes_, others_;
  std::map<std::string, slot, std::less<>> slots_;
};

} // namespace posterior::inference
