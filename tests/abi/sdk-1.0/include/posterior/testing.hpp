// SPDX-License-Identifier: Apache-2.0
//
// What a detector's unit test needs in place of the engine: a case written in code, a host and a sink
// that remember what they were told, and run(), which drives a plugin through its C functions exactly as
// the engine's worker does.
//
//   testing::fake_case patient;
//   patient.measured("hip-abduction-torque", side::left, 0.8);
//   auto answer = testing::run(posterior_plugin_v1, patient);
//   REQUIRE(answer.find("hip-abduction-weak", side::left)->what == state::present);
//
// Link the test with the detector's own source file. C++17, needs no test framework, throws nothing of its
// own. Use from one thread at a time; each object is owned by the test.
#pragma once

#include <posterior/plugin.hpp>

#include <cmath>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace posterior::sdk::testing {

// A case to hand to a detector. Unlike the engine it sorts nothing and sends whatever it was given, so that
// a test can also show a detector what it should survive.
class fake_case {
public:
  fake_case& present(std::string_view finding, side on = side::none, double certainty = 1) {
    return add(finding, on, state::present, 0, POSTERIOR_NO_LEVEL, certainty);
  }
  fake_case& absent(std::string_view finding, side on = side::none, double certainty = 1) {
    return add(finding, on, state::absent, 0, POSTERIOR_NO_LEVEL, certainty);
  }
  fake_case& unknown(std::string_view finding, side on = side::none) {
    return add(finding, on, state::unknown, 0, POSTERIOR_NO_LEVEL, 1);
  }
  fake_case& measured(std::string_view finding, side on, double value) {
    return add(finding, on, state::measured, value, POSTERIOR_NO_LEVEL, 1);
  }
  fake_case& measured(std::string_view finding, double value) { return measured(finding, side::none, value); }
  fake_case& graded(std::string_view finding, side on, std::uint32_t level) {
    return add(finding, on, state::graded, 0, level, 1);
  }
  // Dates the observation added last; days since 1970-01-01.
  fake_case& on_day(std::int64_t day) {
    if (!records_.empty())
      records_.back().day = day;
    return *this;
  }
  // Adds a record of a kind that no detector knows; it must be skipped.
  fake_case& unknown_record() {
    add("", side::none, state::unknown, 0, POSTERIOR_NO_LEVEL, 1);
    records_.back().record.kind = 999;
    return *this;
  }

  // The case as the ABI shows it. Valid while this object lives and is not changed.
  posterior_case view() const {
    return {sizeof(posterior_case), static_cast<std::uint32_t>(records_.size()), const_cast<fake_case*>(this),
            at};
  }

private:
  static const posterior_record* at(const posterior_case* self, std::uint32_t index) noexcept {
    const auto& records = static_cast<const fake_case*>(self->ctx)->records_;
    return index < records.size() ? &records[index].record : nullptr;
  }
  fake_case& add(std::string_view finding, side on, state what, double value, std::uint32_t level,
                 double certainty) {
    names_.emplace_back(finding);
    records_.push_back({{sizeof(posterior_observation), POSTERIOR_RECORD_OBSERVATION, 0},
                        to_str(names_.back()),
                        static_cast<std::uint32_t>(what),
                        static_cast<std::uint32_t>(on),
                        value,
                        certainty,
                        level,
                        0,
                        POSTERIOR_UNDATED});
    return *this;
  }

  std::deque<std::string> names_; // a deque, because growth must not move what the records point to
  std::deque<posterior_observation> records_;
};

// A finding as a detector pushed it.
struct recorded_finding {
  std::string finding;
  std::string rule;
  state what = state::unknown;
  sdk::side side = sdk::side::none;
  double value = 0;
  double certainty = 0;
  std::uint32_t level = POSTERIOR_NO_LEVEL;
};

// Remembers what is pushed. `limit` findings are taken, further ones refused as the engine would.
// `complaints` says of each finding that the engine would not take, why; what only the bundle's document
// can tell (declared, lateral, unit) is for `posterior plugin check`.
class recording_sink {
public:
  explicit recording_sink(std::size_t limit = 256)
      : limit_{limit} {}

  std::vector<recorded_finding> findings;
  std::vector<std::string> complaints;

