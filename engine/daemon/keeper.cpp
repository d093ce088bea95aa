#include "engine/daemon/keeper.hpp"

namespace posterior::daemon {

using service::log_category;
using service::log_entry;
using service::log_level;

keeper::keeper(opener open, service::log_sink log, service::calendar today, opener drafts)
    : open_(std::move(open))
    , log_(std::move(log))
    , today_(std::move(today))
    , open_drafts_(std::move(drafts)) {}

std::shared_ptr<const service::world> keeper::held() const {
  const std::lock_guard lock(guard_);
  return now_;
}

bool keeper::is_over(const service::world* w) const {
  return w != nullptr && today_ && w->valid_until_day && today_() > *w->valid_until_day;
}

std::shared_ptr<const service::world> keeper::current() {
  if (is_over(held().get()))
    renew();
  return held();
}

void keeper::renew() {
  const std::lock_guard one_at_a_time(loading_);
  if (!is_over(held().get())) // somebody else was first
    return;
  log_(log_category::kb, log_level::info,
       log_entry("a day has passed on which the clinic's overlay depends"));
  load_alone();
  const auto still = held();
  if (!is_over(still.get()))
    return;
  auto without = service::without_suspensions(*still, today_());
  const std::lock_guard lock(guard_);
  now_ = std::move(without);
}

std::shared_ptr<const service::world> keeper::with_drafts() {
  const auto beside = current();
  const std::lock_guard one_at_a_time(drafting_);
  if (open_drafts_ && (!drafts_ || drafts_beside_ != beside)) {
    drafts_ = open_drafts_().now;
    drafts_beside_ = beside;
  }
  return drafts_;
}

keeper::result keeper::load() {
  const std::lock_guard one_at_a_time(loading_);
  return load_alone();
}

keeper::result keeper::load_alone() {
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
  result out{true, std::move(fresh.problems), service::reloaded(held().get(), *fresh.now), fresh.now};
  const std::lock_guard lock(guard_);
  now_ = std::move(fresh.now);
  return out;
}

} // namespace posterior::daemon
