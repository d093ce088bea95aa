#include "engine/trust/store.hpp"

#include <algorithm>
#include <cerrno>

#include "engine/trust/layout.hpp"
#include "kb/catalogue.hpp"

namespace posterior::trust {
namespace {

constexpr std::int64_t left_behind_ns = 3'600'000'000'000; // an hour
constexpr int tries = 5;

stored no(store_trouble why, std::string reason) {
  return {{}, {}, why, std::move(reason)};
}

// What keeps somebody from writing, in words for FOUND.
std::string write_error(int error) {
  if (error == EACCES || error == EPERM)
    return "not writable for this user";
  return error == ENOTDIR || error == EEXIST ? "below something that is no folder" : kb::error_text(error);
}

bool is_digest(const std::string& name) {
  return name.size() == 64 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// plugin.sig is no part of what the digest names.
std::string digest_without_signature(std::vector<archive_file> files) {
  std::erase_if(files, [](const archive_file& f) { return f.name == "plugin.sig"; });
  return digest_of(files);
}

} // namespace

std::vector<archive_file> read_bundle(disk& d, const std::string& location, std::string& reason) {
  diagnostics problems;
  std::vector<archive_file> out;
  const auto found = kb::scan(d, {{location, kb::bundle_origin::home}}, problems);
  if (found.size() != 1 || has_errors(found[0].problems)) {
    reason = location + ": " +
             fault("the bundle", "not one", "a pack, or a folder of plain files with plugin.toml");
    return out;
  }
  for (const kb::bundle_file& f : found[0].files) {
    const std::string path = found[0].pack ? found[0].location : found[0].location + "/" + f.name;
    auto bytes = d.read(path, kb::size_limit(f.name));
    if (!bytes) {
      reason = path + ": " + fault("the file", kb::error_text(bytes.error), "readable");
      return {};
    }
    out.push_back({f.name, std::move(*bytes)});
  }
  return out;
}

bundle_store::bundle_store(disk& d, std::string folder)
    : disk_(d)
    , folder_(std::move(folder)) {}

bool bundle_store::ours(const kb::file_info& info) {
  return (info.owner == 0 || info.owner == disk_.user()) && (info.mode & 0022u) == 0;
}

stored bundle_store::ready() {
  auto info = disk_.status(folder_);
  if (!info && info.error == ENOENT) {
    if (const int error = disk_.make_folder(folder_, 0700))
      return no(store_trouble::unwritable,
                folder_ + ": " + fault("the store", write_error(error), "writable"));
    info = disk_.status(folder_);
  }
  if (!info)
    return no(store_trouble::unwritable,
              folder_ + ": " + fault("the store", write_error(info.error), "writable"));
  if (info->kind != kb::file_kind::folder || !ours(*info))
    return no(store_trouble::unsafe,
              folder_ + ": " +
                  fault("the store", "something that others can change",
                        "a folder of this user or of root, writable by its owner only"));
  return {};
}

// By looks: what was touched after it was made has another time, size or mode.
bool bundle_store::is_sound(const std::string& digest, const kb::file_entry& must_hold) {
  const auto entry = disk_.status(folder_ + "/" + digest);
  if (!entry || entry->kind != kb::file_kind::folder || !ours(*entry) || entry->mode != 0555)
    return false;
  const auto file = disk_.status(folder_ + "/" + digest + "/" + must_hold.path);
  return file && file->kind == kb::file_kind::regular && ours(*file) && file->mode == 0444 &&
         file->modified_ns == 0 && (must_hold.size == 0 || file->size == must_hold.size);
}

template <class Source>
stored bundle_store::get(const std::string& digest, const kb::file_entry& must_hold, Source source) {
  const stored state = ready();
  if (state.trouble != store_trouble::none)
    return state;
  for (int i = 0; i < tries; ++i) {
    if (is_sound(digest, must_hold)) {
      lock_result lease = disk_.try_lock(folder_ + "/" + digest, lock_kind::shared);
      if (lease.held && is_sound(digest, must_hold))
        return {folder_ + "/" + digest, std::move(lease.held), store_trouble::none, {}};
      continue; // it is being removed: look again, and make it again
    }
    if (const stored made = source(); made.trouble != store_trouble::none)
      return made;
  }
  return no(store_trouble::busy, folder_ + "/" + digest + ": " +
                                     fault("the entry", "removed as often as it was made", "left alone"));
}

stored bundle_store::fetch(const std::string& digest, const std::string& location,
                           const kb::file_entry& must_hold) {
  return get(digest, must_hold, [&] {
    std::string reason;
    const auto files = read_bundle(disk_, location, reason);
    return files.empty() ? no(store_trouble::unreadable, std::move(reason)) : put(digest, files, must_hold);
  });
}

stored bundle_store::fetch(const std::string& digest, const std::vector<archive_file>& files,
                           const kb::file_entry& must_hold) {
  return get(digest, must_hold, [&] { return put(digest, files, must_hold); });
}

stored bundle_store::put(const std::string& digest, const std::vector<archive_file>& files,
                         const kb::file_entry& must_hold) {
  if (!is_digest(digest) || digest_without_signature(files) != digest)
    return no(store_trouble::changed,
              fault("the bundle", "changed since it was read", "the one with the digest " + digest));
  const std::string made = folder_ + "/.new-" + disk_.fresh_word();
  std::vector<named_bytes> list;
  for (const archive_file& f : files)
    list.push_back({f.name, f.bytes});
  int error = disk_.create_folder(made, 0700);
  if (error == 0)
    error = create_tree(disk_, made, list, 0444, 0555);
  const bool same = error == 0 && read_back(made) == digest;
  if (same)
    error = publish(made, digest, must_hold);
  if (error != 0 || !same)
    remove_tree(disk_, made);
  if (error != 0)
    return no(store_trouble::unwritable, folder_ + ": " + fault("the store", write_error(error), "writable"));
  if (!same)
    return no(store_trouble::unwritable,
              folder_ + ": " + fault("what was written", "not what the disk gives back", "the same"));
  return {};
}

std::string bundle_store::read_back(const std::string& folder) {
  std::string reason;
  const auto files = read_bundle(disk_, folder, reason);
  return files.empty() ? std::string() : digest_without_signature(files);
}

// Gives the finished folder its name. Somebody else may have been faster; then that entry stays if it is
// sound.
int bundle_store::publish(const std::string& made, const std::string& digest,
                          const kb::file_entry& must_hold) {
  const std::string entry = folder_ + "/" + digest;
  int error = disk_.rename(made, entry);
  if (error == EEXIST || error == ENOTEMPTY) {
    if (is_sound(digest, must_hold)) {
      remove_tree(disk_, made);
      return 0;
    }
    const std::string aside = folder_ + "/.old-" + disk_.fresh_word();
    error = disk_.rename(entry, aside);
    if (error == 0 || error == ENOENT)
      error = disk_.rename(made, entry);
    remove_tree(disk_, aside);
  }
  return error != 0 ? error : disk_.synchronise(folder_);
}

bool bundle_store::is_whole(const std::string& digest) {
  return read_back(folder_ + "/" + digest) == digest;
}

std::vector<std::string> bundle_store::remove_unused(const std::set<std::string>& wanted) {
  std::vector<std::string> out;
  const auto names = disk_.list(folder_);
  for (const std::string& name : names ? *names : std::vector<std::string>{}) {
    if (name.starts_with(".new-") || name.starts_with(".old-"))
      sweep(name);
    if (!is_digest(name) || wanted.contains(name))
      continue;
    const lock_result alone = disk_.try_lock(folder_ + "/" + name, lock_kind::exclusive);
    const std::string aside = folder_ + "/.old-" + disk_.fresh_word();
    if (!alone.held || disk_.rename(folder_ + "/" + name, aside) != 0)
      continue;
    remove_tree(disk_, aside); // what this leaves is swept later; nobody finds it by its name
    out.push_back(name);
  }
  return out;
}

void bundle_store::sweep(const std::string& name) {
  const auto info = disk_.status(folder_ + "/" + name);
  if (info && info->changed_ns + left_behind_ns < disk_.now_ns())
    remove_tree(disk_, folder_ + "/" + name);
}

} // namespace posterior::trust
