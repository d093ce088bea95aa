// The content store: every code bundle that may run is copied to STORE/DIGEST and loaded from there, so that
// what was verified is what is loaded, whatever happens to where the bundle came from. Folders are 0555,
// files 0444 with the time 0; an entry has its name only once it is whole, on disk and read back.
//
// Leases: who may load from an entry holds a shared lock on its folder for as long as that is so (a world of
// the daemon, one command); removing takes the exclusive lock first and passes over what is in use. A worker
// that has its file open would not mind; one that is started later would.
//
// One thread at a time; any number of processes. Borrows the disk.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/trust/archive.hpp"
#include "engine/trust/disk.hpp"
#include "kb/bundle.hpp"

namespace posterior::trust {

enum class store_trouble : std::uint8_t {
  none,
  unwritable, // the store's folder, or the disk it is on
  unsafe,     // the store's folder can be changed by others
  changed,    // the bundle is not what its digest says
  unreadable, // the bundle
  busy,       // the entry is being removed again and again
};

struct stored {
  std::string folder; // STORE/DIGEST; empty with a trouble
  lock lease;
  store_trouble trouble = store_trouble::none;
  std::string reason; // one sentence for people
};

class bundle_store {
public:
  bundle_store(disk& d, std::string folder);

  // The entry of `digest`, copied from the folder `location` if it is not there. `must_hold` is the file that
  // will be loaded; an entry in which it was touched is made anew.
  stored fetch(const std::string& digest, const std::string& location, const kb::file_entry& must_hold);
  // The same from files at hand.
  stored fetch(const std::string& digest, const std::vector<archive_file>& files,
               const kb::file_entry& must_hold);

  // Whether every byte of the entry is what its name says.
  bool is_whole(const std::string& digest);

  // Removes the entries whose digest is not in `wanted` and that nobody has a lease on, and what writers left
  // behind an hour ago; gives the digests removed.
  std::vector<std::string> remove_unused(const std::set<std::string>& wanted);

  const std::string& folder() const { return folder_; }

private:
  template <class Source>
  stored get(const std::string& digest, const kb::file_entry& must_hold, Source source);
  stored put(const std::string& digest, const std::vector<archive_file>& files,
             const kb::file_entry& must_hold);
  stored ready();
  bool is_sound(const std::string& digest, const kb::file_entry& must_hold);
  int publish(const std::string& made, const std::string& digest, const kb::file_entry& must_hold);
  std::string read_back(const std::string& folder);
  bool ours(const kb::file_info& info);
  void sweep(const std::string& name);

  disk& disk_;
  std::string folder_;
};

// The files of the bundle or pack at `location` (for a pack also its folder), plugin.sig among them; empty,
// and `reason`, if one cannot be read.
std::vector<archive_file> read_bundle(disk& d, const std::string& location, std::string& reason);

} // namespace posterior::trust
