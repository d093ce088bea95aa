// The same checks for C++.
#include "tests/abi/callbacks.c"
