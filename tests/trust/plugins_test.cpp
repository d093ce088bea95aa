// `posterior plugin ...` as people type it.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <functional>
#include <thread>

#include <sys/stat.h>
#include <unistd.h>

#include "tests/trust/clinic.hpp"

using namespace posterior;
using namespace posterior::tests;

namespace fs = std::filesystem;

TEST_CASE("two packs of one plugin are the same bytes, and tar reads them") {
  const clinic here;
  const std::string one = here.packed(sample, "one.tar.gz"),
                    two = here.packed(here.copy("again"), "two.tar.gz");
  CHECK((tests::contents(one) == tests::contents(two)));
  CHECK(std::system(("tar -tzf " + one + " | grep -qx org.example.bridge-hold-0.1.0/detector.so").c_str()) ==
        0);
  const node said = json(here.plugin({"pack", sample.string(), "--out", one, "--json"}));
  CHECK(text(said, "plugin") == id);
  CHECK(text(said, "signed_by").empty());
}

TEST_CASE("a key is written once, for its owner's eyes, and its public half is shown from either file") {
  const clinic here;
  const std::string key = here.key("one");
  struct stat info {};
  REQUIRE(::stat(key.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777u) == 0600u);
  const std::string open = here.plugin({"key", "show", key + ".pub"}).out;
  CHECK(open.starts_with("posterior-key ed25519 "));
  CHECK(open.ends_with(" Clinic one\n"));
  CHECK(here.plugin({"key", "show", key}).out == open);
  CHECK(text(json(here.plugin({"key", "show", key, "--json"})), "name") == "Clinic one");
  const finished again = here.plugin({"key", "new", key});
  CHECK(again.exit_code == 1);
  CHECK(again.error.find("the secret key was File exists, must be a new file") != std::string::npos);
  CHECK(here.plugin({"key", "burn", key}).exit_code == 2);
  ::chmod(key.c_str(), 0644);
  const finished exposed = here.plugin({"pack", sample.string(), "--key", key});
  CHECK(exposed.exit_code == 1);
  CHECK(exposed.error.find("the secret key was readable for others, must be readable for its owner only") !=
        std::string::npos);
}

TEST_CASE("code that nobody vouches for is not installed without the owner's word, which is one command") {
  const clinic here;
  const std::string file = here.packed(sample, "hold.tar.gz");
  const finished asked = here.plugin({"install", file});
  CHECK(asked.exit_code == 1);
  CHECK(asked.error.find(
            "the code of org.example.bridge-hold 0.1.0 was not signed by a key that is trusted here, must be "
            "allowed by the owner of this home") != std::string::npos);
  CHECK(asked.error.find("`posterior plugin install " + file + " --trust` allows this build") !=
        std::string::npos);
  CHECK(here.nothing_installed());

  const node done = json(here.plugin({"install", file, "--trust", "--json"}));
  CHECK(text(done, "change") == "installed");
  CHECK(text(done, "trust") == "pinned");
  CHECK(answered(here) == "answered");
  CHECK(listed(here, "trust") == "pinned");
  CHECK(listed(here, "store") == (here.home() / "store").string() + "/" + text(done, "digest"));
  const node info = json(here.plugin({"info", id, "--json"}));
  CHECK(text(info, "trust") == "pinned");
  CHECK(text(info, "why") == "this build was pinned by the owner");
  CHECK(here.plugin({"info", id}).out.find("loaded from:") != std::string::npos);
  CHECK(text(json(here.plugin({"install", file, "--json"})), "change") == "unchanged");

  CHECK(text(json(here.plugin({"remove", id, "--json"})), "change") == "removed");
  CHECK(here.nothing_installed());
  CHECK_FALSE(fs::exists(here.home() / "store" / text(done, "digest")));
  CHECK(answered(here) == "no assessment");
}

TEST_CASE("on a terminal the owner is asked once") {
  if (std::system("command -v script >/dev/null") != 0)
    SKIP("script, which makes a terminal, is not installed");
  const clinic here;
  const auto answer = [&](const std::string& word) {
    const std::string out = here.file("typed").string();
    const std::string command = "echo " + word + " | POSTERIOR_HOME=" + here.home().string() +
                                " script -qec '" + here.program("posterior").string() + " plugin install " +
                                sample.string() + "' /dev/null > " + out;
    CHECK(std::system(command.c_str()) != -1);
    const std::string said = tests::contents(out);
    const std::string question = "Run its code on this machine, confined in a worker? [y/N]";
    CHECK(said.find(question) != std::string::npos);
    CHECK(said.find(question) == said.rfind(question));
  };
  answer("n");
  CHECK(here.nothing_installed());
  answer("y");
  CHECK(answered(here) == "answered");
}

