#include "engine/service/local/backup.hpp"

#include <algorithm>
#include <cerrno>

#include "engine/service/local/parcel.hpp"
#include "engine/service/version.hpp"
#include "kb/store.hpp"

namespace posterior::service {
namespace {

constexpr std::uint64_t file_limit = std::uint64_t{1} << 30;
constexpr int wait_ms = 10000;
constexpr const char* database = "kb.sqlite";

diagnostic problem(const std::string& place, std::string text, std::string hint = {}) {
  return {severity::error, "backup", {place, 0, 0, ""}, std::move(text), std::move(hint)};
}

diagnostic disk_problem(const std::string& path, int error) {
  return problem(path, fault("the file or folder", kb::error_text(error), "readable and writable"));
}

trust::lock lock_plugins(trust::disk& d, const std::string& home, diagnostics& problems) {
  if (const int error = d.make_folder(home, 0700)) {
    problems.push_back(disk_problem(home, error));
    return {};
  }
  trust::lock_result mine = d.wait_for_lock(home + "/plugins.lock", wait_ms);
  if (!mine.held)
    problems.push_back(mine.error == EWOULDBLOCK
                           ? problem(home, fault("the lock of the plugins", "held by another change", "free"),
                                     "try again when it has ended")
                           : disk_problem(home + "/plugins.lock", mine.error));
  return std::move(mine.held);
}

// --- backing up -------------------------------------------------------------------

class packer {
public:
  packer(trust::disk& d, const places& at, backup_outcome& out)
      : disk_(d)
      , home_(at.home.string())
      , out_(out) {}

  void run() {
    if (!disk_.status(home_))
      return out_.problems.push_back(disk_problem(home_, ENOENT));
    const trust::lock held = lock_plugins(disk_, home_, out_.problems);
    if (!held)
      return;
    what_.schema = backup_schema;
    what_.program = engine_version();
    add_database();
    for (const std::string_view name : home_names)
      if (name != database)
        add(std::string(name));
    if (!out_.problems.empty())
      return;
    out_.files = what_.files.size();
    what_.knowledge = out_.digest;
    out_.bytes = write_parcel(std::move(what_));
  }

private:
  void add_database() {
    const std::string path = home_ + "/" + database;
    kb::store_result result;
    auto kept = kb::store::open(path, kb::store::access::read, wait_ms, result);
    if (result.trouble == kb::store_trouble::missing)
      return;
    const auto last = kept ? kept->latest(result) : std::nullopt;
    auto bytes = kept ? kept->copy(result) : std::nullopt;
    if (!bytes || !result)
      return out_.problems.push_back(problem("", result.text, "`posterior kb verify` says more"));
    out_.digest = last ? last->digest : "";
    what_.files.push_back({database, std::move(*bytes), 0600});
  }

  // Links and hidden names (what somebody is at) are left out.
  void add(const std::string& name) {
    const auto info = disk_.status(home_ + "/" + name);
    if (!info && info.error != ENOENT)
      return out_.problems.push_back(disk_problem(home_ + "/" + name, info.error));
    if (!info)
      return;
    if (info->kind == kb::file_kind::folder)
      return add_folder(name);
    if (info->kind != kb::file_kind::regular)
      return;
    auto bytes = disk_.read(home_ + "/" + name, file_limit);
    if (!bytes)
      return out_.problems.push_back(disk_problem(home_ + "/" + name, bytes.error));
    what_.files.push_back({name, std::move(*bytes), info->mode & 0777u});
  }

  void add_folder(const std::string& name) {
    const auto names = disk_.list(home_ + "/" + name);
    if (!names)
      return out_.problems.push_back(disk_problem(home_ + "/" + name, names.error));
    for (const std::string& inner : *names)
      if (!inner.starts_with('.'))
        add(name + "/" + inner);
  }

  trust::disk& disk_;
  std::string home_;
  backup_outcome& out_;
  parcel what_;
};

// --- restoring --------------------------------------------------------------------

std::string stage_of(const std::string& home) {
  return home + "/.restore";
}

// Names behind which others stand that belong to them.
std::vector<std::string> with_followers(const std::string& name) {
  return name == database ? std::vector<std::string>{name, name + "-wal", name + "-shm"}
                          : std::vector<std::string>{name};
}

class restorer {
public:
  restorer(trust::disk& d, const places& at, restore_outcome& out)
      : disk_(d)
      , home_(at.home.string())
      , out_(out) {}

  void run(std::string_view bytes, const std::string& name) {
    std::string why;
    const auto what = read_parcel(bytes, name, backup_schema, why);
    if (!what)
      return out_.problems.push_back(problem("", why, "`posterior backup FILE` writes one"));
    if (!only_known_names(*what, name))
      return;
    const trust::lock held = lock_plugins(disk_, home_, out_.problems);
    if (!held || failed(stage_of(home_), finish_restore(disk_, home_)) || !stage(*what) ||
        !database_is_whole())
      return drop_stage();
    if (failed(stage_of(home_), decide()))
      return drop_stage();
    failed(home_, finish_restore(disk_, home_));
    out_.files = what->files.size();
    out_.digest = what->knowledge;
  }

private:
  bool failed(const std::string& path, int error) {
    if (error != 0)
      out_.problems.push_back(disk_problem(path, error));
    return error != 0;
  }

