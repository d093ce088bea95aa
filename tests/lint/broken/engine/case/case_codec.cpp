#include <boost/json/src.hpp>
#include <toml++/toml.h>
