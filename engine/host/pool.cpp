#include "engine/host/pool.hpp"

#include <poll.h>
#include <posterior/abi.h>

#include <algorithm>
#include <cerrno>
#include <compare>
#include <memory>
#include <numeric>
#include <tuple>

#include "engine/host/file_check.hpp"
#include "engine/host/load_steps.hpp"

namespace posterior::host {
namespace {

using clock = session::clock;

// Two specs with the same key may be answered by the same worker.
std::string key_of(const detector_spec& spec) {
  std::string key;
  for (const std::string* part :
       {&spec.plugin, &spec.version, &spec.library, &spec.class_id, &spec.config, &spec.sha256})
    key += *part + '\n';
  key += spec.bundled ? "bundled\n" : "\n"; // what must be enforced differs
  return key + std::to_string(spec.limits.memory_mib) + '\n' + std::to_string(spec.limits.records);
}

wire::observation as_wire(const observation& one) {
  return {one.finding,
          static_cast<std::uint32_t>(one.says),
          static_cast<std::uint32_t>(one.where),
          one.says == reading::measured ? one.value : 0,
          one.certainty,
          one.says == reading::graded ? one.level : POSTERIOR_NO_LEVEL,
          one.day.value_or(POSTERIOR_UNDATED)};
}

// Where an observation goes: by finding (as its rank among those that are consumed), side and day. Of numbers
// only, since sorting by texts would cost more than the rest of a call.
struct sort_key {
  std::ptrdiff_t finding;
  std::uint32_t side;
  std::int64_t day;
  std::size_t given; // equal ones stay in the order in which they were given

  auto operator<=>(const sort_key&) const = default;
};

std::vector<wire::observation> consumed(const detector_spec& spec, const std::vector<observation>& all) {
  std::vector<std::string_view> wanted(spec.consumes.begin(), spec.consumes.end());
  std::sort(wanted.begin(), wanted.end());
  std::vector<sort_key> order;
  order.reserve(all.size());
  auto rank = wanted.begin(); // often that of the one before
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (rank == wanted.end() || *rank != all[i].finding)
      rank = std::lower_bound(wanted.begin(), wanted.end(), all[i].finding);
    if (rank != wanted.end() && *rank == all[i].finding)
      order.push_back({rank - wanted.begin(), static_cast<std::uint32_t>(all[i].where),
                       all[i].day.value_or(POSTERIOR_UNDATED), i});
  }
  std::sort(order.begin(), order.end());
  std::vector<wire::observation> chosen;
  chosen.reserve(order.size());
  for (const sort_key& one : order)
    chosen.push_back(as_wire(all[one.given]));
  return chosen;
}

detector_answer refused(const detector_spec& spec, failure why, std::string_view detail, std::string reason) {
  return {spec.plugin,
          spec.version,
          status_of(why),
          why,
          std::string{detail},
          {},
          with_cure(why, std::move(reason)),
          {}};
}

// Full only if nothing that ran had less; what ran nothing says nothing.
void note_confinement(std::string& so_far, std::optional<std::uint32_t> one) {
  if (!one)
    return;
  const bool full = (wire::confinement_full & ~*one) == 0;
  so_far = full && so_far != "partial" ? "full" : "partial";
}

// Barred by what is known of it beats resting and quarantine: that is what must be settled first.
detector_answer not_started(const detector_spec& spec, const supervisor::verdict& v) {
  if (spec.barred != failure::none)
    return refused(spec, spec.barred, detail_of(spec.barred), spec.barred_reason);
  return refused(spec, v.why, detail_of(v.why), v.reason);
}

std::vector<const detector_spec*> by_plugin(const std::vector<detector_spec>& detectors) {
  std::vector<const detector_spec*> order;
  for (const detector_spec& one : detectors)
    order.push_back(&one);
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return std::tie(a->plugin, a->version, a->library) < std::tie(b->plugin, b->version, b->library);
  });
  return order;
}

int wait_ms(clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
}

} // namespace

// One detector's part of a run: a session, a worker that is being started for one, or an answer that is
// already there.
struct worker_pool::conversation {
  const detector_spec* spec = nullptr;
  std::string key;
  std::future<started_worker> coming;
  std::optional<session> with;
  detector_answer answer;
  file_descriptor library = {}; // what was judged, until the worker has it

  bool open() const { return with && !with->finished(); }

  void begin(const deadlines& allowed, const std::vector<observation>* observations) {
    if (coming.valid()) {
      started_worker started = coming.get();
      if (started.process)
        with.emplace(std::move(*started.process), *spec, library.get(), allowed, clock::now());
      else
        answer = refused(*spec, failure::not_started, detail_of(failure::not_started), started.reason);
      library = {};
    }
    if (with)
      with->begin(*spec,
                  observations != nullptr ? std::optional{consumed(*spec, *observations)} : std::nullopt,
                  clock::now());
  }
};

