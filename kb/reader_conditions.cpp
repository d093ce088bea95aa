// Grammar: ["!"] name ["@" side] | name op number | "sex = " word | "pregnant".
#include <array>
#include <charconv>
#include <cmath>

#include "kb/reader.hpp"
#include "kb/values/id.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::kb {
namespace {

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && s.front() == ' ')
    s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ')
    s.remove_suffix(1);
  return s;
}

attribute attribute_named(std::string_view name) {
  for (const auto a :
       {attribute::age, attribute::sex, attribute::pregnant, attribute::body_mass, attribute::height})
    if (to_string(a) == name)
      return a;
  return attribute::none;
}

bool read_side(std::string_view name, condition& c) {
  using where = condition::where;
  c.on = name == "left" ? where::left : name == "right" ? where::right : where::both;
  return name == "left" || name == "right" || name == "both";
}

struct split {
  std::string_view name, rest;
  comparison op = comparison::none;
};

split cut_at_operator(std::string_view text) {
  const auto at = text.find_first_of("<>=");
  if (at == std::string_view::npos)
    return {trimmed(text), {}, comparison::none};
  const bool wide = at + 1 < text.size() && text[at + 1] == '=' && text[at] != '=';
  const comparison op = text[at] == '='   ? comparison::equal
                        : text[at] == '<' ? (wide ? comparison::at_most : comparison::less)
                                          : (wide ? comparison::at_least : comparison::greater);
  return {trimmed(text.substr(0, at)), trimmed(text.substr(at + (wide ? 2 : 1))), op};
}

std::optional<condition> refuse(std::string& why, std::string_view needed) {
  why = needed;
  return std::nullopt;
}

std::optional<condition> with_operator(const split& s, condition c, std::string& why) {
  c.op = s.op;
  if (c.of == attribute::pregnant)
    return refuse(why, "\"pregnant\" or \"!pregnant\"");
  if (c.of == attribute::sex) {
    c.word = s.rest;
    const bool known = s.rest == "female" || s.rest == "male" || s.rest == "other";
    if (!known || s.op != comparison::equal)
      return refuse(why, "\"sex = female\", \"sex = male\" or \"sex = other\"");
    return c;
  }
  const char* end = s.rest.data() + s.rest.size();
  const auto [next, error] = std::from_chars(s.rest.data(), end, c.value, std::chars_format::fixed);
  if (s.rest.empty() || error != std::errc() || next != end || !std::isfinite(c.value))
    return refuse(why, "a name, one of > >= < <= = and a number");
  return c;
}

} // namespace

std::optional<condition> parse_condition(std::string_view text, std::string& why) {
  condition c;
  text = trimmed(text);
  if (!text.empty() && text.front() == '!') {
    c.negated = true;
    text = trimmed(text.substr(1));
  }
  split s = cut_at_operator(text);
  if (const auto at = s.name.find('@'); at != std::string_view::npos) {
    if (!read_side(s.name.substr(at + 1), c))
      return refuse(why, "\"@left\", \"@right\" or \"@both\" after the finding");
    s.name = s.name.substr(0, at);
  }
  c.of = attribute_named(s.name);
  const bool attribute_condition = c.of != attribute::none;
  if (!attribute_condition && !is_statement_id(s.name))
    return refuse(why, "\"finding\", \"!finding\", \"finding@left\", \"finding >= 2\" or \"age >= 50\"");
  if (!attribute_condition)
    c.finding = s.name;
  if (c.negated && s.op != comparison::none)
    return refuse(why, "a comparison without \"!\"");
  if (attribute_condition && c.on != condition::where::any)
    return refuse(why, "an attribute without a side");
  if (s.op != comparison::none)
    return with_operator(s, c, why);
  if (attribute_condition && c.of != attribute::pregnant)
    return refuse(why, "an attribute with a comparison: \"age >= 50\", \"sex = female\"");
  return c;
}

std::string to_string(const condition& c) {
  static constexpr std::array<std::string_view, 4> sides{"", "@left", "@right", "@both"};
  std::string out = c.negated ? "!" : "";
  out += c.of == attribute::none ? std::string_view(c.finding) : to_string(c.of);
  out += sides[static_cast<std::size_t>(c.on)];
  if (c.op == comparison::none)
    return out;
  out += " " + std::string(to_string(c.op)) + " ";
  return out + (c.of == attribute::sex ? c.word : format_number(c.value));
}

} // namespace posterior::kb
