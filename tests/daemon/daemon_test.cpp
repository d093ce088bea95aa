#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "engine/cli/client.hpp"
#include "tests/daemon/running.hpp"

using namespace posterior;
using tests::children;
using tests::installation;
using tests::running;

namespace {

using namespace std::chrono_literals;

// What comes back for raw bytes, until the other end closes; empty if it does so without a word.
std::string raw(const std::string& socket, const std::string& bytes, bool half_close = true) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, socket.c_str());
  std::string out;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    for (std::size_t sent = 0; sent < bytes.size();) {
      const ssize_t n = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (n <= 0)
        break;
      sent += static_cast<std::size_t>(n);
    }
    if (half_close)
      ::shutdown(fd, SHUT_WR);
    char buffer[4096];
    for (ssize_t n; (n = ::recv(fd, buffer, sizeof buffer, 0)) > 0;)
      out.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(fd);
  return out;
}

} // namespace

TEST_CASE("an answer has the same bytes from a daemon as from the command's own process") {
  const installation here;
  const running daemon(here);
  const std::string file = here.write("small.toml", tests::small_case()).string();
  for (std::vector<std::string> words : {std::vector<std::string>{"assess", file},
                                         {"assess", "--json", file},
                                         {"why", file, "slump"},
                                         {"why", "--json", file, "slump"},
                                         {"why-not", file, "slump"},
                                         {"next", file, "--minutes", "5"},
                                         {"next", "--json", file, "--focus", "hamstring-shortness"},
                                         {"whatif", "--json", file, "slump@left=present"},
                                         {"whatif", file, "--do", "hamstring-shortness@left=absent"},
                                         {"sensitivity", "--json", file},
                                         {"case", "check", file},
                                         {"case", "new"},
                                         {"kb", "show", "slump"},
                                         {"kb", "search", "nerve"},
                                         {"kb", "list", "rules"},
                                         {"kb", "check", "--json"},
                                         {"kb", "check", "--strict"},
                                         {"kb", "test"},
                                         {"plugin", "list", "--json"},
                                         {"plugin", "info", "hamstring-shortness"},
                                         {"version"},
                                         {"kb", "show", "slupm"},
                                         {"assess", "-"}}) {
    const auto there = daemon.run(words, "garbage");
    words.push_back("--local");
    const auto local = here.run(words, "garbage");
    INFO(words[0] << ' ' << words[1]);
    CHECK(there.out == local.out);
    CHECK(there.error == local.error);
    CHECK(there.exit_code == local.exit_code);
  }
}

TEST_CASE("an export, an import and a backup through a daemon are those of this process, and take effect") {
  const installation here, other;
  std::filesystem::create_directories(other.home() / "plugins");
  std::ofstream(other.home() / "plugins/com.a.pack.pack.toml")
      << "schema = \"posterior.pack/1\"\n[plugin]\nid = \"com.a.pack\"\nversion = \"1.0.0\"\nname = \"a\"\n"
         "summary = \"A pack.\"\nvendor = \"V\"\nlicense = \"MIT\"\nprefix = \"a\"\n[[state]]\nid = \"a:s\"\n"
         "name = \"S\"\nkind = \"cause\"\npresent_when = \"P.\"\nleak = \"rarely\"\njudgement = \"J.\"\n";
  const std::string file = (here.root() / "k.parcel").string(), again = (here.root() / "l.parcel").string();
  REQUIRE(other.run({"kb", "export", file}).exit_code == 0);
  const running daemon(here);
  const auto in = daemon.run({"kb", "import", file});
  INFO(in.error);
  CHECK(in.exit_code == 0);
  CHECK(in.out.find("is now that of the export") != std::string::npos);
  CHECK(daemon.run({"kb", "show", "a:s"}).exit_code == 0);
  CHECK(daemon.run({"kb", "export", again}).exit_code == 0);
  CHECK(tests::contents(again) == tests::contents(file));
  CHECK(daemon.run({"backup", again}).exit_code == 0);
  CHECK(other.run({"restore", again}).exit_code == 0);
}

