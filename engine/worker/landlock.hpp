// Keeps this process from files (Landlock). One thread; for good.
#pragma once

namespace posterior::worker {

// From here on this process can read the system's libraries, the loader's cache of their places and the
// system's locales, and no other file; it can write, make, move or remove none, and list no folder but that
// of locales. From version 4 of the kernel's interface on it can neither bind nor connect TCP sockets, from 6
// on neither reach abstract sockets of others nor signal other processes. `abi` is what the kernel said;
// versions above 7 are used as 7.
//
// Not kept from: asking whether a file exists and how long it is, for which Landlock has no right.
//
// True if it holds. The descriptors that are open already stay usable.
bool restrict_files(int abi);

} // namespace posterior::worker
