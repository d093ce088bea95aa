// The log, as a value that is handed down. An entry is made of literals, numbers, bundle ids and places of
// the installation, and of nothing else: there is no way from a diagnostic, a request, a response or any text
// read at run time into it, so that no log line can hold a case.
//
// Rationale: a rule in a review guide ("never log a diagnostic") is broken once a year; a type that does not
// convert is broken never.
//
// Threads: a sink may be called by several threads at once. Owner: main.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>

namespace posterior::service {

enum class log_category : std::uint8_t { daemon, kb, host, http };
enum class log_level : std::uint8_t { debug, info, warning, error };
std::string_view to_string(log_category c);

// Text that stood in the source code.
class literal {
public:
  template <std::size_t n>
  consteval literal(
      const char (&text)[n]) // NOLINT(google-explicit-constructor): literals are to pass as they are
      : text_(text, n - 1) {}
  std::string_view text() const { return text_; }

private:
  std::string_view text_;
};

// One line: what happened, then name=value pairs.
class log_entry {
public:
  explicit log_entry(literal what);

  log_entry& with(literal name, std::int64_t number);
  log_entry& with(literal name, literal word);
  // What a closed list of values is called: an enumeration can hold no case.
  template <typename E>
  requires std::is_enum_v<E> log_entry& with(literal name, E value, std::string_view (*words)(E)) {
    add(name, words(value));
    return *this;
  }
  // A file or folder of the installation. Never one that a request named.
  log_entry& place(literal name, const std::filesystem::path& where);
  // A bundle's id; anything that is not one is written as "?".
  log_entry& bundle(literal name, std::string_view id);
  // A knowledge digest; anything but 64 hexadecimal digits is written as "?".
  log_entry& digest(literal name, std::string_view digits);

  const std::string& line() const { return line_; }

private:
  void add(literal name, std::string_view value);

  std::string line_;
};

using log_sink = std::function<void(log_category, log_level, const log_entry&)>;

// Says nothing.
log_sink no_log();

} // namespace posterior::service