TEST_CASE("a daemon is healthy, ready and counts, and ends with 0 and without its socket") {
  const installation here;
  running daemon(here);
  CHECK(daemon.ask("GET", "/v1/health").status == 200);
  CHECK(daemon.ask("GET", "/v1/ready").status == 200);
  CHECK(daemon.ask("POST", "/v1/assess", tests::small_case()).status == 200);
  CHECK(daemon.ask("GET", "/v1/metrics").body.find("posterior_assessments_total 1\n") != std::string::npos);
  CHECK(daemon.ask("GET", "/v1/openapi.json").body.find("/v1/assess") != std::string::npos);
  CHECK(daemon.stop() == 0);
  CHECK_FALSE(std::filesystem::exists(daemon.socket()));
}

TEST_CASE("a daemon without knowledge is healthy but not ready") {
  const installation here;
  std::filesystem::rename(here.plugins(), here.root() / "away");
  here.start("posteriord", {"--socket", (here.root() / "d.sock").string()}, here.root() / "log");
  const auto ask = [&](const std::string& path) {
    return cli::ask_socket(here.root() / "d.sock", {"GET", path, "", ""}, {}).given;
  };
  for (int i = 0; i < 200 && ask("/v1/health").body.empty(); ++i)
    std::this_thread::sleep_for(20ms);
  CHECK(ask("/v1/health").status == 200);
  CHECK(ask("/v1/ready").status == 503);
  CHECK(ask("/v1/ready").exit_code == 11);
  cli::ask_socket(here.root() / "d.sock", {"POST", "/v1/stop", "", ""}, {});
}

TEST_CASE("a daemon goes on answering from its snapshot whatever becomes of the file, and tells an old "
          "revision apart") {
  const installation here;
  const running daemon(here);
  const auto before = daemon.ask("POST", "/v1/assess", tests::small_case());
  REQUIRE(before.status == 200);
  CHECK(daemon.ask("POST", "/v1/assess?revision=1", tests::small_case()).body == before.body);
  CHECK(daemon.ask("GET", "/v1/kb/verify").exit_code == 0);
  const std::filesystem::path file = here.home() / "kb.sqlite";
  std::filesystem::resize_file(file, 5000);
  for (const char* more : {"-wal", "-shm"})
    std::filesystem::remove(file.string() + more);
  CHECK(daemon.ask("POST", "/v1/assess", tests::small_case()).body == before.body);
  CHECK(daemon.ask("GET", "/v1/kb/verify").exit_code == 12);
  const auto old = daemon.ask("POST", "/v1/assess?revision=1", tests::small_case());
  CHECK(old.status == 503);
  CHECK(old.exit_code == 11);
  CHECK(daemon.ask("POST", "/v1/reload").status == 500);
  CHECK(daemon.ask("POST", "/v1/assess", tests::small_case()).body == before.body);
  std::filesystem::remove(file);
  CHECK(daemon.ask("POST", "/v1/reload").status == 200);
  CHECK(daemon.ask("POST", "/v1/assess", tests::small_case()).body == before.body);
}

TEST_CASE("bytes that are no request are refused and the daemon goes on") {
  const installation here;
  const running daemon(here);
  const std::string bytes =
      GENERATE(as<std::string>{}, "\r\n\r\n\r\n", "GARBAGE\r\n\r\n", std::string("\0\xFF\x01\r\n\r\n", 7),
               "GET /v1/health HTTP/9.9\r\n\r\n", "POST /v1/assess HTTP/1.1\r\nContent-Length: x\r\n\r\n",
               "GET /v1/%zz HTTP/1.1\r\n\r\n");
  const std::string said = raw(daemon.socket(), bytes);
  CHECK((said.empty() || said.starts_with("HTTP/1.1 4")));
  CHECK(daemon.ask("GET", "/v1/health").status == 200);
}

