#include <toml++/toml.h>
#include <boost/json/src.hpp>
