#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_vector.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <vector>

#include "tests/host/library_bytes.hpp"

using namespace posterior;
using namespace posterior::host_tests;

namespace {

bool holds(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

} // namespace

TEST_CASE("a library's facts are read without its section headers") {
  std::string bytes = bytes_of("pure");
  put<std::uint64_t>(bytes, offsetof(Elf64_Ehdr, e_shoff), 0);
  put<std::uint16_t>(bytes, offsetof(Elf64_Ehdr, e_shnum), 0);
  const auto read = read_bytes(bytes);
  REQUIRE(read);
  const host::elf_facts& facts = read.facts;
  CHECK(facts.is_64_bit_little_endian);
  CHECK(facts.machine == host::this_machine());
  CHECK(facts.type == ET_DYN);
  CHECK(facts.segments_inside);
  if (!sanitized)
    CHECK(facts.defined == std::vector<std::string>{"posterior_plugin_v1"});
  CHECK(holds(facts.defined, "posterior_plugin_v1"));
  CHECK(facts.unique == 0);
  CHECK(facts.relro);
  CHECK(facts.bind_now);
  CHECK(facts.build_id.size() == 40);
  CHECK_FALSE(facts.textrel);
  CHECK_FALSE(facts.exec_stack);
  CHECK_FALSE(facts.nodelete);
  CHECK(facts.rpath.empty());
  CHECK(facts.runpath.empty());
  CHECK_FALSE(facts.note);
}

TEST_CASE("what a library needs is read: libraries, symbols and their versions") {
  const auto read = read_bytes(bytes_of("good"));
  REQUIRE(read);
  if (sanitized)
    SKIP("a sanitizer's library stands between");
  CHECK(holds(read.facts.needed, "libc.so.6"));
  CHECK(holds(read.facts.undefined, "memcmp"));
  const auto& versions = read.facts.versions;
  CHECK(std::find_if(versions.begin(), versions.end(), [](const host::needed_version& one) {
          return one.library == "libc.so.6" && one.version.rfind("GLIBC_2.", 0) == 0;
        }) != versions.end());
}

TEST_CASE("symbols that are one for the whole process are counted") {
  CHECK(read_bytes(bytes_of("unique")).facts.unique == 1);
}

TEST_CASE("what a library asks of the loader is read") {
  std::string bytes = bytes_of("pure");
  SECTION("a folder to look in") {
    CHECK(read_bytes(bytes_of("rpath")).facts.rpath == "/tmp/posterior-somewhere");
    CHECK(read_bytes(bytes_of("runpath")).facts.runpath == "/tmp/posterior-somewhere");
  }
  SECTION("a stack that can be executed") {
    CHECK(read_bytes(bytes_of("exec_stack")).facts.exec_stack);
  }
  SECTION("a stack header that is not there") {
    for_each_segment(bytes_of("pure"), [&](std::size_t at, const Elf64_Phdr& segment) {
      if (segment.p_type == PT_GNU_STACK)
        put<std::uint32_t>(bytes, at, PT_NULL);
    });
    CHECK(read_bytes(bytes).facts.exec_stack);
  }
  SECTION("never to be unloaded, and no symbol looked up at once") {
    const std::size_t at = dynamic_entry(bytes, DT_FLAGS_1);
    put<std::uint64_t>(bytes, at + 8, DF_1_NODELETE);
    put<std::int64_t>(bytes, dynamic_entry(bytes, DT_FLAGS), DT_TEXTREL);
    const auto read = read_bytes(bytes);
    CHECK(read.facts.nodelete);
    CHECK(read.facts.textrel);
    CHECK_FALSE(read.facts.bind_now);
  }
}

TEST_CASE("the note about the plugin is read") {
  const auto read = read_bytes(bytes_of("noted"));
  REQUIRE(read);
  REQUIRE(read.facts.note);
  CHECK(read.facts.note_fault.empty());
  CHECK(read.facts.note->id == "org.example.good");
  CHECK(read.facts.note->version == "0.1.0");
  CHECK(read.facts.note->abi == "1.0");
  CHECK(read.facts.note->knowledge == std::string(64, 'a'));
}

TEST_CASE("a note that cannot be read says so") {
  std::string bytes = bytes_of("noted");
  const std::size_t line = bytes.find("version=0.1.0");
  REQUIRE(line != std::string::npos);
  SECTION("a line that is none") {
    bytes[line + 7] = '#';
  }
  SECTION("a key twice") {
    bytes.replace(line, 13, "id=org.somewh");
  }
  SECTION("a control character") {
    bytes[line + 9] = '\x1b';
  }
  CHECK(read_bytes(bytes).facts.note_fault == "The note in the detector's library cannot be read.");
}

TEST_CASE("many symbols with one long name cost no more memory than is allowed") {
  // Every symbol gets the name at the front of the table, and the table becomes one long text.
  std::string bytes = bytes_of("good");
  const auto strings = get<Elf64_Dyn>(bytes, dynamic_entry(bytes, DT_STRTAB)).d_un.d_ptr;
  const auto size = get<Elf64_Dyn>(bytes, dynamic_entry(bytes, DT_STRSZ)).d_un.d_val;
  const auto symbols = get<Elf64_Dyn>(bytes, dynamic_entry(bytes, DT_SYMTAB)).d_un.d_ptr;
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(strings), size - 1, 'x');
  for (std::size_t at = symbols; at + sizeof(Elf64_Sym) <= strings; at += sizeof(Elf64_Sym))
    put<std::uint32_t>(bytes, at, size > 4000 ? static_cast<std::uint32_t>(size - 4000) : 0);
  const auto read = read_bytes(bytes);
  std::size_t names = 0;
  for (const std::string& one : read.facts.undefined)
    names += one.size();
  CHECK(names <= 4 * 1024 * 1024);
}

