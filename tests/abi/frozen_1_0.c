/* Made once by tests/abi/freeze_abi and never edited: what this minor version of the ABI has, as compile-time checks.
 * A struct may be longer than here only if it is APPENDABLE. Compiled by tests/abi/frozen.sh. */
/* clang-format off */
#include <posterior/abi.h>

#ifdef __cplusplus
#include <type_traits>
#define SAME_TYPE(owner, field) std::is_same<decltype(owner::field), owner##_##field##_type>::value
#define ALIGNMENT(type) alignof(type)
#define CHECK(condition) static_assert(condition, #condition)
#else
/* The address keeps qualifiers and does not decay. */
#define SAME_TYPE(owner, field) _Generic(&((owner*)0)->field, owner##_##field##_type*: 1, default: 0)
#define ALIGNMENT(type) _Alignof(type)
#define CHECK(condition) _Static_assert(condition, #condition)
#endif
#if defined(__cplusplus) && __cplusplus >= 201703L
#define FROZEN_NOEXCEPT noexcept
#else
#define FROZEN_NOEXCEPT
#endif
#define FIELD(owner, field, offset) \
  CHECK(offsetof(owner, field) == (offset)); \
  CHECK(SAME_TYPE(owner, field))

CHECK(sizeof(void*) == 8);
CHECK(sizeof(size_t) == 8);

/* A declaration of another type does not compile. */
extern POSTERIOR_EXPORT const posterior_plugin posterior_plugin_v1;
#ifdef __cplusplus
CHECK((std::is_same<decltype(posterior_plugin_v1), const posterior_plugin>::value));
CHECK((std::is_same<posterior_status, int32_t>::value));
CHECK(POSTERIOR_PLUGIN_SYMBOL[sizeof(POSTERIOR_PLUGIN_SYMBOL) - 2] == '1');
#else
CHECK(_Generic((posterior_status*)0, int32_t*: 1, default: 0));
#endif

/* APPENDABLE */
CHECK(sizeof(posterior_case) >= 24);
CHECK(ALIGNMENT(posterior_case) == 8);
typedef uint32_t posterior_case_size_type;
FIELD(posterior_case, size, 0);
typedef uint32_t posterior_case_count_type;
FIELD(posterior_case, count, 4);
typedef void* posterior_case_ctx_type;
FIELD(posterior_case, ctx, 8);
typedef const posterior_record*(*posterior_case_at_type)(const struct posterior_case* self, uint32_t index) FROZEN_NOEXCEPT;
FIELD(posterior_case, at, 16);

/* APPENDABLE */
CHECK(sizeof(posterior_detector_class) >= 48);
CHECK(ALIGNMENT(posterior_detector_class) == 8);
typedef uint32_t posterior_detector_class_size_type;
FIELD(posterior_detector_class, size, 0);
typedef uint32_t posterior_detector_class_flags_type;
FIELD(posterior_detector_class, flags, 4);
typedef const char* posterior_detector_class_id_type;
FIELD(posterior_detector_class, id, 8);
typedef posterior_status(*posterior_detector_class_create_type)(const struct posterior_detector_class* self, const posterior_host* host, posterior_str config, posterior_detector** out) FROZEN_NOEXCEPT;
FIELD(posterior_detector_class, create, 16);
typedef void(*posterior_detector_class_destroy_type)(posterior_detector* detector) FROZEN_NOEXCEPT;
FIELD(posterior_detector_class, destroy, 24);
typedef posterior_status(*posterior_detector_class_evaluate_type)(posterior_detector* detector, const posterior_case* input, const posterior_sink* output) FROZEN_NOEXCEPT;
FIELD(posterior_detector_class, evaluate, 32);
typedef const void*(*posterior_detector_class_get_extension_type)(posterior_detector* detector, const char* id) FROZEN_NOEXCEPT;
FIELD(posterior_detector_class, get_extension, 40);

