// One worker and how far the talk with it has come: starting, loading, creating, idle, evaluating, or ended.
// Driven by whoever polls its socket; never waits itself. Owned and used by one thread at a time.
#pragma once

#include <chrono>
#include <deque>
#include <optional>

#include "engine/host/answer_check.hpp"
#include "engine/host/detector.hpp"
#include "engine/host/worker_process.hpp"

namespace posterior::host {

struct deadlines {
  int load_ms = 2000;         // from start until init() has returned
  int create_ms = 1000;       // until the detector is made
  int evaluate_grace_ms = 50; // beyond the manifest's limit, for a detector that heeds cancelled()
};

class session {
public:
  using clock = std::chrono::steady_clock;

  // Takes a worker that was just started and orders it to load `library`, a descriptor of what was judged.
  // Decides what of its confinement must hold: everything, or for the engine's own plugins all but what keeps
  // them from files.
  session(worker_process process, const detector_spec& spec, int library, const deadlines& allowed,
          clock::time_point now);

  // Asks for the findings of these observations, as soon as the detector is there. `spec` is borrowed until
  // finished(). An empty optional asks only that the detector be loaded.
  void begin(const detector_spec& spec, const std::optional<std::vector<wire::observation>>& observations,
             clock::time_point now);

  // True if it waits for a request, is alive and has said nothing unasked.
  bool is_ready_for_more() const;
  // True if it waits for a request, as far as it was heard.
  bool is_idle() const noexcept { return at_ == stage::idle && finished_; }

  bool finished() const noexcept { return finished_; }
  int socket() const noexcept { return process_.socket(); }
  short events() const noexcept;
  clock::time_point deadline() const noexcept { return deadline_; }

  // To be called when the socket is ready; `buffer` has room for a frame.
  void on_ready(std::span<std::byte> buffer, clock::time_point now);
  // To be called when the deadline has passed.
  void on_deadline();

  // What the worker could enforce on itself before it loaded anything; nothing if it loaded nothing.
  std::optional<std::uint32_t> confinement() const noexcept { return confinement_; }

  // The answer to the request, once. Only when finished.
  detector_answer take_answer();
  // Asks the kernel to end the worker, without waiting for it.
  void kill() noexcept { process_.kill(); }

private:
  enum class stage : std::uint8_t { starting, loading, creating, idle, evaluating, ended };

  void on_frame(wire::byte_view frame, clock::time_point now);
  void on_loaded(clock::time_point now);
  void on_hello(wire::byte_view frame);
  void on_ready_detector(clock::time_point now);
  void on_refused(wire::byte_view frame);
  void on_findings(wire::byte_view frame);
  void on_last_part(const wire::findings_part& part);
  void on_closed();
  void ask(clock::time_point now);
  void send_pending();
  void succeed();
  // Gives up the request and the worker with it.
  void fail(failure why, std::string reason);
  // Gives up the request only: the worker kept to the contract and may be asked again.
  void fail_and_keep(failure why, std::string reason);
  void settle(failure why, std::string reason, stage next);

  worker_process process_;
  deadlines allowed_;
  stage at_ = stage::starting;
  clock::time_point deadline_;
  std::deque<wire::bytes> pending_; // frames that wait for room in the socket
  std::uint32_t request_ = 0;
  std::uint32_t required_;
  std::optional<std::uint32_t> confinement_;

  // The request in hand.
  const detector_spec* spec_ = nullptr;
  std::vector<wire::bytes> question_;
  std::optional<answer_check> check_;
  bool only_load_ = false;
  bool finished_ = true;
  detector_answer answer_;
};

} // namespace posterior::host
