#include "engine/report/text.hpp"
#include "kb/values/side.hpp"
