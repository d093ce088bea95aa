// The same detector, which also asks its host for extensions: one that is not there (it goes on without), one
// of another revision, and one whose name nobody could give. A host that returns something for these is no
// host of 1.0.
#include <posterior/plugin.hpp>

namespace {

namespace sdk = posterior::sdk;

class detector {
public:
  explicit detector(sdk::host_ref host)
      : host_{host} {}

  posterior_status evaluate(const sdk::case_view& patient, sdk::finding_sink& out) {
    for (const char* id :
         {"posterior.nothing/1", "posterior.nothing/4294967295", "org.example.nothing/1", ""})
      if (host_.extension(id) != nullptr)
        return POSTERIOR_E_FAILED;
    const auto left = patient.value("slr-passive", sdk::side::left);
    const auto right = patient.value("slr-passive", sdk::side::right);
    if (left && right)
      for (const sdk::side on : sdk::both_sides)
        out.measured("slr-difference", on, on == sdk::side::left ? *left - *right : *right - *left,
                     "difference");
    if (const auto sex = patient.level("sex"))
      out.graded("grade", sdk::side::none, *sex, "difference");
    return POSTERIOR_OK;
  }

private:
  sdk::host_ref host_;
};

} // namespace

POSTERIOR_PLUGIN("org.example.sample", "1.0.0", detector);
