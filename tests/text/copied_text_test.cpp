// No sentence of the five articles stands in what the product ships or shows.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <unistd.h>

#include "tests/text/word_runs.hpp"

using namespace posterior::text;
namespace fs = std::filesystem;

namespace {

const fs::path root = POSTERIOR_SOURCE_DIR;
const std::vector<std::string> folders{"kb", "plugins", "tests/cases", "packaging", "sdk"};

// Twelve words that are nobody's, and the hashes of the five runs in them.
const std::string planted = "Seven lazy herons don't count the green kettles on Tuesday's ninth bus.";

class tree {
public:
  tree() {
    std::string name = (fs::temp_directory_path() / "posterior-text-XXXXXX").string();
    root_ = ::mkdtemp(name.data());
  }
  ~tree() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  void write(const std::string& file, const std::string& text) const {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file, std::ios::binary) << text;
  }
  std::vector<std::string> found(const std::vector<std::uint64_t>& hashes) const {
    return copies(root_, documents(root_, {"kb"}), hashes);
  }
  fs::path path(const std::string& file) const { return root_ / file; }

private:
  fs::path root_;
};

using Places = std::vector<std::string>;

} // namespace

TEST_CASE("no run of eight words of the five articles stands in a document of the product") {
  const auto hashes = read_hashes(root / "tests/data/article-runs.txt");
  CHECK(hashes.size() > 3900); // five articles of 3,984 words together
  const auto files = documents(root, folders);
  CHECK(files.size() >= 150);
  for (const std::string& folder : folders)
    CHECK(std::any_of(files.begin(), files.end(),
                      [&](const std::string& f) { return f.starts_with(folder + "/"); }));
  for (const std::string& place : copies(root, files, hashes))
    FAIL_CHECK(place << ": eight words in a row stand in an article, must be said in our own words");
}

TEST_CASE("a sentence that is planted beside the articles' hashes is found with file and line") {
  auto hashes = read_hashes(root / "tests/data/article-runs.txt");
  const tree box;
  box.write("kb/core/a.toml", "# A comment.\n[[finding]]\nhow = \"First this. " + planted + "\"\n");
  box.write("kb/clean.md", "Seven lazy herons do not count the green kettles; nobody does.\n");
  CHECK(box.found(hashes).empty());
  for (const std::uint64_t hash : hashes_of({planted}))
    hashes.insert(std::lower_bound(hashes.begin(), hashes.end(), hash), hash);
  CHECK(box.found(hashes) == Places{"kb/core/a.toml:3"});
}

TEST_CASE("a copy is found in any case, with other punctuation, and over the ends of lines") {
  const auto hashes = hashes_of({planted});
  CHECK(hashes.size() == 5);
  const tree box;
  box.write("kb/case.md", "SEVEN LAZY HERONS DON'T COUNT THE GREEN KETTLES");
  box.write("kb/escapes.toml", "text = \"of seven\\nlazy\\therons don\u2019t count the green kettles\"");
  box.write("kb/list.toml", "\n\nlist = [\"lazy herons, don't\", \"count\", \"the-green kettles / on\"]");
  box.write("kb/wrapped.md", "We know:\n# seven lazy\n# herons (don't) *count*\n# the | green | kettles\n");
  box.write("kb/other.txt", planted);
  CHECK(box.found(hashes) ==
        Places{"kb/case.md:1", "kb/escapes.toml:1", "kb/list.toml:3", "kb/wrapped.md:2"});
}

TEST_CASE("seven words in a row are no copy, and neither are eight in another order") {
  const tree box;
  box.write("kb/seven.md", "lazy herons don't count the green kettles, and never will");
  box.write("kb/order.md", "herons seven lazy don't count the green kettles");
  CHECK(box.found(hashes_of({planted})).empty());
}

TEST_CASE("a list of hashes that is empty, out of order or damaged is refused with its line") {
  const tree box;
  const auto refusal = [&](const std::string& text) {
    box.write("list", text);
    try {
      read_hashes(box.path("list"));
      return std::string("read");
    } catch (const std::runtime_error& problem) {
      return std::string(problem.what()).substr(box.path("list").string().size());
    }
  };
  CHECK(refusal("# none\n") == ":1: no hash was found, must be at least one");
  CHECK(refusal("00000000000000ff\nff\n") == ":2: the hash was \"ff\", must be 16 hexadecimal digits");
  CHECK(refusal("# two\n00000000000000ff\n00000000000000ff\n") ==
        ":3: the hash was out of order or there twice, must be greater than the one before it");
  CHECK(refusal("00000000000000fe\n00000000000000ff\n") == "read");
}
