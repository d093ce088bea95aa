#include "kb/values/side.hpp"
#include "engine/worker/worker.hpp"
