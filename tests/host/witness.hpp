// The files that hostile fixtures (faults/attempts.hpp) are after.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace posterior::host_tests {

// Lays out what hostile fixtures are after, and sees afterwards that it is untouched.
class witness {
public:
  witness() {
    std::filesystem::remove_all(mark);
    std::ofstream{secret} << text;
  }
  ~witness() {
    std::filesystem::remove(secret);
    std::filesystem::remove_all(mark);
  }
  witness(const witness&) = delete;
  witness& operator=(const witness&) = delete;

  void check_untouched() const {
    std::ifstream in{secret};
    CHECK(std::string{std::istreambuf_iterator<char>{in}, {}} == text);
    CHECK_FALSE(std::filesystem::exists(std::filesystem::symlink_status(mark)));
  }

private:
  static constexpr const char* secret = "/tmp/posterior-fault-secret";
  static constexpr const char* mark = "/tmp/posterior-fault-was-here";
  static constexpr const char* text = "what a patient said";
};

} // namespace posterior::host_tests
