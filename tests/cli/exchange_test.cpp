// One machine's knowledge on another, and a home as one file, on the command line.
#include <filesystem>
#include <fstream>

#include <catch2/catch_test_macros.hpp>

#include "engine/service/local/parcel.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/schema.hpp"

using posterior::tests::contents;
using posterior::tests::installation;

namespace posterior {
namespace {

namespace fs = std::filesystem;

std::string pack(const std::string& name, const std::string& more = {}) {
  return "schema = \"posterior.pack/1\"\n[plugin]\nid = \"com." + name +
         ".pack\"\nversion = \"1.0.0\"\nname = \"" + name +
         "\"\nsummary = \"A pack.\"\nvendor = \"V\"\nlicense = \"MIT\"\nprefix = \"" + name +
         "\"\n[[state]]\nid = \"" + name +
         ":s\"\nname = \"S\"\nkind = \"cause\"\npresent_when = \"P.\"\nleak = \"rarely\"\njudgement = "
         "\"J.\"\n" +
         more;
}

void add_pack(const installation& here, const std::string& name) {
  fs::create_directories(here.home() / "plugins");
  std::ofstream(here.home() / "plugins" / ("com." + name + ".pack.pack.toml")) << pack(name);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The export with its parts changed and sealed again.
template <typename Change>
fs::path changed_export(const installation& here, const fs::path& file, Change change) {
  std::string why;
  auto what = service::read_parcel(contents(file), "x", "posterior.knowledge-export/1", why);
  REQUIRE(what);
  change(*what);
  return here.write("changed.parcel", service::write_parcel(*what));
}

} // namespace

TEST_CASE("what one machine exports the other has after importing it, with the same digest and bytes") {
  const installation here, there;
  add_pack(here, "a");
  add_pack(here, "b");
  const std::string file = (here.root() / "k.parcel").string(), again = (here.root() / "l.parcel").string();
  const auto out = here.run({"kb", "export", file, "--json"});
  INFO(out.error);
  REQUIRE(out.exit_code == 0);
  CHECK(tests::judge(out.out) == std::vector<std::string>{});
  REQUIRE(here.run({"kb", "export", again}).exit_code == 0);
  CHECK(contents(file) == contents(again));
  const auto in = there.run({"kb", "import", file, "--json"});
  INFO(in.error);
  REQUIRE(in.exit_code == 0);
  CHECK(tests::judge(in.out) == std::vector<std::string>{});
  CHECK(has(in.out, "\"same\": true"));
  CHECK(there.run({"kb", "show", "a:s", "--json"}).exit_code == 0);
  REQUIRE(there.run({"kb", "export", again}).exit_code == 0);
  CHECK(contents(file) == contents(again));
  CHECK(has(there.run({"kb", "import", file, "--json"}).out, "\"unchanged\""));
}

TEST_CASE("an import is refused whole if any part of it cannot be used here") {
  const installation here, there;
  add_pack(here, "a");
  add_pack(here, "b");
  const fs::path file = here.root() / "k.parcel";
  REQUIRE(here.run({"kb", "export", file.string()}).exit_code == 0);
  there.run({"kb", "log"});
  const auto refused = [&](const fs::path& bad, const std::string& sentence) {
    const auto done = there.run({"kb", "import", bad.string()});
    INFO(done.error);
    CHECK(done.exit_code == 1);
    CHECK(has(done.error, sentence));
    CHECK(there.run({"kb", "show", "a:s"}).exit_code == 1);
    const fs::path plugins = there.home() / "plugins";
    CHECK((!fs::exists(plugins) || fs::is_empty(plugins)));
  };
  refused(here.write("half", contents(file).substr(0, contents(file).size() / 2)), "cut off");
  refused(here.write("other", "hello"), "no parcel of Posterior");
  refused(changed_export(here, file, [](service::parcel& p) { p.files.back().bytes += "#"; }),
          "with another digest than its statements");
  refused(changed_export(here, file,
                         [](service::parcel& p) {
                           for (auto& f : p.files)
                             if (f.path.starts_with("home/com.b"))
                               f.bytes = pack("b", "lek = 1\n");
                         }),
          "the field \"lek\"");
  refused(changed_export(here, file,
                         [](service::parcel& p) {
                           p.files.push_back({"etc/passwd", "x", 0644});
                         }),
          "the name \"etc/passwd\"");
}

TEST_CASE("code is never exported: its bundle arrives as data alone") {
  const installation here, there;
  fs::create_directories(here.home() / "plugins");
  const fs::path source = fs::path(POSTERIOR_SOURCE_DIR) / "plugins/neural-tension";
  const fs::path staged = fs::path(POSTERIOR_STAGE) / "lib/posterior/plugins";
  if (!fs::exists(staged))
    SKIP("nothing was staged");
  const installation with_code;
  if (!with_code.take_staged_plugins())
    SKIP("nothing was staged");
  const fs::path file = with_code.root() / "k.parcel";
  const auto out = with_code.run({"kb", "export", file.string()});
  INFO(out.error);
  REQUIRE(out.exit_code == 0);
  std::string why;
  const auto what = service::read_parcel(contents(file), "x", "posterior.knowledge-export/1", why);
  REQUIRE(what);
  for (const auto& f : what->files) {
    CHECK_FALSE(f.path.ends_with(".so"));
    CHECK_FALSE(f.bytes.starts_with("\x7F"
                                    "ELF"));
    if (f.path.ends_with("plugin.toml"))
      CHECK_FALSE(has(f.bytes, "[detector]"));
  }
}

TEST_CASE("a backup comes back on the command line, and says what was wrong with one that does not") {
  const installation here, there;
  add_pack(here, "a");
  here.run({"kb", "log"});
  const std::string file = (here.root() / "b.parcel").string();
  const auto out = here.run({"backup", file, "--json"});
  INFO(out.error);
  REQUIRE(out.exit_code == 0);
  CHECK(tests::judge(out.out) == std::vector<std::string>{});
  const auto back = there.run({"restore", file, "--json"});
  INFO(back.error);
  REQUIRE(back.exit_code == 0);
  CHECK(tests::judge(back.out) == std::vector<std::string>{});
  CHECK(there.run({"kb", "show", "a:s"}).exit_code == 0);
  CHECK(there.run({"kb", "verify"}).exit_code == 0);
  CHECK(there.run({"restore", here.write("half", contents(file).substr(0, 3000)).string()}).exit_code == 1);
  CHECK(there.run({"restore", "/nowhere/b"}).exit_code == 1);
  CHECK(here.run({"backup", "/nowhere/b"}).exit_code == 1);
  CHECK(there.run({"kb", "show", "a:s"}).exit_code == 0);
}

} // namespace posterior
