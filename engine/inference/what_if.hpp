// What if a state were known, or made, to be present or absent: weight changes of the same schedule.
//
// Known ("given"): it was seen to be so, like evidence; whatever brings the state about becomes more or less
// likely with it. Made ("done"): something set it, a treatment for example; nothing is learned about what
// usually brings it about, so the links into it, its leak and its half of a shock are cut, and only what it
// brings about changes. Judged by tests/inference/what_if_test.cpp against brute force over the cut network.
#pragma once

#include "engine/inference/machine.hpp"
#include "engine/inference/network.hpp"
#include "engine/inference/program.hpp"

namespace posterior::inference {

enum class holding : std::uint8_t { given, done };

struct held_state {
  node_index node = -1; // of the network; must be in the schedule
  bool present = false;
  holding how = holding::given;
};

// Changes one lane of `w`, which must hold the final weights of everything else.
template <typename T>
void hold(const network& net, const program& p, const held_state& h, weights<T>& w, int lane);

extern template void hold<two_lanes>(const network&, const program&, const held_state&, weights<two_lanes>&,
                                     int);
extern template void hold<lanes>(const network&, const program&, const held_state&, weights<lanes>&, int);

} // namespace posterior::inference
