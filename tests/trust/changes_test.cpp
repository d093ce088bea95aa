// Every step of every change may fail or be the last one of its process; two may come at once.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include <catch2/catch_test_macros.hpp>

#include "engine/service/local/local.hpp"
#include "engine/service/local/plugin_changes.hpp"
#include "engine/trust/archive.hpp"
#include "engine/trust/layout.hpp"
#include "engine/trust/trust_file.hpp"
#include "kb/catalogue.hpp"
#include "tests/trust/broken_disk.hpp"
#include "tests/trust/folder.hpp"

using namespace posterior;
using namespace posterior::service;
using tests::broken_disk;

namespace {

namespace fs = std::filesystem;

const std::string id = "org.example.bridge-hold";

void replace(std::string& in, const std::string& before, const std::string& after) {
  const auto at = in.find(before);
  REQUIRE(at != std::string::npos);
  in.replace(at, before.size(), after);
}

// The sample in words that the core of the tests has; with a version its data only.
std::string archive_of(const fs::path& folder, const std::string& version = {}) {
  const tests::folder copy;
  fs::copy(folder, copy / "b", fs::copy_options::recursive);
  std::string manifest = tests::contents(fs::path(POSTERIOR_SOURCE_DIR) / "sdk/skeleton/plugin.toml"),
              knowledge = tests::contents(folder / "knowledge.toml");
  replace(knowledge, "weakly-supports", "supports");
  if (!version.empty()) {
    replace(manifest, "version = \"0.1.0\"", "version = \"" + version + "\"");
    manifest.resize(manifest.find("[detector]"));
    fs::remove(copy / "b/detector.so");
  }
  fs::remove_all(copy / "b/cases"); // they are about what the core of the tests lacks
  copy.write("b/plugin.toml", manifest);
  copy.write("b/knowledge.toml", knowledge);
  kb::real_files files;
  const trust::laid_out out = trust::lay_out(files, (copy / "b").string(), nullptr);
  return out.bundle ? trust::write_archive(*out.bundle, "b").bytes : std::string();
}

const std::string& code_archive() {
  static const std::string bytes = archive_of(fs::path(POSTERIOR_SAMPLES) / "bridge-hold");
  return bytes;
}

// A prefix with the core of the tests, and a home.
struct world_of_tests {
  tests::folder box;
  places at;

  world_of_tests() {
    fs::create_directories(box / "lib/posterior/plugins");
    fs::copy(fs::path(POSTERIOR_SOURCE_DIR) / "tests/kb/base/core", box / "lib/posterior/plugins/core",
             fs::copy_options::recursive);
    at.variables = [](const char*) { return std::nullopt; };
    at.home = box / "home";
    at.prefix = box.path();
    at.worker = POSTERIOR_STAGE "/libexec/posterior/posterior-worker";
  }

  change_outcome change(change_request asked, trust::disk* disk = nullptr, int wait_ms = 10000) const {
    const workforce workers = make_workers(at);
    return change_plugins({at, workers.pool, workers.watch, false, wait_ms, disk}, asked);
  }
  // Which bundle of this id counts, from what lies in the home.
  std::string version_in_place() const {
    kb::real_files files;
    diagnostics problems;
    const auto found =
        kb::discover(files, {{at.home.string() + "/plugins", kb::bundle_origin::home}}, problems);
    std::string out = "none";
    for (const kb::bundle& b : found)
      if (b.about.id == id && !b.shadowed)
        out = b.about.version;
    return out;
  }
  std::vector<std::string> left_in(const std::string& folder) const {
    std::vector<std::string> out;
    std::error_code none;
    for (const auto& e : fs::directory_iterator(at.home / folder, none))
      out.push_back(e.path().filename());
    return out;
  }
  trust::trust_reading words() const {
    trust::real_disk d;
    return trust::read_trust(d, at.home.string());
  }
};

change_request install(std::string bytes, bool downgrade = false) {
  change_request out;
  out.bytes = std::move(bytes);
  out.downgrade = downgrade;
  return out;
}

change_request by_id(plugin_change what) {
  change_request out;
  out.what = what;
  out.id = id;
  return out;
}

std::string code_of(const change_outcome& o) {
  return o.problems.empty() ? "" : o.problems.front().code;
}

} // namespace

TEST_CASE("an install whose n-th step fails leaves what was there before, and can be done again") {
  const std::string one = archive_of(fs::path(POSTERIOR_SAMPLES) / "bridge-hold", "0.1.0"),
                    two = archive_of(fs::path(POSTERIOR_SAMPLES) / "bridge-hold", "0.2.0");
  REQUIRE_FALSE(one.empty());
  int failed = 0;
  for (int step = 1; step < 300; ++step) {
    const world_of_tests here;
    REQUIRE(here.change(install(one)).how == change_verdict::done);
    broken_disk d;
    d.fail_at(step, EIO);
    const change_outcome o = here.change(install(two), &d);
    if (!d.reached())
      break;
    INFO(step << ' ' << d.what());
    failed += o.how != change_verdict::done;
    CHECK(here.version_in_place() == (o.how == change_verdict::done ? "0.2.0" : "0.1.0"));
    CHECK(here.words().problems.empty());
    if (o.how != change_verdict::done)
      CHECK(has_errors(o.problems));
    REQUIRE(here.change(install(two)).how == change_verdict::done);
    CHECK(here.version_in_place() == "0.2.0");
    CHECK(here.left_in("plugins").size() == 1);
  }
  CHECK(failed > 8);
}

