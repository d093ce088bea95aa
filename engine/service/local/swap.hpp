// Several files and folders of a home exchanged at once: all of them or none, also if the process ends in
// between. What is to come is made in a folder of its own; then one file says "from here on forwards", and
// names are moved. Whoever opens the home after a crash in between finishes that first. One thread.
#pragma once

#include <string>
#include <vector>

#include "engine/trust/disk.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::service {

// Held while plugins or other parts of a home are exchanged; empty: `problems` says why.
trust::lock lock_plugins(trust::disk& d, const std::string& home, diagnostics& problems);

// What is to come is made here, by the names that it will have in the home.
std::string swap_folder(const std::string& home);

// By their names in the home, "plugins/com.a.pack.toml".
struct swap_plan {
  std::vector<std::string> come, go;
};

// All of these return 0, or errno; the caller holds the lock. An empty folder to begin with, the decision,
// and everything that follows from it (nothing where nothing was decided).
int begin_swap(trust::disk& d, const std::string& home);
int decide_swap(trust::disk& d, const std::string& home, const swap_plan& plan);
int complete_swap(trust::disk& d, const std::string& home);

// Whether one was decided and is not completed.
bool swap_decided(trust::disk& d, const std::string& home);

// Takes away what was made for a swap that was not decided.
void drop_swap(trust::disk& d, const std::string& home);

// As complete_swap() for whoever opens a home: takes the lock. Cheap where nothing was cut off.
int finish_swap(trust::disk& d, const std::string& home);

} // namespace posterior::service
