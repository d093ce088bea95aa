// The same checks for C++.
#include "tests/abi/layout.c"
