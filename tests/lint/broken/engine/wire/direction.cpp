#include "kb/values/side.hpp"
#include "engine/host/host.hpp"
