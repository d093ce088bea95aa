#include "kb/values/side.hpp"
#include "engine/assess/assess.hpp"
