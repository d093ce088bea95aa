/* Every size, offset, type and constant of the ABI, as compile-time checks. It is compiled as C11, C17, C++17
 * and C++20, and is itself the promise of sdk/ABI.md: from the freeze on this file is never edited, a newer
 * minor gets a file of its own. */
#include <posterior/abi.h>

#include <assert.h>

#ifdef __cplusplus
#include <type_traits>
#define SAME_TYPE(owner, field, type) std::is_same<decltype(owner::field), type>::value
#else
/* The address keeps qualifiers and does not decay. */
#define SAME_TYPE(owner, field, type) _Generic(&((owner*)0)->field, type * : 1, default : 0)
#endif

#define CHECK(condition) static_assert(condition, #condition)

#define FIELD(owner, field, type, offset)                                                                    \
  CHECK(offsetof(owner, field) == (offset));                                                                 \
  CHECK(SAME_TYPE(owner, field, type))

CHECK(sizeof(void*) == 8);
CHECK(sizeof(size_t) == 8);

typedef const char* text_pointer;
typedef void* void_pointer;

CHECK(sizeof(posterior_str) == 16);
FIELD(posterior_str, data, text_pointer, 0);
FIELD(posterior_str, size, size_t, 8);

CHECK(sizeof(posterior_record) == 8);
FIELD(posterior_record, size, uint32_t, 0);
FIELD(posterior_record, kind, uint16_t, 4);
FIELD(posterior_record, flags, uint16_t, 6);

CHECK(sizeof(posterior_observation) == 64);
FIELD(posterior_observation, record, posterior_record, 0);
FIELD(posterior_observation, finding, posterior_str, 8);
FIELD(posterior_observation, state, uint32_t, 24);
FIELD(posterior_observation, side, uint32_t, 28);
FIELD(posterior_observation, value, double, 32);
FIELD(posterior_observation, certainty, double, 40);
FIELD(posterior_observation, level, uint32_t, 48);
FIELD(posterior_observation, reserved, uint32_t, 52);
FIELD(posterior_observation, day, int64_t, 56);

CHECK(sizeof(posterior_finding) == 72);
FIELD(posterior_finding, record, posterior_record, 0);
FIELD(posterior_finding, finding, posterior_str, 8);
FIELD(posterior_finding, rule, posterior_str, 24);
FIELD(posterior_finding, state, uint32_t, 40);
FIELD(posterior_finding, side, uint32_t, 44);
FIELD(posterior_finding, value, double, 48);
FIELD(posterior_finding, certainty, double, 56);
FIELD(posterior_finding, level, uint32_t, 64);
FIELD(posterior_finding, reserved, uint32_t, 68);

/* A callback's type is checked by assigning a function of exactly that type: see tests/abi/callbacks.c. */
CHECK(sizeof(posterior_case) == 24);
FIELD(posterior_case, size, uint32_t, 0);
FIELD(posterior_case, count, uint32_t, 4);
FIELD(posterior_case, ctx, void_pointer, 8);
CHECK(offsetof(posterior_case, at) == 16);

CHECK(sizeof(posterior_sink) == 24);
FIELD(posterior_sink, size, uint32_t, 0);
FIELD(posterior_sink, reserved, uint32_t, 4);
FIELD(posterior_sink, ctx, void_pointer, 8);
CHECK(offsetof(posterior_sink, push) == 16);

CHECK(sizeof(posterior_host) == 88);
FIELD(posterior_host, size, uint32_t, 0);
FIELD(posterior_host, abi_major, uint32_t, 4);
FIELD(posterior_host, abi_minor, uint32_t, 8);
FIELD(posterior_host, reserved, uint32_t, 12);
FIELD(posterior_host, ctx, void_pointer, 16);
FIELD(posterior_host, name, posterior_str, 24);
FIELD(posterior_host, version, posterior_str, 40);
CHECK(offsetof(posterior_host, log) == 56);
CHECK(offsetof(posterior_host, set_error) == 64);
CHECK(offsetof(posterior_host, cancelled) == 72);
CHECK(offsetof(posterior_host, get_extension) == 80);

CHECK(sizeof(posterior_detector_class) == 48);
FIELD(posterior_detector_class, size, uint32_t, 0);
FIELD(posterior_detector_class, flags, uint32_t, 4);
FIELD(posterior_detector_class, id, text_pointer, 8);
CHECK(offsetof(posterior_detector_class, create) == 16);
CHECK(offsetof(posterior_detector_class, destroy) == 24);
CHECK(offsetof(posterior_detector_class, evaluate) == 32);
CHECK(offsetof(posterior_detector_class, get_extension) == 40);

CHECK(sizeof(posterior_plugin) == 64);
FIELD(posterior_plugin, size, uint32_t, 0);
FIELD(posterior_plugin, abi_major, uint32_t, 4);
FIELD(posterior_plugin, abi_minor, uint32_t, 8);
FIELD(posterior_plugin, abi_minor_required, uint32_t, 12);
FIELD(posterior_plugin, id, text_pointer, 16);
FIELD(posterior_plugin, version, text_pointer, 24);
FIELD(posterior_plugin, class_count, uint32_t, 32);
FIELD(posterior_plugin, reserved, uint32_t, 36);
CHECK(offsetof(posterior_plugin, classes) == 40);
CHECK(offsetof(posterior_plugin, init) == 48);
CHECK(offsetof(posterior_plugin, deinit) == 56);

CHECK(POSTERIOR_ABI_MAJOR == 1);
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
CHECK(POSTERIOR_RECORD_PRIVATE == 0x8000);
CHECK(POSTERIOR_UNKNOWN == 0);
CHECK(POSTERIOR_PRESENT == 1);
CHECK(POSTERIOR_ABSENT == 2);
CHECK(POSTERIOR_MEASURED == 3);
CHECK(POSTERIOR_GRADED == 4);
CHECK(POSTERIOR_SIDE_NONE == 0);
CHECK(POSTERIOR_SIDE_LEFT == 1);
CHECK(POSTERIOR_SIDE_RIGHT == 2);
CHECK(POSTERIOR_NO_LEVEL == 0xFFFFFFFFu);
CHECK(POSTERIOR_UNDATED == INT64_MIN);
CHECK(POSTERIOR_LOG_TRACE == 0);
CHECK(POSTERIOR_LOG_DEBUG == 1);
CHECK(POSTERIOR_LOG_INFO == 2);
CHECK(POSTERIOR_LOG_WARN == 3);
CHECK(POSTERIOR_LOG_ERROR == 4);
CHECK(sizeof(POSTERIOR_PLUGIN_SYMBOL) == sizeof("posterior_plugin_v1"));
