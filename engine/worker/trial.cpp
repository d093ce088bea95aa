// Stands between worker and detector: the detector class that the worker calls is the one below, which calls
// the plugin's. What it sees beyond the plugin's own status is returned as a status of wire::trial_status.
#include "engine/worker/trial.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <cstring>
#include <string>
#include <vector>

#include "engine/wire/trial.hpp"
#include "engine/worker/failing_memory.hpp"

namespace posterior::worker {
namespace {

constexpr int descriptors_watched = 256;

// What a detector must leave as it found it, besides what every worker watches.
struct scene {
  std::array<void (*)(int), 32> signals{};
  std::array<bool, descriptors_watched> open{};
  std::vector<std::string> variables;

  static scene now() {
    scene out;
    for (int i = 1; i < 32; ++i) {
      struct sigaction current {};
      if (sigaction(i, nullptr, &current) == 0)
        out.signals[static_cast<std::size_t>(i)] = current.sa_handler;
    }
    for (int i = 0; i < descriptors_watched; ++i)
      out.open[static_cast<std::size_t>(i)] = fcntl(i, F_GETFD) >= 0;
    for (char** one = environ; one != nullptr && *one != nullptr; ++one)
      out.variables.emplace_back(*one);
    return out;
  }

  // 0, or what differs.
  posterior_status against(const scene& later) const {
    if (signals != later.signals)
      return wire::trial_left_signals;
    if (open != later.open)
      return wire::trial_left_descriptors;
    return variables != later.variables ? wire::trial_left_variables : 0;
  }
};

int number_of(std::string_view words, std::string_view name) {
  const auto at = words.find(" " + std::string(name) + "=");
  if (at == std::string_view::npos)
    return 0;
  const char* begin = words.data() + at + name.size() + 2;
  int value = 0;
  std::from_chars(begin, words.data() + words.size(), value);
  return value;
}

// Stops memory from failing while the host's own code runs.
class respite {
public:
  explicit respite(bool needed)
      : needed_{needed} {
    if (needed_)
      fail_memory_from(0);
  }
  respite(const respite&) = delete;
  respite& operator=(const respite&) = delete;
  ~respite() {
    if (needed_)
      fail_memory_from(1); // memory that has run out does not come back
  }

private:
  bool needed_;
};

struct wide_host {
  posterior_host known;
  void* unknown[4];
};

struct wide_observation {
  posterior_observation known;
  std::uint64_t unknown[2];
};

} // namespace

struct trial::bench {
  int newer = 0, strange = 0, cancelled = 0, watched = 0, ends = 0;
  int creations = 0, calls = 0, failing = 0, refused = 0;
  scene before_loading = scene::now();
  wide_host host{};
  const host_table* real_host = nullptr;
  posterior_detector_class shown{};
  const posterior_detector_class* real = nullptr;
  const posterior_plugin* plugin = nullptr;
  bool out_of_memory = false; // while memory may fail

  static bench*& current() {
    static bench* one = nullptr;
    return one;
  }

  void read(std::string_view words) {
    newer = number_of(words, "newer");
    strange = number_of(words, "strange");
    cancelled = number_of(words, "cancelled");
    watched = number_of(words, "watched");
    ends = number_of(words, "ends");
    creations = number_of(words, "creations");
    calls = number_of(words, "calls");
    failing = number_of(words, "failing");
    refused = number_of(words, "refused");
  }

  // Runs `call` with the first, the second ... allocation failing, until none is asked for any more.
  template <class Call>
  void starve(Call call) {
    for (int nth = 1; nth <= failing; ++nth) {
      out_of_memory = true;
      fail_memory_from(nth);
      const bool stop = call() && allocations_asked() < nth;
      fail_memory_from(0);
      out_of_memory = false;
      if (stop)
        return;
    }
  }

  posterior_status create(const posterior_host* table, posterior_str config, posterior_detector** out) {
    if (failing > 0 && !memory_can_fail())
      return wire::trial_unsupported;
    for (int i = 0; i < creations; ++i)
      if (const posterior_status s = create_once(table, config); s < 0)
        return s;
    starve([&] { return create_once(table, config) >= 0; });
    const scene before = watched != 0 ? before_loading : scene{};
    posterior_status status = real->create(real, table, config, out);
    if (status >= 0 && watched != 0)
      if (const posterior_status left = before.against(scene::now()); left != 0)
        return left;
    if (status >= 0 && ends != 0) {
      real->destroy(*out);
      plugin->deinit();
      return wire::trial_ended_well;
    }
    return status;
  }

  posterior_status create_once(const posterior_host* table, posterior_str config) {
    posterior_detector* one = nullptr;
    const posterior_status status = real->create(real, table, config, &one);
    if (status >= 0 && one == nullptr)
      return wire::trial_created_null;
    if (status >= 0)
      real->destroy(one);
    return status;
  }

  posterior_status evaluate(posterior_detector* detector, const posterior_case* input,
                            const posterior_sink* output);
  posterior_status evaluate_plainly(posterior_detector* detector, const posterior_case* input,
                                    const posterior_sink* output);
  posterior_status leak(posterior_detector* detector, const posterior_case* input);
};

namespace {

// --- the case with longer records, and with some that nobody knows -----------------------------------

struct strange_case {
  std::vector<wide_observation> observations;
  posterior_record unknown{sizeof(posterior_record) + 8, 99, 0};

