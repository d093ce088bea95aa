/* What abidiff looks at: one function for each struct and each named enumeration of the ABI, and the symbol
 * itself. Built with debug information and never stripped by abidiff.sh; nothing calls it. */
#include <posterior/abi.h>

POSTERIOR_EXPORT void anchor_str(posterior_str value);
POSTERIOR_EXPORT void anchor_record(const posterior_record* record);
POSTERIOR_EXPORT void anchor_observation(const posterior_observation* observation);
POSTERIOR_EXPORT void anchor_finding(const posterior_finding* finding);
POSTERIOR_EXPORT void anchor_case(const posterior_case* input);
POSTERIOR_EXPORT void anchor_sink(const posterior_sink* output);
POSTERIOR_EXPORT void anchor_host(const posterior_host* host);
POSTERIOR_EXPORT void anchor_detector_class(const posterior_detector_class* made_by);
POSTERIOR_EXPORT void anchor_plugin(const posterior_plugin* plugin);
POSTERIOR_EXPORT posterior_status anchor_status(enum posterior_status_code code);
POSTERIOR_EXPORT void anchor_record_kind(enum posterior_record_kind kind);
POSTERIOR_EXPORT void anchor_state(enum posterior_state state);
POSTERIOR_EXPORT void anchor_side(enum posterior_side side);
POSTERIOR_EXPORT void anchor_log_level(enum posterior_log_level level);

void anchor_str(posterior_str value) {
  (void)value;
}
void anchor_record(const posterior_record* record) {
  (void)record;
}
void anchor_observation(const posterior_observation* observation) {
  (void)observation;
}
void anchor_finding(const posterior_finding* finding) {
  (void)finding;
}
void anchor_case(const posterior_case* input) {
  (void)input;
}
void anchor_sink(const posterior_sink* output) {
  (void)output;
}
void anchor_host(const posterior_host* host) {
  (void)host;
}
void anchor_detector_class(const posterior_detector_class* made_by) {
  (void)made_by;
}
void anchor_plugin(const posterior_plugin* plugin) {
  (void)plugin;
}
posterior_status anchor_status(enum posterior_status_code code) {
  return code;
}
void anchor_record_kind(enum posterior_record_kind kind) {
  (void)kind;
}
void anchor_state(enum posterior_state state) {
  (void)state;
}
void anchor_side(enum posterior_side side) {
  (void)side;
}
void anchor_log_level(enum posterior_log_level level) {
  (void)level;
}

/* Nothing of it is read, only its symbol and its type. */
const posterior_plugin posterior_plugin_v1 = {sizeof(posterior_plugin),
                                              POSTERIOR_ABI_MAJOR,
                                              0,
                                              0,
                                              "org.example.anchor",
                                              "1.0.0",
                                              0,
                                              0,
                                              NULL,
                                              NULL,
                                              NULL};
