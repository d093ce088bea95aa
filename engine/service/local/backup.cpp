#include "engine/service/local/backup.hpp"

#include <algorithm>
#include <cerrno>

#include "engine/service/local/parcel.hpp"
#include "engine/service/local/swap.hpp"
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
    if (const int error = complete_swap(disk_, home_))
      return out_.problems.push_back(disk_problem(home_, error));
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
    if (!held)
      return;
    if (failed(home_, complete_swap(disk_, home_)) || !stage(*what) || !database_is_whole() ||
        failed(home_, decide_swap(disk_, home_, plan())))
      return drop_swap(disk_, home_);
    failed(home_, complete_swap(disk_, home_));
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
    const std::string made = swap_folder(home_);
    if (failed(made, begin_swap(disk_, home_)))
      return false;
    std::vector<trust::named_bytes> files;
    for (const parcel_file& f : what.files)
      files.push_back({f.path, f.bytes});
    if (failed(made, trust::create_tree(disk_, made, files, 0600, 0700)))
      return false;
    for (const parcel_file& f : what.files)
      if (failed(made + "/" + f.path, disk_.set_mode(made + "/" + f.path, f.mode)))
        return false;
    return true;
  }

  bool database_is_whole() {
    const std::string path = swap_folder(home_) + "/" + database;
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

  // What the backup did not hold was not there when it was made.
  swap_plan plan() {
    swap_plan out;
    for (const std::string_view each : home_names) {
      const std::string name(each);
      (disk_.status(swap_folder(home_) + "/" + name) ? out.come : out.go).push_back(name);
    }
    return out;
  }

  trust::disk& disk_;
  std::string home_;
  restore_outcome& out_;
};

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

} // namespace posterior::service
