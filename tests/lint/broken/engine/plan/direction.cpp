#include "engine/inference/infer.hpp"
#include "kb/values/side.hpp"
