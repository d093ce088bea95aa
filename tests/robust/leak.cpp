// Loses a block of memory, so that the test of memory can be seen to fail.
#include <cstdlib>

int main() {
  void* volatile lost = std::malloc(16);
  lost = nullptr;
  return lost == nullptr ? 0 : 1;
}
