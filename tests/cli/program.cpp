#include "tests/cli/program.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace posterior::tests {
namespace {

namespace fs = std::filesystem;

constexpr const char* packs[] = {"hamstring-shortness", "lumbar-radiculopathy", "hamstring-strain",
                                 "eccentric-hamstring-weakness", "differential"};

std::vector<char*> pointers(std::vector<std::string>& list) {
  std::vector<char*> out;
  for (std::string& one : list)
    out.push_back(one.data());
  out.push_back(nullptr);
  return out;
}

struct channel {
  int read = -1, write = -1;
  channel() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) == 0) {
      read = ends[0];
      write = ends[1];
    }
  }
};

pid_t launch(const fs::path& program, const std::vector<std::string>& words,
             std::vector<std::string> environment, int in, int out, int error) {
  std::vector<std::string> line{program.string()};
  line.insert(line.end(), words.begin(), words.end());
  std::vector<char*> argv = pointers(line), envp = pointers(environment);
  const pid_t child = ::fork();
  if (child != 0)
    return child;
  ::dup2(in, 0);
  ::dup2(out, 1);
  ::dup2(error, 2);
  ::execve(argv[0], argv.data(), envp.data());
  ::_exit(126);
}

// Feeds standard input and gathers both outputs until they are closed.
void converse(int in, std::string input, int out, std::string& text, int error, std::string& complaints) {
  ::fcntl(in, F_SETFL, O_NONBLOCK);
  if (input.empty()) {
    ::close(in);
    in = -1;
  }
  while (out >= 0 || error >= 0) {
    pollfd ends[3] = {{in, POLLOUT, 0}, {out, POLLIN, 0}, {error, POLLIN, 0}};
    ::poll(ends, 3, -1);
    if (in >= 0 && ends[0].revents != 0) {
      const ssize_t sent = ::write(in, input.data(), input.size());
      input.erase(0, sent > 0 ? static_cast<std::size_t>(sent) : input.size());
      if (input.empty()) {
        ::close(in);
        in = -1;
      }
    }
    char buffer[65536];
    for (auto [fd, into, end] : {std::tuple{&out, &text, 1}, {&error, &complaints, 2}}) {
      if (*fd < 0 || ends[end].revents == 0)
        continue;
      const ssize_t got = ::read(*fd, buffer, sizeof buffer);
      if (got > 0) {
        into->append(buffer, static_cast<std::size_t>(got));
      } else {
        ::close(*fd);
        *fd = -1;
      }
    }
  }
}

} // namespace

installation::installation() {
  std::string name = (fs::temp_directory_path() / "posterior-test-XXXXXX").string();
  root_ = ::mkdtemp(name.data());
  for (const char* folder : {"bin", "libexec/posterior", "lib/posterior/plugins", "home", "files"})
    fs::create_directories(root_ / folder);
  const fs::path stage = POSTERIOR_STAGE;
  for (const char* program : {"bin/posterior", "bin/posteriord", "libexec/posterior/posterior-worker"})
    if (fs::exists(stage / program))
      fs::copy_file(stage / program, root_ / program);
  fs::copy(fs::path(POSTERIOR_SOURCE_DIR) / "kb/core", plugins() / "org.posterior.core",
           fs::copy_options::recursive);
  for (const char* pack : packs)
    add_plugin(pack);
}

installation::~installation() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

void installation::add_plugin(const std::string& folder) const {
  fs::copy(fs::path(POSTERIOR_SOURCE_DIR) / "plugins" / folder, plugins() / ("org.posterior." + folder),
           fs::copy_options::recursive);
}

bool installation::take_staged_plugins() const {
  const fs::path staged = fs::path(POSTERIOR_STAGE) / "lib/posterior/plugins";
  if (!fs::exists(staged / "core"))
    return false;
  fs::remove_all(plugins());
  fs::copy(staged, plugins(), fs::copy_options::recursive);
  return true;
}

fs::path installation::write(const std::string& name, const std::string& text) const {
  const fs::path file = root_ / "files" / name;
  std::ofstream(file, std::ios::binary) << text;
  return file;
}

std::vector<std::string> installation::environment(const variables& extra) const {
  variables all{{"POSTERIOR_HOME", home().string()},
                {"HOME", home().string()},
                {"PATH", "/usr/bin:/bin"},
                {"TERM", "dumb"}};
  for (const auto& [name, value] : extra)
    all[name] = value;
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
    if (const char* value = std::getenv(name); value != nullptr)
      all.emplace(name, value);
  std::vector<std::string> out;
  for (const auto& [name, value] : all)
    if (!value.empty())
      out.push_back(name + "=" + value);
  return out;
}

finished installation::run(const std::vector<std::string>& words, const std::string& input,
                           const variables& extra) const {
  channel in, out, error;
  const pid_t child =
      launch(program("posterior"), words, environment(extra), in.read, out.write, error.write);
  ::close(in.read);
  ::close(out.write);
  ::close(error.write);
  finished done;
  converse(in.write, input, out.read, done.out, error.read, done.error);
  done.exit_code = wait_for_exit(child);
  return done;
}

pid_t installation::start(const std::string& name, const std::vector<std::string>& words, const fs::path& log,
                          const variables& extra) const {
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const pid_t child = launch(program(name), words, environment(extra), nothing, nothing, file);
  ::close(nothing);
  ::close(file);
  return child;
}

int wait_for_exit(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string small_case() {
  return "schema = \"posterior.case/1\"\n[patient]\nage = 34\nsex = \"female\"\n[screening]\ndone = true\n"
         "[[observation]]\nfinding = \"slr-passive\"\nside = \"left\"\nvalue = 62\nunit = \"deg\"\n"
         "[[observation]]\nfinding = \"slump\"\nside = \"left\"\nstate = \"present\"\n";
}

} // namespace posterior::tests
