#include "engine/service/local/plugin_check.hpp"

#include <cstdlib>
#include <filesystem>

#include "engine/service/local/code_rulings.hpp"
#include "engine/trust/archive.hpp"
#include "engine/trust/disk.hpp"
#include "kb/places.hpp"

namespace posterior::service {
namespace {

namespace fs = std::filesystem;

// An archive's files in a folder of their own, gone with this object.
class unpacked {
public:
  unpacked() {
    std::string name = (fs::temp_directory_path() / "posterior-check-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr)
      root_ = name;
  }
  unpacked(const unpacked&) = delete;
  unpacked& operator=(const unpacked&) = delete;
  ~unpacked() {
    std::error_code failed;
    if (!root_.empty())
      fs::remove_all(root_, failed);
  }

  // The bundle's folder, or what is wrong.
  std::variant<std::string, diagnostic> take(const std::string& path) {
    trust::real_disk disk;
    const auto bytes = disk.read(path, trust::archive_bytes_limit);
    if (!bytes)
      return wrong(path, fault("the archive", kb::error_text(bytes.error), "readable"));
    const trust::archive_reading read = trust::read_archive(*bytes, path);
    if (!read.found)
      return read.problems.front();
    const fs::path folder = root_ / read.found->folder;
    std::vector<trust::named_bytes> files;
    for (const trust::archive_file& f : read.found->files)
      files.push_back({f.name, f.bytes});
    int error = root_.empty() ? ENOSPC : disk.create_folder(folder.string(), 0755);
    if (error == 0)
      error = trust::create_tree(disk, folder.string(), files, 0644, 0755);
    if (error != 0)
      return wrong(folder.string(), fault("the temporary folder", kb::error_text(error), "writable"));
    return folder.string();
  }

private:
  static diagnostic wrong(const std::string& where, std::string text) {
    return {severity::error, "check.archive", {where, 0, 0, ""}, std::move(text), ""};
  }
  fs::path root_;
};

check::surroundings surroundings_of(const places& at, code_rulings& rulings) {
  check::surroundings out;
  out.installed = kb::search_places(at.variables, at.home.string(), at.prefix.string());
  out.worker = at.worker.string();
  out.trial_worker = (at.worker.parent_path() / "posterior-trial-worker").string();
  out.others = rulings.policy();
  return out;
}

} // namespace

check_answer check_plugin(const places& at, const check_request& asked) {
  kb::real_files files;
  code_rulings rulings(at);
  unpacked archive;
  std::string path = asked.path;
  if (path.ends_with(".tar.gz")) {
    auto folder = archive.take(path);
    if (auto* no = std::get_if<diagnostic>(&folder))
      return {std::nullopt, std::move(*no)};
    path = std::get<std::string>(folder);
  }
  check::opened_subject opened =
      check::open_subject(files, path, asked.against, surroundings_of(at, rulings), asked.seed);
  if (auto* no = std::get_if<diagnostic>(&opened))
    return {std::nullopt, std::move(*no)};
  const auto& subject = std::get<std::unique_ptr<check::subject>>(opened);
  check::report done = check::run_checks(*subject, asked.only, asked.strict);
  if (path != asked.path)
    done.path = asked.path;
  return {std::move(done), std::nullopt};
}

} // namespace posterior::service
