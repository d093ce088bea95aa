#include "engine/service/service.hpp"
#include "kb/values/side.hpp"
