// The detector of tests/check/sound, with one misbehaviour for each value of FAULT. What is wrong shows only
// where a check has to look for it; everything else is as it should be.
#include <posterior/abi.h>

#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace {

enum class fault {
  none,
  starts_slowly,
  leaves_thread,
  sets_variable_at_create,
  wrong_major,
  other_id,
  null_class,
  null_evaluate,
  init_fails,
  ends_badly,
  knows_this_host_only,
  dislikes_empty_cases,
  reads_every_record_alike,
  counts_its_calls,
  says_undeclared,
  divides_by_zero,
  sees_left_only,
  chokes_on_settings,
  ignores_full_sink,
  says_too_much,
  goes_on_when_told_to_stop,
  slow_with_many,
  leaks,
  trusts_malloc,
  sets_variable,
  handles_signals,
  hates_three_hundred,
  runs_out_of_lives,
  fails_without_reason,
  fails_to_be_made_without_reason
};

constexpr fault is = fault::FAULT;

const posterior_host* host_seen;
volatile int* volatile nowhere;
volatile int lives, calls;
void* volatile kept;

void rest(long ms) {
  const timespec time{ms / 1000, ms % 1000 * 1'000'000};
  nanosleep(&time, nullptr);
}

struct at_load {
  at_load() {
    if (is == fault::starts_slowly)
      rest(520);
  }
} ran_at_load;

posterior_str str(const char* text) {
  return {text, std::strlen(text)};
}

posterior_status fail_with(const char* key) {
  if (key != nullptr)
    host_seen->set_error(host_seen, POSTERIOR_E_FAILED, str(key));
  return POSTERIOR_E_FAILED;
}

struct holds {
  double newest[3] = {-1, -1, -1}; // by side; below 0: not measured
  std::uint32_t count = 0;
};

bool is_hold(const posterior_record* record) {
  if (is == fault::reads_every_record_alike)
    return true;
  return record->kind == POSTERIOR_RECORD_OBSERVATION && record->size >= sizeof(posterior_observation);
}

holds read(const posterior_case* input) {
  holds out;
  out.count = input->count;
  for (std::uint32_t i = 0; i < input->count; ++i) {
    const posterior_record* record = input->at(input, i);
    if (!is_hold(record))
      continue;
    const auto& one = *reinterpret_cast<const posterior_observation*>(record);
    if (is == fault::reads_every_record_alike && record->size != sizeof one)
      out.newest[1] = 1;
    else if (one.state == POSTERIOR_MEASURED && one.side < 3)
      out.newest[one.side] = one.value;
  }
  return out;
}

posterior_status push(const posterior_sink* output, const char* finding, const char* rule,
                      std::uint32_t state, std::uint32_t side, double value) {
  const posterior_finding one{{sizeof one, POSTERIOR_RECORD_FINDING, 0},
                              str(finding),
                              str(rule),
                              state,
                              side,
                              value,
                              1,
                              POSTERIOR_NO_LEVEL,
                              0};
  return output->push(output, &one.record);
}

posterior_status compare(const posterior_sink* output, const holds& all, std::uint32_t side) {
  const double here = all.newest[side], there = all.newest[3 - side];
  const bool shorter = here < 0.75 * there;
  const char* rule = shorter ? "sound-shorter" : "sound-even";
  posterior_status status = push(output, is == fault::says_undeclared ? "slump" : "sound:shorter", rule,
                                 shorter ? POSTERIOR_PRESENT : POSTERIOR_ABSENT, side, 0);
  if (status < 0 && is != fault::ignores_full_sink)
    return status;
  double share = there > 0 ? 100 * here / there : 100;
  share = share < 100 ? share : 100;
  if (is == fault::divides_by_zero)
    share = 100 * here / (there - there);
  if (is == fault::counts_its_calls) {
    calls = calls + 1;
    share = calls % 100;
  }
  status = push(output, "sound:share", rule, POSTERIOR_MEASURED, side, share);
  return is == fault::ignores_full_sink ? POSTERIOR_OK : status;
}

// What goes wrong whatever is in the case.
void spoil_surroundings() {
  if (is == fault::sets_variable)
    setenv("SOUND", "was here", 1);
  if (is == fault::handles_signals)
    signal(SIGUSR1, SIG_IGN);
  if (is == fault::leaks)
    kept = std::memset(std::malloc(48), 1, 48);
  if (is == fault::trusts_malloc) {
    void* block = std::malloc(100);
    *static_cast<volatile char*>(block) = 1;
    kept = block;
    std::free(block);
  }
}

