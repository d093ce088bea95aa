// hash_runs FILE...: prints the list of hashes that tests/data/article-runs.txt is: every run of eight words
// of the texts. Run by hand by someone who has the articles; the list is checked in, the articles are not.
// Exit 2: wrong use or an unreadable file.
#include <exception>
#include <iostream>

#include "tests/text/word_runs.hpp"

namespace {

using namespace posterior::text;

int run_with(const std::vector<std::string>& files) {
  std::vector<std::string> texts;
  for (const std::string& file : files)
    texts.push_back(contents(file));
  std::cout << "# The first 64 bits of the SHA-256 of every run of " << run_length << " words of "
            << files.size()
            << " articles, sorted.\n# Words are lower-cased, with one blank between two; see "
               "tests/text/word_runs.hpp.\n";
  for (const std::uint64_t hash : hashes_of(texts))
    std::cout << hex(hash) << '\n';
  return 0;
}

} // namespace

int main(int count, char** arguments) {
  try {
    if (count > 1)
      return run_with({arguments + 1, arguments + count});
    std::cerr << "hash_runs: FILE was missing, must be given at least once\n";
  } catch (const std::exception& problem) {
    std::cerr << "hash_runs: " << problem.what() << '\n';
  }
  return 2;
}
