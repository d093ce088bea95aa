#include <algorithm>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "kb/knowledge_base.hpp"
#include "kb/values/digest.hpp"
#include "tests/kb/sandbox.hpp"

using Catch::Matchers::ContainsSubstring;

namespace posterior::kb {
namespace {

const std::string other_state =
    "[[state]]\nid = \"a:t\"\nname = \"T\"\nkind = \"cause\"\npresent_when = \"P.\"\nleak = "
    "\"rarely\"\njudgement = \"J.\"\n";

// Holds the pack `a` of the home as it lies there now.
held_bundle hold(const sandbox& box, const std::string& instead) {
  const std::string file = box.home() + "/plugins/a.pack.toml";
  real_files files;
  const auto bytes = files.read(file, bundle_bytes_limit);
  REQUIRE(bytes);
  return {file, bundle_digest({{"a.pack.toml", sha256_hex(*bytes)}}), "its case x does not hold", instead};
}

} // namespace

TEST_CASE("a held bundle contributes nothing, says why, and what worked before is used in its place") {
  sandbox box;
  box.write(box.home() + "/kept/a.pack.toml", pack("a", own_state));
  box.add_pack("a", other_state);
  box.options.held = {hold(box, box.home() + "/kept")};
  for (int i = 0; i < 2; ++i) {
    const auto found = box.open();
    REQUIRE(found.knowledge);
    CHECK(found.knowledge->revision == 1);
    CHECK(found.knowledge->find_state("a:s"));
    CHECK_FALSE(found.knowledge->find_state("a:t"));
    REQUIRE_FALSE(found.notes.empty());
    CHECK_THAT(found.notes.back(), ContainsSubstring("its case x does not hold"));
    CHECK(std::count_if(found.bundles.begin(), found.bundles.end(),
                        [](const bundle& b) { return b.about.id == "com.a.pack" && !b.shadowed; }) == 2);
  }
}

TEST_CASE("without an earlier build a held bundle is only left out") {
  sandbox box;
  box.add_pack("a", own_state);
  box.options.held = {hold(box, "")};
  const auto found = box.open();
  REQUIRE(found.knowledge);
  CHECK_FALSE(found.knowledge->find_state("a:s"));
}

TEST_CASE("a held bundle that was changed since is not held any more") {
  sandbox box;
  box.add_pack("a", other_state);
  box.options.held = {hold(box, "")};
  box.add_pack("a", own_state);
  const auto found = box.open();
  REQUIRE(found.knowledge);
  CHECK(found.knowledge->find_state("a:s"));
  CHECK(found.notes.size() == 1);
}

TEST_CASE("without leave to import, what is stored is used and said to be outdated") {
  sandbox box;
  box.options.allow_import = false;
  CHECK(box.open().outdated);
  box.options.allow_import = true;
  CHECK_FALSE(box.open().outdated);
  box.options.allow_import = false;
  CHECK_FALSE(box.open().outdated);
  box.add_pack("a", own_state);
  const auto old = box.open();
  CHECK(old.outdated);
  REQUIRE(old.knowledge);
  CHECK_FALSE(old.knowledge->find_state("a:s"));
}

} // namespace posterior::kb
