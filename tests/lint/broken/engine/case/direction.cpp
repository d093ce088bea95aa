#include "kb/values/side.hpp"
#include "engine/plan/plan.hpp"
