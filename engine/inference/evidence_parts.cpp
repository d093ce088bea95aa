#include <algorithm>

#include "engine/inference/evidence.hpp"

namespace posterior::inference {

std::vector<evidence::part> evidence::parts(const parameters& p, int i) const {
  std::vector<part> out;
  for (const cluster& c : clusters_) {
    const speaker& first = speakers_[c.members[0]];
    pair said = pooled(c.members, c.rho, p, i);
    if (c.certain)
      said = said.present > said.absent ? pair{0, 1} : pair{1, 0};
    const auto group = std::lower_bound(groups_.begin(), groups_.end(), first.group) - groups_.begin();
    out.push_back({c.node, static_cast<std::size_t>(group), said});
  }
  return out;
}

} // namespace posterior::inference
