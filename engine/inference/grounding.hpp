// Knowledge as a network for one kind of patient: every state becomes one node, or one a side where it is
// lateral; every uncut link becomes one or more links that share one parameter; a gated link acts out of a
// node of its own that is present exactly when the link may act. Built from a snapshot and what is known of
// the patient's age, sex and setting, which choose among a state's priors. The snapshot must outlive it.
// Immutable; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/case/settle.hpp"
#include "engine/inference/layout.hpp"
#include "engine/inference/network.hpp"
#include "engine/inference/parameters.hpp"
#include "kb/snapshot.hpp"

namespace posterior::inference {

// What chooses among the priors of a state. What is unknown chooses nothing.
struct circumstances {
  std::optional<double> age; // years
  cases::sex sex_is = cases::sex::unknown;
  cases::setting in = cases::setting::unknown;
};
circumstances circumstances_of(const cases::picture& picture);

// The narrowest prior of a state that is about such a patient; nullptr: the state's own leak holds. A prior
// that names a setting, a sex or an age is about nobody whose setting, sex or age is unknown.
const kb::prior* prior_for(const kb::snapshot& knowledge, std::string_view state, const circumstances& who);

// What a node stands for. `either`: implied by others and without a leak, "on one side or the other" of a
// lateral state, or (`gate`) "present, and its gated link may act".
struct node_meaning {
  const kb::state* state = nullptr;
  const kb::estimate* before = nullptr; // its leak for this patient
  stream leak = 0;                      // names that leak among the parameters
  side where = side::none;
  bool either = false, gate = false;
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
  explicit grounding(const kb::snapshot& knowledge, const circumstances& who = {});
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
  // One acting end of a link, and where it acts.
  struct act {
    node_index from, to;
    side where; // on which its gates are looked for; none: on either side
  };
  node_index add(const kb::state& s, side where, bool either);
  void add_state(const kb::state& s);
  node_index add_gate(const kb::link& l, const act& a);
  node_index gate_parent(std::string_view state, side where) const;
  void add_link(const kb::link& l, bool from_risk);

  const kb::snapshot& knowledge_;
  const circumstances who_;
  network net_;
  std::optional<layout> map_; // of net_, once that is complete
  std::vector<node_meaning> nodes_;
  std::vector<link_meaning> links_;
  std::vector<risk_link> risks_;
  std::vector<node_index> causes_, others_;
  std::map<std::string, slot, std::less<>> slots_;
};

} // namespace posterior::inference
