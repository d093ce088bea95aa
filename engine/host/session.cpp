#include "engine/host/session.hpp"

#include <poll.h>
#include <posterior/abi.h>

#include <cerrno>

#include "engine/host/elf_reader.hpp"
#include "engine/host/load_steps.hpp"

namespace posterior::host {
namespace {

using std::chrono::milliseconds;

failure failure_of(wire::refusal_step step) {
  switch (step) {
  case wire::refusal_step::confine:
    return failure::not_confined;
  case wire::refusal_step::confine_files:
    return failure::weakly_confined;
  case wire::refusal_step::open:
    return failure::not_loadable;
  case wire::refusal_step::symbol:
    return failure::no_symbol;
  case wire::refusal_step::symbol_owner:
    return failure::foreign_symbol;
  case wire::refusal_step::descriptor:
    return failure::bad_descriptor;
  case wire::refusal_step::abi_major:
    return failure::abi_major;
  case wire::refusal_step::abi_minor:
    return failure::abi_minor;
  case wire::refusal_step::plugin_id:
    return failure::other_id;
  case wire::refusal_step::plugin_version:
    return failure::other_version;
  case wire::refusal_step::detector_class:
    return failure::bad_class;
  case wire::refusal_step::init:
    return failure::init_failed;
  case wire::refusal_step::create:
    return failure::create_failed;
  }
  return failure::bad_frame;
}

failure failure_of(const wire::findings_part& part) {
  switch (part.result) {
  case wire::outcome::done:
    return failure::none;
  case wire::outcome::detector_failed:
    return part.status == POSTERIOR_E_CANCELLED ? failure::cancelled : failure::reported;
  case wire::outcome::too_many:
    return failure::too_many;
  case wire::outcome::unreadable:
    return failure::unreadable_record;
  case wire::outcome::left_environment:
    return failure::left_environment;
  }
  return failure::bad_frame;
}

} // namespace

session::session(worker_process process, const detector_spec& spec, int library, const deadlines& allowed,
                 clock::time_point now)
    : process_{std::move(process)}
    , allowed_{allowed}
    , deadline_{now + milliseconds{allowed.load_ms}}
    , required_{spec.bundled ? wire::confinement_least : wire::confinement_full} {
  const auto order = wire::encode(wire::load_order{
      spec.library, spec.plugin, spec.version, spec.class_id.empty() ? spec.plugin : spec.class_id,
      spec.config, static_cast<std::uint32_t>(spec.limits.memory_mib),
      static_cast<std::uint32_t>(spec.limits.records), required_});
  if (!order || !process_.send(*order, library))
    process_.kill(); // it then counts as never started
}

void session::begin(const detector_spec& spec,
                    const std::optional<std::vector<wire::observation>>& observations,
                    clock::time_point now) {
  spec_ = &spec;
  check_.emplace(spec);
  answer_ = {spec.plugin, spec.version, answer_status::failed, failure::none, {}, {}, {}, {}};
  finished_ = false;
  only_load_ = !observations;
  ++request_;
  if (observations) {
    auto frames =
        wire::encode_evaluate(request_, static_cast<std::uint32_t>(spec.limits.evaluate_ms), *observations);
    if (!frames)
      return fail(failure::case_too_large, std::to_string(observations->size()) + " observations");
    question_ = std::move(*frames);
  }
  if (at_ == stage::idle)
    ask(now);
  send_pending();
}

bool session::is_ready_for_more() const {
  if (!is_idle())
    return false;
  pollfd quiet{process_.socket(), POLLIN, 0};
  return poll(&quiet, 1, 0) == 0;
}

short session::events() const noexcept {
  return static_cast<short>(pending_.empty() ? POLLIN : POLLIN | POLLOUT);
}

void session::send_pending() {
  while (!pending_.empty()) {
    if (!process_.send(pending_.front())) {
      if (errno != EAGAIN && errno != EWOULDBLOCK)
        pending_.clear(); // it is gone; reading will tell how
      return;
    }
    pending_.pop_front();
  }
}

void session::on_ready(std::span<std::byte> buffer, clock::time_point now) {
  send_pending();
  while (!finished_) {
    wire::byte_view frame;
    switch (process_.receive(buffer, frame)) {
    case receipt::nothing_yet:
      return;
    case receipt::closed:
      return on_closed();
    case receipt::frame:
      on_frame(frame, now);
    }
  }
}

void session::on_frame(wire::byte_view frame, clock::time_point now) {
  const auto type = wire::type_of(frame);
  if (!type)
    return fail(failure::bad_frame, type.fault);
  if (*type.value == wire::frame_type::hello && at_ == stage::starting)
    return on_hello(frame);
  if (*type.value == wire::frame_type::loaded && at_ == stage::loading)
    return on_loaded(now);
  if (*type.value == wire::frame_type::ready && at_ == stage::creating)
    return on_ready_detector(now);
  if (*type.value == wire::frame_type::refused && at_ < stage::idle)
    return on_refused(frame);
  if (*type.value == wire::frame_type::findings && at_ == stage::evaluating)
    return on_findings(frame);
  fail(failure::bad_frame, "a frame came out of turn");
}

void session::on_loaded(clock::time_point now) {
  at_ = stage::creating;
  deadline_ = now + milliseconds{allowed_.create_ms};
}

// The last frame that no foreign code can have written.
void session::on_hello(wire::byte_view frame) {
  const auto hello = wire::decode_hello(frame);
  if (!hello)
    return fail(failure::bad_frame, hello.fault);
  if ((required_ & ~hello.value->confinement) != 0)
    return fail(failure::not_confined, "the worker would load code without what was required");
  confinement_ = hello.value->confinement;
  at_ = stage::loading;
}

void session::on_ready_detector(clock::time_point now) {
  at_ = stage::idle;
  if (only_load_)
    return succeed();
  ask(now);
  send_pending();
}

void session::ask(clock::time_point now) {
  if (only_load_)
    return succeed();
  at_ = stage::evaluating;
  deadline_ = now + milliseconds{spec_->limits.evaluate_ms + allowed_.evaluate_grace_ms};
  for (wire::bytes& frame : question_)
    pending_.push_back(std::move(frame));
  question_.clear();
}

void session::on_refused(wire::byte_view frame) {
  const auto no = wire::decode_refused(frame);
  if (!no)
    return fail(failure::bad_frame, no.fault);
  fail(failure_of(no.value->step), plain_text(no.value->reason));
}

void session::on_findings(wire::byte_view frame) {
  const auto part = wire::decode_findings(frame);
  if (!part)
    return fail(failure::bad_frame, part.fault);
  if (part.value->request != request_)
    return fail(failure::bad_frame, "the answer is to another request");
  for (const wire::finding& one : part.value->findings)
    if (const failure why = check_->take(one); why != failure::none)
      return fail(why, plain_text(one.finding.substr(0, 64)));
  if (part.value->last)
    on_last_part(*part.value);
}

void session::on_last_part(const wire::findings_part& part) {
  const failure why = failure_of(part);
  if (why == failure::reported || why == failure::cancelled) {
    answer_.error_key = check_->known_key(part.error_key);
    return fail_and_keep(why, "status " + std::to_string(part.status));
  }
  if (why != failure::none)
    return fail(why, {});
  if (const failure repeated = std::move(*check_).finish(answer_.findings); repeated != failure::none)
    return fail(repeated, {});
  succeed();
}

void session::on_closed() {
  const failure where = at_ == stage::starting     ? failure::not_started
                        : at_ == stage::evaluating ? failure::died_evaluating
                                                   : failure::died_loading;
  const ending how = process_.end();
  fail(how.forbidden_call ? failure::forbidden_call : where,
       how.text.empty() ? "closed its socket, or was killed" : how.text);
}

void session::on_deadline() {
  switch (at_) {
  case stage::starting:
    return fail(failure::not_started, "more than " + std::to_string(allowed_.load_ms) + " ms");
  case stage::loading:
    return fail(failure::load_late, "more than " + std::to_string(allowed_.load_ms) + " ms");
  case stage::creating:
    return fail(failure::create_late, "more than " + std::to_string(allowed_.create_ms) + " ms");
  case stage::evaluating:
    return fail(failure::evaluate_late, "more than " + std::to_string(spec_->limits.evaluate_ms) + " ms");
  case stage::idle:
  case stage::ended:
    return;
  }
}

void session::succeed() {
  settle(failure::none, {}, stage::idle);
}

void session::fail_and_keep(failure why, std::string reason) {
  settle(why, std::move(reason), stage::idle);
}

void session::fail(failure why, std::string reason) {
  settle(why, std::move(reason), stage::ended);
  process_.kill();
}

void session::settle(failure why, std::string reason, stage next) {
  at_ = next;
  answer_.why = why;
  answer_.status = status_of(why);
  answer_.detail = detail_of(why);
  answer_.reason = with_cure(why, std::move(reason));
  finished_ = true;
}

detector_answer session::take_answer() {
  check_.reset();
  spec_ = nullptr;
  return std::move(answer_);
}

} // namespace posterior::host