  explicit strange_case(const posterior_case* input) {
    observations.resize(input->count);
    for (std::uint32_t i = 0; i < input->count; ++i) {
      std::memcpy(&observations[i].known, input->at(input, i), sizeof(posterior_observation));
      observations[i].known.record.size = sizeof(wide_observation);
      observations[i].unknown[0] = observations[i].unknown[1] = ~std::uint64_t{0};
    }
  }
  posterior_case shown() noexcept {
    return {sizeof(posterior_case), static_cast<std::uint32_t>(2 * observations.size() + 1), this, at};
  }
  static const posterior_record* at(const posterior_case* self, std::uint32_t index) noexcept {
    auto& all = *static_cast<strange_case*>(self->ctx);
    if (index > 2 * all.observations.size())
      return nullptr;
    return index % 2 == 0 ? &all.unknown : &all.observations[index / 2].known.record;
  }
};

// --- sinks ---------------------------------------------------------------------------------------------

struct refusing_sink {
  const posterior_sink* real;
  int refused_at;
  int seen = 0;

  posterior_sink shown() noexcept { return {sizeof(posterior_sink), 0, this, push}; }
  bool has_refused() const { return seen >= refused_at; }
  static posterior_status push(const posterior_sink* self, const posterior_record* record) noexcept {
    auto& it = *static_cast<refusing_sink*>(self->ctx);
    if (++it.seen >= it.refused_at)
      return POSTERIOR_E_LIMIT;
    return it.real->push(it.real, record);
  }
};

// Takes everything and keeps nothing.
posterior_status swallow(const posterior_sink*, const posterior_record*) noexcept {
  return POSTERIOR_OK;
}
constexpr posterior_sink nowhere{sizeof(posterior_sink), 0, nullptr, swallow};

} // namespace

posterior_status trial::bench::leak(posterior_detector* detector, const posterior_case* input) {
  const auto run = [&](int times) {
    for (int i = 0; i < times; ++i)
      real->evaluate(detector, input, &nowhere);
  };
  run(calls / 10 + 1); // what is made once is no leak
  const std::int64_t before = bytes_in_use();
  run(calls);
  const std::int64_t kept = (bytes_in_use() - before) * 1000 / calls;
  // Less than a byte a call is the allocator's own.
  return kept < 1000 ? 0
                     : wire::trial_leak - static_cast<std::int32_t>(std::min<std::int64_t>(kept, 1 << 24));
}

posterior_status trial::bench::evaluate_plainly(posterior_detector* detector, const posterior_case* input,
                                                const posterior_sink* output) {
  const scene before = watched != 0 ? scene::now() : scene{};
  const posterior_status status = real->evaluate(detector, input, output);
  if (watched != 0)
    if (const posterior_status left = before.against(scene::now()); left != 0)
      return left;
  if (cancelled != 0 && status < 0 && status != POSTERIOR_E_CANCELLED)
    return wire::trial_odd_status;
  return status;
}

posterior_status trial::bench::evaluate(posterior_detector* detector, const posterior_case* input,
                                        const posterior_sink* output) {
  if (calls > 0)
    if (const posterior_status found = leak(detector, input); found != 0)
      return found;
  starve([&] { return real->evaluate(detector, input, &nowhere) >= 0; });
  strange_case odd(input);
  const posterior_case wide = odd.shown();
  const posterior_case* given = strange != 0 ? &wide : input;
  if (refused == 0)
    return evaluate_plainly(detector, given, output);
  refusing_sink closed{output, refused};
  const posterior_sink sink = closed.shown();
  const posterior_status status = evaluate_plainly(detector, given, &sink);
  return closed.has_refused() && status >= 0 ? wire::trial_ignored_sink : status;
}

trial::trial(std::string_view config)
    : config_{config} {
  if (!config.starts_with(wire::trial_mark))
    return;
  const auto end = std::min(config.find('\n'), config.size());
  bench_ = std::make_unique<bench>();
  bench_->read(config.substr(0, end));
  config_ = config.substr(std::min(end + 1, config.size()));
  bench::current() = bench_.get();
}

trial::~trial() = default;

const posterior_host* trial::host(const host_table& table) {
  if (!bench_)
    return table.get();
  bench& b = *bench_;
  b.real_host = &table;
  b.host.known = *table.get();
  if (b.newer != 0) {
    b.host.known.size = sizeof(wide_host);
    b.host.known.abi_minor = 99;
    for (void*& one : b.host.unknown)
      one = &b;
  }
  if (b.cancelled != 0)
    b.host.known.cancelled = [](const posterior_host*) noexcept -> std::uint32_t { return 1; };
  b.host.known.log = [](const posterior_host*, std::uint32_t, posterior_str) noexcept {};
  b.host.known.set_error = [](const posterior_host*, posterior_status code, posterior_str text) noexcept {
    const bench& now = *bench::current();
    const respite calm{now.out_of_memory};
    const posterior_host* real = now.real_host->get();
    real->set_error(real, code, text);
  };
  return &b.host.known;
}

const posterior_detector_class* trial::made_by(const loaded& from) {
  if (!bench_)
    return from.made_by;
  bench& b = *bench_;
  b.real = from.made_by;
  b.plugin = from.plugin;
  b.shown = *from.made_by;
  b.shown.create = [](const posterior_detector_class*, const posterior_host* table, posterior_str config,
                      posterior_detector** out) noexcept {
    return bench::current()->create(table, config, out);
  };
  b.shown.evaluate = [](posterior_detector* detector, const posterior_case* input,
                        const posterior_sink* output) noexcept {
    return bench::current()->evaluate(detector, input, output);
  };
  return &b.shown;
}

} // namespace posterior::worker
