#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "engine/service/local/generation.hpp"
#include "tests/kb/sandbox.hpp"

using Catch::Matchers::ContainsSubstring;
using namespace posterior;
namespace fs = std::filesystem;

namespace {

std::string state(const std::string& id) {
  return "[[state]]\nid = \"a:" + id +
         "\"\nname = \"S\"\nkind = \"cause\"\npresent_when = \"P.\"\nleak = \"rarely\"\njudgement = "
         "\"J.\"\n";
}

// A home whose bundles fail where their text says so, copied aside into the home's `kept`.
class clinic {
public:
  int judged = 0;
  kb::sandbox box;

  kb::opened open() {
    kb::real_files files;
    return service::open_generation(files, box.options, checks());
  }
  void put(const std::string& text) const { box.add_pack("a", text); }
  void remove() const { fs::remove(box.home() + "/plugins/a.pack.toml"); }

private:
  service::build_checks checks() {
    return {[this](const kb::snapshot& knowledge, const kb::bundle& b) -> std::optional<std::string> {
              ++judged;
              CHECK(b.about.id == "com.a.pack");
              if (knowledge.find_state("a:unsure"))
                return std::nullopt;
              return knowledge.find_state("a:bad") ? "case x: it is not so" : "";
            },
            [this](const kb::bundle& b) {
              const fs::path folder = fs::path(box.home()) / "kept" / b.digest;
              fs::create_directories(folder);
              fs::copy(b.location, folder / "a.pack.toml", fs::copy_options::overwrite_existing);
              return folder.string();
            },
            [this](const std::set<std::string>& digests) {
              std::error_code none_kept;
              for (const auto& e : fs::directory_iterator(box.home() + "/kept", none_kept))
                if (!digests.contains(e.path().filename().string()))
                  fs::remove_all(e.path());
            }};
  }
};

} // namespace

TEST_CASE("a build that fails its cases does not take the place of one that passed") {
  clinic c;
  c.put(state("one"));
  CHECK(c.open().knowledge->find_state("a:one"));
  c.put(state("two") + state("bad"));
  for (int i = 0; i < 2; ++i) {
    const auto now = c.open();
    REQUIRE(now.knowledge);
    CHECK(now.knowledge->find_state("a:one"));
    CHECK_FALSE(now.knowledge->find_state("a:two"));
    REQUIRE_FALSE(now.notes.empty());
    CHECK_THAT(now.notes.back(), ContainsSubstring("failed its own cases: case x: it is not so"));
  }
  CHECK(c.judged == 2); // each build once
  c.put(state("two"));
  const auto mended = c.open();
  CHECK(mended.knowledge->find_state("a:two"));
  CHECK_FALSE(mended.knowledge->find_state("a:one"));
  CHECK(c.open().notes.empty());
  CHECK(c.judged == 3);
}

TEST_CASE("a build that cannot be read does not take the place of one that passed either") {
  clinic c;
  c.put(state("one"));
  c.open();
  for (const std::string& broken : {std::string("[[state"), state("two") + "lek = 1\n"}) {
    c.put(broken);
    for (int i = 0; i < 2; ++i) {
      const auto now = c.open();
      REQUIRE(now.knowledge);
      CHECK(now.knowledge->find_state("a:one"));
      CHECK_FALSE(now.knowledge->find_state("a:two"));
      CHECK_FALSE(now.notes.empty());
    }
  }
  c.remove();
  CHECK_FALSE(c.open().knowledge->find_state("a:one"));
  c.put(state("two"));
  CHECK(c.open().knowledge->find_state("a:two"));
}

TEST_CASE("a first build that fails its cases contributes nothing") {
  clinic c;
  c.put(state("bad"));
  const auto now = c.open();
  REQUIRE(now.knowledge);
  CHECK_FALSE(now.knowledge->find_state("a:bad"));
  CHECK_THAT(now.notes.back(), ContainsSubstring("failed its own cases"));
}

TEST_CASE("a build that cannot be judged is used, and judged when it changes") {
  clinic c;
  c.put(state("unsure"));
  CHECK(c.open().knowledge->find_state("a:unsure"));
  CHECK(c.open().knowledge->find_state("a:unsure"));
  CHECK(c.judged == 1);
}

TEST_CASE("a damaged list of builds is told, and every plugin is judged again") {
  clinic c;
  c.put(state("one"));
  c.open();
  c.box.write(c.box.home() + "/builds.json", "{\"schema\":\"posterior.builds/9\"}");
  c.put(state("one") + state("two"));
  const auto now = c.open();
  CHECK(now.knowledge->find_state("a:two"));
  CHECK_THAT(now.notes.front(), ContainsSubstring("builds.json"));
  CHECK(c.judged == 2);
}

TEST_CASE("where nothing can be recorded, a failing build is held back all the same, and that is said") {
  clinic c;
  c.put(state("one"));
  c.open();
  const std::string records = c.box.home() + "/builds.json";
  fs::remove(records);
  fs::create_directories(records + "/in-the-way");
  c.put(state("bad"));
  const auto now = c.open();
  REQUIRE(now.knowledge);
  CHECK_FALSE(now.knowledge->find_state("a:bad"));
  CHECK_THAT(now.notes[1], ContainsSubstring("plugins are checked again next time"));
}

TEST_CASE("what was judged reads back as it was written, and anything else is refused") {
  const service::builds all{{{"/h/a", "d1", "/h/store/d1"}, {"/h/b", "d2", ""}},
                            {{"/h/a", "d3", "failed", "/h/store/d1"}}};
  std::string why;
  CHECK(service::read_builds(service::builds_text(all), "f", why) == all);
  for (const char* text : {"", "[]", "{\"schema\":\"posterior.builds/1\",\"good\":[{\"digest\":\"d\"}]}",
                           "{\"schema\":\"posterior.builds/1\",\"goods\":[]}"}) {
    CHECK_FALSE(service::read_builds(text, "f", why));
    CHECK_FALSE(why.empty());
  }
}
