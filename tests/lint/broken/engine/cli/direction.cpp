#include "engine/assess/assess.hpp"
#include "kb/values/side.hpp"
