#include "engine/service/log.hpp"

#include <algorithm>

#include "kb/values/id.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {

std::string_view to_string(log_category c) {
  switch (c) {
  case log_category::daemon:
    return "daemon";
  case log_category::kb:
    return "kb";
  case log_category::host:
    return "host";
  case log_category::http:
    break;
  }
  return "http";
}

log_entry::log_entry(literal what)
    : line_(what.text()) {}

void log_entry::add(literal name, std::string_view value) {
  ((line_ += ' ') += name.text()) += '=';
  line_ += value;
}

log_entry& log_entry::with(literal name, std::int64_t number) {
  add(name, std::to_string(number));
  return *this;
}

log_entry& log_entry::with(literal name, literal word) {
  add(name, word.text());
  return *this;
}

log_entry& log_entry::place(literal name, const std::filesystem::path& where) {
  add(name, quoted(where.string(), 300));
  return *this;
}

log_entry& log_entry::bundle(literal name, std::string_view id) {
  add(name, is_bundle_id(id) ? id : "?");
  return *this;
}

log_entry& log_entry::digest(literal name, std::string_view digits) {
  const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  add(name, digits.size() == 64 && std::all_of(digits.begin(), digits.end(), hex) ? digits : "?");
  return *this;
}

log_sink no_log() {
  return [](log_category, log_level, const log_entry&) {};
}

} // namespace posterior::service
