#include "kb/model.hpp"
#include <boost/version.hpp>
