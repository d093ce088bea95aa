// Compares the long-lever bridge hold of the two sides. Why code: a finding in the document speaks about its
// own side only.
#include <posterior/plugin.hpp>

namespace {

namespace sdk = posterior::sdk;

constexpr double even_share = 0.75; // knowledge.toml says on what this rests

class bridge_hold {
public:
  void evaluate(const sdk::case_view& patient, sdk::finding_sink& out) {
    const auto left = patient.value("myclinic:bridge-hold-time", sdk::side::left);
    const auto right = patient.value("myclinic:bridge-hold-time", sdk::side::right);
    if (!left || !right)
      return; // one side alone cannot be compared: nothing is known, which is not the same as absent
    compare(sdk::side::left, *left, *right, out);
    compare(sdk::side::right, *right, *left, out);
  }

private:
  static void compare(sdk::side on, double here, double there, sdk::finding_sink& out) {
    if (here < even_share * there)
      out.present("myclinic:bridge-hold-asymmetry", on, "bridge-hold-shorter");
    else
      out.absent("myclinic:bridge-hold-asymmetry", on, "bridge-hold-even");
  }
};

} // namespace

// Both names come from plugin.toml through posterior_add_plugin().
POSTERIOR_PLUGIN(POSTERIOR_BUNDLE_ID, POSTERIOR_BUNDLE_VERSION, bridge_hold);
