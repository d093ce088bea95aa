#include "engine/service/local/parcel.hpp"

#include <algorithm>

#include "engine/trust/gzip.hpp"
#include "kb/values/diagnostic.hpp"
#include "kb/values/digest.hpp"
#include "kb/values/document.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {
namespace {

constexpr std::string_view mark = "posterior-parcel/1 ";

std::string list_of(const parcel& p) {
  json_writer w(0);
  w.begin_object().member("schema", p.schema).member("program", p.program).member("knowledge", p.knowledge);
  w.key("files").begin_array();
  for (const parcel_file& f : p.files)
    w.begin_object()
        .member("path", f.path)
        .member("sha256", sha256_hex(f.bytes))
        .member("size", f.bytes.size())
        .member("mode", static_cast<int>(f.mode))
        .end_object();
  w.end_array().end_object();
  return w.take();
}

bool is_plain(std::string_view path) {
  if (path.empty() || path.size() > 4096 || !unclean(path).empty() ||
      path.find('\n') != std::string_view::npos)
    return false;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view part = path.substr(start, end - start);
    if (part.empty() || part == "." || part == "..")
      return false;
    start = end + 1;
  }
  return true;
}

std::string text_in(const node& table, std::string_view key) {
  const node* n = table.find(key);
  return n != nullptr && n->kind == node::type::text ? n->text : std::string();
}

std::int64_t number_in(const node& table, std::string_view key) {
  const node* n = table.find(key);
  return n != nullptr && n->kind == node::type::integer ? n->integer : -1;
}

class unpacker {
public:
  unpacker(std::string_view bytes, const std::string& file, std::string& why)
      : rest_(bytes)
      , file_(file)
      , why_(why) {}

  std::optional<parcel> run(std::string_view wanted) {
    const std::string_view first = line(), list = line();
    if (!first.starts_with(mark))
      return no("no parcel of Posterior", "one that it wrote");
    if (sha256_hex(list) != first.substr(mark.size()))
      return no("changed (its list of files has another digest)", "as it was written");
    const parsed document = parse_json(list, file_);
    if (!document.root)
      return no("damaged (its list of files cannot be read)", "as it was written");
    parcel out{text_in(*document.root, "schema"),
               text_in(*document.root, "program"),
               text_in(*document.root, "knowledge"),
               {}};
    if (out.schema != wanted)
      return no("of the kind " + quoted(out.schema), std::string(wanted));
    const node* files = document.root->find("files");
    for (const node& one : files == nullptr ? std::vector<node>{} : files->items)
      if (!take(one, out))
        return std::nullopt;
    if (!rest_.empty())
      return no("with bytes behind its end", "without");
    return out;
  }

private:
  std::optional<parcel> no(const std::string& found, const std::string& needed) {
    why_ = fault("the file " + file_, found, needed);
    return std::nullopt;
  }

  std::string_view line() {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    const std::string_view out = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return out;
  }

  bool take(const node& one, parcel& into) {
    const std::string path = text_in(one, "path");
    const std::int64_t size = number_in(one, "size"), mode = number_in(one, "mode");
    if (!is_plain(path) || size < 0 || mode < 0 || mode > 0777 ||
        (!into.files.empty() && into.files.back().path >= path))
      return no("with the file name \"" + quoted(path) + "\"", "plain names, each once, in order")
          .has_value();
    if (static_cast<std::uint64_t>(size) > rest_.size())
      return no("cut off", "whole").has_value();
    parcel_file f{path, std::string(rest_.substr(0, static_cast<std::size_t>(size))),
                  static_cast<std::uint32_t>(mode)};
    rest_.remove_prefix(f.bytes.size());
    if (sha256_hex(f.bytes) != text_in(one, "sha256"))
      return no("changed (" + quoted(path) + " has another digest)", "as it was written").has_value();
    into.files.push_back(std::move(f));
    return true;
  }

  std::string_view rest_;
  const std::string& file_;
  std::string& why_;
};

std::string words_for(trust::gunzip_fault f) {
  switch (f) {
  case trust::gunzip_fault::truncated:
    return "cut off";
  case trust::gunzip_fault::damaged:
    return "damaged";
  case trust::gunzip_fault::trailing:
    return "with bytes behind its end";
  case trust::gunzip_fault::too_large:
    return "larger than 2 GiB unpacked";
  default:
    return "no parcel of Posterior";
  }
}

} // namespace

std::string write_parcel(parcel what) {
  std::sort(what.files.begin(), what.files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  const std::string list = list_of(what);
  std::string out = std::string(mark) + sha256_hex(list) + "\n" + list + "\n";
  for (const parcel_file& f : what.files)
    out += f.bytes;
  return trust::gzip(out);
}

std::optional<parcel> read_parcel(std::string_view bytes, const std::string& file, std::string_view wanted,
                                  std::string& why) {
  const trust::gunzipped plain = trust::gunzip(bytes, parcel_bytes_limit);
  if (plain.fault == trust::gunzip_fault::none)
    return unpacker(plain.bytes, file, why).run(wanted);
  why = fault("the file " + file, words_for(plain.fault), "as it was written");
  return std::nullopt;
}

const parcel_file* find_file(const parcel& p, std::string_view path) {
  const auto at =
      std::lower_bound(p.files.begin(), p.files.end(), path,
                       [](const parcel_file& f, std::string_view wanted) { return f.path < wanted; });
  return at != p.files.end() && at->path == path ? &*at : nullptr;
}

} // namespace posterior::service