TEST_CASE("a body and a head that are too long are refused before they are read") {
  const installation here;
  const running daemon(here);
  CHECK(raw(daemon.socket(), "POST /v1/assess HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n")
            .starts_with("HTTP/1.1 413"));
  CHECK(raw(daemon.socket(), "GET / HTTP/1.1\r\nX: " + std::string(20000, 'x') + "\r\n\r\n")
            .starts_with("HTTP/1.1 431"));
  CHECK(daemon.ask("POST", "/v1/assess", std::string(1u << 20, '#')).status == 422);
}

TEST_CASE("paths, methods and query names that do not exist are named") {
  const installation here;
  const running daemon(here);
  CHECK(daemon.ask("GET", "/v1/asess").status == 404);
  CHECK(daemon.ask("GET", "/v1/asess").body.find("did you mean \\\"/v1/assess\\\"?") != std::string::npos);
  CHECK(daemon.ask("GET", "/v1/assess").status == 405);
  CHECK(daemon.ask("GET", "/v1/kb/show?idd=slump").status == 400);
}

TEST_CASE("a slow client keeps nobody waiting and is dropped") {
  const installation here;
  const running daemon(here);
  std::atomic<bool> dropped{false};
  std::thread slow([&] {
    raw(daemon.socket(), "POST /v1/assess HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf", false);
    dropped = true;
  });
  const auto before = std::chrono::steady_clock::now();
  CHECK(daemon.ask("POST", "/v1/assess", tests::small_case()).status == 200);
  CHECK(std::chrono::steady_clock::now() - before < 5s);
  CHECK_FALSE(dropped);
  slow.join(); // ends when the daemon's limit of ten seconds is over
  CHECK(dropped);
}

TEST_CASE("many clients at once all get their answer") {
  const installation here;
  const running daemon(here);
  std::atomic<int> good{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 16; ++i)
    clients.emplace_back([&] {
      for (int k = 0; k < 5; ++k)
        good += daemon.ask("POST", "/v1/assess", tests::small_case()).status == 200 ? 1 : 0;
    });
  for (std::thread& one : clients)
    one.join();
  CHECK(good == 80);
}

TEST_CASE("a second daemon leaves the first alone; a dead one's socket is replaced") {
  const installation here;
  running first(here);
  const auto second = here.start("posteriord", {"--socket", first.socket()}, here.root() / "second.log");
  CHECK(tests::wait_for_exit(second) == 1);
  CHECK(tests::contents(here.root() / "second.log") ==
        "posterior: error: " + first.socket() +
            ": the socket was served by another daemon, must be free\n"
            "posterior: hint: stop the other one, or name another socket with --socket\n");
  CHECK(first.ask("GET", "/v1/health").status == 200);
  CHECK(first.stop(SIGKILL) == 128 + SIGKILL);
  CHECK(std::filesystem::exists(first.socket()));
  running third(here);
  CHECK(third.ask("GET", "/v1/health").status == 200);
  CHECK(third.stop() == 0);
}

TEST_CASE("a file that is no socket is never replaced") {
  const installation here;
  const auto file = here.write("precious", "text");
  const auto child = here.start("posteriord", {"--socket", file.string()}, here.root() / "log");
  CHECK(tests::wait_for_exit(child) == 1);
  CHECK(tests::contents(file) == "text");
}

