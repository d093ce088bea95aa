// Every fixture as a bundle of a running daemon: it survives each, and its answer names each.
#include <catch2/catch_test_macros.hpp>

#include <sys/stat.h>

#include <chrono>
#include <fstream>

#include "engine/cli/client.hpp"
#include "engine/trust/trust_file.hpp"
#include "kb/catalogue.hpp"
#include "kb/values/digest.hpp"
#include "tests/cli/program.hpp"
#include "tests/host/damage.hpp"
#include "tests/host/expectations.hpp"
#include "tests/host/witness.hpp"

using namespace posterior;
using namespace posterior::host_tests;
namespace fs = std::filesystem;

namespace {

// A library that becomes a bundle, and what must be said of it: the answer holds a status, the daemon's log
// why.
struct hostile {
  std::string name, library;
  failure why = failure::none;
  std::string detail; // as the log has it; empty if the detector answers

  std::string id() const { return id_of(name); }
};

std::vector<hostile> all_hostile() {
  std::vector<hostile> out;
  for (const expectation& one : expectations) // of a file that is refused, the sentence is the file's own
    out.push_back({one.fixture, bytes_of(one.fixture), one.why,
                   one.why == failure::file ? one.reason : std::string{host::detail_of(one.why)}});
  for (const std::string& one : contained)
    out.push_back({one, bytes_of(one), failure::none, ""});
  for (const damage& one : damages())
    if (one.detail.find("not the one") == std::string::npos) { // a bundle with such a hash is never installed
      out.push_back({"d " + one.name, one.bytes, failure::file, one.detail});
      std::replace(out.back().name.begin(), out.back().name.end(), ' ', '_');
    }
  return out;
}

std::string knowledge_of(const std::string& prefix) {
  const std::string basis =
      "derived = true\nconsumes = [\"slump\"]\nreliability = \"A fixture.\"\njudgement = \"A fixture.\"\n";
  return "[[finding]]\nid = \"" + prefix +
         ":value\"\nname = \"Value\"\nkind = \"measure\"\nquestion = \"A value.\"\n"
         "how = \"Nothing to do.\"\nlateral = true\nunit = \"deg\"\nrange = [-1000, 1000]\n" +
         basis + "[[finding]]\nid = \"" + prefix +
         ":midline\"\nname = \"Sign\"\nkind = \"sign\"\nquestion = \"A sign.\"\n"
         "how = \"Nothing to do.\"\n" +
         basis + "[[message]]\nkey = \"fault-rule\"\ntext = \"A fixture.\"\n";
}

std::string manifest_of(const hostile& one) {
  return "schema = \"posterior.plugin/1\"\nid = \"" + one.id() + "\"\nversion = \"0.1.0\"\nname = \"" +
         one.name +
         "\"\nsummary = \"A fixture.\"\nvendor = \"Posterior\"\nlicense = \"Apache-2.0\"\n"
         "requires = [\"org.posterior.core\"]\nprefix = \"" +
         prefix_of(one.name) +
         "\"\n[detector]\nfile = \"detector.so\"\nabi = \"1.0\"\nreason = \"A fixture.\"\n"
         "[limits]\nevaluate_ms = 1000\nmemory_mib = 128\nrecords = 8\n";
}

void write(const fs::path& file, const std::string& bytes) {
  std::ofstream{file, std::ios::binary} << bytes;
  chmod(file.c_str(), 0644);
}

// Lays out the packed bundle below the home, and says by which digest its owner would pin it.
trust::pin install(const tests::installation& at, const hostile& one) {
  const fs::path folder = at.home() / "plugins" / one.id();
  fs::create_directories(folder);
  chmod(folder.c_str(), 0755);
  std::string manifest = manifest_of(one);
  std::vector<kb::file_digest> files;
  for (const auto& [name, bytes] : {std::pair{"detector.so", one.library},
                                    std::pair{"knowledge.toml", knowledge_of(prefix_of(one.name))}}) {
    write(folder / name, bytes);
    files.push_back({name, sha256_hex(bytes)});
    manifest += "[[file]]\npath = \"" + std::string{name} + "\"\nsha256 = \"" + files.back().sha256 +
                "\"\nsize = " + std::to_string(bytes.size()) + "\n";
  }
  write(folder / "plugin.toml", manifest);
  files.push_back({"plugin.toml", sha256_hex(manifest)});
  return {one.id(), "0.1.0", kb::bundle_digest(files)};
}

class daemon_of {
public:
  explicit daemon_of(const std::vector<hostile>& bundles) {
    trust::trust_file pinned;
    for (const hostile& one : bundles)
      pinned.pins.push_back(install(at_, one));
    chmod(at_.home().c_str(), 0700);
    trust::real_disk disk;
    REQUIRE(trust::write_trust(disk, at_.home().string(), pinned) == 0);
    child_ = at_.start("posteriord", {"--socket", socket()}, at_.root() / "daemon.log");
    for (int i = 0; i < 1500 && !is_ready(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  ~daemon_of() {
    kill(child_, SIGKILL);
    tests::wait_for_exit(child_);
  }
  daemon_of(const daemon_of&) = delete;
  daemon_of& operator=(const daemon_of&) = delete;

  service::response ask(const std::string& method, const std::string& target,
                        const std::string& body = {}) const {
    return cli::ask_socket(socket(), {method, target, "application/json", body}, {}).given;
  }
  bool is_ready() const {
    const auto answer = ask("GET", "/v1/ready"); // nobody there: empty
    return answer.status == 200 && !answer.body.empty();
  }
  service::response assess() const { return ask("POST", "/v1/assess", tests::small_case()); }
  int stop() {
    kill(child_, SIGTERM);
    const int code = tests::wait_for_exit(child_);
    child_ = at_.start("posteriord", {"--version"}, at_.root() / "daemon.log");
    return code;
  }
  std::string log() const { return tests::contents(at_.root() / "daemon.log"); }

private:
  std::string socket() const { return (at_.root() / "d.sock").string(); }

  tests::installation at_;
  pid_t child_ = -1;
};

// What an answer says of a plugin: from its id on to where the next one begins.
std::string told_of(const std::string& answer, const std::string& id) {
  const std::size_t begin = answer.find("\"id\": \"" + id + "\"");
  return begin == std::string::npos ? "" : answer.substr(begin, answer.find("\"id\": ", begin + 1) - begin);
}

} // namespace

TEST_CASE("a daemon survives every misbehaving or damaged plugin and names it in its answer") {
  adopt_grandchildren();
  const witness here;
  const std::vector<hostile> all = all_hostile();
  CHECK(all.size() >= 57);
  constexpr std::size_t at_once = 12;
  for (std::size_t begin = 0; begin < all.size(); begin += at_once) {
    const std::vector<hostile> some(all.begin() + static_cast<std::ptrdiff_t>(begin),
                                    all.begin() +
                                        static_cast<std::ptrdiff_t>(std::min(begin + at_once, all.size())));
    {
      daemon_of daemon{some};
      const auto answer = daemon.assess();
      CAPTURE(daemon.log());
      REQUIRE(answer.status == 200);
      CHECK(answer.body.find("\"value\": 666") == std::string::npos);
      const std::string log = daemon.log(), list = daemon.ask("GET", "/v1/plugins").body;
      for (const hostile& one : some) {
        const std::string told = told_of(answer.body, one.id()), listed = told_of(list, one.id());
        const std::string status{to_string(host::status_of(one.why))};
        CAPTURE(one.name, told, listed);
        if (listed.find("\"status\": \"refused\"") != std::string::npos) { // held back: it did not load
          CHECK(listed.find(one.detail) != std::string::npos);
          CHECK_FALSE(one.detail.empty());
          continue;
        }
        CHECK(told.find("\"status\": \"" + status + "\"") != std::string::npos);
        if (!one.detail.empty())
          CHECK(log.find("plugin=" + one.id() + " because=" + one.detail) != std::string::npos);
      }
      CHECK(daemon.is_ready());
      CHECK(daemon.assess().status == 200);
      CHECK(daemon.stop() == 0);
    }
    CHECK(no_child_left());
    here.check_untouched();
  }
}
