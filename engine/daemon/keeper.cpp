#include "engine/daemon/keeper.hpp"

namespace posterior::daemon {

using service::log_category;
using service::log_entry;
using service::log_level;

keeper::keeper(opener open, service::log_sink log)
    : open_(std::move(open))
    , log_(std::move(log)) {}

std::shared_ptr<const service::world> keeper::current() const {
  const std::lock_guard lock(guard_);
  return now_;
}

keeper::result keeper::load() {
  const std::lock_guard one_at_a_time(loading_);
  service::opened_world fresh = open_();
  for (const kb::bundle& b : fresh.now ? fresh.now->refused : std::vector<kb::bundle>{})
    log_(log_category::kb, log_level::warning,
         log_entry("a plugin contributes nothing").bundle("plugin", b.about.id));
  if (!fresh.now) {
    log_(log_category::kb, log_level::error,
         log_entry("the knowledge could not be loaded; what was in force stays")
             .with("problems", static_cast<std::int64_t>(fresh.problems.size())));
    return {false, std::move(fresh.problems), {}, {}};
  }
  log_(log_category::kb, log_level::info,
       log_entry("knowledge loaded")
           .with("revision", fresh.now->knowledge->revision)
           .digest("digest", fresh.now->knowledge->digest));
  result out{true, std::move(fresh.problems), service::reloaded(current().get(), *fresh.now), fresh.now};
  const std::lock_guard lock(guard_);
  now_ = std::move(fresh.now);
  return out;
}

} // namespace posterior::daemon
