#include "engine/host/host.hpp"
#include "kb/values/side.hpp"
