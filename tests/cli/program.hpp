// Runs the built programs from an installation of their own below a temporary folder: the core, the packs
// without code, and a fresh home, so that no test sees the machine's.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace posterior::tests {

struct finished {
  int exit_code = -1; // 128 + signal if it was killed
  std::string out, error;
};

using variables = std::map<std::string, std::string>;

class installation {
public:
  installation();
  installation(const installation&) = delete;
  installation& operator=(const installation&) = delete;
  ~installation();

  std::filesystem::path root() const { return root_; }
  std::filesystem::path home() const { return root_ / "home"; }
  std::filesystem::path plugins() const { return root_ / "lib/posterior/plugins"; }
  std::filesystem::path program(const std::string& name) const { return root_ / "bin" / name; }

  // `extra` variables come on top of POSTERIOR_HOME; an empty value removes one.
  finished run(const std::vector<std::string>& words, const std::string& input = {},
               const variables& extra = {}) const;
  // Starts without waiting; standard error goes to `log`.
  pid_t start(const std::string& name, const std::vector<std::string>& words,
              const std::filesystem::path& log, const variables& extra = {}) const;
  // Adds a bundle of the source tree.
  void add_plugin(const std::string& folder) const;
  // Replaces the packs by everything that the build staged, detectors included; false if it staged nothing.
  bool take_staged_plugins() const;
  std::filesystem::path write(const std::string& name, const std::string& text) const;

private:
  std::vector<std::string> environment(const variables& extra) const;

  std::filesystem::path root_;
};

int wait_for_exit(pid_t child);
std::string contents(const std::filesystem::path& file);

// A case that says little: tightness on the left.
std::string small_case();

} // namespace posterior::tests
