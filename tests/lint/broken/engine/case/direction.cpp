#include "engine/plan/plan.hpp"
#include "kb/values/side.hpp"
