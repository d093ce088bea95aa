#include "plan.hpp"
