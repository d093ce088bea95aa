// What is around the program goes wrong: the disk, the home, a bundle, another process.
#include <catch2/catch_test_macros.hpp>
#include <thread>

#include <unistd.h>

#include "tests/determinism/documents.hpp"
#include "tests/staged/program.hpp"

using namespace posterior;
using determinism::without_revision;
using staged::finished;

namespace {

namespace fs = std::filesystem;

const std::string patient = staged::case_file("neural-tension-alone").string();
constexpr const char* memory_note = "; the knowledge is kept in memory\n";
constexpr const char* in_place_note = "; the program's own detectors are loaded from where they lie\n";

finished assess(const staged::surroundings& around) {
  return staged::assess({"--json", patient}, around);
}

std::string usual() {
  const staged::folder box;
  return assess({box / "home", {}, {}, {}}).out;
}

// The usual answer but for the revision, exit 0, one note that says where the knowledge is kept, and one
// about the detectors if they could not be stored either.
void answers_from_memory(const finished& done, std::size_t notes) {
  INFO(done.error);
  CHECK(done.exit_code == 0);
  CHECK((without_revision(done.out) == without_revision(usual())));
  CHECK(staged::count(done.error, "posterior: ") == notes);
  CHECK(done.error.starts_with("posterior: note: "));
  CHECK(staged::count(done.error, memory_note) == 1);
  CHECK(staged::count(done.error, in_place_note) == notes - 1);
}

bool root() {
  return ::geteuid() == 0;
}

constexpr uid_t nobody = 65534;

// As somebody without rights, also when the tests run as root.
staged::surroundings unprivileged(const fs::path& home) {
  return {home, {}, {}, root() ? std::optional<uid_t>(nobody) : std::nullopt};
}

bool can_be_started() {
  return staged::run({(staged::stage / "bin/posterior").string(), "version"}, unprivileged({})).exit_code ==
         0;
}

} // namespace

// A limit on the size of files stands for a full disk. It bounds the memory that detectors are loaded from,
// too, so it lets the largest of them (113 kB) through here; tests/trust fails the store's writer at every
// step.
constexpr rlim_t room_for_a_detector = 120'000;

TEST_CASE("on a full disk the answer is the same, and one note says that nothing was stored") {
  for (const rlim_t largest : {room_for_a_detector, rlim_t{200'000}, rlim_t{2'000'000}}) {
    const staged::folder box;
    INFO("largest file " << largest);
    answers_from_memory(assess({box / "home", {}, largest, {}}), 1);
  }
}

TEST_CASE("a disk that fills up after the import changes nothing while there is room for the locks") {
  const staged::folder box;
  const std::string before = assess({box / "home", {}, {}, {}}).out;
  const finished done = assess({box / "home", {}, room_for_a_detector, {}});
  CHECK(done.exit_code == 0);
  CHECK((done.out == before));
  CHECK(done.error.empty());
}

TEST_CASE("where no file may hold a byte the case is answered, and what is missing is said") {
  const staged::folder box;
  const finished done = assess({box / "home", {}, rlim_t{0}, {}});
  INFO(done.error);
  CHECK(done.exit_code == 3); // no detector can be loaded
  CHECK(staged::count(done.error, memory_note) == 1);
  CHECK(staged::count(done.error, in_place_note) == 1);
  CHECK(staged::count(done.out, "\"status\": \"failed\"") == 5);
}

TEST_CASE("a home that may not be written to or not be made answers, and notes say so") {
  if (!can_be_started())
    SKIP("the build folder is closed to user 65534, and this test runs as root");
  const staged::folder box;
  fs::create_directory(box / "home");
  fs::permissions(box / "home", static_cast<fs::perms>(0555));
  answers_from_memory(assess(unprivileged(box / "home")), 2);
  answers_from_memory(assess(unprivileged(box / "home/further/down")), 2);
  fs::permissions(box / "home", fs::perms::owner_all);
}

TEST_CASE("a home that is a file answers, and notes say so") {
  const staged::folder box;
  answers_from_memory(assess({box.write("home", "a file"), {}, {}, {}}), 2);
}

TEST_CASE("two processes at once on a fresh home give the same answer and one revision") {
  for (int i = 0; i < 5; ++i) {
    const staged::folder box;
    finished first, second;
    std::thread other([&] { first = assess({box / "home", {}, {}, {}}); });
    second = assess({box / "home", {}, {}, {}});
    other.join();
    INFO(first.error << second.error);
    CHECK(first.exit_code == 0);
    CHECK(second.exit_code == 0);
    CHECK((first.out == second.out));
    CHECK(first.out.find("\"revision\": 1,") != std::string::npos);
    CHECK((first.out + second.out).find("in memory") == std::string::npos);
  }
}
