// The sample detector once more, with as much of the C++ library in its way as a real one may use: strings,
// streams, maps, regular expressions, exceptions of its own, run-time types, thread-local objects with
// destructors, statics in inline functions.
#include <posterior/plugin.hpp>

#if !defined(__cpp_exceptions) && !defined(POSTERIOR_USE_DRAFTS)
#error "the variant that declares a draft may include its header"
#endif

#include <map>
#include <memory>
#if defined(THOROUGH_REGEX) // takes a compiler seconds, so one variant has to do
#include <regex>
#endif
#include <sstream>
#include <stdexcept>
#include <string>

namespace {

namespace sdk = posterior::sdk;

struct reading {
  virtual ~reading() = default;
};
struct measured final : reading {
  explicit measured(double given)
      : value{given} {}
  double value;
};

// The number as text and back, which every library must do to the same bits.
double through_text(double value) {
  std::ostringstream out;
  out.precision(17);
  out << value;
  std::istringstream in{out.str()};
  double back = 0;
  in >> back;
  return back;
}

inline std::map<std::string, int>& calls() {
  static std::map<std::string, int> made;
  return made;
}

double value_of(const reading& from) {
#if defined(__cpp_rtti)
  const auto* known = dynamic_cast<const measured*>(&from);
#else
  const auto* known = static_cast<const measured*>(&from);
#endif
  return known == nullptr ? 0 : through_text(known->value);
}

// The value, by way of an exception where there are any: it is thrown and caught inside the library.
double fetched(const std::string& finding, double value) {
  ++calls()[finding];
  const std::unique_ptr<reading> made = std::make_unique<measured>(value);
#if defined(__cpp_exceptions)
  try {
    throw std::runtime_error{finding + " was asked for"};
  } catch (const std::exception& error) {
    return std::string{error.what()} == finding + " was asked for" ? value_of(*made) : 0;
  }
#else
  return value_of(*made);
#endif
}

bool is_wanted(const std::string& name) {
#if defined(THOROUGH_REGEX)
  static const std::regex wanted{"slr-[a-z]+"};
  return std::regex_match(name, wanted);
#else
  return name.rfind("slr-", 0) == 0;
#endif
}

class detector {
public:
  void evaluate(const sdk::case_view& patient, sdk::finding_sink& out) {
    thread_local std::string name;
    name = "slr-" + std::string{"difference"};
    const auto left = patient.value("slr-passive", sdk::side::left);
    const auto right = patient.value("slr-passive", sdk::side::right);
    if (left && right && is_wanted(name))
      for (const sdk::side on : sdk::both_sides) {
        const double here = fetched("here", on == sdk::side::left ? *left : *right);
        const double there = fetched("there", on == sdk::side::left ? *right : *left);
        out.measured(name, on, here - there, "difference");
      }
    if (const auto sex = patient.level("sex"))
      out.graded("grade", sdk::side::none, *sex, "difference");
  }
};

} // namespace

POSTERIOR_PLUGIN(POSTERIOR_BUNDLE_ID, POSTERIOR_BUNDLE_VERSION, detector);
