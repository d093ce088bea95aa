#include "kb/values/side.hpp"
#include "engine/case/case.hpp"
#include <posterior/abi.h>