TEST_CASE("doctor says how trust stands, and what is wrong with a trust file") {
  const clinic here;
  CHECK(here.run({"doctor"}).out.find("trust: 0 keys, 0 pinned builds, 0 revocations") != std::string::npos);
  REQUIRE(here.plugin({"install", sample.string(), "--trust"}).exit_code == 0);
  REQUIRE(here.plugin({"disable", id}).exit_code == 0);
  const finished fine = here.run({"doctor"});
  CHECK(fine.out.find("trust: 0 keys, 1 pinned builds, 0 revocations") != std::string::npos);
  CHECK(fine.out.find("org.example.bridge-hold 0.1.0 is switched off") != std::string::npos);
  CHECK(fine.exit_code == 0);
  ::chmod((here.home() / "trust.toml").c_str(), 0666);
  const finished broken = here.run({"doctor"});
  CHECK(broken.exit_code == 1);
  CHECK(broken.out.find("trust: FAILED: ") != std::string::npos);
}

TEST_CASE("a folder is installed as its archive is, and a pack as it is") {
  const clinic here;
  const node one = json(here.plugin({"install", sample.string(), "--trust", "--json"}));
  CHECK(text(one, "trust") == "pinned");
  const std::string pack = POSTERIOR_SOURCE_DIR "/sdk/skeleton-pack/example.pack.toml";
  const node two = json(here.plugin({"install", pack, "--json"}));
  CHECK(text(two, "trust") == "data");
  CHECK(here.plugin({"info", text(two, "plugin")}).exit_code == 0);
}

TEST_CASE("what a trusted key signed needs no word, until the key is revoked") {
  const clinic here;
  const std::string key = here.key("vendor"), file = here.packed(sample, "hold.tar.gz", key);
  const finished stranger = here.plugin({"install", file});
  CHECK(stranger.error.find("which nobody here trusts, must be allowed by the owner") != std::string::npos);
  CHECK(here.nothing_installed());
  CHECK(text(json(here.plugin({"trust", key + ".pub", "--json"})), "change") == "key-trusted");
  CHECK(text(json(here.plugin({"install", file, "--json"})), "trust") == "signed");
  CHECK(listed(here, "why") == "signed by Clinic vendor, whose key is trusted");
  CHECK(answered(here) == "answered");
  CHECK(text(json(here.plugin({"trust", key + ".pub", "--revoke", "--json"})), "change") == "key-revoked");
  CHECK(listed(here, "trust") == "revoked");
  CHECK(answered(here) == "not-trusted");
  CHECK(here.plugin({"remove", id}).exit_code == 0);
  const finished revoked = here.plugin({"install", file, "--trust"});
  CHECK(revoked.exit_code == 1);
  CHECK(revoked.error.find("the key that signed org.example.bridge-hold 0.1.0 is revoked") !=
        std::string::npos);
}

TEST_CASE("a revoked build does not run, and its owner can lift that") {
  const clinic here;
  REQUIRE(here.plugin({"install", sample.string(), "--trust"}).exit_code == 0);
  CHECK(text(json(here.plugin({"trust", id, "--revoke", "--json"})), "trust") == "revoked");
  CHECK(answered(here) == "not-trusted");
  CHECK(here.plugin({"list"}).out.find("(code, revoked)") != std::string::npos);
  CHECK(text(json(here.plugin({"trust", id, "--json"})), "change") == "pinned");
  CHECK(answered(here) == "answered");
  CHECK(text(json(here.plugin({"trust", id, "--json"})), "change") == "unchanged");
}

TEST_CASE("a build in quarantine is listed with its reason, and trusting it lifts that") {
  const clinic here;
  const node done = json(here.plugin({"install", sample.string(), "--trust", "--json"}));
  std::ofstream(here.home() / "strikes.json")
      << R"({"schema": "posterior.strikes/1", "builds": [{"digest": ")" << text(done, "digest")
      << R"(", "plugin": ")" << id
      << R"(", "version": "0.1.0", "in_a_row": 3, "quarantined_ms": 1, "strikes": [{"at_ms": 1, "what": "it crashed", "how": ""}]}]})";
  CHECK(answered(here) == "quarantined");
  CHECK(listed(here, "quarantine") ==
        "it failed too often (it crashed); `posterior plugin trust " + id + "` lifts that");
  CHECK(here.plugin({"list"}).out.find("(code, pinned, in quarantine)") != std::string::npos);
  CHECK(text(json(here.plugin({"trust", id, "--json"})), "change") == "lifted");
  CHECK(answered(here) == "answered");
  CHECK(listed(here, "quarantine").empty());
}

