#include "tests/staged/program.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace posterior::staged {
namespace {

namespace fs = std::filesystem;

constexpr auto with_everything = fs::copy_options::recursive;

struct channel {
  int read = -1, write = -1;
  channel() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
      throw std::runtime_error("no pipe");
    read = ends[0];
    write = ends[1];
  }
};

std::vector<std::string> environment(const surroundings& around) {
  std::vector<std::string> out{"PATH=/usr/bin:/bin", "TERM=dumb"};
  if (!around.home.empty())
    out.push_back("POSTERIOR_HOME=" + around.home.string());
  std::string path;
  for (const fs::path& place : around.plugins)
    (path += path.empty() ? "" : ":") += place.string();
  if (!path.empty())
    out.push_back("POSTERIOR_PLUGIN_PATH=" + path);
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
    if (const char* value = std::getenv(name))
      out.push_back(std::string(name) + "=" + value);
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& list) {
  std::vector<char*> out;
  for (std::string& one : list)
    out.push_back(one.data());
  out.push_back(nullptr);
  return out;
}

// In the child, after fork: only calls that a signal handler may make.
[[noreturn]] void become(char** argv, char** envp, const surroundings& around,
                         const std::array<int, 3>& ends) {
  for (int i = 0; i < 3; ++i)
    ::dup2(ends[static_cast<std::size_t>(i)], i);
  std::signal(SIGPIPE, SIG_DFL);
  if (around.largest_file) {
    const rlimit most{*around.largest_file, *around.largest_file};
    ::setrlimit(RLIMIT_FSIZE, &most);
  }
  if (around.user && ::setresuid(*around.user, *around.user, *around.user) != 0)
    ::_exit(126);
  ::execve(argv[0], argv, envp);
  ::_exit(126);
}

void close_all(std::initializer_list<int> ends) {
  for (const int fd : ends)
    ::close(fd);
}

// Writes what fits; closes at the end of the input, or when nobody reads it.
void feed(int& fd, std::string& input) {
  const ssize_t sent = input.empty() ? 0 : ::write(fd, input.data(), input.size());
  if (sent < 0 && errno == EAGAIN)
    return;
  input.erase(0, sent > 0 ? static_cast<std::size_t>(sent) : input.size());
  if (input.empty())
    ::close(std::exchange(fd, -1));
}

void gather(int& fd, std::string& into) {
  char buffer[65536];
  const ssize_t got = ::read(fd, buffer, sizeof buffer);
  if (got > 0)
    into.append(buffer, static_cast<std::size_t>(got));
  else
    ::close(std::exchange(fd, -1));
}

void converse(int in, std::string input, int out, int error, finished& done) {
  ::fcntl(in, F_SETFL, O_NONBLOCK);
  while (out >= 0 || error >= 0) {
    pollfd ends[3] = {{in, POLLOUT, 0}, {out, POLLIN, 0}, {error, POLLIN, 0}};
    ::poll(ends, 3, -1);
    if (in >= 0 && ends[0].revents != 0)
      feed(in, input);
    if (out >= 0 && ends[1].revents != 0)
      gather(out, done.out);
    if (error >= 0 && ends[2].revents != 0)
      gather(error, done.error);
  }
  if (in >= 0)
    ::close(in);
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

folder::folder() {
  std::string name = (fs::temp_directory_path() / "posterior-staged-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw std::runtime_error("no temporary folder");
  root_ = name;
  fs::permissions(root_, static_cast<fs::perms>(0755)); // other users may look in, nobody else may write
}

folder::~folder() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

fs::path folder::write(const std::string& name, const std::string& bytes) const {
  const fs::path file = root_ / name;
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
  return file;
}

finished run(const std::vector<std::string>& command, const surroundings& around, const std::string& input) {
  std::signal(SIGPIPE, SIG_IGN); // a program may end before it has read its input
  std::vector<std::string> words = command, variables = environment(around);
  std::vector<char*> argv = pointers(words), envp = pointers(variables);
  const channel in, out, error;
  const pid_t child = ::fork();
  if (child == 0)
    become(argv.data(), envp.data(), around, {in.read, out.write, error.write});
  close_all({in.read, out.write, error.write});
  finished done;
  converse(in.write, input, out.read, error.read, done);
  done.exit_code = wait_for(child);
  return done;
}

finished assess(const std::vector<std::string>& words, const surroundings& around, const std::string& input) {
  std::vector<std::string> command{(around.prefix / "bin/posterior").string(), "assess", "--local"};
  command.insert(command.end(), words.begin(), words.end());
  return run(command, around, input);
}

fs::path copy_prefix(const folder& below, const std::string& name, const std::vector<std::string>& bundles) {
  const fs::path prefix = below / name;
  fs::create_directories(prefix / "bin");
  fs::create_directories(prefix / "lib/posterior/plugins");
  fs::copy_file(stage / "bin/posterior", prefix / "bin/posterior");
  fs::copy(stage / "libexec", prefix / "libexec", with_everything);
  for (const std::string& bundle : bundles)
    copy_bundle(bundle, prefix / "lib/posterior/plugins" / bundle);
  return prefix;
}

std::vector<std::string> staged_bundles() {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(stage / "lib/posterior/plugins"))
    out.push_back(entry.path().filename());
  std::sort(out.begin(), out.end());
  return out;
}

void copy_bundle(const std::string& bundle, const fs::path& to) {
  fs::create_directories(to.parent_path());
  fs::copy(stage / "lib/posterior/plugins" / bundle, to, with_everything);
}

std::vector<std::string> collection() {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(fs::path(POSTERIOR_SOURCE_DIR) / "tests/cases"))
    if (fs::exists(entry.path() / "case.toml"))
      out.push_back(entry.path().filename());
  std::sort(out.begin(), out.end());
  return out;
}

fs::path case_file(const std::string& name) {
  return fs::path(POSTERIOR_SOURCE_DIR) / "tests/cases" / name / "case.toml";
}

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in)
    throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++found;
  return found;
}

} // namespace posterior::staged
