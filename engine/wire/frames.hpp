// The frames between the host and a worker. One build makes both ends, so there is one protocol number and no
// negotiation; but a worker runs foreign code and may send anything, so every field is checked when it is
// read, on both sides.
//
// A frame is one SOCK_SEQPACKET message of at most 64 KiB: a head of 24 bytes, `count` entries of a fixed
// size, then text. Numbers are little-endian; a text is (offset, length) into the same frame. What does not
// fit into one frame is sent as several of the same type and request, and the last of them carries the flag
// `last`.
//
//   host to worker    load (once, and with it the descriptor of the library), evaluate
//   worker to host    hello, loaded, ready | refused, then findings for each evaluate
//
// Whatever comes after `hello` may have been written by foreign code.
//
// Pure functions and values; any thread. Decoded texts point into the frame that was decoded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/wire/bytes.hpp"

namespace posterior::wire {

inline constexpr std::uint32_t protocol = 2;
inline constexpr std::size_t frame_bytes_max = 65536;
inline constexpr std::size_t id_bytes_max = 192;    // a finding, rule or class
inline constexpr std::size_t text_bytes_max = 4096; // a path, a configuration, a reason
inline constexpr std::uint32_t records_max = 4096;  // of one request, over all its frames
inline constexpr int connection_fd = 3;             // where a worker finds its socket

enum class frame_type : std::uint16_t {
  load = 1,
  hello = 2,  // confined; no foreign code was loaded yet
  loaded = 3, // init() has returned
  ready = 4,  // the detector is made
  refused = 5,
  evaluate = 6,
  findings = 7
};

// What a worker is to load. The library itself comes as a descriptor in the same message.
struct load_order {
  std::string_view library; // absolute path, for messages
  std::string_view plugin;
  std::string_view version;
  std::string_view class_id;
  std::string_view config;
  std::uint32_t memory_mib = 0;
  std::uint32_t records = 0;  // most findings of one answer
  std::uint32_t required = 0; // confinement_bit values without which nothing is loaded
};

// The step at which a worker gave up before it could answer anything. The order is that of loading.
enum class refusal_step : std::uint32_t {
  confine = 1,   // the process could not be confined
  confine_files, // all holds but what keeps it from files
  open,          // the file could not be loaded; the reason is the loader's
  symbol,        // there is no posterior_plugin_v1
  symbol_owner,  // the symbol belongs to another library
  descriptor,    // size, reserved fields or pointers of the descriptor
  abi_major,
  abi_minor,
  plugin_id,
  plugin_version,
  detector_class, // the class is missing, or one of its callbacks is
  init,
  create
};
inline constexpr std::uint32_t refusal_step_last = static_cast<std::uint32_t>(refusal_step::create);

struct refusal {
  refusal_step step = refusal_step::open;
  std::string_view reason; // for the operator; may hold a path
};

// What a worker could enforce on itself, as bits of greeting::confinement.
enum confinement_bit : std::uint32_t {
  confined_limits = 1,
  confined_privileges = 2,
  confined_dumping = 4,
  confined_landlock = 8,
  confined_seccomp = 16
};
// Without these no foreign code runs, and with all of them confinement is full.
inline constexpr std::uint32_t confinement_least =
    confined_limits | confined_privileges | confined_dumping | confined_seccomp;
inline constexpr std::uint32_t confinement_full = confinement_least | confined_landlock;

struct greeting {
  std::uint32_t protocol = 0;
  std::uint32_t abi_minor = 0;
  std::uint32_t confinement = 0;
};

// As posterior_observation.
struct observation {
  std::string_view finding;
  std::uint32_t state = 0;
  std::uint32_t side = 0;
  double value = 0;
  double certainty = 1;
  std::uint32_t level = 0;
  std::int64_t day = 0;
};

struct evaluate_part {
  std::uint32_t request = 0;
  std::uint32_t deadline_ms = 0; // from receipt of the last part; then cancelled() is true
  bool last = false;
  std::vector<observation> observations;
};

// As posterior_finding. Numbers are passed on as the detector gave them; the host judges them.
struct finding {
  std::string_view finding;
  std::string_view rule;
  std::uint32_t state = 0;
  std::uint32_t side = 0;
  double value = 0;
  double certainty = 0;
  std::uint32_t level = 0;
};

enum class outcome : std::uint32_t {
  done = 0,
  detector_failed = 1, // a negative status; `status` holds it
  too_many = 2,        // more findings than the limit
  unreadable = 3,      // a record that could not be read
  left_environment = 4 // rounding mode or locale were changed
};
inline constexpr std::uint32_t outcome_last = static_cast<std::uint32_t>(outcome::left_environment);

struct findings_part {
  std::uint32_t request = 0;
  outcome result = outcome::done;
  std::int32_t status = 0;
  std::string_view error_key; // what the detector gave as its error, if it has the form of a key
  bool last = false;
  std::vector<finding> findings;
};

// A decoded value, or why the bytes are none: a fixed sentence part.
template <class Value>
struct decoded {
  std::optional<Value> value;
  const char* fault = nullptr;

  explicit operator bool() const noexcept { return value.has_value(); }
};

// The type in the head, if the head is sound: magic, length and a known type.
decoded<frame_type> type_of(byte_view frame);

// Encoders return nothing when a text is longer than its limit or too many records are given.
std::optional<bytes> encode(const load_order& order);
bytes encode_loaded();
bytes encode_ready();
bytes encode(const greeting& hello);
bytes encode(const refusal& no); // a reason that is too long is cut
std::optional<std::vector<bytes>> encode_evaluate(std::uint32_t request, std::uint32_t deadline_ms,
                                                  const std::vector<observation>& observations);
// `all.last` is not read; the last frame of the result gets the flag.
std::optional<std::vector<bytes>> encode_findings(const findings_part& all);

decoded<load_order> decode_load(byte_view frame);
decoded<greeting> decode_hello(byte_view frame);
decoded<refusal> decode_refused(byte_view frame);
decoded<evaluate_part> decode_evaluate(byte_view frame);
decoded<findings_part> decode_findings(byte_view frame);

} // namespace posterior::wire
