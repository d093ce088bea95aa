#include "kb/values/side.hpp"
#include "engine/inference/infer.hpp"