  bool only_known_names(const parcel& what, const std::string& file) {
    for (const parcel_file& f : what.files)
      if (std::find(std::begin(home_names), std::end(home_names), f.path.substr(0, f.path.find('/'))) ==
          std::end(home_names)) {
        out_.problems.push_back(problem(
            "", fault("the name \"" + f.path + "\" in " + file, "unknown", "one that a backup holds")));
        return false;
      }
    return true;
  }

  bool stage(const parcel& what) {
    const std::string made = stage_of(home_);
    trust::remove_tree(disk_, made);
    if (failed(made, disk_.create_folder(made, 0700)) ||
        failed(made, disk_.create_folder(made + "/new", 0700)) ||
        failed(made, disk_.create_folder(made + "/old", 0700)))
      return false;
    std::vector<trust::named_bytes> files;
    for (const parcel_file& f : what.files)
      files.push_back({f.path, f.bytes});
    if (failed(made, trust::create_tree(disk_, made + "/new", files, 0600, 0700)))
      return false;
    for (const parcel_file& f : what.files)
      if (failed(made + "/new/" + f.path, disk_.set_mode(made + "/new/" + f.path, f.mode)))
        return false;
    return true;
  }

  bool database_is_whole() {
    const std::string path = stage_of(home_) + "/new/" + database;
    if (!disk_.status(path))
      return true;
    kb::store_result result;
    {
      auto kept = kb::store::open(path, kb::store::access::read, 0, result);
      const kb::store_verdict found = kept ? kept->verify(result) : kb::store_verdict{};
      if (result.trouble != kb::store_trouble::older && !result)
        out_.problems.push_back(problem("the backup", result.text));
      else if (!found.faults.empty())
        out_.problems.push_back(problem("the backup", found.faults.front().text));
    }
    out_.newer = result.trouble == kb::store_trouble::newer;
    for (const char* follower : {"-wal", "-shm"})
      disk_.remove(path + follower);
    return out_.problems.empty();
  }

  // From here on forwards: the file lies there whole or not at all.
  int decide() {
    if (const int error = disk_.synchronise(stage_of(home_) + "/new"))
      return error;
    if (const int error = disk_.synchronise(home_))
      return error;
    std::string names;
    for (const std::string_view name : home_names)
      if (disk_.status(stage_of(home_) + "/new/" + std::string(name)))
        names += std::string(name) + "\n";
    return disk_.write(stage_of(home_) + "/decided", names, 0600);
  }

  void drop_stage() {
    if (!disk_.status(stage_of(home_) + "/decided"))
      trust::remove_tree(disk_, stage_of(home_));
  }

  trust::disk& disk_;
  std::string home_;
  restore_outcome& out_;
};

int move_aside(trust::disk& d, const std::string& home, const std::string& name) {
  const std::string aside = stage_of(home) + "/old/" + name;
  if (!d.status(home + "/" + name))
    return 0;
  if (d.status(aside)) // of an attempt that was cut off
    trust::remove_tree(d, aside);
  return d.rename(home + "/" + name, aside);
}

// What lies in the way goes aside first; done again after a crash it finds what is left to do.
int put_in_place(trust::disk& d, const std::string& home, const std::string& name) {
  for (const std::string& one : with_followers(name))
    if (const int error = move_aside(d, home, one))
      return error;
  return d.rename(stage_of(home) + "/new/" + name, home + "/" + name);
}

// What the backup did not hold was not there when it was made.
int take_away(trust::disk& d, const std::string& home, const std::string& name) {
  for (const std::string& one : with_followers(name))
    if (const int error = move_aside(d, home, one))
      return error;
  return 0;
}

} // namespace

backup_outcome make_backup(trust::disk& d, const places& at) {
  backup_outcome out;
  packer(d, at, out).run();
  return out;
}

restore_outcome restore_backup(trust::disk& d, const places& at, std::string_view bytes,
                               const std::string& name) {
  restore_outcome out;
  restorer(d, at, out).run(bytes, name);
  return out;
}

// A name that was to come and waits no more has come already.
int finish_restore(trust::disk& d, const std::string& home) {
  const std::string stage = stage_of(home);
  if (!d.status(stage + "/decided"))
    return 0;
  const auto decided = d.read(stage + "/decided", 4096);
  if (!decided)
    return decided.error;
  for (const std::string_view each : home_names) {
    const std::string name(each);
    int error = 0;
    if (("\n" + *decided).find("\n" + name + "\n") == std::string::npos)
      error = take_away(d, home, name);
    else if (d.status(stage + "/new/" + name))
      error = put_in_place(d, home, name);
    if (error != 0)
      return error;
  }
  if (const int error = d.synchronise(home))
    return error;
  if (const int error = d.remove(stage + "/decided"))
    return error;
  trust::remove_tree(d, stage);
  return 0;
}

} // namespace posterior::service
