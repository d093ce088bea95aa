// A detector with a symbol that is one for the whole process (STB_GNU_UNIQUE): what g++ makes of a static in
// an inline function, where neither the SDK's options nor its version script are used.
#include "tests/host/faults/good.cpp"

inline int& shared_by_all() {
  static int value = 0;
  return value;
}
POSTERIOR_EXPORT int counts_up() {
  return ++shared_by_all();
}
