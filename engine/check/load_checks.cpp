// L: what happens when the library is loaded, in confined workers.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "engine/check/check.hpp"
#include "engine/check/code_parts.hpp"
#include "engine/check/subject.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::check {
namespace {

using host::failure;

constexpr double load_warn_ms = 100, load_fail_ms = 500;

place library_of(const subject& s) {
  return {s.library, 0, 0, ""};
}

bool says(const host::detector_answer& a, std::string_view part) {
  return a.reason.find(part) != std::string::npos;
}

// Which check a failed load belongs to.
std::string_view owner_of(const host::detector_answer& a) {
  switch (a.why) {
  case failure::abi_major:
  case failure::abi_minor:
    return "L05";
  case failure::bad_descriptor:
    return says(a, "size") ? "L05" : "L08";
  case failure::other_id:
  case failure::other_version:
    return "L06";
  case failure::bad_class:
    return says(a, "flags") || says(a, "evaluate") ? "L08" : "L07";
  default:
    return "L01";
  }
}

void tell_load(const subject& s, verdict& out, std::string_view id) {
  const host::detector_answer& a = s.code.first_load();
  if (a.why == failure::none || owner_of(a) != id)
    return;
  if (died(a))
    return out.crash(library_of(s), fault("loading", in_words(a), "without fault"),
                     "look at static constructors and at init(); a debugger on the unit test shows where");
  out.fault(library_of(s), fault("loading", in_words(a), "without fault"), cure_of(a));
}

template <char const* Id>
void by_load(const subject& s, verdict& out) {
  tell_load(s, out, Id);
}
constexpr char l01[] = "L01", l05[] = "L05", l06[] = "L06", l07[] = "L07", l08[] = "L08";

bool loads(const subject& s, verdict& out) {
  if (s.code.first_load().why == failure::none)
    return true;
  out.skip("the detector does not load; mend the checks L01 to L08 first");
  return false;
}

void check_load_time(const subject& s, verdict& out) {
  if (!loads(s, out))
    return;
  double best = 1e9;
  for (int i = 0; i < 3; ++i) {
    const auto began = std::chrono::steady_clock::now();
    s.code.load();
    best = std::min(best, milliseconds_since(began));
  }
  std::string text =
      fault("loading", format_number(std::round(best)) + " ms (the best of three)", "under 100 ms");
  const std::string hint =
      "move work out of static constructors, init() and create(); tables can be constant data";
  if (best >= load_fail_ms)
    out.fault(library_of(s), std::move(text), hint);
  else if (best >= load_warn_ms)
    out.warn(library_of(s), std::move(text), hint);
  out.remark(format_number(std::round(best * 10) / 10) + " ms, worker and confinement included");
}

// --- what is left behind -----------------------------------------------------------------------------

std::vector<int> children() {
  std::vector<int> out;
  std::error_code failed;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task", failed)) {
    std::ifstream in(task.path() / "children");
    for (int pid = 0; in >> pid;)
      out.push_back(pid);
  }
  return out;
}

int threads_of(int pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; in >> word;)
    if (word == "Threads:" && in >> word)
      return std::atoi(word.c_str());
  return 0;
}

void check_quiet_loading(const subject& s, verdict& out) {
  if (!loads(s, out))
    return;
  const std::vector<int> before = children();
  const kept_worker kept = s.code.load_and_keep();
  int most = 0;
  for (const int pid : children())
    if (std::find(before.begin(), before.end(), pid) == before.end())
      most = std::max(most, threads_of(pid));
  if (most > 1)
    out.fault(library_of(s), fault("the worker after loading", std::to_string(most) + " threads", "1"),
              "start threads in evaluate() and join them there, or do without");
  host::trial watched;
  watched.watched = true;
  tell_trial(s, out, s.code.rehearse(watched, nullptr), "loading and create()");
}

// --- whole lives -------------------------------------------------------------------------------------

void check_two_lives(const subject& s, verdict& out) {
  if (!loads(s, out))
    return;
  host::trial whole;
  whole.ends = true;
  for (int i = 0; i < 2; ++i) {
    const host::detector_answer a = s.code.rehearse(whole, nullptr);
    if (host::finding_of(a).what != host::trial_breach::ended_well)
      return died(a)
                 ? out.crash(library_of(s), fault("destroy() and deinit()", in_words(a), "without fault"))
                 : out.fault(library_of(s), fault("destroy() and deinit()", in_words(a), "without fault"));
  }
}

void check_newer_host(const subject& s, verdict& out) {
  if (!loads(s, out))
    return;
  host::trial newer;
  newer.newer_host = true;
  const host::detector_answer a = s.code.rehearse(newer, nullptr);
  if (a.why != failure::none)
    out.fault(library_of(s),
              fault("the plugin under a newer engine (ABI 1.99, a longer host table)", in_words(a),
                    "as under this one"),
              "compare abi_minor with `at least`, and sizes with POSTERIOR_HAS(), never with `equal`");
}

} // namespace

std::vector<spec> load_checks() {
  return {
      {"L01", "loads", "It loads with every symbol bound, starts, and makes a detector.", needs::detector,
       by_load<l01>},
      {"L02", "loads-fast", "It is ready within 100 ms.", needs::detector, check_load_time},
      {"L03", "loads-quietly", "Loading leaves no thread, descriptor, handler or variable behind.",
       needs::detector, check_quiet_loading},
      {"L05", "descriptor-fits", "Size and versions of the descriptor fit this engine.", needs::detector,
       by_load<l05>},
      {"L06", "identity-agrees", "Id and version in the code are those of the manifest.", needs::detector,
       by_load<l06>},
      {"L07", "classes-sound", "Its classes are there, and one has the plugin's id.", needs::detector,
       by_load<l07>},
      {"L08", "callbacks-given", "Every required callback is given, and every reserved field is 0.",
       needs::detector, by_load<l08>},
      {"L09", "ends-well", "It can be ended in order, and loaded again in another process.", needs::detector,
       check_two_lives},
      {"L10", "newer-engine-fits", "It runs under a later engine with a longer host table.", needs::detector,
       check_newer_host},
  };
}

} // namespace posterior::check
