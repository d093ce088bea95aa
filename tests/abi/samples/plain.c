/* A detector in plain C11: the difference of two sides in degrees, and the sex as it came. */
#include <posterior/abi.h>

#include <string.h>

static const char sample_id[] = "org.example.sample";
static int made;

static posterior_str str(const char* text) {
  posterior_str out;
  out.data = text;
  out.size = strlen(text);
  return out;
}

static int is(posterior_str text, const char* name) {
  return text.size == strlen(name) && memcmp(text.data, name, text.size) == 0;
}

/* The newest observation of the finding on this side; NULL if there is none. */
static const posterior_observation* newest(const posterior_case* input, const char* finding, uint32_t side,
                                           uint32_t state) {
  const posterior_observation* found = NULL;
  for (uint32_t i = 0; i < input->count; ++i) {
    const posterior_record* record = input->at(input, i);
    if (record->kind != POSTERIOR_RECORD_OBSERVATION)
      continue;
    const posterior_observation* seen = (const posterior_observation*)(const void*)record;
    if (POSTERIOR_RECORD_HAS(posterior_observation, seen, day) && is(seen->finding, finding) &&
        seen->side == side && seen->state == state)
      found = seen;
  }
  return found;
}

static posterior_status push(const posterior_sink* output, const char* finding, uint32_t side, uint32_t state,
                             double value, uint32_t level) {
  const posterior_finding record = {{sizeof(posterior_finding), POSTERIOR_RECORD_FINDING, 0},
                                    str(finding),
                                    str("difference"),
                                    state,
                                    side,
                                    value,
                                    1,
                                    level,
                                    0};
  return output->push(output, &record.record);
}

static posterior_status create(const posterior_detector_class* self, const posterior_host* host,
                               posterior_str config, posterior_detector** out) {
  (void)self, (void)host, (void)config;
  *out = (posterior_detector*)(void*)&made;
  return POSTERIOR_OK;
}

static void destroy(posterior_detector* detector) {
  (void)detector;
}

static posterior_status evaluate(posterior_detector* detector, const posterior_case* input,
                                 const posterior_sink* output) {
  const posterior_observation* left = newest(input, "slr-passive", POSTERIOR_SIDE_LEFT, POSTERIOR_MEASURED);
  const posterior_observation* right = newest(input, "slr-passive", POSTERIOR_SIDE_RIGHT, POSTERIOR_MEASURED);
  const posterior_observation* sex = newest(input, "sex", POSTERIOR_SIDE_NONE, POSTERIOR_GRADED);
  posterior_status status = POSTERIOR_OK;
  (void)detector;
  if (left != NULL && right != NULL) {
    status = push(output, "slr-difference", POSTERIOR_SIDE_LEFT, POSTERIOR_MEASURED,
                  left->value - right->value, POSTERIOR_NO_LEVEL);
    if (status >= 0)
      status = push(output, "slr-difference", POSTERIOR_SIDE_RIGHT, POSTERIOR_MEASURED,
                    right->value - left->value, POSTERIOR_NO_LEVEL);
  }
  if (status >= 0 && sex != NULL)
    status = push(output, "grade", POSTERIOR_SIDE_NONE, POSTERIOR_GRADED, 0, sex->level);
  return status;
}

static posterior_status init(const posterior_host* host) {
  return host->abi_major == POSTERIOR_ABI_MAJOR ? POSTERIOR_OK : POSTERIOR_E_ABI;
}

static void deinit(void) {}

static const posterior_detector_class only_class = {
    sizeof(posterior_detector_class), 0, sample_id, create, destroy, evaluate, NULL};
static const posterior_detector_class* const classes[] = {&only_class};

POSTERIOR_EXPORT const posterior_plugin posterior_plugin_v1 = {sizeof(posterior_plugin),
                                                               POSTERIOR_ABI_MAJOR,
                                                               POSTERIOR_ABI_MINOR,
                                                               0,
                                                               sample_id,
                                                               "1.0.0",
                                                               1,
                                                               0,
                                                               classes,
                                                               init,
                                                               deinit};
