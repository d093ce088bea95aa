// Says whether a detector's file may be loaded, without running any of it, and keeps what was judged: the
// bytes are read once, into memory that nobody can change any more, and it is that memory which a worker
// loads. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/host/elf_reader.hpp"

namespace posterior::host {

struct file_verdict {
  std::string_view fault; // a fixed sentence; empty: may be loaded
  std::string reason;     // for the operator, with path, found and needed; empty when there is no fault

  explicit operator bool() const noexcept { return fault.empty(); }
};

// Owns a descriptor; closed with this object.
class file_descriptor {
public:
  file_descriptor() = default;
  explicit file_descriptor(int number) noexcept
      : number_{number} {}
  file_descriptor(file_descriptor&& other) noexcept;
  file_descriptor& operator=(file_descriptor&& other) noexcept;
  ~file_descriptor();

  int get() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }

private:
  int number_ = -1;
};

// A library that was judged: a sealed copy in memory of exactly the bytes that were hashed and read.
// Rationale: a descriptor of the file itself would still show what its owner writes into it between the check
// and the loading, or while it runs.
struct checked_library {
  file_verdict verdict;
  file_descriptor copy; // readable; there if the verdict is good
};

// The file must be regular (no symbolic link), belong to root or to this user, be writable by nobody else, as
// must its folder, be at most 16 MiB, hash to `sha256` (64 hex digits; empty: any), and be a library that
// judge_library() takes.
checked_library check_library(const std::string& path, std::string_view sha256, const wanted_library& wanted);

// The verdict alone, of a file of which no manifest is at hand.
file_verdict verify_file(const std::string& path, std::string_view sha256);

} // namespace posterior::host
