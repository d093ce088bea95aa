#include "engine/cli/client.hpp"
#include "kb/values/side.hpp"
