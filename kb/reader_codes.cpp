// Codes of classifications and levels of evidence. A code is held against the form of its system, and LOINC's
// against its check digit; whether it means what it is given for only people can tell.
#include <algorithm>
#include <cctype>

#include "kb/item.hpp"

namespace posterior::kb {
namespace {

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return '0' <= c && c <= '9'; });
}

// A00 or A00.0 or A00.00.
bool is_icd_10(std::string_view text) {
  const bool category = text.size() >= 3 && 'A' <= text[0] && text[0] <= 'Z' && all_digits(text.substr(1, 2));
  return category && (text.size() == 3 || (text[3] == '.' && text.size() <= 6 && all_digits(text.substr(4))));
}

// b7, b730, b7301, b28015.
bool is_icf(std::string_view text) {
  const bool component = !text.empty() && std::string_view("bsde").find(text[0]) != std::string_view::npos;
  const std::size_t digits = text.empty() ? 0 : text.size() - 1;
  return component && (digits == 1 || (3 <= digits && digits <= 5)) && all_digits(text.substr(1));
}

// The check digit of LOINC: every other digit, the last one first, counts twice.
int loinc_check_digit(std::string_view number) {
  int sum = 0;
  bool twice = true;
  for (auto at = number.rbegin(); at != number.rend(); ++at, twice = !twice) {
    const int digit = (*at - '0') * (twice ? 2 : 1);
    sum += digit / 10 + digit % 10;
  }
  return (10 - sum % 10) % 10;
}

bool is_loinc(std::string_view text) {
  const auto dash = text.find('-');
  return dash != std::string_view::npos && dash <= 7 && text.size() == dash + 2 &&
         all_digits(text.substr(0, dash)) && all_digits(text.substr(dash + 1)) && text[0] != '0' &&
         loinc_check_digit(text.substr(0, dash)) == text[dash + 1] - '0';
}

struct code_system {
  std::string_view name;
  bool (*is_code)(std::string_view);
  std::string_view form;
};

constexpr code_system systems[] = {
    {"icd-10", is_icd_10, "a letter and two digits, then a point and up to two more (S76.3)"},
    {"icf", is_icf, "b, s, d or e and one, three, four or five digits (b7301)"},
    {"loinc", is_loinc, "a number, a hyphen and the check digit that belongs to it (29463-7)"},
};

code read_code(item& f) {
  code out;
  std::vector<std::string_view> names;
  for (const code_system& s : systems)
    names.push_back(s.name);
  const auto which = f.required_choice("system", names);
  out.value = f.required_text("code").value_or("");
  if (which) {
    out.system = systems[*which].name;
    if (!out.value.empty() && !systems[*which].is_code(out.value))
      f.problem(*f.raw("code"), "bad-code",
                fault("\"code\" of " + f.what(), describe(*f.raw("code")), systems[*which].form));
  }
  static const std::vector<std::string_view> relations{"exact", "close", "broad"};
  if (const auto i = f.required_choice("relation", relations))
    out.relation = relations[*i];
  out.seen = f.required_word("seen", seen_as::judgement).value_or(seen_as::memory);
  return out;
}

} // namespace

std::vector<code> item::codes() {
  std::vector<code> out;
  for (const node* table : tables("codes")) {
    item f = part(*table, "codes");
    out.push_back(read_code(f));
    f.finish();
    const auto same = [&](const code& c) {
      return c.system == out.back().system && c.value == out.back().value;
    };
    if (std::any_of(out.begin(), out.end() - 1, same))
      problem(*table, "repeated",
              fault("the code \"" + out.back().value + "\" of " + what(), "given twice", "given once"));
  }
  return out;
}

std::string item::oxford_level() {
  if (!has("oxford"))
    return {};
  const auto level = integer("oxford");
  if (level && 1 <= *level && *level <= 5)
    return std::to_string(*level);
  if (level)
    problem(*raw("oxford"), "bad-level",
            fault("\"oxford\" of " + what(), std::to_string(*level), "a whole number from 1 to 5"));
  return {};
}

} // namespace posterior::kb
