// HTTP/1.1 as far as one local question needs it: a request with Content-Length, an answer with
// Content-Length. Anything else is refused with a reason.
#include <algorithm>
#include <charconv>

#include "engine/cli/client.hpp"
#include "engine/service/target.hpp"

namespace posterior::cli {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

template <typename T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

struct head {
  service::response given;
  std::optional<std::size_t> length;
  bool good = true;
};

bool read_status(std::string_view line, head& out) {
  if (line.size() < 12 || !line.starts_with("HTTP/1.1 "))
    return false;
  const auto status = number<int>(line.substr(9, 3));
  out.given.status = status.value_or(0);
  return status && *status >= 200 && *status < 600;
}

void read_field(std::string_view line, head& out) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) {
    out.good = false;
    return;
  }
  const std::string name = lower(line.substr(0, colon));
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (name == "content-length") {
    out.length = number<std::size_t>(value);
  } else if (name == "content-type") {
    out.given.content_type = value;
  } else if (name == "posterior-exit") {
    const auto code = number<int>(value);
    out.good = out.good && code && *code >= 0 && *code < 256;
    out.given.exit_code = code.value_or(1);
  } else if (name == "posterior-notes") {
    const auto notes = service::percent_decode(value);
    out.good = out.good && notes;
    out.given.notes = notes.value_or("");
  } else if (name == "transfer-encoding") {
    out.good = false;
  }
}

head read_head(std::string_view text) {
  head out;
  out.given.content_type.clear();
  std::size_t end = text.find("\r\n");
  if (!read_status(text.substr(0, end), out))
    out.good = false;
  while (end != std::string_view::npos && out.good) {
    text.remove_prefix(end + 2);
    end = text.find("\r\n");
    const std::string_view line = text.substr(0, end);
    if (!line.empty())
      read_field(line, out);
  }
  return out;
}

} // namespace

http_reading read_http(std::string_view bytes, const exchange_limits& limits) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    const bool too_long = bytes.size() > limits.head_bytes;
    return {too_long, {}, too_long ? "its answer had no end of the head" : "its answer was cut off"};
  }
  head top = read_head(bytes.substr(0, end));
  if (end > limits.head_bytes || !top.good || !top.length)
    return {true, {}, "its answer was not one of a Posterior daemon"};
  if (*top.length > limits.body_bytes)
    return {true, {}, "its answer was too long"};
  const std::string_view body = bytes.substr(end + 4);
  if (body.size() < *top.length)
    return {false, {}, "its answer was cut off"};
  top.given.body = body.substr(0, *top.length);
  return {true, std::move(top.given), {}};
}

std::string write_http(const service::request& asked) {
  std::string out =
      asked.method + " " + asked.target + " HTTP/1.1\r\nHost: posterior\r\nConnection: close\r\n";
  if (!asked.accept.empty())
    out += "Accept: " + asked.accept + "\r\n";
  if (!asked.body.empty() || asked.method == "POST")
    out += "Content-Type: application/octet-stream\r\nContent-Length: " + std::to_string(asked.body.size()) +
           "\r\n";
  return out + "\r\n" + asked.body;
}

} // namespace posterior::cli
