// The same detector with the C++ wrapper.
#include <posterior/plugin.hpp>

namespace {

namespace sdk = posterior::sdk;

class detector {
public:
  void evaluate(const sdk::case_view& patient, sdk::finding_sink& out) {
    const auto left = patient.value("slr-passive", sdk::side::left);
    const auto right = patient.value("slr-passive", sdk::side::right);
    if (left && right) {
      out.measured("slr-difference", sdk::side::left, *left - *right, "difference");
      out.measured("slr-difference", sdk::side::right, *right - *left, "difference");
    }
    if (const auto sex = patient.level("sex"))
      out.graded("grade", sdk::side::none, *sex, "difference");
  }
};

} // namespace

POSTERIOR_PLUGIN("org.example.sample", "1.0.0", detector);