TEST_CASE("an install killed at its n-th step leaves one whole version in force, and can be done again") {
  const std::string one = archive_of(fs::path(POSTERIOR_SAMPLES) / "bridge-hold", "0.1.0"),
                    two = archive_of(fs::path(POSTERIOR_SAMPLES) / "bridge-hold", "0.2.0");
  int killed = 0;
  for (int step = 1; step < 300; ++step) {
    const world_of_tests here;
    REQUIRE(here.change(install(one)).how == change_verdict::done);
    const pid_t child = ::fork();
    if (child == 0) {
      broken_disk d;
      d.die_at(step);
      here.change(install(two), &d);
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
      break;
    ++killed;
    const std::string version = here.version_in_place();
    CHECK((version == "0.1.0" || version == "0.2.0"));
    REQUIRE(here.change(install(two)).how == change_verdict::done);
    CHECK(here.version_in_place() == "0.2.0");
    CHECK(here.left_in("plugins").size() == 1);
  }
  CHECK(killed > 8);
}

TEST_CASE("a removal whose n-th step fails or kills leaves the whole plugin or none") {
  const std::string one = archive_of(fs::path(POSTERIOR_SAMPLES) / "bridge-hold", "0.1.0");
  int reached = 0;
  for (int step = 1; step < 200; ++step) {
    const world_of_tests here;
    REQUIRE(here.change(install(one)).how == change_verdict::done);
    broken_disk d;
    d.fail_at(step, EIO);
    const change_outcome o = here.change(by_id(plugin_change::remove), &d);
    if (!d.reached())
      break;
    ++reached;
    INFO(step << ' ' << d.what());
    const std::string version = here.version_in_place();
    CHECK((version == "0.1.0" || version == "none"));
    if (o.how == change_verdict::done)
      CHECK(version == "none");
  }
  CHECK(reached > 4);
}

TEST_CASE("code is refused without the owner's word, leaving nothing, and pinned with it") {
  const world_of_tests here;
  const change_outcome refused = here.change(install(code_archive()));
  CHECK(refused.how == change_verdict::needs_word);
  CHECK(code_of(refused) == "plugin.needs-trust");
  CHECK(here.left_in("plugins").empty());
  CHECK(here.left_in("store").empty());
  CHECK((here.words().value == trust::trust_file{}));
  change_request with_word = install(code_archive());
  with_word.trust = true;
  const change_outcome done = here.change(with_word);
  INFO((done.problems.empty() ? "" : to_string(done.problems.front())));
  CHECK(done.how == change_verdict::done);
  CHECK(done.trust == "pinned");
  REQUIRE(here.words().value.pins.size() == 1);
  CHECK(here.words().value.pins[0].digest == done.digest);
  CHECK((here.left_in("store") == std::vector<std::string>{done.digest}));
}

TEST_CASE("while one change holds the home another waits, and gives up with a sentence") {
  const world_of_tests here;
  trust::real_disk d;
  d.make_folder(here.at.home.string(), 0700);
  const auto held = d.wait_for_lock(here.at.home.string() + "/plugins.lock", 0);
  REQUIRE(held.held);
  const change_outcome o = here.change(by_id(plugin_change::remove), nullptr, 50);
  CHECK(o.how == change_verdict::busy);
  CHECK(code_of(o) == "plugin.busy");
}

TEST_CASE("four processes that install two versions at once leave one of them, whole") {
  const std::string one = archive_of(fs::path(POSTERIOR_SAMPLES) / "bridge-hold", "0.1.0"),
                    two = archive_of(fs::path(POSTERIOR_SAMPLES) / "bridge-hold", "0.2.0");
  const world_of_tests here;
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    const pid_t child = ::fork();
    if (child == 0)
      ::_exit(here.change(install(i % 2 == 0 ? one : two, true), nullptr, 60000).how == change_verdict::done
                  ? 0
                  : 1);
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  CHECK(here.left_in("plugins").size() == 1);
  CHECK(here.version_in_place() != "none");
}

TEST_CASE("with a damaged trust file nothing is changed") {
  const world_of_tests here;
  here.box.write("home/trust.toml", "schema = \"posterior.trust/1\"\nwhat = 1\n");
  fs::permissions(here.at.home / "trust.toml", fs::perms(0600));
  for (const plugin_change what :
       {plugin_change::remove, plugin_change::disable, plugin_change::trust_plugin}) {
    const change_outcome o = here.change(by_id(what));
    CHECK(o.how == change_verdict::failed);
    REQUIRE_FALSE(o.problems.empty());
    CHECK(o.problems.front().hint == "mend it, or move it away and trust again what you trusted");
  }
  CHECK(here.change(install(code_archive())).how == change_verdict::failed);
}

TEST_CASE("what is no bundle is refused with its fault, and nothing of it stays") {
  const world_of_tests here;
  const std::string good = archive_of(fs::path(POSTERIOR_SAMPLES) / "bridge-hold", "0.1.0");
  const std::pair<std::string, std::string> rows[] = {
      {good.substr(0, good.size() / 2), "archive.truncated"},
      {std::string("\x1F\x8B\x08", 3), "archive.truncated"},
      {"schema = \"posterior.pack/1\"\n", "manifest.missing-field"},
      {"no toml at all [", "syntax"},
      {std::string(), "syntax"},
  };
  for (const auto& [bytes, code] : rows) {
    const change_outcome o = here.change(install(bytes));
    CHECK(o.how == change_verdict::refused);
    CHECK_FALSE(code_of(o).empty());
    if (code.starts_with("archive"))
      CHECK(code_of(o) == code);
    CHECK(here.left_in("plugins").empty());
  }
}
