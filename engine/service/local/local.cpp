#include "engine/service/local/local.hpp"

#include <chrono>
#include <utility>

#include "engine/assess/detectors.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/local/backup.hpp"
#include "engine/service/local/code_rulings.hpp"
#include "engine/service/local/exchange.hpp"
#include "engine/service/local/kept_builds.hpp"
#include "engine/service/local/knowledge_source.hpp"
#include "engine/service/local/overlay_changes.hpp"
#include "engine/service/local/own_cases.hpp"
#include "engine/service/local/plugin_changes.hpp"
#include "engine/service/problem.hpp"
#include "kb/canonical.hpp"
#include "kb/values/date.hpp"

namespace posterior::service {

namespace {

std::int64_t wall_clock_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

} // namespace

workforce make_workers(const places& at, host::supervisor::listener told) {
  workforce out;
  out.strikes = std::make_shared<strike_file>(at.home.string());
  out.watch = std::make_shared<host::supervisor>(out.strikes, wall_clock_ms, std::move(told));
  host::pool_options options;
  options.worker = at.worker.string();
  options.watch = out.watch;
  out.pool = std::make_shared<host::worker_pool>(std::move(options));
  return out;
}

std::shared_ptr<const kb::searcher> make_searcher(const places& at,
                                                  std::shared_ptr<const kb::snapshot> knowledge) {
  return std::make_shared<const kb::searcher>(std::move(knowledge),
                                              at.home.empty() ? "" : (at.home / "kb.sqlite").string());
}

opened_world open_world(const places& at, const local_options& options, const workforce& workers,
                        assess::silence_observer silent) {
  code_rulings code(at);
  const build_checks checks{[&](const kb::snapshot& knowledge, const kb::bundle& b) {
                              return fails_its_cases(knowledge, b, code, *workers.pool);
                            },
                            [&](const kb::bundle& b) { return keep_build(at.home.string(), b); },
                            [&](const auto& digests) { forget_builds(at.home.string(), digests); }};
  opened_knowledge found = open_knowledge(at, options.plugin_path, options.with_drafts, checks);
  opened_world out{{}, std::move(found.problems), std::move(found.notes)};
  if (!found.snapshot)
    return out;
  workers.strikes->read();
  if (std::string why = workers.strikes->problem(); !why.empty())
    out.notes.push_back(why + "; what detectors did before is forgotten");
  world fresh;
  fresh.specs = assess::detector_specs(*found.snapshot, code.policy());
  fresh.code = code.take_standings();
  fresh.leases = code.take_leases();
  for (std::string& note : code.take_notes())
    out.notes.push_back(std::move(note));
  fresh.detectors = assess::ask_detectors(workers.pool, fresh.specs, std::move(silent));
  fresh.knowledge = std::move(found.snapshot);
  fresh.golden = [knowledge = fresh.knowledge] { return travelling_cases(*knowledge); };
  fresh.overlay = std::move(found.overlay);
  fresh.valid_until_day = found.valid_until_day;
  fresh.with_drafts = options.with_drafts;
  fresh.watch = workers.watch;
  fresh.refused = std::move(found.refused);
  fresh.plans = std::make_shared<inference::plan_cache>();
  fresh.texts = make_searcher(at, fresh.knowledge);
  out.now = std::make_shared<const world>(std::move(fresh));
  return out;
}

host::detection probe_detectors(const world& now, host::worker_pool& workers) {
  return workers.probe(now.specs);
}

namespace {

// The new workers are there before anybody is answered by them; those of builds that are gone finish what
// they are asked and end.
void warm(const world& now, host::worker_pool& pool, const assess::silence_observer& silent) {
  for (const host::detector_answer& a : pool.probe(now.specs).answers)
    if (a.status != host::answer_status::answered)
      silent(a);
  pool.keep_only(now.specs);
}

} // namespace

daemon_parts make_daemon_parts(const places& at, log_sink log) {
  const auto quarantined = [log](const host::offender& o) {
    log(log_category::host, log_level::error,
        log_entry("a detector failed too often and is in quarantine").bundle("plugin", o.plugin));
  };
  const workforce workers = make_workers(at, quarantined);
  const assess::silence_observer silent = [log](const host::detector_answer& a) {
    log(log_category::host, log_level::warning,
        log_entry("a detector gave no answer")
            .bundle("plugin", a.plugin)
            .with("because", a.why, host::detail_of));
  };
  return {[at, silent, workers] {
            opened_world out = open_world(at, {false}, workers, silent);
            if (out.now)
              warm(*out.now, *workers.pool, silent);
            return out;
          },
          [at, silent, workers] {
            return open_world(at, {false, true}, workers, silent);
          },
          [workers] { workers.pool->end_idle(std::chrono::steady_clock::now()); },
          make_history(at, [workers] { return workers; })};
}

plugin_desk daemon_desk(const places& at) {
  return [at](const change_request& asked) {
    const workforce workers = make_workers(at);
    return change_plugins({at, workers.pool, workers.watch, false}, asked);
  };
}

clinic_desk daemon_clinic_desk(const places& at) {
  return [at](const clinic_request& asked) { return change_overlay({at, false}, asked); };
}

std::shared_ptr<const world> without_suspensions(const world& now, std::int64_t day) {
  kb::snapshot rest = *now.knowledge;
  const std::string today = format_date(day);
  std::erase_if(rest.all.suspensions, [&](const kb::suspension& s) { return s.until < today; });
  rest.digest = kb::digest(rest.all, rest.words);
  rest.revision = 0;
  world out = now;
  out.knowledge = kb::index(std::move(rest));
  out.valid_until_day = day; // opening is tried again the day after
  out.plans = std::make_shared<inference::plan_cache>();
  return std::make_shared<const world>(std::move(out));
}

namespace {

import_outcome take(const places& at, std::string_view bytes, const std::string& name) {
  trust::real_disk disk;
  const workforce workers = make_workers(at);
  import_outcome done = import_knowledge(disk, {at, workers.pool, workers.watch, false}, bytes, name);
  if (!done.problems.empty())
    return done;
  const opened_world opened = open_world(at, {false}, workers, {});
  done.notes.insert(done.notes.end(), opened.notes.begin(), opened.notes.end());
  if (opened.now)
    done.now = opened.now->knowledge->digest;
  return done;
}

} // namespace

exchange_desk make_exchange_desk(const places& at) {
  return {[at](const kb::snapshot& knowledge) {
            trust::real_disk disk;
            return export_knowledge(disk, knowledge, at.home.string());
          },
          [at](std::string_view bytes, const std::string& name) { return take(at, bytes, name); },
          [at] {
            trust::real_disk disk;
            return make_backup(disk, at);
          }};
}

local_service::local_service(places at, local_options options)
    : at_(std::move(at))
    , options_(options)
    , answers_(
          [this] {
            open();
            return opened_.now;
          },
          steady_stopwatch(),
          [this](const change_request& asked) {
            const workforce now = make_workers(at_);
            return change_plugins({at_, now.pool, now.watch, options_.plugin_path}, asked);
          },
          make_history(at_, [this] { return workers(); }), make_exchange_desk(at_),
          [this](const clinic_request& asked) {
            return change_overlay({at_, options_.plugin_path}, asked);
          },
          [this] { return drafts(); }) {}

const workforce& local_service::workers() {
  if (!workers_.pool)
    workers_ = make_workers(at_);
  return workers_;
}

void local_service::open() {
  if (tried_)
    return;
  tried_ = true;
  opened_ = open_world(at_, options_, workers(), {});
  notes_.insert(notes_.end(), opened_.notes.begin(), opened_.notes.end());
}

std::shared_ptr<const world> local_service::drafts() {
  local_options options = options_;
  options.with_drafts = true;
  opened_ = open_world(at_, options, workers(), {});
  return opened_.now;
}

response local_service::handle(const request& asked) {
  response given = answers_.handle(asked);
  if (given.exit_code == exit_code::no_knowledge && !opened_.problems.empty())
    given = problems_response(503, exit_code::no_knowledge, opened_.problems);
  if (given.status == 200 && changes_something(asked.target))
    open_again();
  return given;
}

// What was changed is imported at once, so that what it comes to is said now and not by the next command.
void local_service::open_again() {
  tried_ = false;
  open();
}

std::vector<std::string> local_service::take_notes() {
  return std::exchange(notes_, {});
}

} // namespace posterior::service
