#include "neighbour.hpp"
#include <posterior/abi.h>
#include "kb/model.hpp"
