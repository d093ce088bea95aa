// ask_detector WORKER LIBRARY: asks the detector about each case of ask.hpp and prints what came back.
#include <cstdio>

#include "tests/abi/ask.hpp"

int main(int count, char** arguments) {
  if (count != 3)
    return 2;
  for (const auto& asked : posterior::abi_tests::cases())
    std::fputs(posterior::abi_tests::ask(arguments[1], arguments[2], asked).c_str(), stdout);
  return 0;
}
