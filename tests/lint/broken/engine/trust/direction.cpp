#include "kb/model.hpp"
#include "engine/host/host.hpp"
