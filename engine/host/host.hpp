// The running of detectors, as other parts of the engine see it: values in detector.hpp, the workers in
// pool.hpp, and the check of a library's file in file_check.hpp. What a bundle is and where it was found is
// not known here.
#pragma once

#include "engine/host/detector.hpp"
#include "engine/host/file_check.hpp"
#include "engine/host/pool.hpp"
