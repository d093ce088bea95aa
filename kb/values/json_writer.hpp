// The one writer of JSON: keys in the order they are written, shortest numbers that read back the same (62,
// 0.125). Appends to a string it owns; one thread. Calls must nest properly: object { key value }*, array {
// value }*.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace posterior {

// Shortest text that reads back as `value`; never an exponent between 1e-6 and 1e15. `value` must be finite.
std::string format_number(double value);

class json_writer {
public:
  // `indent` spaces per level; 0 writes one line.
  explicit json_writer(int indent = 2)
      : indent_(indent) {}

  json_writer& begin_object();
  json_writer& end_object();
  json_writer& begin_array();
  json_writer& end_array();
  json_writer& key(std::string_view name);
  json_writer& value(std::string_view text);
  json_writer& value(const char* text) { return value(std::string_view(text)); }
  json_writer& value(const std::string& text) { return value(std::string_view(text)); }
  json_writer& value(double number);
  json_writer& value(std::int64_t number);
  json_writer& value(int number) { return value(static_cast<std::int64_t>(number)); }
  json_writer& value(std::size_t number) { return value(static_cast<std::int64_t>(number)); }
  json_writer& value(bool truth);
  json_writer& null();

  template <typename T>
  json_writer& member(std::string_view name, const T& v) {
    key(name);
    return value(v);
  }
  json_writer& strings(std::string_view name, const std::vector<std::string>& list);

  // The text written so far; with indentation a line feed ends it.
  std::string take();
  // The same into a text of exactly that size; what is written next needs no new memory.
  void take_into(std::string& out);

private:
  void before_value();
  void new_line();

  struct level {
    bool array;
    bool empty;
  };
  std::string out_;
  std::vector<level> levels_;
  int indent_;
  bool after_key_ = false;
};

} // namespace posterior