posterior_status object_to(const holds& all) {
  if (is == fault::dislikes_empty_cases && all.count == 0)
    return fail_with("sound-cannot");
  if (is == fault::fails_without_reason && all.newest[1] == 0)
    return fail_with(nullptr);
  if (is == fault::hates_three_hundred && all.newest[1] == 300)
    *nowhere = 1;
  if (is == fault::slow_with_many && all.count > 500)
    rest(450);
  if (is == fault::goes_on_when_told_to_stop && all.count > 500)
    rest(400);
  return POSTERIOR_OK;
}

posterior_status evaluate(posterior_detector*, const posterior_case* input,
                          const posterior_sink* output) noexcept {
  spoil_surroundings();
  const holds all = read(input);
  if (const posterior_status no = object_to(all); no < 0)
    return no;
  if (is == fault::says_too_much)
    for (int i = 0; i < 9; ++i)
      push(output, "sound:shorter", "sound-even", POSTERIOR_ABSENT, 1, 0);
  if (all.newest[1] < 0 || all.newest[2] < 0)
    return POSTERIOR_OK;
  posterior_status status = compare(output, all, 1);
  if (status >= 0 && is != fault::sees_left_only)
    status = compare(output, all, 2);
  return status;
}

int made;

void* sleep_for_ever(void*) {
  for (;;)
    rest(1000);
}

posterior_status create(const posterior_detector_class*, const posterior_host*, posterior_str config,
                        posterior_detector** out) noexcept {
  lives = lives + 1;
  if (is == fault::runs_out_of_lives && lives == 100)
    *nowhere = 1;
  if (is == fault::chokes_on_settings && config.size > 2)
    *nowhere = 1;
  if (is == fault::fails_to_be_made_without_reason && config.size > 2)
    return fail_with(nullptr);
  if (is == fault::sets_variable_at_create)
    setenv("SOUND", "was here", 1);
  *out = reinterpret_cast<posterior_detector*>(&made);
  return POSTERIOR_OK;
}

void destroy(posterior_detector*) noexcept {}

posterior_status init(const posterior_host* host) noexcept {
  host_seen = host;
  if (is == fault::init_fails)
    return fail_with("no licence");
  if (is == fault::knows_this_host_only && (host->size != sizeof *host || host->abi_minor != 0))
    return fail_with("not the host that was expected");
  pthread_t thread;
  if (is == fault::leaves_thread)
    pthread_create(&thread, nullptr, sleep_for_ever, nullptr);
  return POSTERIOR_OK;
}

void deinit() noexcept {
  if (is == fault::ends_badly)
    std::abort();
}

constexpr posterior_detector_class only_class = {sizeof(posterior_detector_class),
                                                 0,
                                                 "org.example.sound",
                                                 create,
                                                 destroy,
                                                 is == fault::null_evaluate ? nullptr : evaluate,
                                                 nullptr};
constexpr const posterior_detector_class* classes[] = {is == fault::null_class ? nullptr : &only_class};

} // namespace

#if defined(ENTRY)
#define posterior_plugin_v1 ENTRY
extern "C" POSTERIOR_EXPORT const posterior_plugin posterior_plugin_v1;
#endif

extern "C" {
constexpr posterior_plugin posterior_plugin_v1 = {sizeof(posterior_plugin),
                                                  is == fault::wrong_major ? 2 : POSTERIOR_ABI_MAJOR,
                                                  POSTERIOR_ABI_MINOR,
                                                  0,
                                                  is == fault::other_id ? "org.example.other"
                                                                        : "org.example.sound",
                                                  "1.2.0",
                                                  1,
                                                  0,
                                                  classes,
                                                  init,
                                                  deinit};
#if defined(MORE)
POSTERIOR_EXPORT int sound_helper() {
  return 1;
}
#endif
#if defined(STARTS_PROGRAMS)
POSTERIOR_EXPORT int sound_starts() {
  return system("true");
}
#endif
}

#if defined(NOTE)
__asm__(".pushsection .note.posterior,\"a\",%note\n"
        ".balign 4\n"
        ".long 10, 2f - 1f, 1\n"
        ".ascii \"Posterior\\0\"\n"
        ".balign 4\n"
        "1: .ascii \"" NOTE "\"\n"
        "2: .balign 4\n"
        ".popsection\n");
#endif
