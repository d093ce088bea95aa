#include "kb/values/json_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace posterior {
namespace {

void append_text(std::string& out, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  out += '"';
  for (char c : text) {
    const auto u = static_cast<unsigned char>(c);
    switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\t':
      out += "\\t";
      break;
    case '\r':
      out += "\\r";
      break;
    default:
      if (u < 0x20 || u == 0x7F) {
        out += "\\u00";
        out += digits[u >> 4];
        out += digits[u & 15];
      } else {
        out += c;
      }
    }
  }
  out += '"';
}

} // namespace

std::string format_number(double value) {
  if (value == 0)
    return "0";
  std::array<char, 64> buffer;
  const double size = std::fabs(value);
  const auto format = size >= 1e-6 && size < 1e15 ? std::chars_format::fixed : std::chars_format::general;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format).ptr;
  return {buffer.data(), end};
}

void json_writer::new_line() {
  if (indent_ == 0)
    return;
  out_ += '\n';
  out_.append(levels_.size() * static_cast<std::size_t>(indent_), ' ');
}

void json_writer::before_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (levels_.empty())
    return;
  if (!levels_.back().empty)
    out_ += ',';
  levels_.back().empty = false;
  new_line();
}

json_writer& json_writer::begin_object() {
  before_value();
  out_ += '{';
  levels_.push_back({false, true});
  return *this;
}

json_writer& json_writer::end_object() {
  const bool empty = levels_.back().empty;
  levels_.pop_back();
  if (!empty)
    new_line();
  out_ += '}';
  return *this;
}

json_writer& json_writer::begin_array() {
  before_value();
  out_ += '[';
  levels_.push_back({true, true});
  return *this;
}

json_writer& json_writer::end_array() {
  const bool empty = levels_.back().empty;
  levels_.pop_back();
  if (!empty)
    new_line();
  out_ += ']';
  return *this;
}

json_writer& json_writer::key(std::string_view name) {
  before_value();
  append_text(out_, name);
  out_ += indent_ ? ": " : ":";
  after_key_ = true;
  return *this;
}

json_writer& json_writer::value(std::string_view text) {
  before_value();
  append_text(out_, text);
  return *this;
}

json_writer& json_writer::value(double number) {
  if (!std::isfinite(number))
    return null();
  before_value();
  out_ += format_number(number);
  return *this;
}

json_writer& json_writer::value(std::int64_t number) {
  before_value();
  out_ += std::to_string(number);
  return *this;
}

json_writer& json_writer::value(bool truth) {
  before_value();
  out_ += truth ? "true" : "false";
  return *this;
}

json_writer& json_writer::null() {
  before_value();
  out_ += "null";
  return *this;
}

json_writer& json_writer::strings(std::string_view name, const std::vector<std::string>& list) {
  key(name).begin_array();
  for (const std::string& s : list)
    value(s);
  return end_array();
}

std::string json_writer::take() {
  std::string out = std::move(out_);
  out_.clear();
  levels_.clear();
  if (indent_)
    out += '\n';
  return out;
}

} // namespace posterior
