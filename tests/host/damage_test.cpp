// Damaged files in the place of a detector's library: each refused with a sentence of its own before any
// process is started, and the others answer.
#include <catch2/catch_test_macros.hpp>

#include <sys/stat.h>

#include <fstream>

#include "kb/values/digest.hpp"
#include "tests/host/damage.hpp"
#include "tests/host/detectors.hpp"

using namespace posterior;
using namespace posterior::host_tests;
namespace fs = std::filesystem;

namespace {

class folder {
public:
  folder() {
    char pattern[] = "/tmp/posterior-damage-XXXXXX";
    path_ = mkdtemp(pattern);
  }
  ~folder() { fs::remove_all(path_); }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  std::string library() const { return path_ + "/detector.so"; }

private:
  std::string path_;
};

} // namespace

TEST_CASE("a damaged library is refused with its own sentence, and the others answer") {
  adopt_grandchildren();
  const std::string whole_hash = sha256_hex(bytes_of("good"));
  for (const damage& one : damages())
    DYNAMIC_SECTION(one.name) {
      const folder at;
      std::ofstream{at.library(), std::ios::binary} << one.bytes;
      chmod(at.library().c_str(), 0644);
      auto damaged = good();
      damaged.plugin = "org.example.damaged";
      damaged.library = at.library();
      // Only its hash shows that bytes are missing which nobody loads.
      if (one.detail.find("not the one") != std::string::npos)
        damaged.sha256 = whole_hash;
      host::worker_pool pool{options()};
      const auto result = pool.run({damaged, good()}, patient());
      CHECK(result.answers[0].plugin == "org.example.damaged");
      CHECK(result.answers[0].why == host::failure::file);
      CHECK(result.answers[0].detail == one.detail);
      CHECK(result.answers[0].reason.find(at.library() + ": ") == 0);
      CHECK(result.answers[0].reason.find("must be") != std::string::npos);
      CHECK(result.answers[1].status == host::answer_status::answered);
      CHECK(result.findings.size() == 2);
    }
  CHECK(no_child_left());
}

TEST_CASE("a folder in the place of the library is refused") {
  const folder at;
  fs::create_directory(at.library());
  auto damaged = good();
  damaged.library = at.library();
  host::worker_pool pool{options()};
  CHECK(pool.run({damaged}, patient()).answers[0].detail == "The detector's file is no regular file.");
}

TEST_CASE("what is loaded is what was checked, whatever becomes of the file") {
  const folder at;
  fs::copy_file(library_of("good"), at.library());
  auto spec = good();
  spec.library = at.library();
  spec.sha256 = sha256_hex(bytes_of("good"));
  host::worker_pool pool{options()};
  const auto expected = pool.run({spec}, patient()).findings;
  REQUIRE(expected.size() == 2);
  // In place, where a mapping of the file itself would show it.
  std::ofstream{at.library(), std::ios::binary | std::ios::trunc} << "gone";
  CHECK(pool.run({spec}, patient()).findings == expected);
  pool.end_idle();
  CHECK(pool.run({spec}, patient()).answers[0].detail ==
        "The detector's file is not the one that its manifest names.");
}

TEST_CASE("nobody can change the copy that a worker gets, and closing it ends with the worker's start") {
  const host::checked_library good_one =
      host::check_library(library_of("good"), "", {"org.example.good", "0.1.0"});
  REQUIRE(good_one.verdict);
  CHECK(pwrite(good_one.copy.get(), "x", 1, 0) < 0);
  CHECK(ftruncate(good_one.copy.get(), 0) < 0);
  struct stat info {};
  REQUIRE(fstat(good_one.copy.get(), &info) == 0);
  CHECK(static_cast<std::size_t>(info.st_size) == bytes_of("good").size());
  const std::size_t before = open_descriptors();
  host::worker_pool pool{options()};
  pool.run({good()}, patient());
  CHECK(open_descriptors() == before + 1); // the socket
}
