// SPDX-License-Identifier: Apache-2.0
//
// C++17 wrapper for detectors: a class with an evaluate() function becomes a plugin.
//
//   class detector {
//   public:
//     void evaluate(const posterior::sdk::case_view& patient, posterior::sdk::finding_sink& out) {
//       auto left = patient.value("hip-abduction-torque", posterior::sdk::side::left);
//       if (left && *left < 1.0) out.present("hip-abduction-weak", posterior::sdk::side::left, "torque-low");
//     }
//   };
//   POSTERIOR_PLUGIN(POSTERIOR_BUNDLE_ID, POSTERIOR_BUNDLE_VERSION, detector)
//
// The class is made once, by its constructor taking (host_ref, std::string_view config), (host_ref) or
// nothing. evaluate() may return void or a posterior_status. Exceptions that it throws become a
// failed status; nothing crosses the border. Views and references given to evaluate() end with it.
//
// Header only, no virtual function, no static with a constructor; compiles with -fno-exceptions and
// -fno-rtti. Threads: as abi.h says; the wrapper adds no state of its own.
#pragma once

#include <posterior/abi.h>
#include <posterior/version.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <new>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace posterior::sdk {

enum class side : std::uint32_t {
  none = POSTERIOR_SIDE_NONE,
  left = POSTERIOR_SIDE_LEFT,
  right = POSTERIOR_SIDE_RIGHT
};

enum class state : std::uint32_t {
  unknown = POSTERIOR_UNKNOWN,
  present = POSTERIOR_PRESENT,
  absent = POSTERIOR_ABSENT,
  measured = POSTERIOR_MEASURED,
  graded = POSTERIOR_GRADED
};

// The other side; none stays none.
constexpr side opposite(side of) noexcept {
  return of == side::left ? side::right : of == side::right ? side::left : side::none;
}

inline constexpr side both_sides[] = {side::left, side::right};

constexpr posterior_str to_str(std::string_view text) noexcept {
  return {text.data(), text.size()};
}
constexpr std::string_view to_view(posterior_str text) noexcept {
  return text.data == nullptr ? std::string_view{} : std::string_view{text.data, text.size};
}

// One observation of the case. `finding` points into the case.
struct observation {
  std::string_view finding;
  state what = state::unknown;
  sdk::side side = sdk::side::none;
  double value = 0;                         // in the finding's unit; only when measured
  double certainty = 1;                     // probability that `what` is right
  std::uint32_t level = POSTERIOR_NO_LEVEL; // only when graded
  std::int64_t day = POSTERIOR_UNDATED;     // days since 1970-01-01

  constexpr bool is_present() const noexcept { return what == state::present; }
  constexpr bool is_absent() const noexcept { return what == state::absent; }
  constexpr bool is_measured() const noexcept { return what == state::measured; }
  constexpr bool is_graded() const noexcept { return what == state::graded; }
  constexpr bool is_dated() const noexcept { return day != POSTERIOR_UNDATED; }
};

// The host as a detector sees it. Cheap to copy; valid until the plugin's deinit returns.
class host_ref {
public:
  explicit constexpr host_ref(const posterior_host* host) noexcept
      : host_{host} {}

  // Tells the operator something. May be thrown away, and always is during evaluate(). [any]
  void log(std::uint32_t level, std::string_view text) const noexcept {
    host_->log(host_, level, to_str(text));
  }
  // Gives the reason of a failed status. During evaluate() only a message key of the document passes. [any]
  void set_error(posterior_status code, std::string_view text) const noexcept {
    host_->set_error(host_, code, to_str(text));
  }
  // True past the deadline: return soon. [evaluate]
  bool cancelled() const noexcept { return host_->cancelled(host_) != 0; }
  // The host's extension, or nullptr. `id` ends with NUL. [any]
  const void* extension(const char* id) const noexcept { return host_->get_extension(host_, id); }

private:
  const posterior_host* host_;
};

// The observations of one case, in the host's order (finding, side, day). Valid during evaluate(). [evaluate]
class case_view {
public:
  constexpr case_view(const posterior_case* input, host_ref host) noexcept
      : input_{input}
      , host_{host} {}

  class iterator {
  public:
    using iterator_category = std::input_iterator_tag;
    using value_type = observation;
    using difference_type = std::ptrdiff_t;
    using pointer = const observation*;
    using reference = observation;

    iterator(const posterior_case* input, std::uint32_t index) noexcept
        : input_{input}
        , index_{index} {
      skip_unknown();
    }
    observation operator*() const noexcept {
      return decode(*reinterpret_cast<const posterior_observation*>(input_->at(input_, index_)));
    }
    iterator& operator++() noexcept {
      ++index_;
      skip_unknown();
      return *this;
    }
    iterator operator++(int) noexcept {
      iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const iterator& a, const iterator& b) noexcept { return a.index_ == b.index_; }
    friend bool operator!=(const iterator& a, const iterator& b) noexcept { return a.index_ != b.index_; }

