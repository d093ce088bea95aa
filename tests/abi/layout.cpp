// The same checks for C++.
#include "layout.c"