TEST_CASE("a signature that was broken, and files that were changed, are refused whatever the owner says") {
  const clinic here;
  const std::string key = here.key("vendor");
  const auto refused = [&](const std::string& name, const std::function<void(const fs::path&)>& damage) {
    REQUIRE(std::system(("cd " + here.file("").string() + " && rm -rf open && mkdir open && tar -xzf " +
                         here.packed(sample, "whole.tar.gz", key) +
                         " -C open --strip-components 1 && chmod -R u+w open")
                            .c_str()) == 0);
    damage(here.file("open"));
    REQUIRE(
        std::system(("cd " + here.file("").string() +
                     " && rm -rf p && mkdir p && mv open p/b && tar --format=ustar -czf " + name + " -C p b")
                        .c_str()) == 0);
    const finished done = here.plugin({"install", here.file(name).string(), "--trust"});
    CHECK(done.exit_code == 1);
    CHECK(here.nothing_installed());
    return done.error;
  };
  CHECK(refused("a.tar.gz", [](const fs::path& b) {
          replace(b / "detector.so", "ELF", "ELG");
        }).find("detector.so: the file was sha256 ") != std::string::npos);
  CHECK(refused("b.tar.gz", [](const fs::path& b) {
          replace(b / "plugin.toml", "evaluate_ms = 100", "evaluate_ms = 900");
        }).find("org.example.bridge-hold 0.1.0 is not what was signed") != std::string::npos);
  CHECK(refused("c.tar.gz", [](const fs::path& b) {
          std::ofstream(b / "extra.txt") << "x";
        }).find("not listed in the manifest") != std::string::npos);
  CHECK(refused("d.tar.gz", [](const fs::path& b) {
          fs::remove(b / "knowledge.toml");
        }).find("knowledge.toml: the file was missing") != std::string::npos);
  CHECK(refused("e.tar.gz", [](const fs::path& b) {
          fs::create_symlink("/etc/passwd", b / "x");
        }).find("was a symbolic link") != std::string::npos);
}

TEST_CASE(
    "knowledge with an error is refused with its line, and a golden case that fails with its sentence") {
  const clinic here;
  const fs::path folder = data_version(here, "0.3.0");
  replace(folder / "knowledge.toml", "[[finding]]", "[[fnding]]");
  const finished wrong = here.plugin({"install", folder.string()});
  CHECK(wrong.exit_code == 1);
  CHECK(wrong.error.find("org.example.bridge-hold-0.3.0/knowledge.toml:") != std::string::npos);
  CHECK(here.nothing_installed());

  const fs::path source = here.copy("expects");
  fs::copy_file(fs::path(POSTERIOR_SOURCE_DIR) / "sdk/skeleton/plugin.toml", source / "plugin.toml",
                fs::copy_options::overwrite_existing);
  replace(source / "cases/weaker-left.expected.toml", "derived = ", "flags = [\"rf-none\"]\nderived = ");
  const finished failed = here.plugin({"install", source.string(), "--trust"});
  CHECK(failed.exit_code == 1);
  CHECK(failed.error.find("failing its own case weaker-left: ") != std::string::npos);
  CHECK(here.nothing_installed());
}

TEST_CASE("an older version needs --downgrade, a newer one takes the place of the one before") {
  const clinic here;
  const std::string one = here.packed(data_version(here, "0.3.0"), "one.tar.gz"),
                    two = here.packed(data_version(here, "0.4.0"), "two.tar.gz");
  REQUIRE(here.plugin({"install", one}).exit_code == 0);
  const node newer = json(here.plugin({"install", two, "--json"}));
  CHECK(text(newer, "change") == "replaced");
  CHECK(text(newer, "replaced") == "0.3.0");
  const finished older = here.plugin({"install", one});
  CHECK(older.exit_code == 1);
  CHECK(older.error.find("version 0.3.0 was older than the installed 0.4.0, must be newer") !=
        std::string::npos);
  CHECK(listed(here, "version") == "0.4.0");
  CHECK(here.plugin({"install", one, "--downgrade"}).exit_code == 0);
  CHECK(listed(here, "version") == "0.3.0");
  CHECK(std::distance(fs::directory_iterator(here.home() / "plugins"), {}) == 1);
}

