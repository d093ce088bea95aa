#include <catch2/catch_test_macros.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "engine/service/local/strike_file.hpp"

using namespace posterior;
namespace fs = std::filesystem;

namespace {

struct folder {
  fs::path at;
  folder() {
    std::string name = (fs::temp_directory_path() / "strikes-XXXXXX").string();
    at = ::mkdtemp(name.data());
  }
  ~folder() {
    fs::permissions(at, fs::perms::owner_all);
    fs::remove_all(at);
  }
};

host::offender one(const std::string& plugin) {
  return {"d" + plugin, plugin, "1.0.0", {{1000, "It ended.", "signal 11 (SEGV)"}}, 1, {}};
}

} // namespace

TEST_CASE("strikes outlive the process, and others see them at once") {
  folder home;
  service::strike_file first(home.at.string()), second(home.at.string());
  CHECK(second.read().empty());
  first.change([](auto& all) { all = {one("b"), one("a")}; });
  const auto seen = second.read();
  REQUIRE(seen.size() == 2);
  CHECK(seen[0] == one("a"));
  second.change([](auto& all) { all[1].quarantined_ms = 7; });
  CHECK(first.read()[1].quarantined_ms == 7);
  struct stat info {};
  REQUIRE(::stat((home.at / "strikes.json").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("two that strike at the same moment both count") {
  folder home;
  const auto strike = [&home] {
    service::strike_file book(home.at.string());
    for (int i = 0; i < 50; ++i)
      book.change([](auto& all) {
        if (all.empty())
          all = {one("a")};
        ++all[0].in_a_row;
      });
  };
  std::thread other(strike);
  strike();
  other.join();
  CHECK(service::strike_file(home.at.string()).read()[0].in_a_row == 101);
}

TEST_CASE("a damaged list of strikes is told, counts as empty and is replaced by the next strike") {
  folder home;
  for (const char* text : {"", "[]", "{\"schema\":\"posterior.strikes/2\"}",
                           "{\"schema\":\"posterior.strikes/1\",\"builds\":[{\"plugin\":\"x\"}]}"}) {
    std::ofstream(home.at / "strikes.json") << text;
    service::strike_file book(home.at.string());
    CAPTURE(text);
    CHECK(book.read().empty());
    CHECK(book.problem().find("strikes.json") != std::string::npos);
    book.change([](auto& all) { all = {one("a")}; });
    CHECK(book.problem().empty());
    CHECK(service::strike_file(home.at.string()).read().size() == 1);
  }
}

TEST_CASE("without a home, or where it cannot be written, strikes count in this process alone") {
  service::strike_file nowhere("");
  nowhere.change([](auto& all) { all = {one("a")}; });
  CHECK(nowhere.read().size() == 1);
  service::strike_file blocked("/proc/no-such-place");
  blocked.change([](auto& all) { all = {one("a")}; });
  CHECK(blocked.read().size() == 1);
  CHECK(blocked.problem().find("until this process ends") != std::string::npos);
}
