// A detector built without exceptions and without run-time types: the wrapper must not need either.
#include <posterior/plugin.hpp>

namespace {

namespace sdk = posterior::sdk;

class detector {
public:
  explicit detector(sdk::host_ref host)
      : host_{host} {}
  posterior_status evaluate(const sdk::case_view& patient, sdk::finding_sink& out) {
    if (host_.cancelled())
      return POSTERIOR_E_CANCELLED;
    if (patient.is_present("a"))
      out.present("b", sdk::side::none, "c");
    return POSTERIOR_OK;
  }

private:
  sdk::host_ref host_;
};

} // namespace

POSTERIOR_PLUGIN("org.example.small", "1.0.0", detector);
