#include "kb/values/side.hpp"
#include "engine/service/service.hpp"
