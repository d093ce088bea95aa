// Everything that Posterior can be asked, as one function from request to response (API.md). It knows no
// socket, no file and no clock, so the command line can do nothing that another local client could not.
//
// Threads: handle() may be called by any number of threads at once. Owner: the daemon, or one command.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/assess/assess.hpp"
#include "engine/check/kb_test.hpp"
#include "engine/host/supervisor.hpp"
#include "engine/report/plugins.hpp"
#include "engine/service/clinic_desk.hpp"
#include "engine/service/clock.hpp"
#include "engine/service/exchange_desk.hpp"
#include "engine/service/history.hpp"
#include "engine/service/message.hpp"
#include "engine/service/plugin_desk.hpp"
#include "kb/bundle.hpp"
#include "kb/overlay.hpp"
#include "kb/search.hpp"
#include "kb/snapshot.hpp"

namespace posterior::service {

// The knowledge in force, the detectors that belong to it, and the bundles that were found but contribute
// nothing. Immutable once shared; a reload replaces it as a whole.
struct world {
  std::shared_ptr<const kb::snapshot> knowledge;
  std::vector<host::detector_spec> specs;       // of its plugins with code
  assess::detector_port detectors;              // asks these
  std::shared_ptr<host::supervisor> watch;      // what builds did wrong; null where no code is ever run
  std::shared_ptr<inference::plan_cache> plans; // of this knowledge; may be null
  std::function<std::vector<check::case_set>()> golden; // cases that travel with its bundles; may be empty
  std::shared_ptr<const kb::searcher> texts;            // of this knowledge; may be null
  std::vector<kb::bundle> refused;
  std::vector<report::code_standing> code; // how its plugins with code stand, by id
  std::shared_ptr<const void> leases;      // keeps what `specs` name where it is
  kb::overlay_document overlay;            // the clinic's files, and what became of each entry
  bool with_drafts = false;                // drafts that nobody rejected are taken as active
  // The last day (since 1970) on which this is what the overlay says; nothing: on any.
  std::optional<std::int64_t> valid_until_day;
};

// The world of this moment; null while there is no knowledge base. Called once per request, from any thread.
using world_source = std::function<std::shared_ptr<const world>()>;

// Counters for /v1/metrics. Numbers only: nothing of a case can be kept in them.
struct counters {
  std::atomic<std::uint64_t> requests{0}, assessments{0}, refused_cases{0}, in_part{0}, errors{0};
};

struct route;
struct target;

// Whether a target is one of those that only administrators may ask, since it changes something.
bool changes_something(std::string_view target);
// Whether a target that changes nothing is for administrators all the same: it gives what others may not see.
bool only_for_owner(std::string_view target);
// The longest body that a target takes.
std::size_t body_limit_of(std::string_view target);

class service {
public:
  // `time` is only read by routes that say how long something took.
  // `plugins` makes the changes of plugins; empty: there is nothing to change here. Without `past` there
  // are no earlier revisions. `exchange` gives and takes whole files; empty: there is no home. `clinic`
  // writes what the clinic says; empty: it can say nothing here. `with_drafts` gives the world in which
  // drafts reason; empty: there is none.
  explicit service(world_source current, stopwatch time = {}, plugin_desk plugins = {},
                   std::shared_ptr<history> past = {}, exchange_desk exchange = {}, clinic_desk clinic = {},
                   world_source with_drafts = {});

  // Answers every request: what is not known or not allowed is a problem document with its exit code.
  // Exceptions do not leave it.
  response handle(const request& asked) const;

private:
  response dispatch(const request& asked) const;
  response answer(const request& asked, const route& r, const target& where) const;
  void count(const response& given) const;

  world_source current_;
  stopwatch time_;
  plugin_desk plugins_;
  std::shared_ptr<history> past_;
  exchange_desk exchange_;
  clinic_desk clinic_;
  world_source with_drafts_;
  mutable counters counted_;
};

} // namespace posterior::service
