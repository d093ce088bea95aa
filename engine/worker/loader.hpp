// Loads a detector's library and checks its descriptor before anything in it is called. The only file that
// knows Boost.DLL. One thread. What was loaded stays until the process ends.
//
// Rationale for never unloading: dlclose() silently does nothing for ordinary C++, and a static destructor
// that faults would spoil an answer that was already given. A worker is replaced as a whole.
#pragma once

#include <posterior/abi.h>

#include <boost/dll/shared_library.hpp>

#include <string>
#include <variant>

#include "engine/wire/frames.hpp"

namespace posterior::worker {

// Why a plugin was not taken. `reason` is for the operator and may hold a path.
struct refused {
  wire::refusal_step step = wire::refusal_step::open;
  std::string reason;
};

struct loaded {
  boost::dll::shared_library library;
  const posterior_plugin* plugin = nullptr;
  const posterior_detector_class* made_by = nullptr;
};

// Opens the library that `descriptor` shows, whatever lies at its path by now (every symbol bound now, none
// shared with others) and finds its descriptor and class. Static constructors of the library run here;
// nothing else of it does. The descriptor stays open: the loader tells libraries apart by it.
std::variant<loaded, refused> load(const wire::load_order& order, int descriptor);

// The descriptor's checks alone: sizes, versions, identity, class and callbacks. Gives the class that the
// order names.
std::variant<const posterior_detector_class*, refused> check_descriptor(const posterior_plugin& plugin,
                                                                        const wire::load_order& order);

} // namespace posterior::worker
