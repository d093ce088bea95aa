#include "kb/values/json_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace posterior {
namespace {

bool is_plain(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u >= 0x20 && u != 0x7F && c != '"' && c != '\\';
}

void append_escaped(std::string& out, char c) {
  static constexpr char digits[] = "0123456789abcdef";
  const auto u = static_cast<unsigned char>(c);
  out += '\\';
  switch (c) {
  case '"':
  case '\\':
    out += c;
    break;
  case '\n':
    out += 'n';
    break;
  case '\t':
    out += 't';
    break;
  case '\r':
    out += 'r';
    break;
  default:
    out += "u00";
    out += digits[u >> 4];
    out += digits[u & 15];
  }
}

// Most text needs no escape and is taken over in one piece.
void append_text(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_plain(text[end]))
      ++end;
    out.append(text, at, end - at);
    if (end < text.size())
      append_escaped(out, text[end++]);
    at = end;
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

void json_writer::take_into(std::string& out) {
  if (indent_)
    out_ += '\n';
  out = out_;
  out_.clear();
  levels_.clear();
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
