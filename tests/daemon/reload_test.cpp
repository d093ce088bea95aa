// What a reload does, and what it never does.
#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <fstream>
#include <iterator>
#include <mutex>
#include <set>

#include "tests/daemon/running.hpp"

using namespace posterior;
using tests::children;
using tests::installation;
using tests::running;
using namespace std::chrono_literals;

TEST_CASE("a reload swaps the knowledge, and one that fails keeps what was there") {
  const installation here;
  const running daemon(here);
  const std::string before = daemon.ask("GET", "/v1/ready").body;
  here.add_plugin("quadriceps-dominance");
  CHECK(daemon.ask("POST", "/v1/reload").status == 200);
  CHECK(daemon.ask("GET", "/v1/ready").body != before);
  CHECK(daemon.ask("GET", "/v1/kb/show?id=quadriceps-dominance").status == 200);
  std::filesystem::rename(here.plugins(), here.root() / "away");
  const auto failed = daemon.ask("POST", "/v1/reload");
  CHECK(failed.status == 500);
  CHECK(failed.exit_code == 1);
  CHECK(daemon.ask("GET", "/v1/kb/show?id=quadriceps-dominance").status == 200);
  CHECK(daemon.ask("GET", "/v1/reload").status == 405);
}

TEST_CASE("a reload says what became of each plugin, or of one") {
  const installation here;
  const running daemon(here);
  here.add_plugin("quadriceps-dominance");
  const std::string all = daemon.ask("POST", "/v1/reload").body;
  CHECK(all.find("\"id\": \"org.posterior.quadriceps-dominance\"") != std::string::npos);
  CHECK(all.find("\"status\": \"new\"") != std::string::npos);
  CHECK(all.find("\"status\": \"unchanged\"") != std::string::npos);
  const auto one = daemon.run({"plugin", "reload", "quadriceps-dominance"});
  CHECK(one.exit_code == 0);
  CHECK(one.out.find("unchanged: org.posterior.quadriceps-dominance") != std::string::npos);
  CHECK(one.out.find("neural-tension") == std::string::npos);
  const auto none = daemon.run({"plugin", "reload", "nonsense"});
  CHECK(none.exit_code == 1);
  CHECK(none.error.find("plugin list") != std::string::npos);
}

TEST_CASE("a pack that breaks while the daemon runs is held back, and what worked before answers on") {
  const installation here;
  const auto pack = here.home() / "plugins" / "example.pack.toml";
  std::filesystem::create_directories(pack.parent_path());
  std::filesystem::copy_file(
      std::filesystem::path(POSTERIOR_SOURCE_DIR) / "sdk/skeleton-pack/example.pack.toml", pack);
  const running daemon(here);
  const auto knowledge = [&] {
    const std::string all = daemon.ask("GET", "/v1/ready").body;
    return all.substr(all.find("digest"));
  };
  const std::string before = knowledge();
  const std::string good = tests::contents(pack);
  std::ofstream(pack) << good << "[[state";
  for (int i = 0; i < 2; ++i) {
    const auto told = daemon.run({"plugin", "reload"});
    CHECK(told.exit_code == 0);
    CHECK(told.out.find("held-back: ") != std::string::npos);
    CHECK(knowledge() == before);
  }
  CHECK(here.run({"plugin", "list", "--local"}).out.find("org.example.first-pack") != std::string::npos);
  std::ofstream(pack) << good << "\n# mended\n";
  CHECK(daemon.run({"plugin", "reload"}).out.find("changed: org.example.first-pack") != std::string::npos);
  CHECK(knowledge() == before); // the same statements
}

TEST_CASE("no answer mixes two versions of a plugin, however often it is replaced under way") {
  const installation here;
  const auto pack = here.home() / "plugins" / "example.pack.toml";
  std::filesystem::create_directories(pack.parent_path());
  const std::string old =
      tests::contents(std::filesystem::path(POSTERIOR_SOURCE_DIR) / "sdk/skeleton-pack/example.pack.toml");
  // Another version with other knowledge: without its exercise.
  std::string fresh = old.substr(0, old.find("[[exercise]]"));
  fresh.replace(fresh.find("version = \"0.1.0\""), 17, "version = \"0.2.0\"");
  std::ofstream(pack) << old;
  const running daemon(here);
  const std::string patient =
      tests::contents(std::filesystem::path(POSTERIOR_SOURCE_DIR) / "packaging/sample/patient.toml");
  std::atomic<bool> done{false};
  std::mutex guard;
  std::set<std::pair<std::string, std::string>> seen; // digest of the knowledge, version of the pack
  const auto after = [](const std::string& text, const std::string& mark) {
    const auto from = text.find('"', text.find(':', text.find(mark) + mark.size())) + 1;
    return text.substr(from, text.find('"', from) - from);
  };
  const auto ask = [&] {
    while (!done) {
      const std::string body = daemon.ask("POST", "/v1/assess", patient).body;
      const std::string plugin = body.substr(body.find("org.example.first-pack"));
      const std::lock_guard hold(guard);
      seen.emplace(after(body, "\"digest\""), after(plugin, "\"version\""));
    }
  };
  std::thread one(ask), two(ask);
  for (int i = 0; i < 6; ++i) {
    std::ofstream(pack) << (i % 2 == 0 ? fresh : old);
    CHECK(daemon.ask("POST", "/v1/reload").status == 200);
  }
  done = true;
  one.join();
  two.join();
  REQUIRE(seen.size() == 2);
  CHECK(seen.begin()->first != std::next(seen.begin())->first);
  CHECK(seen.begin()->second != std::next(seen.begin())->second);
}

TEST_CASE("detectors are warm before the first case") {
  const installation here;
  REQUIRE(here.take_staged_plugins());
  const running daemon(here);
  CHECK(children(daemon.pid()).size() == 5);
}

TEST_CASE("SIGHUP reloads") {
  const installation here;
  const running daemon(here);
  here.add_plugin("quadriceps-dominance");
  REQUIRE(::kill(daemon.pid(), SIGHUP) == 0);
  int status = 0;
  for (int i = 0; i < 300 && status != 200; ++i) {
    std::this_thread::sleep_for(20ms);
    status = daemon.ask("GET", "/v1/kb/show?id=quadriceps-dominance").status;
  }
  CHECK(status == 200);
}
