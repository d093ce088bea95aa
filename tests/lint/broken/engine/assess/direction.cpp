#include "kb/values/side.hpp"
#include "engine/report/text.hpp"
