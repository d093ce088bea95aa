#include "engine/service/local/code_rulings.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <utility>

namespace posterior::service {
namespace {

host::failure failure_of(trust::standing s) {
  return s == trust::standing::revoked    ? host::failure::revoked
         : s == trust::standing::tampered ? host::failure::tampered
                                          : host::failure::not_trusted;
}

kb::file_entry loaded_file(const kb::manifest& about) {
  for (const kb::file_entry& f : about.files)
    if (f.path == about.detector_file)
      return f;
  return {about.detector_file, about.detector_sha256, 0};
}

} // namespace

code_rulings::code_rulings(const places& at)
    : code_rulings(at, [&] {
      trust::real_disk disk;
      return trust::read_trusted(disk, at.home.string(), trust::system_trust_folder,
                                 trust::bundled_digests());
    }()) {}

code_rulings::code_rulings(const places& at, trust::trusted known)
    : known_(std::move(known))
    , store_(disk_, (at.home / "store").string())
    , homeless_(at.home.empty())
    , leases_(std::make_shared<std::vector<trust::lock>>()) {
  const auto first = std::find_if(known_.problems.begin(), known_.problems.end(),
                                  [](const diagnostic& d) { return d.level == severity::error; });
  if (first != known_.problems.end())
    note(to_string(first->where) + ": " + first->text + "; only the program's own code runs");
}

assess::code_policy code_rulings::policy() {
  return std::ref(*this);
}

assess::code_ruling code_rulings::operator()(const kb::plugin_entry& p) {
  const trust::ruling by = trust::rule(disk_, p, known_);
  report::code_standing shown{p.about.id, std::string(to_string(by.state)), by.text, by.hint, by.key, "", ""};
  assess::code_ruling out;
  out.bundled = by.state == trust::standing::bundled;
  out.sha256 = p.about.detector_sha256;
  if (trust::runs(by.state)) {
    load_from_store(p, out, shown);
  } else {
    out.barred = failure_of(by.state);
    out.reason = by.text + (by.hint.empty() ? "" : "; " + by.hint);
  }
  std::erase_if(standings_, [&](const auto& s) { return s.plugin == shown.plugin; });
  standings_.push_back(std::move(shown));
  return out;
}

void code_rulings::load_from_store(const kb::plugin_entry& p, assess::code_ruling& out,
                                   report::code_standing& shown) {
  trust::stored there{{}, {}, trust::store_trouble::unwritable, "there is no home to keep a store in"};
  if (!homeless_)
    there = store_.fetch(p.digest, p.location, loaded_file(p.about));
  if (there.trouble != trust::store_trouble::none)
    return load_in_place(p, out, there);
  shown.store = there.folder;
  out.library = (std::filesystem::path(there.folder) / p.about.detector_file).string();
  leases_->push_back(std::move(there.lease));
}

// Without a store the program's own code is loaded from where it lies; the host refuses it there if others
// could change it.
void code_rulings::load_in_place(const kb::plugin_entry& p, assess::code_ruling& out,
                                 const trust::stored& why) {
  const bool no_store =
      why.trouble == trust::store_trouble::unwritable || why.trouble == trust::store_trouble::unsafe;
  if (no_store && p.origin == kb::bundle_origin::program) {
    out.library = (std::filesystem::path(p.location) / p.about.detector_file).string();
    return note(why.reason + "; the program's own detectors are loaded from where they lie");
  }
  out.barred = why.trouble == trust::store_trouble::changed ? host::failure::tampered : host::failure::file;
  out.reason = why.reason;
}

void code_rulings::note(std::string text) {
  if (std::find(notes_.begin(), notes_.end(), text) == notes_.end())
    notes_.push_back(std::move(text));
}

std::vector<report::code_standing> code_rulings::take_standings() {
  std::sort(standings_.begin(), standings_.end(),
            [](const auto& a, const auto& b) { return a.plugin < b.plugin; });
  return std::exchange(standings_, {});
}

std::shared_ptr<const void> code_rulings::take_leases() {
  return std::exchange(leases_, std::make_shared<std::vector<trust::lock>>());
}

std::vector<std::string> code_rulings::take_notes() {
  return std::exchange(notes_, {});
}

} // namespace posterior::service
