#include "engine/host/answer_check.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace posterior::host {
namespace {

bool side_fits(const wire::finding& given, const declared_finding& declared) {
  const bool on_a_side = given.side == static_cast<std::uint32_t>(side::left) ||
                         given.side == static_cast<std::uint32_t>(side::right);
  return declared.lateral ? on_a_side : given.side == static_cast<std::uint32_t>(side::none);
}

bool reading_fits(const wire::finding& given, const declared_finding& declared) {
  switch (given.state) {
  case static_cast<std::uint32_t>(reading::present):
  case static_cast<std::uint32_t>(reading::absent):
    return true;
  case static_cast<std::uint32_t>(reading::measured):
    return declared.has_unit;
  case static_cast<std::uint32_t>(reading::graded):
    return given.level < declared.levels;
  default:
    return false;
  }
}

bool in_range(const wire::finding& given, const declared_finding& declared) {
  return given.state != static_cast<std::uint32_t>(reading::measured) ||
         (given.value >= declared.value_min.value_or(given.value) &&
          given.value <= declared.value_max.value_or(given.value));
}

failure fault_of(const wire::finding& given, const declared_finding& declared) {
  if (!side_fits(given, declared))
    return failure::wrong_side;
  if (!reading_fits(given, declared))
    return failure::wrong_reading;
  if (!std::isfinite(given.value))
    return failure::not_finite;
  if (!in_range(given, declared))
    return failure::out_of_range;
  if (!(given.certainty >= 0 && given.certainty <= 1))
    return failure::wrong_certainty;
  return failure::none;
}

auto place_of(const derived_finding& one) {
  return std::tie(one.finding, one.where);
}

} // namespace

answer_check::answer_check(const detector_spec& spec)
    : spec_{&spec}
    , rules_(spec.rules.begin(), spec.rules.end()) {
  std::sort(rules_.begin(), rules_.end());
}

std::string answer_check::known_key(std::string_view key) const {
  return std::binary_search(rules_.begin(), rules_.end(), key) ? std::string{key} : std::string{};
}

failure answer_check::take(const wire::finding& given) {
  if (taken_.size() >= static_cast<std::size_t>(std::max(0, spec_->limits.records)))
    return failure::too_many;
  const auto declared = spec_->produces.find(given.finding);
  if (declared == spec_->produces.end())
    return failure::undeclared_finding;
  if (!std::binary_search(rules_.begin(), rules_.end(), given.rule))
    return failure::undeclared_rule;
  const failure why = fault_of(given, declared->second);
  if (why != failure::none)
    return why;
  const auto says = static_cast<reading>(given.state);
  taken_.push_back({spec_->plugin, std::string{given.finding}, static_cast<side>(given.side),
                    std::string{given.rule}, says, says == reading::measured ? given.value : 0,
                    given.certainty, says == reading::graded ? given.level : 0});
  return failure::none;
}

failure answer_check::finish(std::vector<derived_finding>& out) && {
  const auto before = [](const derived_finding& a, const derived_finding& b) {
    return place_of(a) < place_of(b);
  };
  const auto same = [](const derived_finding& a, const derived_finding& b) {
    return place_of(a) == place_of(b);
  };
  std::sort(taken_.begin(), taken_.end(), before);
  if (std::adjacent_find(taken_.begin(), taken_.end(), same) != taken_.end())
    return failure::repeated_finding;
  out = std::move(taken_);
  return failure::none;
}

} // namespace posterior::host
