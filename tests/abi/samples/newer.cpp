// The same detector, built with the headers of a minor version to come (grow.cmake): it reads what is new
// where the host gives it, pushes records that are longer than an older host knows, and offers a callback of
// its own.
#include <posterior/plugin.hpp>

static_assert(POSTERIOR_ABI_MINOR == 1 && sizeof(posterior_finding) > 72, "built with the grown headers");

namespace {

namespace sdk = posterior::sdk;

posterior_finding finding(const char* id, std::size_t bytes, sdk::side on, std::uint32_t state, double value,
                          std::uint32_t level) {
  posterior_finding out{};
  out.record = {sizeof(posterior_finding), POSTERIOR_RECORD_FINDING, 0};
  out.finding = {id, bytes};
  out.rule = sdk::to_str("difference");
  out.state = state;
  out.side = static_cast<std::uint32_t>(on);
  out.value = value;
  out.certainty = 1;
  out.level = level;
  out.weight = 7; // the field that an older host must not trip over
  return out;
}

posterior_status evaluate(posterior_detector*, const posterior_case* input,
                          const posterior_sink* output) noexcept {
  const posterior_host* none = nullptr;
  const sdk::case_view patient{input, sdk::host_ref{none}};
  // The last value of the case with what is new of it added: nothing, on every host of these tests.
  double spread = 0;
  for (std::uint32_t i = 0; i < input->count; ++i) {
    const auto* seen = reinterpret_cast<const posterior_observation*>(input->at(input, i));
    if (POSTERIOR_RECORD_HAS(posterior_observation, seen, spread))
      spread += seen->spread;
  }
  const auto left = patient.value("slr-passive", sdk::side::left);
  const auto right = patient.value("slr-passive", sdk::side::right);
  const auto sex = patient.level("sex");
  posterior_status status = POSTERIOR_OK;
  const auto push = [&](const posterior_finding& one) {
    if (status >= 0)
      status = output->push(output, &one.record);
  };
  if (left && right) {
    push(finding("slr-difference", 14, sdk::side::left, POSTERIOR_MEASURED, *left - *right + spread,
                 POSTERIOR_NO_LEVEL));
    push(finding("slr-difference", 14, sdk::side::right, POSTERIOR_MEASURED, *right - *left + spread,
                 POSTERIOR_NO_LEVEL));
  }
  if (sex)
    push(finding("grade", 5, sdk::side::none, POSTERIOR_GRADED, 0, *sex));
  return status;
}

class maker {
public:
  void evaluate(const sdk::case_view&, sdk::finding_sink&) {}
};

constexpr posterior_detector_class class_table = [] {
  posterior_detector_class out = sdk::detail::class_of<maker>("org.example.sample");
  out.evaluate = evaluate;
  return out;
}();
constexpr const posterior_detector_class* class_list[] = {&class_table};

} // namespace

#ifndef SAMPLE_DEMANDS
#define SAMPLE_DEMANDS 0
#endif

extern "C" {
constexpr posterior_plugin posterior_plugin_v1 = [] {
  posterior_plugin out = posterior::sdk::detail::plugin_of("org.example.sample", "1.0.0", class_list);
  out.abi_minor_required = SAMPLE_DEMANDS;
  return out;
}();
}
