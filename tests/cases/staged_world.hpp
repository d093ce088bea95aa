// The staged programs' knowledge and detectors, opened once for a test program: bundles as installed, workers
// as in use.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "engine/assess/assess.hpp"
#include "engine/case/reader.hpp"
#include "engine/service/local/local.hpp"

namespace posterior::staged {

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in)
    throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

// Knowledge in memory: the home has no writable place.
class world {
public:
  world() {
    const service::environment nothing = [](const char*) { return std::optional<std::string>(); };
    at_ = service::find_places(nothing, std::filesystem::path(POSTERIOR_STAGE) / "bin" / "posterior");
    opened_ = service::open_world(at_, {false}, service::make_workers(at_), {});
    if (!opened_.now)
      throw std::runtime_error(opened_.problems.empty() ? "no knowledge"
                                                        : to_string(opened_.problems.front()));
  }

  const kb::snapshot& knowledge() const { return *opened_.now->knowledge; }
  const assess::detector_port& detectors() const { return opened_.now->detectors; }
  const diagnostics& problems() const { return opened_.problems; }
  const std::vector<kb::bundle>& refused() const { return opened_.now->refused; }

  assess::assessment assess_file(const std::filesystem::path& file) const {
    return assess_text(slurp(file), file.filename().string());
  }
  assess::assessment assess_text(const std::string& text, const std::string& name) const {
    const auto read = cases::read(text, name, knowledge());
    if (!read.value)
      throw std::runtime_error(read.problems.empty() ? "unreadable case" : to_string(read.problems.front()));
    return assess::assess(*read.value, read.problems, knowledge(), opened_.now->detectors, {});
  }

private:
  service::places at_;
  service::opened_world opened_;
};

inline const world& the_world() {
  static const world w;
  return w;
}

} // namespace posterior::staged
