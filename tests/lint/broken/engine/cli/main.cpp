#include "engine/host/host.hpp"
