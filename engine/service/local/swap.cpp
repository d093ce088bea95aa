#include "engine/service/local/swap.hpp"

#include <algorithm>
#include <cerrno>

namespace posterior::service {
namespace {

constexpr int wait_ms = 10000;
constexpr std::uint64_t plan_limit = 4u << 20;

std::string stage_of(const std::string& home) {
  return home + "/.restore";
}

std::string decision_of(const std::string& home) {
  return stage_of(home) + "/decided";
}

// Names behind which others stand that belong to them.
std::vector<std::string> with_followers(const std::string& name) {
  return name == "kb.sqlite" ? std::vector<std::string>{name, name + "-wal", name + "-shm"}
                             : std::vector<std::string>{name};
}

int move_aside(trust::disk& d, const std::string& home, const std::string& name) {
  std::string flat = name;
  std::replace(flat.begin(), flat.end(), '/', '%');
  const std::string aside = stage_of(home) + "/old/" + flat;
  if (!d.status(home + "/" + name))
    return 0;
  if (d.status(aside)) // of an attempt that was cut off
    trust::remove_tree(d, aside);
  return d.rename(home + "/" + name, aside);
}

int take_away(trust::disk& d, const std::string& home, const std::string& name) {
  for (const std::string& one : with_followers(name))
    if (const int error = move_aside(d, home, one))
      return error;
  return 0;
}

// What lies in the way goes aside first; done again after a crash it finds what is left to do. A name that
// was to come and waits no more has come already.
int put_in_place(trust::disk& d, const std::string& home, const std::string& name) {
  const std::string made = swap_folder(home) + "/" + name;
  if (!d.status(made))
    return 0;
  if (const int error = take_away(d, home, name))
    return error;
  const std::size_t folder = name.find('/');
  if (folder != std::string::npos)
    if (const int error = d.make_folder(home + "/" + name.substr(0, folder), 0700))
      return error;
  return d.rename(made, home + "/" + name);
}

// Lines "+NAME" and "-NAME".
std::string lines_of(const swap_plan& plan) {
  std::string out;
  for (const std::string& name : plan.come)
    out += "+" + name + "\n";
  for (const std::string& name : plan.go)
    out += "-" + name + "\n";
  return out;
}

int carry_out(trust::disk& d, const std::string& home, std::string_view lines) {
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    const std::string name(line.substr(1));
    if (const int error = line.front() == '+' ? put_in_place(d, home, name) : take_away(d, home, name))
      return error;
  }
  return 0;
}

} // namespace

trust::lock lock_plugins(trust::disk& d, const std::string& home, diagnostics& problems) {
  const auto refused = [&](const std::string& place, std::string text, std::string hint = {}) {
    problems.push_back({severity::error, "home.lock", {place, 0, 0, ""}, std::move(text), std::move(hint)});
  };
  if (const int error = d.make_folder(home, 0700)) {
    refused(home, fault("the file or folder", kb::error_text(error), "readable and writable"));
    return {};
  }
  trust::lock_result mine = d.wait_for_lock(home + "/plugins.lock", wait_ms);
  if (!mine.held && mine.error == EWOULDBLOCK)
    refused(home, fault("the lock of the plugins", "held by another change", "free"),
            "try again when it has ended");
  else if (!mine.held)
    refused(home + "/plugins.lock",
            fault("the file or folder", kb::error_text(mine.error), "readable and writable"));
  return std::move(mine.held);
}

std::string swap_folder(const std::string& home) {
  return stage_of(home) + "/new";
}

int begin_swap(trust::disk& d, const std::string& home) {
  trust::remove_tree(d, stage_of(home));
  for (const std::string& folder : {stage_of(home), swap_folder(home), stage_of(home) + "/old"})
    if (const int error = d.create_folder(folder, 0700))
      return error;
  return 0;
}

// The file that decides lies there whole or not at all.
int decide_swap(trust::disk& d, const std::string& home, const swap_plan& plan) {
  if (const int error = d.synchronise(swap_folder(home)))
    return error;
  if (const int error = d.synchronise(home))
    return error;
  return d.write(decision_of(home), lines_of(plan), 0600);
}

int complete_swap(trust::disk& d, const std::string& home) {
  if (!swap_decided(d, home))
    return 0;
  const auto lines = d.read(decision_of(home), plan_limit);
  if (!lines)
    return lines.error;
  if (const int error = carry_out(d, home, *lines))
    return error;
  if (d.status(home + "/plugins"))
    if (const int error = d.synchronise(home + "/plugins"))
      return error;
  if (const int error = d.synchronise(home))
    return error;
  if (const int error = d.remove(decision_of(home)))
    return error;
  trust::remove_tree(d, stage_of(home));
  return 0;
}

bool swap_decided(trust::disk& d, const std::string& home) {
  return static_cast<bool>(d.status(decision_of(home)));
}

void drop_swap(trust::disk& d, const std::string& home) {
  if (!swap_decided(d, home))
    trust::remove_tree(d, stage_of(home));
}

int finish_swap(trust::disk& d, const std::string& home) {
  if (!swap_decided(d, home))
    return 0;
  diagnostics told_by_opening;
  const trust::lock held = lock_plugins(d, home, told_by_opening);
  return held ? complete_swap(d, home) : EWOULDBLOCK;
}

} // namespace posterior::service