TEST_CASE("code dropped into the home does not run until it is trusted; its knowledge counts") {
  const clinic here;
  fs::create_directories(here.home() / "plugins");
  fs::copy(sample, here.home() / "plugins/mine", fs::copy_options::recursive);
  CHECK(answered(here) == "not-trusted");
  CHECK(listed(here, "trust") == "unsigned");
  CHECK(here.plugin({"list"}).out.find("`posterior plugin trust") != std::string::npos);
  CHECK(here.run({"kb", "show", "myclinic:bridge-hold-asymmetry"}).exit_code == 0);
  CHECK(text(json(here.plugin({"trust", id, "--json"})), "change") == "pinned");
  CHECK(answered(here) == "answered");
  // Another build of the version that was pinned is not it.
  replace(here.home() / "plugins/mine/plugin.toml", "summary = \"Compares", "summary = \"Sets apart");
  CHECK(listed(here, "trust") == "tampered");
  CHECK(answered(here) == "not-trusted");
}

TEST_CASE("on POSTERIOR_PLUGIN_PATH code runs unpinned, and not where others can change it") {
  const clinic here;
  const tests::variables path{{"POSTERIOR_PLUGIN_PATH", here.copy("dev").string()}};
  CHECK(answered(here, path) == "answered");
  CHECK(listed(here, "trust", path) == "unpinned");
  ::chmod(here.file("dev/detector.so").c_str(), 0666);
  CHECK(answered(here, path) == "not-trusted");
  CHECK(listed(here, "cure", path).find("chmod -R go-w") != std::string::npos);
}

TEST_CASE("with a damaged trust file the program's own code runs, nothing else does, and it is said") {
  const clinic here;
  REQUIRE(here.plugin({"install", sample.string(), "--trust"}).exit_code == 0);
  std::ofstream(here.home() / "trust.toml", std::ios::app) << "[[pin\n";
  const finished done = here.run({"assess", "--json", patient});
  CHECK(done.exit_code == 3);
  CHECK(done.error.find("trust.toml:") != std::string::npos);
  CHECK(done.error.find("; only the program's own code runs") != std::string::npos);
  CHECK(answered(here) == "not-trusted");
  const std::string told = done.out;
  std::size_t count = 0;
  for (std::size_t at = told.find("\"status\": \"answered\""); at != std::string::npos;
       at = told.find("\"status\": \"answered\"", at + 1))
    ++count;
  CHECK(count == 5);
  CHECK(here.plugin({"remove", id}).exit_code == 1);
}

TEST_CASE("a plugin that is switched off takes no part until it is switched on") {
  const clinic here;
  REQUIRE(here.plugin({"install", sample.string(), "--trust"}).exit_code == 0);
  CHECK(text(json(here.plugin({"disable", id, "--json"})), "change") == "disabled");
  CHECK(listed(here, "status") == "disabled");
  CHECK(answered(here) == "no assessment");
  CHECK(text(json(here.plugin({"enable", id, "--json"})), "change") == "enabled");
  CHECK(answered(here) == "answered");
  CHECK(here.plugin({"disable", "org.posterior.core"}).exit_code == 1);
  CHECK(here.plugin({"disable", "neural-tension"}).exit_code == 0);
  const finished unknown = here.plugin({"enable", "org.example.bridge-hol"});
  CHECK(unknown.exit_code == 1);
  CHECK(unknown.error.find("did you mean \"org.example.bridge-hold\"?") != std::string::npos);
}

TEST_CASE("what comes with the program cannot be removed, and removing names what then sleeps") {
  const clinic here;
  const finished own = here.plugin({"remove", "neural-tension"});
  CHECK(own.exit_code == 1);
  CHECK(own.error.find("the plugin was part of this program, must be one that was installed") !=
        std::string::npos);
  REQUIRE(here.plugin({"install", data_version(here, "0.3.0").string()}).exit_code == 0);
  const std::string rest =
      "schema = \"posterior.pack/1\"\n[plugin]\nid = \"org.example.rest\"\nversion = \"0.1.0\"\nname = "
      "\"Rest\"\n"
      "summary = \"Speaks about the hold.\"\nvendor = \"Us\"\nlicense = \"CC0-1.0\"\n"
      "requires = [\"org.posterior.core\"]\nprefix = \"rest\"\n"
      "[[observes]]\nfinding = \"myclinic:bridge-hold-asymmetry\"\nstate = \"hamstring-shortness\"\n"
      "opinion = \"weakly-supports\"\njudgement = \"Made up for a test.\"\n";
  REQUIRE(here.plugin({"install", here.write("rest.pack.toml", rest).string()}).exit_code == 0);
  const node gone = json(here.plugin({"remove", id, "--json"}));
  REQUIRE(gone.find("dormant")->items.size() == 1);
  CHECK(text(gone.find("dormant")->items[0], "missing") == "myclinic:bridge-hold-asymmetry");
  CHECK(text(gone.find("dormant")->items[0], "plugin") == "org.example.rest");
}

