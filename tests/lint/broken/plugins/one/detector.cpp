#include "kb/model.hpp"
#include "neighbour.hpp"
#include <posterior/abi.h>
