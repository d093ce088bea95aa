/* A detector in plain C11: says `present` for each side on which the straight leg raise was recorded. */
#include <posterior/abi.h>

static int made;

static posterior_status create(const posterior_detector_class* self, const posterior_host* host,
                               posterior_str config, posterior_detector** out) {
  (void)self, (void)host, (void)config;
  *out = (posterior_detector*)(void*)&made;
  return POSTERIOR_OK;
}

static void destroy(posterior_detector* detector) {
  (void)detector;
}

static posterior_str str(const char* text, size_t size) {
  posterior_str out;
  out.data = text;
  out.size = size;
  return out;
}

static posterior_status evaluate(posterior_detector* detector, const posterior_case* input,
                                 const posterior_sink* output) {
  (void)detector;
  for (uint32_t i = 0; i < input->count; ++i) {
    const posterior_record* record = input->at(input, i);
    if (record->kind != POSTERIOR_RECORD_OBSERVATION)
      continue;
    const posterior_observation* seen = (const posterior_observation*)record;
    posterior_finding found = {{sizeof(posterior_finding), POSTERIOR_RECORD_FINDING, 0},
                               str("pure-sign", 9),
                               str("pure-rule", 9),
                               POSTERIOR_PRESENT,
                               seen->side,
                               0,
                               seen->certainty,
                               POSTERIOR_NO_LEVEL,
                               0};
    posterior_status status = output->push(output, &found.record);
    if (status < 0)
      return status;
  }
  return POSTERIOR_OK;
}

static posterior_status init(const posterior_host* host) {
  return host->abi_major == POSTERIOR_ABI_MAJOR ? POSTERIOR_OK : POSTERIOR_E_ABI;
}

static void deinit(void) {}

static const posterior_detector_class only_class = {
    sizeof(posterior_detector_class), 0, "org.example.pure", create, destroy, evaluate, NULL};
static const posterior_detector_class* const classes[] = {&only_class};

POSTERIOR_EXPORT const posterior_plugin posterior_plugin_v1 = {sizeof(posterior_plugin),
                                                               POSTERIOR_ABI_MAJOR,
                                                               POSTERIOR_ABI_MINOR,
                                                               0,
                                                               "org.example.pure",
                                                               "0.1.0",
                                                               1,
                                                               0,
                                                               classes,
                                                               init,
                                                               deinit};
