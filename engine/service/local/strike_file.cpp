#include "engine/service/local/strike_file.hpp"

#include <cerrno>
#include <utility>

#include "kb/values/fields.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::service {
namespace {

constexpr std::uint64_t bytes_limit = 1u << 20;
constexpr int wait_ms = 5000;
constexpr std::string_view schema = "posterior.strikes/1";

host::strike read_strike(const node& from, const std::string& file, diagnostics& problems) {
  fields f(from, file, "strikes", "a strike", problems);
  host::strike out;
  out.at_ms = f.integer("at_ms").value_or(0);
  out.what = f.text_or("what", "");
  out.how = f.text_or("how", "");
  f.finish();
  return out;
}

host::offender read_offender(const node& from, const std::string& file, diagnostics& problems) {
  fields f(from, file, "strikes", "a build", problems);
  host::offender out;
  out.digest = f.required_text("digest").value_or("");
  out.plugin = f.required_text("plugin").value_or("");
  out.version = f.text_or("version", "");
  out.in_a_row = static_cast<int>(f.integer("in_a_row").value_or(0));
  out.quarantined_ms = f.integer("quarantined_ms");
  for (const node* one : f.tables("strikes"))
    out.strikes.push_back(read_strike(*one, file, problems));
  f.finish();
  return out;
}

void write_offender(json_writer& w, const host::offender& one) {
  w.begin_object().member("digest", one.digest).member("plugin", one.plugin);
  w.member("version", one.version).member("in_a_row", one.in_a_row);
  if (one.quarantined_ms)
    w.member("quarantined_ms", *one.quarantined_ms);
  w.key("strikes").begin_array();
  for (const host::strike& s : one.strikes)
    w.begin_object().member("at_ms", s.at_ms).member("what", s.what).member("how", s.how).end_object();
  w.end_array().end_object();
}

} // namespace

std::string strikes_text(const std::vector<host::offender>& all) {
  json_writer w;
  w.begin_object().member("schema", schema).key("builds").begin_array();
  for (const host::offender& one : all)
    write_offender(w, one);
  w.end_array().end_object();
  return w.take();
}

std::optional<std::vector<host::offender>> read_strikes(std::string_view text, const std::string& file,
                                                        std::string& why) {
  parsed document = parse_json(text, file);
  diagnostics problems = std::move(document.problems);
  std::vector<host::offender> out;
  if (document.root) {
    fields f(*document.root, file, "strikes", "the list of strikes", problems);
    f.required_choice("schema", {schema});
    for (const node* one : f.tables("builds"))
      out.push_back(read_offender(*one, file, problems));
    f.finish();
  }
  if (!has_errors(problems) && document.root)
    return out;
  why = problems.empty() ? file + ": cannot be read" : to_string(problems.front());
  return std::nullopt;
}

strike_file::strike_file(std::string home)
    : home_{std::move(home)}
    , path_{home_.empty() ? "" : home_ + "/strikes.json"}
    , in_memory_{home_.empty()} {}

// The file is read again only when it is another one than last time.
void strike_file::refresh() {
  if (in_memory_)
    return;
  const auto info = disk_.status(path_);
  if (!info) {
    all_.clear();
    seen_.reset();
    // Below what is no folder nothing was ever remembered either.
    const bool absent = info.error == ENOENT || info.error == ENOTDIR;
    problem_ = absent ? "" : path_ + ": " + kb::error_text(info.error);
    return;
  }
  if (seen_ == *info)
    return;
  problem_.clear();
  const auto bytes = disk_.read(path_, bytes_limit);
  std::optional<std::vector<host::offender>> fresh;
  if (bytes)
    fresh = read_strikes(*bytes, path_, problem_);
  else
    problem_ = path_ + ": " + kb::error_text(bytes.error);
  all_ = fresh ? std::move(*fresh) : std::vector<host::offender>{};
  seen_ = *info;
}

std::vector<host::offender> strike_file::read() {
  const std::lock_guard hold{guard_};
  refresh();
  return all_;
}

void strike_file::change(const std::function<void(std::vector<host::offender>&)>& alter) {
  const std::lock_guard hold{guard_};
  if (!in_memory_)
    disk_.make_folder(home_, 0700);
  // Without the file nobody is kept out: then nothing can be written either.
  const trust::lock_result alone =
      in_memory_ ? trust::lock_result{} : disk_.wait_for_lock(path_ + ".lock", wait_ms);
  refresh();
  alter(all_);
  host::sort(all_);
  if (in_memory_)
    return;
  if (const int error = disk_.write(path_, strikes_text(all_), 0600)) {
    problem_ = path_ + ": " + kb::error_text(error) + "; strikes count until this process ends";
    in_memory_ = true;
    return;
  }
  problem_.clear();
  const auto info = disk_.status(path_);
  seen_ = info ? std::optional{*info} : std::nullopt;
}

std::string strike_file::problem() {
  const std::lock_guard hold{guard_};
  return problem_;
}

} // namespace posterior::service
