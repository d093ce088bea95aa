// The places where a trial steps between a worker and its detector. An ordinary worker is linked with
// no_trial.cpp, which steps nowhere; posterior-trial-worker, which only `posterior plugin check` starts, with
// trial.cpp and failing_memory.cpp. What a trial can ask for is engine/host/trial.hpp. One thread; owned by
// main and alive until the process ends.
#pragma once

#include <posterior/abi.h>

#include <memory>
#include <string_view>

#include "engine/worker/host_table.hpp"
#include "engine/worker/loader.hpp"

namespace posterior::worker {

class trial {
public:
  // `config` is what the load order holds. Made before the library is loaded.
  explicit trial(std::string_view config);
  trial(const trial&) = delete;
  trial& operator=(const trial&) = delete;
  ~trial();

  // What of it is for the detector.
  std::string_view config() const noexcept { return config_; }
  // The host that the plugin sees. The same table each time.
  const posterior_host* host(const host_table& table);
  // The class whose functions are called in place of the plugin's.
  const posterior_detector_class* made_by(const loaded& from);

private:
  struct bench;
  std::string_view config_;
  std::unique_ptr<bench> bench_; // empty: nothing is tried
};

} // namespace posterior::worker
