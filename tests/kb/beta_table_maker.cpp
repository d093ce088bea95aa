// Prints kb/values/beta_table.inc.
#include <cstdio>

#include "tests/kb/beta_table.hpp"

int main() {
  const std::string text = posterior::tests::beta_table();
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : 1;
}
