#include "engine/service/problem.hpp"

#include "kb/values/document.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {
namespace {

std::string text_of(const node& table, std::string_view key) {
  const node* value = table.find(key);
  return value != nullptr && value->kind == node::type::text ? value->text : std::string();
}

severity level_of(const std::string& word) {
  if (word == to_string(severity::warning))
    return severity::warning;
  return word == to_string(severity::note) ? severity::note : severity::error;
}

// One line each, with nothing in it that a terminal could act on.
std::string line(std::string_view kind, std::string text) {
  std::string out = "posterior: ";
  out += kind;
  out += ": ";
  for (char& c : text)
    if (c == '\n')
      c = ' ';
  return out + quoted(text, text_limit) + "\n";
}

} // namespace

response problems_response(int status, int exit_code, const diagnostics& list) {
  json_writer w;
  w.begin_object().member("schema", "posterior.problem/1").member("exit", exit_code);
  w.key("problems").begin_array();
  for (const diagnostic& d : list) {
    w.begin_object().member("severity", to_string(d.level)).member("code", d.code);
    w.member("place", to_string(d.where)).member("text", d.text).member("hint", d.hint).end_object();
  }
  w.end_array().end_object();
  return {status, exit_code, "application/json", w.take(), {}};
}

response problem_response(int status, int exit_code, std::string code, std::string place_text,
                          std::string text, std::string hint) {
  diagnostic d;
  d.code = std::move(code);
  d.where.file = std::move(place_text);
  d.text = std::move(text);
  d.hint = std::move(hint);
  return problems_response(status, exit_code, {d});
}

std::string problem_lines(const diagnostics& list) {
  std::string out;
  for (const diagnostic& d : list) {
    const std::string at = to_string(d.where);
    out += line(to_string(d.level), at.empty() ? d.text : at + ": " + d.text);
    if (!d.hint.empty())
      out += line("hint", d.hint);
  }
  return out;
}

diagnostics read_problems(std::string_view body) {
  diagnostics out;
  const parsed document = parse_json(body, "");
  const node* list = document.root ? document.root->find("problems") : nullptr;
  if (list == nullptr || list->kind != node::type::array)
    return out;
  for (const node& one : list->items) {
    diagnostic d;
    d.level = level_of(text_of(one, "severity"));
    d.code = text_of(one, "code");
    d.where.file = text_of(one, "place");
    d.text = text_of(one, "text");
    d.hint = text_of(one, "hint");
    out.push_back(std::move(d));
  }
  return out;
}

} // namespace posterior::service