TEST_CASE("the socket lets in this user only") {
  const installation here;
  const running daemon(here);
  struct stat info {};
  REQUIRE(::stat(daemon.socket().c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("the daemon is asked for its state and told to reload and to stop by commands") {
  const installation here;
  running daemon(here);
  const auto state = daemon.run({"daemon", "status"});
  CHECK(state.exit_code == 0);
  CHECK(state.out.starts_with("Ready: knowledge revision 1, digest "));
  CHECK(daemon.run({"daemon", "reload"}).out.starts_with("Reloaded: "));
  CHECK(daemon.run({"daemon", "stop"}).out == "Stopping.\n");
  CHECK(tests::wait_for_exit(daemon.take_pid()) == 0);
  for (const char* word : {"status", "reload", "stop"}) {
    const auto nobody = daemon.run({"daemon", word});
    CHECK(nobody.exit_code == 10);
    CHECK(nobody.error.find("hint: start posteriord") != std::string::npos);
  }
}

TEST_CASE("an answer under way is finished when the daemon is told to stop") {
  const installation here;
  running daemon(here);
  std::atomic<int> finished{0}, broken{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&] {
      const auto said = cli::ask_socket(daemon.socket(), {"POST", "/v1/assess", "", tests::small_case()}, {});
      (said.how == cli::reach::broken ? broken : finished) += 1;
    });
  std::this_thread::sleep_for(10ms);
  CHECK(daemon.stop() == 0);
  for (std::thread& one : clients)
    one.join();
  CHECK(broken == 0);
}

TEST_CASE("a killed worker is replaced, and the answer stays the same") {
  const installation here;
  REQUIRE(here.take_staged_plugins());
  const running daemon(here);
  const auto before = daemon.ask("POST", "/v1/assess", tests::small_case());
  CHECK(before.exit_code == 0);
  const std::vector<pid_t> workers = children(daemon.pid());
  CHECK_FALSE(workers.empty());
  for (const pid_t one : workers)
    ::kill(one, SIGKILL);
  std::this_thread::sleep_for(200ms); // until the kernel has ended them
  const auto after = daemon.ask("POST", "/v1/assess", tests::small_case());
  CHECK(after == before);
  CHECK(children(daemon.pid()) != workers);
}

TEST_CASE("with detectors, too, daemon and command give the same bytes, a hundred times") {
  const installation here;
  REQUIRE(here.take_staged_plugins());
  const running daemon(here);
  const auto local = here.run({"assess", "-", "--json", "--local"}, tests::small_case());
  CHECK(local.exit_code == 0);
  for (int i = 0; i < 100; ++i)
    REQUIRE(daemon.ask("POST", "/v1/assess?name=-", tests::small_case()).body == local.out);
}

TEST_CASE("no log line holds anything of a case") {
  const installation here;
  running daemon(here, {"--log-level", "debug"});
  const std::string secret = "zq81secret";
  const std::string text =
      "schema = \"posterior.case/1\"\n[context]\ncomplaint = \"" + secret +
      "\"\n[[observation]]\nfinding = \"" + secret +
      "\"\nstate = \"present\"\n[[observation]]\nfinding = \"slump\"\nside = \"left\"\nstate = \"present\"\n";
  CHECK(daemon.ask("POST", "/v1/assess?name=" + secret, text).body.find(secret) != std::string::npos);
  daemon.ask("POST", "/v1/case/check?name=" + secret, text);
  daemon.ask("POST", "/v1/why?id=" + secret, text);
  daemon.ask("GET", "/v1/" + secret);
  raw(daemon.socket(), secret + "\r\n\r\n");
  CHECK(daemon.stop() == 0);
  const std::string log = tests::contents(daemon.log());
  CHECK(log.find("listening") != std::string::npos);
  CHECK(log.find("knowledge loaded") != std::string::npos);
  CHECK(log.find(secret) == std::string::npos);
  CHECK(log.find("slump") == std::string::npos);
}

TEST_CASE("mistakes on the daemon's command line end with 2") {
  const installation here;
  const auto child = here.start("posteriord", {"--sokcet", "x"}, here.root() / "log");
  CHECK(tests::wait_for_exit(child) == 2);
  CHECK(tests::contents(here.root() / "log") ==
        "posterior: error: posteriord: the option was \"--sokcet\", must be one of --socket, --group, "
        "--log-level, --help, --version\n"
        "posterior: hint: did you mean \"--socket\"?\n");
}