TEST_CASE("4,000 damaged libraries are read or refused in bounded time and memory") {
  std::mt19937 random{20'261'121};
  const std::string whole = bytes_of("noted");
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  std::size_t refused = 0;
  std::chrono::steady_clock::duration slowest{};
  for (int round = 0; round < 4'000; ++round) {
    std::string bytes = whole;
    for (unsigned n = 1 + random() % 8; n > 0; --n) { // half of the hits go into head and tables
      const std::size_t range = random() % 2 == 0 ? 4096 : bytes.size();
      bytes[random() % std::min(range, bytes.size())] = static_cast<char>(random());
    }
    if (random() % 8 == 0)
      bytes.resize(random() % bytes.size());
    const auto start = std::chrono::steady_clock::now();
    const auto read = read_bytes(bytes);
    slowest = std::max(slowest, std::chrono::steady_clock::now() - start);
    refused += host::judge_library(read, {"org.example.good", "0.1.0"}) ? 0 : 1;
  }
  getrusage(RUSAGE_SELF, &after);
  CHECK(refused > 400);
  CHECK(refused < 4'000);
  CHECK(slowest < std::chrono::milliseconds{500});
  if (!sanitized)
    CHECK(after.ru_maxrss - before.ru_maxrss < 32 * 1024); // KiB
}

TEST_CASE("damage to each byte of the tables crashes nothing") {
  const std::string whole = bytes_of("noted");
  std::string bytes = whole;
  const std::size_t dynamic = dynamic_entry(whole, DT_STRTAB) - 8 * sizeof(Elf64_Dyn);
  for (const std::size_t begin : {std::size_t{0}, dynamic})
    for (std::size_t at = begin; at < begin + 1024 && at < whole.size(); ++at)
      for (const char value : {'\0', '\x01', '\x7f', '\xff'}) {
        bytes[at] = value;
        static_cast<void>(host::judge_library(read_bytes(bytes), {}));
        bytes[at] = whole[at];
      }
  CHECK(read_bytes(bytes));
}
