#include "kb/values/unit.hpp"

#include <array>

namespace posterior {
namespace {

enum class dimension {
  angle,
  length,
  time,
  share_of_day,
  mass,
  force,
  torque,
  force_per_mass,
  torque_per_mass,
  ratio,
  pressure
};

struct entry {
  std::string_view name;
  dimension kind;
  double factor; // to the first unit of its dimension
};

// Factors are the definitions of the units (UCUM); a month is 30.4375 d and a year 365.25 d there.
constexpr std::array units{
    entry{"deg", dimension::angle, 1},
    entry{"rad", dimension::angle, 57.29577951308232},
    entry{"cm", dimension::length, 1},
    entry{"mm", dimension::length, 0.1},
    entry{"m", dimension::length, 100},
    entry{"[in_i]", dimension::length, 2.54},
    entry{"s", dimension::time, 1},
    entry{"min", dimension::time, 60},
    entry{"h", dimension::time, 3600},
    entry{"d", dimension::time, 86400},
    entry{"wk", dimension::time, 604800},
    entry{"mo", dimension::time, 2629800},
    entry{"a", dimension::time, 31557600},
    entry{"h/d", dimension::share_of_day, 1},
    entry{"min/d", dimension::share_of_day, 1.0 / 60},
    entry{"kg", dimension::mass, 1},
    entry{"g", dimension::mass, 0.001},
    entry{"[lb_av]", dimension::mass, 0.45359237},
    entry{"N", dimension::force, 1},
    entry{"kgf", dimension::force, 9.80665},
    entry{"[lbf_av]", dimension::force, 4.4482216152605},
    entry{"N.m", dimension::torque, 1},
    entry{"N/kg", dimension::force_per_mass, 1},
    entry{"N.m/kg", dimension::torque_per_mass, 1},
    entry{"1", dimension::ratio, 1},
    entry{"%", dimension::ratio, 0.01},
    entry{"mm[Hg]", dimension::pressure, 1},
};

const entry* find(std::string_view name) {
  for (const entry& e : units)
    if (e.name == name)
      return &e;
  return nullptr;
}

} // namespace

bool is_unit(std::string_view unit) {
  return find(unit) != nullptr;
}

std::optional<double> convert(double value, std::string_view from, std::string_view to) {
  const entry* a = find(from);
  const entry* b = find(to);
  if (!a || !b || a->kind != b->kind)
    return std::nullopt;
  if (a == b)
    return value;
  return value * a->factor / b->factor;
}

std::string_view known_units() {
  return "deg rad cm mm m [in_i] s min h d wk mo a h/d min/d kg g [lb_av] N kgf [lbf_av] N.m N/kg N.m/kg 1 % "
         "mm[Hg]";
}

} // namespace posterior