/* APPENDABLE */
CHECK(sizeof(posterior_finding) >= 72);
CHECK(ALIGNMENT(posterior_finding) == 8);
typedef posterior_record posterior_finding_record_type;
FIELD(posterior_finding, record, 0);
typedef posterior_str posterior_finding_finding_type;
FIELD(posterior_finding, finding, 8);
typedef posterior_str posterior_finding_rule_type;
FIELD(posterior_finding, rule, 24);
typedef uint32_t posterior_finding_state_type;
FIELD(posterior_finding, state, 40);
typedef uint32_t posterior_finding_side_type;
FIELD(posterior_finding, side, 44);
typedef double posterior_finding_value_type;
FIELD(posterior_finding, value, 48);
typedef double posterior_finding_certainty_type;
FIELD(posterior_finding, certainty, 56);
typedef uint32_t posterior_finding_level_type;
FIELD(posterior_finding, level, 64);
typedef uint32_t posterior_finding_reserved_type;
FIELD(posterior_finding, reserved, 68);

/* APPENDABLE */
CHECK(sizeof(posterior_host) >= 88);
CHECK(ALIGNMENT(posterior_host) == 8);
typedef uint32_t posterior_host_size_type;
FIELD(posterior_host, size, 0);
typedef uint32_t posterior_host_abi_major_type;
FIELD(posterior_host, abi_major, 4);
typedef uint32_t posterior_host_abi_minor_type;
FIELD(posterior_host, abi_minor, 8);
typedef uint32_t posterior_host_reserved_type;
FIELD(posterior_host, reserved, 12);
typedef void* posterior_host_ctx_type;
FIELD(posterior_host, ctx, 16);
typedef posterior_str posterior_host_name_type;
FIELD(posterior_host, name, 24);
typedef posterior_str posterior_host_version_type;
FIELD(posterior_host, version, 40);
typedef void(*posterior_host_log_type)(const struct posterior_host* self, uint32_t level, posterior_str text) FROZEN_NOEXCEPT;
FIELD(posterior_host, log, 56);
typedef void(*posterior_host_set_error_type)(const struct posterior_host* self, posterior_status code, posterior_str text) FROZEN_NOEXCEPT;
FIELD(posterior_host, set_error, 64);
typedef uint32_t(*posterior_host_cancelled_type)(const struct posterior_host* self) FROZEN_NOEXCEPT;
FIELD(posterior_host, cancelled, 72);
typedef const void*(*posterior_host_get_extension_type)(const struct posterior_host* self, const char* id) FROZEN_NOEXCEPT;
FIELD(posterior_host, get_extension, 80);

/* APPENDABLE */
CHECK(sizeof(posterior_observation) >= 64);
CHECK(ALIGNMENT(posterior_observation) == 8);
typedef posterior_record posterior_observation_record_type;
FIELD(posterior_observation, record, 0);
typedef posterior_str posterior_observation_finding_type;
FIELD(posterior_observation, finding, 8);
typedef uint32_t posterior_observation_state_type;
FIELD(posterior_observation, state, 24);
typedef uint32_t posterior_observation_side_type;
FIELD(posterior_observation, side, 28);
typedef double posterior_observation_value_type;
FIELD(posterior_observation, value, 32);
typedef double posterior_observation_certainty_type;
FIELD(posterior_observation, certainty, 40);
typedef uint32_t posterior_observation_level_type;
FIELD(posterior_observation, level, 48);
typedef uint32_t posterior_observation_reserved_type;
FIELD(posterior_observation, reserved, 52);
typedef int64_t posterior_observation_day_type;
FIELD(posterior_observation, day, 56);

