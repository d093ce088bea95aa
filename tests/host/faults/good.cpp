// A detector that keeps to the contract: the difference of two sides, in degrees, and what it was told about
// both.
#include <posterior/plugin.hpp>

namespace {

namespace sdk = posterior::sdk;

class detector {
public:
  sdk::state seen = sdk::state::unknown;

  posterior_status evaluate(const sdk::case_view& patient, sdk::finding_sink& out) {
    const auto left = patient.value("slr-passive", sdk::side::left);
    const auto right = patient.value("slr-passive", sdk::side::right);
    if (left && right) {
      out.measured("slr-difference", sdk::side::left, *left - *right, "difference");
      out.measured("slr-difference", sdk::side::right, *right - *left, "difference");
    }
    if (patient.find("secret"))
      out.present("saw-secret", sdk::side::none, "difference");
    if (const auto sex = patient.level("sex"))
      out.graded("grade", sdk::side::none, *sex, "difference", 1);
    return POSTERIOR_OK;
  }
};

} // namespace

POSTERIOR_PLUGIN("org.example.good", "0.1.0", detector);
