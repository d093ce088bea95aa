#include "kb/values/side.hpp"
#include "engine/cli/client.hpp"
