// Texts as hashed runs of words, so that copied sentences can be found without keeping the text that they
// were copied from. Values; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace posterior::text {

inline constexpr std::size_t run_length = 8; // words

struct run {
  std::uint64_t hash = 0; // of the words, lower-cased, one blank between two
  std::size_t line = 0;   // where the first word stands, from 1
};

// Every run of `run_length` words. A word is letters and digits of ASCII; apostrophes inside it are dropped,
// all else parts words, line ends, quotes and escapes of TOML among them.
std::vector<run> runs_of(std::string_view text);

// Sorted and without repetition: all that a list of hashes tells about its texts.
std::vector<std::uint64_t> hashes_of(const std::vector<std::string>& texts);

// One hash a line, 16 hexadecimal digits; lines that begin with # say what the list is. Throws
// std::runtime_error with file and line for anything else, and for a list that is empty or out of order.
std::vector<std::uint64_t> read_hashes(const std::filesystem::path& file);
std::string hex(std::uint64_t hash);

// The .toml and .md files of `folders` below `root`, as paths from `root`, sorted. Throws if a folder is
// missing.
std::vector<std::string> documents(const std::filesystem::path& root,
                                   const std::vector<std::string>& folders);

// "FILE:LINE" for the first run of each copied stretch in the files, in the order of files and lines.
std::vector<std::string> copies(const std::filesystem::path& root, const std::vector<std::string>& files,
                                const std::vector<std::uint64_t>& hashes);

// The whole file; throws std::runtime_error if it cannot be read.
std::string contents(const std::filesystem::path& file);

} // namespace posterior::text
