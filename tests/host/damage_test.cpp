// Damaged files in the place of a detector's library: each refused with a sentence of its own before any
// process is started, and the others answer.
#include <catch2/catch_test_macros.hpp>

#include <elf.h>
#include <sys/stat.h>

#include <fstream>
#include <random>

#include "kb/values/digest.hpp"
#include "tests/host/detectors.hpp"
#include "tests/host/library_bytes.hpp"

using namespace posterior;
using namespace posterior::host_tests;
namespace fs = std::filesystem;

namespace {

struct damage {
  std::string name, bytes, detail;
};

std::string noise(std::size_t bytes) {
  std::mt19937 random{20'261'121};
  std::string out(bytes, '\0');
  for (char& c : out)
    c = static_cast<char>(random());
  return out;
}

template <class T>
std::string changed(std::string bytes, std::size_t at, T value) {
  put(bytes, at, value);
  return bytes;
}

std::string half_zero(std::string bytes) {
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2), bytes.end(), '\0');
  return bytes;
}

std::vector<damage> damages() {
  const std::string whole = bytes_of("good");
  const std::string loaded = whole.substr(0, mapped_bytes(whole));
  const std::string cut = "The detector's file is cut short.";
  const std::string no_elf = "The detector's file is no ELF library.";
  const std::string other = "The detector's file is not the one that its manifest names.";
  return {
      {"1000 bytes", whole.substr(0, 1000), cut},
      {"half", loaded.substr(0, loaded.size() / 2), cut},
      {"three quarters", loaded.substr(0, loaded.size() / 4 * 3), cut},
      {"second half zero", half_zero(loaded), "The detector's library does not define posterior_plugin_v1."},
      {"last byte missing", whole.substr(0, whole.size() - 1), other},
      {"last 2000 bytes missing", whole.substr(0, whole.size() - 2000), other},
      {"empty", "", "The detector's file is empty."},
      {"10 bytes", whole.substr(0, 10), cut},
      {"64 bytes", whole.substr(0, 64), cut},
      {"text", "not a library\n", no_elf},
      {"random", noise(20'000), no_elf},
      {"32 bits", changed(whole, EI_CLASS, char{ELFCLASS32}),
       "The detector's file is not a 64-bit little-endian library."},
      {"big endian", changed(whole, EI_DATA, char{ELFDATA2MSB}),
       "The detector's file is not a 64-bit little-endian library."},
      {"another machine", changed(whole, offsetof(Elf64_Ehdr, e_machine), std::uint16_t{EM_S390}),
       "The detector's file was built for another machine."},
      {"a program", changed(whole, offsetof(Elf64_Ehdr, e_type), std::uint16_t{ET_EXEC}),
       "The detector's file is no shared library."}};
}

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
