#include "engine/inference/what_if.hpp"

namespace posterior::inference {
namespace {

std::size_t at(node_index v) {
  return static_cast<std::size_t>(v);
}

template <typename T>
void cut_links(const network& net, const program& p, node_index node, weights<T>& w, int lane) {
  for (std::size_t k = 0; k < p.links.size(); ++k)
    if (net.links[at(p.links[k])].to == node) {
      w.q[k][lane] = 0;
      w.not_q[k][lane] = 1;
    }
}

// The other end keeps the shock as part of its leak.
template <typename T>
void cut_shocks(const network& net, const program& p, node_index node, weights<T>& w, int lane) {
  for (std::size_t k = 0; k < p.shocks.size(); ++k) {
    const auto& s = net.shocks[at(p.shocks[k])];
    if (s.a != node && s.b != node)
      continue;
    const node_index other = p.local_of[at(s.a == node ? s.b : s.a)];
    if (other >= 0) {
      const double off = w.leak_off[at(other)][lane];
      w.leak_on[at(other)][lane] += off * w.shock[k][lane];
      w.leak_off[at(other)][lane] = off * w.not_shock[k][lane];
    }
    w.shock[k][lane] = 0;
    w.not_shock[k][lane] = 1;
  }
}

template <typename T>
void cut_table(const network& net, const program& p, const held_state& h, weights<T>& w, int lane) {
  for (std::size_t k = 0; k < p.tables.size(); ++k) {
    const network::table& t = net.tables[at(p.tables[k])];
    if (t.node != h.node)
      continue;
    const std::size_t half = t.present.size();
    for (std::size_t c = 0; c < half; ++c) {
      w.tables[w.table_at[k] + c][lane] = h.present ? 0 : 1;
      w.tables[w.table_at[k] + half + c][lane] = h.present ? 1 : 0;
    }
  }
}

} // namespace

template <typename T>
void hold(const network& net, const program& p, const held_state& h, weights<T>& w, int lane) {
  const auto v = at(p.local_of[at(h.node)]);
  if (h.how == holding::given) {
    (h.present ? w.absent : w.present)[v][lane] = 0;
    return;
  }
  cut_links(net, p, h.node, w, lane);
  cut_shocks(net, p, h.node, w, lane);
  cut_table(net, p, h, w, lane);
  w.leak_off[v][lane] = h.present ? 0 : 1;
  w.leak_on[v][lane] = h.present ? 1 : 0;
}

template void hold<two_lanes>(const network&, const program&, const held_state&, weights<two_lanes>&, int);
template void hold<lanes>(const network&, const program&, const held_state&, weights<lanes>&, int);

} // namespace posterior::inference
