#include "engine/worker/worker.hpp"
#include "kb/values/side.hpp"