  private:
    static observation decode(const posterior_observation& raw) noexcept {
      return {to_view(raw.finding),
              static_cast<state>(raw.state),
              static_cast<sdk::side>(raw.side),
              raw.value,
              raw.certainty,
              raw.level,
              raw.day};
    }
    // All that 1.0 has is there. Not sizeof: an older host fills less than a newer header has.
    bool readable() const noexcept {
      const posterior_record* record = input_->at(input_, index_);
      return record != nullptr && record->kind == POSTERIOR_RECORD_OBSERVATION &&
             record->size >= offsetof(posterior_observation, day) + sizeof(posterior_observation::day);
    }
    void skip_unknown() noexcept {
      while (index_ < input_->count && !readable())
        ++index_;
    }

    const posterior_case* input_;
    std::uint32_t index_;
  };

  iterator begin() const noexcept { return {input_, 0}; }
  iterator end() const noexcept { return {input_, input_->count}; }
  bool empty() const noexcept { return begin() == end(); }

  // The newest observation of the finding on exactly this side; nothing if it was not recorded.
  std::optional<observation> find(std::string_view finding, sdk::side on = sdk::side::none) const noexcept {
    return newest(finding, on, [](const observation&) { return true; });
  }
  // The newest measured value of the finding on this side.
  std::optional<double> value(std::string_view finding, sdk::side on = sdk::side::none) const noexcept {
    auto found = newest(finding, on, [](const observation& o) { return o.is_measured(); });
    return found ? std::optional<double>{found->value} : std::nullopt;
  }
  // The newest level of the finding on this side.
  std::optional<std::uint32_t> level(std::string_view finding,
                                     sdk::side on = sdk::side::none) const noexcept {
    auto found = newest(finding, on, [](const observation& o) { return o.is_graded(); });
    return found ? std::optional<std::uint32_t>{found->level} : std::nullopt;
  }
  // True if the newest observation says present. False also when nothing was recorded.
  bool is_present(std::string_view finding, sdk::side on = sdk::side::none) const noexcept {
    auto found = find(finding, on);
    return found && found->is_present();
  }
  // True if the newest observation says absent. False also when nothing was recorded.
  bool is_absent(std::string_view finding, sdk::side on = sdk::side::none) const noexcept {
    auto found = find(finding, on);
    return found && found->is_absent();
  }
  // Calls visit(observation) for each observation of the finding on this side, oldest first.
  template <class Visit>
  void each(std::string_view finding, sdk::side on, Visit visit) const {
    for (const observation one : *this)
      if (one.finding == finding && one.side == on)
        visit(one);
  }
  // True past the deadline: return soon.
  bool cancelled() const noexcept { return host_.cancelled(); }

private:
  template <class Wanted>
  std::optional<observation> newest(std::string_view finding, sdk::side on, Wanted wanted) const noexcept {
    std::optional<observation> best;
    for (const observation one : *this)
      if (one.finding == finding && one.side == on && wanted(one) && (!best || one.day >= best->day))
        best = one;
    return best;
  }

  const posterior_case* input_;
  host_ref host_;
};

// Takes derived findings. Each call copies its texts. After the host refused one (its limit is reached)
// further calls do nothing and evaluate() fails with that status. [evaluate]
class finding_sink {
public:
  constexpr finding_sink(const posterior_sink* output, host_ref host) noexcept
      : output_{output}
      , host_{host} {}

  // The finding holds. `rule` is the key of a message of the document that says why.
  void present(std::string_view finding, sdk::side on, std::string_view rule, double certainty = 1) noexcept {
    push(finding, on, rule, state::present, 0, POSTERIOR_NO_LEVEL, certainty);
  }
  // The finding was looked for and does not hold.
  void absent(std::string_view finding, sdk::side on, std::string_view rule, double certainty = 1) noexcept {
    push(finding, on, rule, state::absent, 0, POSTERIOR_NO_LEVEL, certainty);
  }
  // The finding has this value, in the unit that it declares.
  void measured(std::string_view finding, sdk::side on, double value, std::string_view rule,
                double certainty = 1) noexcept {
    push(finding, on, rule, state::measured, value, POSTERIOR_NO_LEVEL, certainty);
  }
  // The finding has this level; 0 is the lowest.
  void graded(std::string_view finding, sdk::side on, std::uint32_t level, std::string_view rule,
              double certainty = 1) noexcept {
    push(finding, on, rule, state::graded, 0, level, certainty);
  }
  // Makes evaluate() fail. `key` is the key of a message of the document that says why.
  void fail(std::string_view key) noexcept {
    host_.set_error(POSTERIOR_E_FAILED, key);
    if (status_ >= 0)
      status_ = POSTERIOR_E_FAILED;
  }
  posterior_status status() const noexcept { return status_; }

private:
  void push(std::string_view finding, sdk::side on, std::string_view rule, state what, double value,
            std::uint32_t level, double certainty) noexcept {
    if (status_ < 0)
      return;
    const posterior_finding record{{sizeof(posterior_finding), POSTERIOR_RECORD_FINDING, 0},
                                   to_str(finding),
                                   to_str(rule),
                                   static_cast<std::uint32_t>(what),
                                   static_cast<std::uint32_t>(on),
                                   value,
                                   certainty,
                                   level,
                                   0};
    status_ = output_->push(output_, &record.record);
  }

