#include "kb/model.hpp"