TEST_CASE("a folder that a link in the home leads to is used, and never moved or removed") {
  const clinic here;
  fs::create_directories(here.home() / "plugins");
  const fs::path elsewhere = here.copy("mine");
  fs::create_directory_symlink(elsewhere, here.home() / "plugins/mine");
  CHECK(here.plugin({"trust", id}).exit_code == 0);
  CHECK(answered(here) == "answered");
  for (const auto& words :
       {std::vector<std::string>{"remove", id}, {"install", data_version(here, "0.3.0").string()}}) {
    const finished done = here.plugin(words);
    CHECK(done.exit_code == 1);
    CHECK(done.error.find("remove the link in ") != std::string::npos);
  }
  CHECK(fs::exists(elsewhere / "detector.so"));
}

TEST_CASE("a home that is reached through a link works as any other") {
  const clinic here;
  fs::create_directory_symlink(here.home(), here.file("link"));
  const tests::variables through{{"POSTERIOR_HOME", here.file("link").string()}};
  CHECK(here.plugin({"install", sample.string(), "--trust"}, through).exit_code == 0);
  CHECK(answered(here, through) == "answered");
  CHECK(here.plugin({"remove", id}, through).exit_code == 0);
}

TEST_CASE("a file that is missing, too long or no bundle ends with 1 and one sentence") {
  const clinic here;
  for (const std::string& file : {here.file("none").string(), here.write("text", "hello").string(),
                                  here.write("long", std::string((16u << 20) + 1, 'x')).string()}) {
    const finished done = here.plugin({"install", file});
    CHECK(done.exit_code == 1);
    CHECK(done.error.starts_with("posterior: error: "));
    CHECK(done.out.empty());
  }
  CHECK(here.plugin({"pack", here.file("").string()}).error.find("the folder was without plugin.toml") !=
        std::string::npos);
}

TEST_CASE("a home that cannot be written runs the program's own code from where it lies, and says so once") {
  if (::geteuid() != 0)
    SKIP("only root can ask as somebody else");
  const clinic here;
  fs::create_directories(here.home());
  std::ofstream(here.home() / "store") << "no folder";
  const finished done =
      here.run({"assess", "--json", patient, "--local"}, {}, {{"POSTERIOR_PLUGIN_PATH", sample.string()}});
  std::size_t count = 0;
  const std::string line = "the program's own detectors are loaded from where they lie";
  for (std::size_t at = done.error.find(line); at != std::string::npos; at = done.error.find(line, at + 1))
    ++count;
  CHECK(count == 1);
  CHECK(done.out.find("\"status\": \"answered\"") != std::string::npos);
}

TEST_CASE("a daemon installs for its administrators, takes long bodies only there, and answers with the "
          "plugin at once") {
  const clinic here;
  const pid_t daemon = here.start("posteriord", {}, here.file("log"));
  const std::string socket = (here.home() / "posterior.sock").string();
  const auto asked = [&](std::vector<std::string> words) {
    words.insert(words.end(), {"--socket", socket});
    return here.run(words);
  };
  for (int i = 0; i < 300 && asked({"plugin", "list"}).exit_code != 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const finished refused = asked({"plugin", "install", sample.string()});
  CHECK(refused.exit_code == 1);
  CHECK(refused.error.find("--trust` allows this build") != std::string::npos);
  const finished done = asked({"plugin", "install", sample.string(), "--trust"});
  CHECK(done.error == "");
  CHECK(done.exit_code == 0);
  CHECK(asked({"assess", patient, "--json"}).out.find("myclinic:bridge-hold-asymmetry") != std::string::npos);
  // Two MiB: too long for a case, not for a plugin, which is looked at and then refused.
  const std::string big = here.write("big", std::string(2u << 20, 'x')).string();
  CHECK(asked({"plugin", "install", big}).error.find("must be at most") == std::string::npos);
  CHECK(asked({"plugin", "remove", id}).exit_code == 0);
  ::kill(daemon, SIGTERM);
  CHECK(tests::wait_for_exit(daemon) == 0);
}
