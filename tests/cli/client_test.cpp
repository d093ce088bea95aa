#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <cstring>
#include <filesystem>
#include <string>
#include <thread>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "engine/cli/client.hpp"
#include "engine/cli/command_line.hpp"

using namespace posterior;
using namespace posterior::cli;

namespace {

// A socket that answers every connection with the same bytes, or with none.
class fake_server {
public:
  explicit fake_server(std::string answer, bool hang = false) {
    std::string name = (std::filesystem::temp_directory_path() / "posterior-fake-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, path().c_str());
    ::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::listen(fd_, 4);
    thread_ = std::thread([this, answer, hang] {
      const int one = ::accept(fd_, nullptr, nullptr);
      char buffer[4096];
      if (::recv(one, buffer, sizeof buffer, 0) > 0 && !hang)
        ::send(one, answer.data(), answer.size(), MSG_NOSIGNAL);
      if (hang)
        while (::recv(one, buffer, sizeof buffer, 0) > 0) {
        }
      ::close(one);
    });
  }
  ~fake_server() {
    ::shutdown(fd_, SHUT_RDWR);
    thread_.join();
    ::close(fd_);
    std::filesystem::remove_all(folder_);
  }
  std::string path() const { return (folder_ / "s").string(); }

private:
  std::filesystem::path folder_;
  int fd_ = -1;
  std::thread thread_;
};

const std::string good =
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nPosterior-Exit: 3\r\nPosterior-Notes: a%0Ab\r\n"
    "content-type: text/plain\r\n\r\nhi";

} // namespace

TEST_CASE("an answer of a daemon is read with its exit code and notes") {
  const http_reading read = read_http(good, {});
  REQUIRE(read.response);
  CHECK(read.response->status == 200);
  CHECK(read.response->exit_code == 3);
  CHECK(read.response->notes == "a\nb");
  CHECK(read.response->content_type == "text/plain");
  CHECK(read.response->body == "hi");
}

TEST_CASE("an answer is complete only with its last byte") {
  for (std::size_t n = 0; n < good.size(); ++n) {
    const http_reading read = read_http(std::string_view(good).substr(0, n), {});
    CHECK_FALSE(read.complete);
    CHECK_FALSE(read.response);
  }
}

TEST_CASE("what is no answer of a daemon is refused with a reason") {
  const std::string bytes =
      GENERATE(as<std::string>{}, "SSH-2.0-x\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n",
               "HTTP/1.1 abc\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
               "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
               "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nPosterior-Exit: 999\r\n\r\n",
               "HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 0\r\n\r\n", std::string(20000, 'x'));
  const http_reading read = read_http(bytes, {});
  CHECK(read.complete);
  CHECK_FALSE(read.response);
  CHECK_FALSE(read.reason.empty());
}

TEST_CASE("a question over a socket comes back with its answer") {
  const fake_server daemon(good);
  const exchange done = ask_socket(daemon.path(), {"GET", "/v1/version", "", ""}, {});
  CHECK(done.how == reach::answered);
  CHECK(done.given.body == "hi");
}

TEST_CASE("a daemon that breaks off or never answers is reported in bounded time") {
  exchange_limits limits;
  limits.answer_ms = 200;
  const fake_server short_one("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
  CHECK(ask_socket(short_one.path(), {"GET", "/", "", ""}, limits).reason == "its answer was cut off");
  const fake_server silent("", true);
  CHECK(ask_socket(silent.path(), {"GET", "/", "", ""}, limits).how == reach::broken);
}

TEST_CASE("a missing socket, a stale one and a path that is too long are told apart") {
  const std::string folder = std::filesystem::temp_directory_path().string();
  CHECK(ask_socket(folder + "/posterior-none", {}, {}).how == reach::nothing_there);
  CHECK(ask_socket(folder + "/" + std::string(200, 'x'), {}, {}).reason ==
        "its path is longer than 107 bytes");
  CHECK(ask_socket("/dev/null", {}, {}).how == reach::foreign);
  std::string stale;
  {
    const fake_server gone(good);
    stale = gone.path() + "2";
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, stale.c_str());
    REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    ::close(fd);
    CHECK(ask_socket(stale, {}, {}).how == reach::stale);
  }
}

TEST_CASE("options may stand before and after the command, and lists may be given in pieces") {
  const auto all = all_commands();
  const command_line line =
      read_command_line({"--json", "assess", "-", "--have", "mat", "--have=chair,band", "--local"}, all);
  REQUIRE_FALSE(line.mistake);
  REQUIRE(line.chosen);
  CHECK(full_name(*line.chosen) == "assess");
  CHECK(line.given.word(0) == "-");
  CHECK(line.given.option("--have") == "mat,chair,band");
  CHECK(line.options.json);
  CHECK(line.options.local);
}

TEST_CASE("an option takes one word and leaves the next to the command") {
  const command_line line =
      read_command_line({"assess", "--have", "mat", "--socket", "s", "case.toml"}, all_commands());
  REQUIRE_FALSE(line.mistake);
  CHECK(line.given.words == std::vector<std::string>{"case.toml"});
  CHECK(line.given.option("--have") == "mat");
  CHECK(line.options.socket == "s");
}

TEST_CASE("what follows -- is no option") {
  const command_line line = read_command_line({"assess", "--", "--json"}, all_commands());
  REQUIRE_FALSE(line.mistake);
  CHECK(line.given.word(0) == "--json");
  CHECK_FALSE(line.options.json);
}
