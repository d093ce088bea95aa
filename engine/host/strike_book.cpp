#include "engine/host/strike_book.hpp"

#include <algorithm>
#include <tuple>

namespace posterior::host {

void sort(std::vector<offender>& all) {
  std::sort(all.begin(), all.end(), [](const offender& a, const offender& b) {
    return std::tie(a.plugin, a.version, a.digest) < std::tie(b.plugin, b.version, b.digest);
  });
}

std::vector<offender> memory_book::read() {
  const std::lock_guard hold{guard_};
  return all_;
}

void memory_book::change(const std::function<void(std::vector<offender>&)>& alter) {
  const std::lock_guard hold{guard_};
  alter(all_);
  sort(all_);
}

} // namespace posterior::host
