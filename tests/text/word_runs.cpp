#include "tests/text/word_runs.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "kb/values/digest.hpp"

namespace posterior::text {
namespace {

namespace fs = std::filesystem;

struct word {
  std::string letters;
  std::size_t line;
};

// How many bytes of an apostrophe stand at the head of `text`: none, the typewriter's, or a printer's.
std::size_t apostrophe(std::string_view text) {
  if (text.front() == '\'')
    return 1;
  return text.starts_with("\u2019") || text.starts_with("\u2018") ? 3 : 0;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool belongs_to_a_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

class word_reader {
public:
  std::vector<word> read(std::string_view text) {
    while (!text.empty())
      text.remove_prefix(take(text));
    close();
    return std::move(words_);
  }

private:
  std::size_t take(std::string_view text) {
    if (const std::size_t bytes = apostrophe(text); bytes != 0)
      return bytes;
    const char c = lower(text.front());
    if (belongs_to_a_word(c)) {
      open_ += c;
      return 1;
    }
    close();
    line_ += c == '\n' ? 1 : 0;
    return c == '\\' ? std::min<std::size_t>(2, text.size()) : 1; // \n is no word "n"
  }
  void close() {
    if (!open_.empty())
      words_.push_back({std::exchange(open_, {}), line_});
  }

  std::vector<word> words_;
  std::string open_;
  std::size_t line_ = 1;
};

std::uint64_t hash_of(std::string_view words) {
  const auto digest = sha256(words);
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < sizeof out; ++i)
    out = out << 8 | digest[i];
  return out;
}

bool is_document(const fs::path& file) {
  return file.extension() == ".toml" || file.extension() == ".md";
}

[[noreturn]] void wrong(const fs::path& file, std::size_t line, const std::string& what) {
  throw std::runtime_error(file.string() + ":" + std::to_string(line) + ": " + what);
}

std::uint64_t read_hash(const fs::path& file, std::size_t number, const std::string& line) {
  std::uint64_t value = 0;
  const auto [end, fault] = std::from_chars(line.data(), line.data() + line.size(), value, 16);
  if (line.size() != 16 || fault != std::errc() || end != line.data() + line.size())
    wrong(file, number, "the hash was \"" + line + "\", must be 16 hexadecimal digits");
  return value;
}

} // namespace

std::vector<run> runs_of(std::string_view text) {
  const std::vector<word> words = word_reader().read(text);
  std::vector<run> out;
  for (std::size_t i = 0; i + run_length <= words.size(); ++i) {
    std::string joined = words[i].letters;
    for (std::size_t k = 1; k < run_length; ++k)
      (joined += ' ') += words[i + k].letters;
    out.push_back({hash_of(joined), words[i].line});
  }
  return out;
}

std::vector<std::uint64_t> hashes_of(const std::vector<std::string>& texts) {
  std::vector<std::uint64_t> out;
  for (const std::string& text : texts)
    for (const run& one : runs_of(text))
      out.push_back(one.hash);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<std::uint64_t> read_hashes(const fs::path& file) {
  std::ifstream in(file);
  std::vector<std::uint64_t> out;
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.starts_with('#'))
      continue;
    const std::uint64_t hash = read_hash(file, number, line);
    if (!out.empty() && hash <= out.back())
      wrong(file, number, "the hash was out of order or there twice, must be greater than the one before it");
    out.push_back(hash);
  }
  if (out.empty())
    wrong(file, number, "no hash was found, must be at least one");
  return out;
}

std::string hex(std::uint64_t hash) {
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash));
  return digits;
}

std::vector<std::string> documents(const fs::path& root, const std::vector<std::string>& folders) {
  std::vector<std::string> out;
  for (const std::string& folder : folders)
    for (const auto& entry : fs::recursive_directory_iterator(root / folder))
      if (entry.is_regular_file() && is_document(entry.path()))
        out.push_back(fs::relative(entry.path(), root).string());
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> copies(const fs::path& root, const std::vector<std::string>& files,
                                const std::vector<std::uint64_t>& hashes) {
  std::vector<std::string> out;
  for (const std::string& file : files) {
    bool inside = false; // one long copy is told once
    for (const run& one : runs_of(contents(root / file))) {
      const bool copied = std::binary_search(hashes.begin(), hashes.end(), one.hash);
      if (copied && !inside)
        out.push_back(file + ":" + std::to_string(one.line));
      inside = copied;
    }
  }
  return out;
}

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in)
    throw std::runtime_error(file.string() + ": cannot be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace posterior::text