namespace {

// Serves every open session until none is left. Sessions never wait, so one poll() waits for all.
template <class Conversations>
void gather(Conversations& all) {
  const auto room = std::make_unique_for_overwrite<std::byte[]>(wire::frame_bytes_max);
  const std::span<std::byte> buffer{room.get(), wire::frame_bytes_max};
  std::vector<pollfd> waiting;
  std::vector<session*> sessions;
  while (true) {
    waiting.clear();
    sessions.clear();
    clock::time_point soonest = clock::time_point::max();
    for (auto& one : all)
      if (one.open()) {
        sessions.push_back(&*one.with);
        waiting.push_back({one.with->socket(), one.with->events(), 0});
        soonest = std::min(soonest, one.with->deadline());
      }
    if (sessions.empty())
      return;
    if (poll(waiting.data(), waiting.size(), wait_ms(soonest)) < 0 && errno != EINTR)
      return;
    const clock::time_point now = clock::now();
    for (std::size_t i = 0; i < sessions.size(); ++i) {
      if (waiting[i].revents != 0)
        sessions[i]->on_ready(buffer, now);
      if (!sessions[i]->finished() && now >= sessions[i]->deadline())
        sessions[i]->on_deadline();
    }
  }
}

} // namespace

worker_pool::worker_pool(pool_options options)
    : options_{std::move(options)}
    , spawner_{options_.worker} {}

worker_pool::~worker_pool() {
  end_idle();
}

detection worker_pool::run(const std::vector<detector_spec>& detectors,
                           const std::vector<observation>& observations) {
  return talk(detectors, &observations);
}

detection worker_pool::probe(const std::vector<detector_spec>& detectors) {
  return talk(detectors, nullptr);
}

detection worker_pool::talk(const std::vector<detector_spec>& detectors,
                            const std::vector<observation>* observations) {
  const std::vector<const detector_spec*> ordered = by_plugin(detectors);
  std::vector<supervisor::verdict> verdicts(ordered.size());
  if (options_.watch)
    verdicts = options_.watch->judge(ordered);
  std::vector<conversation> all;
  // While one file is checked, the worker of the one before is started.
  for (std::size_t i = 0; i < ordered.size(); ++i)
    all.push_back(open(*ordered[i], verdicts[i]));
  for (conversation& one : all)
    one.begin(options_.allowed, observations);
  gather(all);
  detection result;
  for (conversation& one : all)
    close(one, result);
  return result;
}

void worker_pool::close(conversation& one, detection& into) {
  if (one.with) {
    note_confinement(into.confinement, one.with->confinement());
    one.answer = one.with->take_answer();
    put_back(one.key, std::move(*one.with));
  }
  if (options_.watch)
    options_.watch->note(*one.spec, one.answer);
  into.findings.insert(into.findings.end(), one.answer.findings.begin(), one.answer.findings.end());
  into.answers.push_back(std::move(one.answer));
}

worker_pool::conversation worker_pool::open(const detector_spec& spec, const supervisor::verdict& v) {
  conversation one{&spec, key_of(spec), {}, {}, {}};
  if (spec.barred != failure::none || v.why != failure::none) {
    one.answer = not_started(spec, v);
    return one;
  }
  one.with = take_idle(one.key);
  if (one.with)
    return one;
  checked_library file = check_library(spec.library, spec.sha256, {spec.plugin, spec.version});
  one.library = std::move(file.copy);
  if (file.verdict)
    one.coming = spawner_.start();
  else
    one.answer = refused(spec, failure::file, file.verdict.fault, file.verdict.reason);
  return one;
}

std::optional<session> worker_pool::take_idle(const std::string& key) {
  std::vector<session> dead; // ended outside the lock
  const std::lock_guard hold{guard_};
  for (auto found = idle_.find(key); found != idle_.end() && found->first == key; found = idle_.find(key)) {
    session one = std::move(found->second.with);
    idle_.erase(found);
    if (one.is_ready_for_more())
      return one;
    dead.push_back(std::move(one));
  }
  return std::nullopt;
}

void worker_pool::put_back(const std::string& key, session one) {
  if (!one.is_idle()) // whether it still lives is asked when it is taken out
    return;
  const std::lock_guard hold{guard_};
  if (idle_.count(key) < options_.idle_max && (!wanted_ || wanted_->contains(key)))
    idle_.emplace(key, idle_worker{std::move(one), clock::now()});
}

template <class Choose>
void worker_pool::end_if(const Choose& chosen) {
  std::vector<idle_worker> ended;
  {
    const std::lock_guard hold{guard_};
    for (auto at = idle_.begin(); at != idle_.end();)
      if (chosen(at->first, at->second)) {
        ended.push_back(std::move(at->second));
        at = idle_.erase(at);
      } else {
        ++at;
      }
  }
  for (idle_worker& one : ended)
    one.with.kill(); // all first, then each is waited for
}

void worker_pool::end_idle() {
  end_if([](const auto&, const auto&) { return true; });
}

void worker_pool::end_idle(clock::time_point now) {
  const auto limit = std::chrono::milliseconds{options_.idle_ms};
  end_if([&](const auto&, const idle_worker& one) { return now - one.since >= limit; });
}

void worker_pool::keep_only(const std::vector<detector_spec>& detectors) {
  std::set<std::string> keys;
  for (const detector_spec& one : detectors)
    keys.insert(key_of(one));
  {
    const std::lock_guard hold{guard_};
    wanted_ = keys;
  }
  end_if([&](const std::string& key, const auto&) { return !keys.contains(key); });
}

std::size_t worker_pool::idle_count() const {
  const std::lock_guard hold{guard_};
  return idle_.size();
}

} // namespace posterior::host
