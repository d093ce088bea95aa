#include <boost/dll/shared_library.hpp>
