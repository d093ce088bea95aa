// The same checks for C++.
#include "callbacks.c"
