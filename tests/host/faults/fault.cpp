// One misbehaviour for each value of FAULT, chosen when it is compiled. Everything else in it is as it should
// be, so that a test sees that one fault and no other.
//
// An attempt at something that a detector may not have (attempts.hpp) is made while it answers, or by a
// static constructor with FAULT_IN_CONSTRUCTOR; if it succeeds, the answer is 666 in place of 1.
#include <fcntl.h>
#include <posterior/abi.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cfenv>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>

#include "tests/host/faults/attempts.hpp"

#if !defined(FAULT_ID)
#define FAULT_ID "org.example.fault"
#endif
#if !defined(FAULT_PREFIX)
#define FAULT_PREFIX "fault"
#endif

namespace {

// True if what was tried worked.
bool attempt() {
#if defined(FAULT_ATTEMPT)
  return attempts::FAULT_ATTEMPT();
#else
  return false;
#endif
}

#if defined(FAULT_IN_CONSTRUCTOR)
constexpr bool in_constructor = true;
#else
constexpr bool in_constructor = false;
#endif

enum class fault {
  none,
  // while it answers
  segfault,
  abort_call,
  stack_overflow,
  double_free,
  heap_overflow,
  endless_loop,
  wait_for_ever,
  eats_memory,
  exit_0,
  quick_exit_0,
  closes_all,
  throws_across,
  leaves_thread,
  changes_locale,
  changes_rounding,
  changes_environment,
  prints,
  stops_itself,
  ignores_signals,
  sends_garbage,
  sends_other_answer,
  // what it answers
  nan_value,
  infinite_value,
  huge_value,
  endless_push,
  short_record,
  vast_record,
  wild_pointer,
  vast_string,
  no_record,
  reserved_set,
  undeclared,
  undeclared_rule,
  no_side,
  both_sides,
  side_of_midline,
  value_without_unit,
  unknown_state,
  level_too_high,
  wrong_certainty,
  nan_certainty,
  twice,
  reports_key,
  reports_text,
  heeds_deadline,
  // before it answers
  constructor_segfault,
  constructor_loop,
  constructor_exit,
  constructor_throw,
  init_fails,
  init_loop,
  create_fails,
  create_loop,
  create_nothing,
  // what it says of itself
  size_0,
  wrong_major,
  newer_minor,
  null_id,
  other_id,
  other_version,
  no_classes,
  null_classes,
  null_class,
  other_class,
  null_evaluate,
  null_init,
  reserved_field
};

constexpr fault is = fault::FAULT;

volatile bool for_ever = true;
volatile int* volatile nowhere = nullptr;

void loop() {
  while (for_ever) {
  }
}

struct at_load {
  at_load() {
    if (is == fault::constructor_segfault)
      *nowhere = 1;
    if (is == fault::constructor_loop)
      loop();
    if (is == fault::constructor_exit)
      std::exit(0);
    if (is == fault::constructor_throw)
      throw std::runtime_error{"thrown by a constructor"};
    if (in_constructor)
      succeeded = attempt();
  }
  bool succeeded = false;
} ran_at_load;

posterior_str str(const char* text) {
  return {text, std::strlen(text)};
}

const posterior_host* host_of_plugin = nullptr;

posterior_finding usual() {
  return {{sizeof(posterior_finding), POSTERIOR_RECORD_FINDING, 0},
          str(FAULT_PREFIX ":value"),
          str("fault-rule"),
          POSTERIOR_MEASURED,
          POSTERIOR_SIDE_LEFT,
          1,
          1,
          POSTERIOR_NO_LEVEL,
          0};
}

int overflow_stack(int depth) {
  volatile char here[4096];
  here[depth % 4096] = 1;
  return depth < 0 ? 0 : overflow_stack(depth + 1) + here[0];
}

[[noreturn]] void throw_something() {
  throw std::runtime_error{"thrown across the border"};
}

void misbehave() {
  switch (is) {
  case fault::segfault:
    *nowhere = 1;
    break;
  case fault::abort_call:
    std::abort();
  case fault::stack_overflow:
    overflow_stack(0);
    break;
  case fault::double_free: {
    auto* volatile block = static_cast<char*>(std::malloc(100'000));
    std::free(block);
    std::free(block);
    break;
  }
  case fault::heap_overflow: { // of one block into the heads of the next ones
    char* volatile blocks[8];
    for (auto& one : blocks)
      one = static_cast<char*>(std::malloc(1500));
    volatile char* const first = blocks[0];
    for (int i = 0; i < 1500 + 4096; ++i)
      first[i] = 0x5A;
    for (auto& one : blocks)
      std::free(one);
    break;
  }
  case fault::endless_loop:
    loop();
    break;
  case fault::wait_for_ever:
    pause();
    break;
  case fault::eats_memory:
    while (for_ever)
      std::memset(::operator new(1 << 24), 1, 1 << 24);
    break;
  case fault::exit_0:
    std::exit(0);
  case fault::quick_exit_0:
    _exit(0);
  case fault::closes_all:
    for (int i = 0; i < 64; ++i)
      close(i);
    loop();
    break;
  case fault::throws_across:
    throw_something();
  case fault::leaves_thread:
    std::thread{loop}.detach();
    break;
  case fault::changes_locale:
    std::setlocale(LC_ALL, "C.UTF-8");
    break;
  case fault::changes_rounding:
    std::fesetround(FE_UPWARD);
    break;
  case fault::prints:
    std::puts("a detector's text on the standard output");
    std::fflush(stdout);
    break;
  case fault::changes_environment:
    setenv("POSTERIOR_HOME", "/tmp/posterior-elsewhere", 1);
    break;
  case fault::stops_itself:
    std::raise(SIGSTOP);
    break;
  case fault::ignores_signals:
    for (int i = 1; i < 32; ++i)
      std::signal(i, SIG_IGN);
    loop();
    break;
  case fault::sends_garbage:
    send(3, "garbage", 7, 0);
    break;
  default:
    break;
  }
}

// A frame of the type `findings` that answers a request nobody made.
void send_other_answer() {
  unsigned char frame[40] = {0x50, 0x53, 0x57, 0x31, 7, 0, 1, 0, 40, 0, 0, 0,
                             99,   0,    0,    0,    0, 0, 0, 0, 40, 0, 0, 0};
  frame[32] = 40;
  send(3, frame, sizeof frame, 0);
}

posterior_finding spoilt() {
  posterior_finding one = usual();
  switch (is) {
  case fault::nan_value:
    one.value = std::numeric_limits<double>::quiet_NaN();
    break;
  case fault::infinite_value:
    one.value = std::numeric_limits<double>::infinity();
    break;
  case fault::huge_value:
    one.value = 1e308;
    break;
  case fault::short_record:
    one.record.size = 4;
    break;
  case fault::vast_record:
    one.record.size = 0xFFFFFFFFu;
    one.record.kind = POSTERIOR_RECORD_OBSERVATION;
    break;
  case fault::wild_pointer:
    one.finding = {reinterpret_cast<const char*>(std::uintptr_t{64}), 10};
    break;
  case fault::vast_string:
    one.finding.size = std::size_t{1} << 40;
    break;
  case fault::reserved_set:
    one.reserved = 1;
    break;
  case fault::undeclared:
    one.finding = str("slump");
    break;
  case fault::undeclared_rule:
    one.rule = str("no-such-rule");
    break;
  case fault::no_side:
    one.side = POSTERIOR_SIDE_NONE;
    break;
  case fault::both_sides:
    one.side = 3;
    break;
  case fault::side_of_midline:
    one.finding = str(FAULT_PREFIX ":midline");
    one.state = POSTERIOR_PRESENT;
    break;
  case fault::value_without_unit:
    one.finding = str(FAULT_PREFIX ":midline");
    one.side = POSTERIOR_SIDE_NONE;
    break;
  case fault::unknown_state:
    one.state = 77;
    break;
  case fault::level_too_high:
    one.state = POSTERIOR_GRADED;
    one.level = 3;
    break;
  case fault::wrong_certainty:
    one.certainty = 1.5;
    break;
  case fault::nan_certainty:
    one.certainty = std::numeric_limits<double>::quiet_NaN();
    break;
  default:
    break;
  }
  return one;
}

posterior_status answer(const posterior_sink* output) {
  posterior_finding one = spoilt();
  if (in_constructor ? ran_at_load.succeeded : attempt())
    one.value = 666;
  posterior_status status = output->push(output, is == fault::no_record ? nullptr : &one.record);
  if (is == fault::twice)
    status = output->push(output, &one.record);
  while (is == fault::endless_push && for_ever)
    output->push(output, &one.record);
  // A refusal of the sink is passed over on purpose: the host must not depend on the detector to pass it on.
  return status < 0 ? POSTERIOR_OK : status;
}

posterior_status fail_with(const char* text) {
  host_of_plugin->set_error(host_of_plugin, POSTERIOR_E_FAILED, str(text));
  return POSTERIOR_E_FAILED;
}

posterior_status evaluate(posterior_detector*, const posterior_case*, const posterior_sink* output) noexcept {
  misbehave();
  if (is == fault::sends_other_answer)
    send_other_answer();
  if (is == fault::reports_key)
    return fail_with("fault-rule");
  if (is == fault::reports_text)
    return fail_with("The patient is 34 years old");
  if (is == fault::heeds_deadline) {
    while (host_of_plugin->cancelled(host_of_plugin) == 0) {
    }
    return POSTERIOR_E_CANCELLED;
  }
  return answer(output);
}

int made;

posterior_status create(const posterior_detector_class*, const posterior_host*, posterior_str,
                        posterior_detector** out) noexcept {
  if (is == fault::create_fails)
    return fail_with("cannot be made today");
  if (is == fault::create_loop)
    loop();
  if (is != fault::create_nothing)
    *out = reinterpret_cast<posterior_detector*>(&made);
  return POSTERIOR_OK;
}

void destroy(posterior_detector*) noexcept {}

posterior_status init(const posterior_host* host) noexcept {
  host_of_plugin = host;
  if (is == fault::init_fails)
    return fail_with("no licence\x1b[31m");
  if (is == fault::init_loop)
    loop();
  return POSTERIOR_OK;
}

void deinit() noexcept {}

constexpr posterior_detector_class only_class = {sizeof(posterior_detector_class),
                                                 0,
                                                 is == fault::other_class ? "org.example.another" : FAULT_ID,
                                                 create,
                                                 destroy,
                                                 is == fault::null_evaluate ? nullptr : evaluate,
                                                 nullptr};
constexpr const posterior_detector_class* classes[] = {is == fault::null_class ? nullptr : &only_class};

} // namespace

#if defined(FAULT_NO_SYMBOL)
#define posterior_plugin_v1 posterior_plugin_by_another_name
extern "C" const posterior_plugin posterior_plugin_v1;
#endif

extern "C" {
constexpr posterior_plugin posterior_plugin_v1 = {is == fault::size_0 ? 0 : sizeof(posterior_plugin),
                                                  is == fault::wrong_major ? 2 : POSTERIOR_ABI_MAJOR,
                                                  is == fault::newer_minor ? 99 : POSTERIOR_ABI_MINOR,
                                                  is == fault::newer_minor ? 99 : 0u,
                                                  is == fault::null_id    ? nullptr
                                                  : is == fault::other_id ? "org.example.somebody"
                                                                          : FAULT_ID,
                                                  is == fault::other_version ? "9.9.9" : "0.1.0",
                                                  is == fault::no_classes ? 0 : 1,
                                                  is == fault::reserved_field ? 1 : 0,
                                                  is == fault::null_classes ? nullptr : classes,
                                                  is == fault::null_init ? nullptr : init,
                                                  deinit};
}

#if defined(FAULT_MISSING_SYMBOL)
extern "C" int posterior_nobody_defines_this();
extern "C" int posterior_calls_it() {
  return posterior_nobody_defines_this();
}
#endif