  posterior_sink view() { return {sizeof(posterior_sink), 0, this, push}; }

private:
  static posterior_status push(const posterior_sink* self, const posterior_record* record) noexcept {
    return static_cast<recording_sink*>(self->ctx)->take(record);
  }
  posterior_status take(const posterior_record* record) {
    if (findings.size() >= limit_)
      return POSTERIOR_E_LIMIT;
    if (record == nullptr)
      return POSTERIOR_E_BAD_ARGUMENT;
    if (record->kind >= POSTERIOR_RECORD_PRIVATE)
      return POSTERIOR_OK;
    if (record->kind != POSTERIOR_RECORD_FINDING ||
        record->size < offsetof(posterior_finding, reserved) + sizeof(posterior_finding::reserved)) {
      complaints.push_back("a record is of an unknown kind or too short");
      return POSTERIOR_E_BAD_ARGUMENT;
    }
    keep(*reinterpret_cast<const posterior_finding*>(record));
    return POSTERIOR_OK;
  }
  void keep(const posterior_finding& raw) {
    findings.push_back({std::string{to_view(raw.finding)}, std::string{to_view(raw.rule)},
                        static_cast<state>(raw.state), static_cast<side>(raw.side), raw.value, raw.certainty,
                        raw.level});
    complain_if(raw.finding.size == 0, "has no finding id");
    complain_if(raw.rule.size == 0, "has no rule key");
    complain_if(raw.state < POSTERIOR_PRESENT || raw.state > POSTERIOR_GRADED,
                "says neither present, absent, a value nor a level");
    complain_if(raw.side > POSTERIOR_SIDE_RIGHT, "has a side that is not none, left or right");
    complain_if(!std::isfinite(raw.value), "has a value that is not finite");
    complain_if(!(raw.certainty >= 0 && raw.certainty <= 1), "has a certainty outside 0 to 1");
    complain_if((raw.level != POSTERIOR_NO_LEVEL) != (raw.state == POSTERIOR_GRADED),
                "has a level without being graded, or none though graded");
    complain_if(raw.reserved != 0 || raw.record.flags != 0, "has a reserved field that is not 0");
  }
  void complain_if(bool wrong, const char* why) {
    if (wrong)
      complaints.push_back("finding '" + findings.back().finding + "' " + why);
  }

  std::size_t limit_;
};

// A host that remembers log lines and the last error. `past_deadline` makes cancelled() true.
class fake_host {
public:
  bool past_deadline = false;
  std::vector<std::string> log_lines;
  posterior_status error_code = POSTERIOR_OK;
  std::string error;

  fake_host() = default;
  fake_host(const fake_host&) = delete;
  fake_host& operator=(const fake_host&) = delete;

  // The host as the ABI shows it. Valid while this object lives.
  const posterior_host* get() const noexcept { return &raw_; }

private:
  static fake_host& self_of(const posterior_host* host) noexcept {
    return *static_cast<fake_host*>(host->ctx);
  }
  static void log(const posterior_host* host, std::uint32_t, posterior_str text) noexcept {
    self_of(host).log_lines.emplace_back(to_view(text));
  }
  static void set_error(const posterior_host* host, posterior_status code, posterior_str text) noexcept {
    self_of(host).error_code = code;
    self_of(host).error = to_view(text);
  }
  static std::uint32_t cancelled(const posterior_host* host) noexcept {
    return self_of(host).past_deadline ? 1 : 0;
  }
  static const void* get_extension(const posterior_host*, const char*) noexcept { return nullptr; }

  posterior_host raw_{sizeof(posterior_host),
                      POSTERIOR_ABI_MAJOR,
                      POSTERIOR_ABI_MINOR,
                      0,
                      this,
                      to_str("posterior-testing"),
                      to_str(POSTERIOR_SDK_VERSION),
                      log,
                      set_error,
                      cancelled,
                      get_extension};
};

// What a run gave. `status` is the first negative one of init, create and evaluate, else POSTERIOR_OK.
struct answer {
  posterior_status status = POSTERIOR_OK;
  std::string error;
  std::vector<recorded_finding> findings;
  std::vector<std::string> complaints;

  // The first finding of this id on exactly this side; nullptr if none was pushed.
  const recorded_finding* find(std::string_view finding, side on = side::none) const noexcept {
    for (const recorded_finding& one : findings)
      if (one.finding == finding && one.side == on)
        return &one;
    return nullptr;
  }
};

namespace detail {

inline posterior_status evaluate_once(const posterior_plugin& plugin, const posterior_host* host,
                                      const fake_case& patient, recording_sink& sink) {
  const posterior_detector_class& made_by = *plugin.classes[0];
  posterior_detector* detector = nullptr;
  posterior_status status = made_by.create(&made_by, host, posterior_str{nullptr, 0}, &detector);
  if (status < 0)
    return status;
  const posterior_case input = patient.view();
  const posterior_sink output = sink.view();
  status = made_by.evaluate(detector, &input, &output);
  made_by.destroy(detector);
  return status;
}

} // namespace detail

// Drives the plugin's first class through init, create, evaluate, destroy and deinit.
inline answer run(const posterior_plugin& plugin, const fake_case& patient, fake_host& host,
                  std::size_t limit = 256) {
  recording_sink sink{limit};
  posterior_status status = plugin.init(host.get());
  if (status >= 0) {
    status = detail::evaluate_once(plugin, host.get(), patient, sink);
    plugin.deinit();
  }
  return {status < 0 ? status : POSTERIOR_OK, host.error, std::move(sink.findings),
          std::move(sink.complaints)};
}
inline answer run(const posterior_plugin& plugin, const fake_case& patient) {
  fake_host host;
  return run(plugin, patient, host);
}

} // namespace posterior::sdk::testing
