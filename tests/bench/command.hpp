// Runs programs as a clinic would, for the benchmarks.
#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace posterior::bench {

namespace fs = std::filesystem;

inline const std::array<const char*, 5> named{"neural-tension-alone", "tightness-paradox",
                                              "bilateral-complaint", "red-flag-in-an-ordinary-case",
                                              "truly-short-muscle"};

inline fs::path file_of(const std::string& name) {
  return fs::path(POSTERIOR_SOURCE_DIR) / "tests" / "cases" / name / "case.toml";
}

// Runs a program with its output thrown away; false if it could not be started or failed.
inline bool run(const std::vector<std::string>& words, const std::string& home) {
  std::vector<char*> arguments;
  for (const std::string& w : words)
    arguments.push_back(const_cast<char*>(w.c_str()));
  arguments.push_back(nullptr);
  std::string variable = "POSTERIOR_HOME=" + home;
  char* environment[] = {variable.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (int fd : {1, 2})
    posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_WRONLY, 0);
  pid_t pid = -1;
  const int failed = posix_spawn(&pid, arguments[0], &actions, nullptr, arguments.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  return failed == 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// A fresh home with the knowledge base already created, as on the second command of the day.
inline std::string prepared_home() {
  static const std::string home = [] {
    char name[] = "/tmp/posterior-bench-home-XXXXXX";
    return std::string(mkdtemp(name));
  }();
  return home;
}

inline std::vector<std::string> assess_command(const std::string& name) {
  return {(fs::path(POSTERIOR_STAGE) / "bin" / "posterior").string(), "assess", "--local",
          file_of(name).string()};
}

} // namespace posterior::bench
