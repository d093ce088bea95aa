// The knowledge that the program comes with: core and bundled plugins as they stand in the tree.
#include <algorithm>
#include <filesystem>

#include <catch2/catch_test_macros.hpp>

#include "kb/canonical.hpp"
#include "kb/codec.hpp"
#include "tests/kb/world.hpp"

namespace posterior::kb {
namespace {

const std::string tree = POSTERIOR_SOURCE_DIR;

bool has_knowledge() {
  return std::filesystem::exists(tree + "/kb/core/plugin.toml");
}

merge_result bundled() {
  real_files files;
  diagnostics problems;
  return merge(discover(files,
                        {{tree + "/kb", bundle_origin::program}, {tree + "/plugins", bundle_origin::program}},
                        problems));
}

} // namespace

TEST_CASE("the bundled knowledge has no error and nothing in it sleeps") {
  if (!has_knowledge())
    SKIP("the tree holds no core yet");
  const auto m = bundled();
  CHECK(all_problems(m.bundles).empty());
  CHECK(m.usable);
  for (const dormant& d : m.content.asleep)
    CHECK(d.statement + " names " + d.missing == "");
}

TEST_CASE("every bundled statement reads back from its canonical text as the same text") {
  if (!has_knowledge())
    SKIP("the tree holds no core yet");
  const auto m = bundled();
  statements back;
  scale words;
  for (const canonical_line& l : canonical_lines(m.content.all, m.content.words)) {
    INFO(l.text);
    REQUIRE(read_canonical(l.text, l.from ? *l.from : origin{}, back, words));
  }
  CHECK(digest(back, words) == m.content.digest);
}

TEST_CASE("the compiled form of the bundled knowledge decodes to the same, and any damage is noticed") {
  const auto m = has_knowledge() ? bundled() : merge(base_bundles());
  const std::string bytes = encode({m.content, m.bundles});
  compiled back;
  REQUIRE(decode(bytes, back));
  CHECK(digest(back.content.all, back.content.words) == m.content.digest);
  CHECK(encode(back) == bytes);
  for (std::size_t at = 0; at < bytes.size(); at += bytes.size() / 200 + 1) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    compiled ignored;
    CHECK_FALSE(decode(damaged, ignored));
    CHECK_FALSE(decode(bytes.substr(0, at), ignored));
  }
}

} // namespace posterior::kb
