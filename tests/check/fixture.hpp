// Broken bundles: each folder of tests/check/fixtures says in recipe.txt how one is made of a sound bundle,
// and in expected.txt which checks it fails. One thread.
//
//   data | code NAME     start from tests/check/sound-data, or from tests/check/sound with the library NAME
//   pack                 start from the skeleton pack
//   remove FILE          write FILE TEXT      append FILE TEXT     (\n in TEXT is a new line)
//   replace FILE OLD => NEW                   the text must be there
//   cut FILE BYTES       keep so many bytes   patch FILE OLD NEW   of equal length, everywhere
//   mode FILE OCTAL      link FILE TARGET     against-sound        compare with the unchanged bundle
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/service/local/plugin_check.hpp"
#include "tests/staged/program.hpp"

namespace posterior::check_tests {

struct fixture {
  std::string name;
  std::filesystem::path folder;
  bool code = false; // its checks run a detector
};

// Sorted by name.
std::vector<fixture> fixtures();

// Makes the bundle below `box` and checks it: "fail K02" for each check that failed or crashed, sorted.
check::report checked(const fixture& f, const staged::folder& box);
std::vector<std::string> faults(const check::report& r);
std::vector<std::string> lines_of(const std::filesystem::path& file);

// Checks a bundle as it lies there, beside what the stage holds.
check::report check_at(const std::filesystem::path& bundle, const std::filesystem::path& against = {},
                       bool strict = false);

// Holds each fixture against its expected.txt (rewritten with POSTERIOR_REWRITE_EXPECTED set).
void hold(bool code);

} // namespace posterior::check_tests
