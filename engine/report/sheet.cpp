#include "engine/report/sheet.hpp"

#include <algorithm>
#include <cmath>

namespace posterior::report {

sheet& sheet::title(std::string text) {
  blocks_.push_back({block::type::title, tone::strong, 0, {}, std::move(text), {}, {}});
  return *this;
}

sheet& sheet::heading(std::string text) {
  blocks_.push_back({block::type::heading, tone::strong, 0, {}, std::move(text), {}, {}});
  return *this;
}

sheet& sheet::entry(std::string text, tone how) {
  blocks_.push_back({block::type::entry, how, 0, {}, std::move(text), {}, {}});
  return *this;
}

sheet& sheet::text(std::string words, int depth, tone how) {
  blocks_.push_back({block::type::text, how, depth, {}, std::move(words), {}, {}});
  return *this;
}

sheet& sheet::item(std::string marker, std::string words, int depth, tone how) {
  blocks_.push_back({block::type::item, how, depth, std::move(marker), std::move(words), {}, {}});
  return *this;
}

sheet& sheet::bar(std::string label, const gauge& level, std::string after, int depth) {
  blocks_.push_back({block::type::gauge, tone::plain, depth, {}, std::move(label), level, std::move(after)});
  return *this;
}

sheet& sheet::table(std::vector<std::vector<std::string>> rows, int depth) {
  blocks_.push_back({block::type::table, tone::plain, depth, {}, {}, {}, {}, std::move(rows)});
  return *this;
}

sheet& sheet::gap() {
  blocks_.push_back({block::type::gap, tone::plain, 0, {}, {}, {}, {}});
  return *this;
}

std::string bar_cells(const gauge& level, int cells) {
  const auto cell = [cells](double p) {
    const int at = static_cast<int>(std::floor(std::clamp(p, 0.0, 1.0) * cells));
    return static_cast<std::size_t>(std::min(at, cells - 1));
  };
  std::string out(static_cast<std::size_t>(cells), '-');
  for (std::size_t i = cell(level.low); i <= cell(level.high); ++i)
    out[i] = '=';
  out[cell(level.at)] = '#';
  return out;
}

} // namespace posterior::report