/* APPENDABLE */
CHECK(sizeof(posterior_plugin) >= 64);
CHECK(ALIGNMENT(posterior_plugin) == 8);
typedef uint32_t posterior_plugin_size_type;
FIELD(posterior_plugin, size, 0);
typedef uint32_t posterior_plugin_abi_major_type;
FIELD(posterior_plugin, abi_major, 4);
typedef uint32_t posterior_plugin_abi_minor_type;
FIELD(posterior_plugin, abi_minor, 8);
typedef uint32_t posterior_plugin_abi_minor_required_type;
FIELD(posterior_plugin, abi_minor_required, 12);
typedef const char* posterior_plugin_id_type;
FIELD(posterior_plugin, id, 16);
typedef const char* posterior_plugin_version_type;
FIELD(posterior_plugin, version, 24);
typedef uint32_t posterior_plugin_class_count_type;
FIELD(posterior_plugin, class_count, 32);
typedef uint32_t posterior_plugin_reserved_type;
FIELD(posterior_plugin, reserved, 36);
typedef const posterior_detector_class* const* posterior_plugin_classes_type;
FIELD(posterior_plugin, classes, 40);
typedef posterior_status(*posterior_plugin_init_type)(const posterior_host* host) FROZEN_NOEXCEPT;
FIELD(posterior_plugin, init, 48);
typedef void(*posterior_plugin_deinit_type)(void) FROZEN_NOEXCEPT;
FIELD(posterior_plugin, deinit, 56);

/* FROZEN */
CHECK(sizeof(posterior_record) == 8);
CHECK(ALIGNMENT(posterior_record) == 4);
typedef uint32_t posterior_record_size_type;
FIELD(posterior_record, size, 0);
typedef uint16_t posterior_record_kind_type;
FIELD(posterior_record, kind, 4);
typedef uint16_t posterior_record_flags_type;
FIELD(posterior_record, flags, 6);

/* APPENDABLE */
CHECK(sizeof(posterior_sink) >= 24);
CHECK(ALIGNMENT(posterior_sink) == 8);
typedef uint32_t posterior_sink_size_type;
FIELD(posterior_sink, size, 0);
typedef uint32_t posterior_sink_reserved_type;
FIELD(posterior_sink, reserved, 4);
typedef void* posterior_sink_ctx_type;
FIELD(posterior_sink, ctx, 8);
typedef posterior_status(*posterior_sink_push_type)(const struct posterior_sink* self, const posterior_record* record) FROZEN_NOEXCEPT;
FIELD(posterior_sink, push, 16);

/* FROZEN */
CHECK(sizeof(posterior_str) == 16);
CHECK(ALIGNMENT(posterior_str) == 8);
typedef const char* posterior_str_data_type;
FIELD(posterior_str, data, 0);
typedef size_t posterior_str_size_type;
FIELD(posterior_str, size, 8);
CHECK(POSTERIOR_OK == 0);
CHECK(POSTERIOR_E_FAILED == -1);
CHECK(POSTERIOR_E_ABI == -2);
CHECK(POSTERIOR_E_NO_MEMORY == -3);
CHECK(POSTERIOR_E_BAD_ARGUMENT == -4);
CHECK(POSTERIOR_E_BAD_KNOWLEDGE == -5);
CHECK(POSTERIOR_E_CANCELLED == -6);
CHECK(POSTERIOR_E_LIMIT == -7);
CHECK(POSTERIOR_RECORD_OBSERVATION == 1);
CHECK(POSTERIOR_RECORD_FINDING == 16);
CHECK(POSTERIOR_RECORD_PRIVATE == 32768);
CHECK(POSTERIOR_UNKNOWN == 0);
CHECK(POSTERIOR_PRESENT == 1);
CHECK(POSTERIOR_ABSENT == 2);
CHECK(POSTERIOR_MEASURED == 3);
CHECK(POSTERIOR_GRADED == 4);
CHECK(POSTERIOR_SIDE_NONE == 0);
CHECK(POSTERIOR_SIDE_LEFT == 1);
CHECK(POSTERIOR_SIDE_RIGHT == 2);
CHECK(POSTERIOR_LOG_TRACE == 0);
CHECK(POSTERIOR_LOG_DEBUG == 1);
CHECK(POSTERIOR_LOG_INFO == 2);
CHECK(POSTERIOR_LOG_WARN == 3);
CHECK(POSTERIOR_LOG_ERROR == 4);
CHECK(POSTERIOR_ABI_MAJOR == 1);
CHECK(POSTERIOR_NO_LEVEL == 4294967295);
CHECK(POSTERIOR_UNDATED == INT64_MIN);
CHECK(sizeof(POSTERIOR_PLUGIN_SYMBOL) == 20);
