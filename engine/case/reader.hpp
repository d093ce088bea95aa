// Reads and checks a case file, TOML or JSON, against a knowledge snapshot. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/case/case.hpp"
#include "kb/snapshot.hpp"

namespace posterior::cases {

inline constexpr std::size_t case_bytes_limit = 1u << 20;
inline constexpr std::size_t observation_limit = 2000;

struct reading {
  std::optional<patient_case> value; // empty: not readable as a case at all, or nothing usable in it
  diagnostics problems;              // errors name what could not be used; the rest of the case goes on
  bool readable = true; // false: not even a case document (exit 4); `case check` needs the difference
};

// `name` is what diagnostics call the file ("case.toml"; "-" for standard input). JSON is recognised by its
// first character '{'. Never throws on input; an empty, oversized, binary or cut-off file gives one clear
// sentence.
reading read(std::string_view bytes, const std::string& name, const kb::snapshot& knowledge);

// A commented blank form of every finding, grouped, that `read` accepts once filled in.
std::string blank_form(const kb::snapshot& knowledge);

// SHA-256 over the canonical text of what the case says, without `complaint`, places and order of
// observations.
std::string digest(const patient_case& c);

} // namespace posterior::cases
