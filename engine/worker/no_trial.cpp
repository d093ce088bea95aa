#include "engine/worker/trial.hpp"

namespace posterior::worker {

struct trial::bench {};

trial::trial(std::string_view config)
    : config_{config} {}

trial::~trial() = default;

const posterior_host* trial::host(const host_table& table) {
  return table.get();
}

const posterior_detector_class* trial::made_by(const loaded& from) {
  return from.made_by;
}

} // namespace posterior::worker
