#include "engine/host/spawner.hpp"

#include <signal.h>

namespace posterior::host {

spawner::spawner(std::string program)
    : program_{std::move(program)} {}

spawner::~spawner() = default;

std::future<started_worker> spawner::start() {
  const std::lock_guard hold{guard_};
  if (!thread_.joinable())
    begin_thread();
  auto promised = wanted_.emplace_back().get_future();
  arrived_.notify_one();
  return promised;
}

// A thread begins with its maker's signal mask: signals stay with the threads that wait for them.
void spawner::begin_thread() {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::jthread{[this](const std::stop_token& stop) { work(stop); }};
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void spawner::work(const std::stop_token& stop) {
  std::unique_lock hold{guard_};
  while (arrived_.wait(hold, stop, [this] { return !wanted_.empty(); })) {
    std::promise<started_worker> one = std::move(wanted_.front());
    wanted_.pop_front();
    hold.unlock();
    started_worker result;
    result.process = worker_process::start(program_, result.reason);
    one.set_value(std::move(result));
    hold.lock();
  }
}

} // namespace posterior::host
