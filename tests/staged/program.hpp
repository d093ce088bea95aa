// Runs a program of the stage, or of a layout made from it, as a user does: own environment, own home,
// limits. Any thread; a `folder` removes itself.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/types.h>

namespace posterior::staged {

inline const std::filesystem::path stage = POSTERIOR_STAGE;

// A temporary folder, removed with everything in it.
class folder {
public:
  folder();
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  ~folder();

  std::filesystem::path path() const { return root_; }
  std::filesystem::path operator/(const std::string& name) const { return root_ / name; }
  // Makes the folders in between; gives the path.
  std::filesystem::path write(const std::string& name, const std::string& bytes) const;

private:
  std::filesystem::path root_;
};

struct surroundings {
  std::filesystem::path home;                 // POSTERIOR_HOME; empty: not set
  std::vector<std::filesystem::path> plugins; // POSTERIOR_PLUGIN_PATH, in this order
  std::optional<rlim_t> largest_file;         // bytes: a disk that is full from there on
  std::optional<uid_t> user;                  // only root can choose
  std::filesystem::path prefix = stage;       // whose bin/posterior runs
};

struct finished {
  int exit_code = -1; // 126: the program could not be started; 128 + signal if it was killed
  std::string out, error;
};

// Runs COMMAND with `input` on its standard input and nothing else of this process's environment than what
// sanitizers need.
finished run(const std::vector<std::string>& command, const surroundings& around,
             const std::string& input = {});

// bin/posterior assess --local WORDS.
finished assess(const std::vector<std::string>& words, const surroundings& around,
                const std::string& input = {});

// A prefix below `below` with the programs, and with the named staged bundles copied to its plugin folder.
std::filesystem::path copy_prefix(const folder& below, const std::string& name,
                                  const std::vector<std::string>& bundles);

// The names of the staged bundles, sorted, the core among them.
std::vector<std::string> staged_bundles();
// Copies a staged bundle to a path, whose last part becomes its folder's name.
void copy_bundle(const std::string& bundle, const std::filesystem::path& to);

// The folders of tests/cases that hold a case, sorted; and the case in one.
std::vector<std::string> collection();
std::filesystem::path case_file(const std::string& name);

std::string contents(const std::filesystem::path& file);
std::size_t count(const std::string& text, const std::string& part);

} // namespace posterior::staged
