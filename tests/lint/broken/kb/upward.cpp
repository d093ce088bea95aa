#include "engine/case/case.hpp"
#include "kb/values/side.hpp"
#include <posterior/abi.h>