  const posterior_sink* output_;
  host_ref host_;
  posterior_status status_ = POSTERIOR_OK;
};

namespace detail {

// Runs the body and turns whatever it throws into a status, so that nothing leaves the library.
template <class Body>
posterior_status guarded(const posterior_host* host, Body body) noexcept {
#if defined(__cpp_exceptions)
  try {
    return body();
  } catch (const std::bad_alloc&) {
    host_ref{host}.set_error(POSTERIOR_E_NO_MEMORY, "out of memory");
    return POSTERIOR_E_NO_MEMORY;
  } catch (...) {
    host_ref{host}.set_error(POSTERIOR_E_FAILED, "an exception was thrown");
    return POSTERIOR_E_FAILED;
  }
#else
  (void)host;
  return body();
#endif
}

// What a posterior_detector* of this plugin points to.
template <class Detector>
struct holder {
  template <class... Args>
  explicit holder(const posterior_host* from, Args&&... args)
      : host{from}
      , detector(std::forward<Args>(args)...) {}
  const posterior_host* host;
  Detector detector;
};

template <class Detector>
holder<Detector>* make(const posterior_host* host, std::string_view config) {
  using held = holder<Detector>;
  if constexpr (std::is_constructible_v<Detector, host_ref, std::string_view>)
    return new (std::nothrow) held{host, host_ref{host}, config};
  else if constexpr (std::is_constructible_v<Detector, host_ref>)
    return new (std::nothrow) held{host, host_ref{host}};
  else
    return new (std::nothrow) held{host};
}

template <class Detector>
posterior_status run(Detector& detector, const case_view& patient, finding_sink& out) {
  if constexpr (std::is_void_v<decltype(detector.evaluate(patient, out))>) {
    detector.evaluate(patient, out);
    return out.status();
  } else {
    const posterior_status status = detector.evaluate(patient, out);
    return status < 0 ? status : out.status();
  }
}

// The C functions of a detector class.
template <class Detector>
struct trampoline {
  using held = holder<Detector>;

  static posterior_status create(const posterior_detector_class*, const posterior_host* host,
                                 posterior_str config, posterior_detector** out) noexcept {
    return guarded(host, [&]() -> posterior_status {
      held* made = make<Detector>(host, to_view(config));
      if (made == nullptr)
        return POSTERIOR_E_NO_MEMORY;
      *out = reinterpret_cast<posterior_detector*>(made);
      return POSTERIOR_OK;
    });
  }
  static void destroy(posterior_detector* detector) noexcept { delete reinterpret_cast<held*>(detector); }

  static posterior_status evaluate(posterior_detector* detector, const posterior_case* input,
                                   const posterior_sink* output) noexcept {
    held* self = reinterpret_cast<held*>(detector);
    return guarded(self->host, [&] {
      finding_sink out{output, host_ref{self->host}};
      return run(self->detector, case_view{input, host_ref{self->host}}, out);
    });
  }
  static const void* get_extension(posterior_detector*, const char*) noexcept { return nullptr; }
};

inline posterior_status init(const posterior_host*) noexcept {
  return POSTERIOR_OK;
}
inline void deinit() noexcept {}

template <class Detector>
constexpr posterior_detector_class class_of(const char* id) noexcept {
  using calls = trampoline<Detector>;
  return {sizeof(posterior_detector_class),
          0,
          id,
          calls::create,
          calls::destroy,
          calls::evaluate,
          calls::get_extension};
}

constexpr posterior_plugin plugin_of(const char* id, const char* version,
                                     const posterior_detector_class* const* classes) noexcept {
  return {sizeof(posterior_plugin),
          POSTERIOR_ABI_MAJOR,
          POSTERIOR_ABI_MINOR,
          0,
          id,
          version,
          1,
          0,
          classes,
          init,
          deinit};
}

} // namespace detail
} // namespace posterior::sdk

// Defines the one exported symbol, as constant data: nothing of it runs when the library is loaded.
// Use it once, at file scope. posterior_add_plugin() defines POSTERIOR_BUNDLE_ID and
// POSTERIOR_BUNDLE_VERSION from plugin.toml, so that code and manifest cannot disagree.
#define POSTERIOR_PLUGIN(plugin_id, plugin_version, ...)                                                     \
  namespace {                                                                                                \
  constexpr posterior_detector_class posterior_class_table =                                                 \
      ::posterior::sdk::detail::class_of<__VA_ARGS__>(plugin_id);                                            \
  constexpr const posterior_detector_class* posterior_class_list[] = {&posterior_class_table};               \
  }                                                                                                          \
  extern "C" {                                                                                               \
  constexpr posterior_plugin posterior_plugin_v1 =                                                           \
      ::posterior::sdk::detail::plugin_of(plugin_id, plugin_version, posterior_class_list);                  \
  }                                                                                                          \
  static_assert(true, "takes a semicolon")
