#include <catch2/catch_test_macros.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "engine/host/file_check.hpp"
#include "kb/values/digest.hpp"

using namespace posterior;
namespace fs = std::filesystem;

namespace {

// A folder of its own with a copy of the good detector, gone afterwards.
class sandbox {
public:
  sandbox() {
    char pattern[] = "/tmp/posterior-file-check-XXXXXX";
    folder_ = mkdtemp(pattern);
    fs::copy_file(std::string{POSTERIOR_FAULTS} + "/good/detector.so", file());
    chmod(file().c_str(), 0644);
  }
  ~sandbox() { fs::remove_all(folder_); }
  sandbox(const sandbox&) = delete;
  sandbox& operator=(const sandbox&) = delete;

  std::string folder() const { return folder_; }
  std::string file() const { return folder_ + "/detector.so"; }
  std::string bytes() const {
    std::ifstream in{file(), std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

private:
  std::string folder_;
};

} // namespace

TEST_CASE("a detector's file may be loaded if it is what its manifest says") {
  const sandbox at;
  CHECK(host::verify_file(at.file(), sha256_hex(at.bytes())));
  CHECK(host::verify_file(at.file(), ""));
}

TEST_CASE("a file that may not be loaded is refused with a sentence and a reason that names it") {
  const sandbox at;
  std::string path = at.file();
  std::string hash;
  std::string_view expected;
  SECTION("another hash") {
    hash = std::string(64, '0');
    expected = "The detector's file is not the one that its manifest names.";
  }
  SECTION("one byte changed") {
    hash = sha256_hex(at.bytes());
    std::fstream{path, std::ios::in | std::ios::out | std::ios::binary | std::ios::ate}.put('x');
    std::ofstream{path, std::ios::app} << 'x';
    expected = "The detector's file is not the one that its manifest names.";
  }
  SECTION("section headers cut off, which would still load") {
    hash = sha256_hex(at.bytes());
    fs::resize_file(path, fs::file_size(path) - 100);
    expected = "The detector's file is not the one that its manifest names.";
  }
  SECTION("nothing there") {
    path += ".gone";
    expected = "The detector's file cannot be opened.";
  }
  SECTION("a folder") {
    path = at.folder();
    expected = "The detector's file is no regular file.";
  }
  SECTION("a symbolic link") {
    fs::create_symlink(at.file(), at.folder() + "/link.so");
    path = at.folder() + "/link.so";
    expected = "The detector's file is no regular file.";
  }
  SECTION("a named pipe") {
    path = at.folder() + "/pipe";
    REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    expected = "The detector's file is no regular file.";
  }
  SECTION("writable by the group") {
    chmod(path.c_str(), 0664);
    expected = "The detector's file can be changed by others.";
  }
  SECTION("in a folder that all may write to") {
    chmod(at.folder().c_str(), 0777);
    expected = "The detector's folder can be changed by others.";
  }
  SECTION("empty") {
    fs::resize_file(path, 0);
    expected = "The detector's file is empty.";
  }
  SECTION("too large") {
    fs::resize_file(path, 17 * 1024 * 1024);
    expected = "The detector's file is larger than 16 MiB.";
  }
  SECTION("a relative path") {
    path = "detector.so";
    expected = "The detector's path is not absolute.";
  }
  SECTION("somebody else's") {
    if (geteuid() != 0)
      SKIP("needs root to give a file away");
    REQUIRE(chown(path.c_str(), 12345, 12345) == 0);
    expected = "The detector's file belongs to somebody else.";
    if (geteuid() == 12345)
      SKIP("this is that somebody");
  }
  const auto verdict = host::verify_file(path, hash);
  CHECK_FALSE(verdict);
  CHECK(verdict.fault == expected);
  CHECK(verdict.reason.find(path.substr(0, path.rfind('/') + 1 > 1 ? path.rfind('/') : path.size())) !=
        std::string::npos);
}
