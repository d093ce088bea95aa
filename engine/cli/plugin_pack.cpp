// Packs a bundle's folder into one file. Works on files of its author, so it needs no service.
#include <filesystem>

#include "engine/cli/command.hpp"
#include "engine/cli/output.hpp"
#include "engine/cli/plugin_files.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/problem.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::cli {
namespace {

namespace exit_code = service::exit_code;

struct packed {
  trust::laid_out what;
  std::string file, bytes, signed_by;
};

std::string digest(const packed& p) {
  std::vector<trust::archive_file> files = p.what.bundle->files;
  std::erase_if(files, [](const trust::archive_file& f) { return f.name == "plugin.sig"; });
  return trust::digest_of(files);
}

// Base64 of the key whose signature is in the bundle; empty if there is none.
std::string signer(const trust::archive& bundle) {
  for (const trust::archive_file& f : bundle.files)
    if (f.name == "plugin.sig")
      if (const auto read = trust::read_signature(f.bytes, f.name); read.value)
        return trust::to_text(read.value->by);
  return {};
}

std::string as_json(const packed& p) {
  json_writer w;
  w.begin_object().member("schema", "posterior.plugin-pack/1").member("plugin", p.what.about.id);
  w.member("version", p.what.about.version).member("digest", digest(p)).member("file", p.file);
  w.member("bytes", p.bytes.size())
      .member("signed_by", p.signed_by)
      .strings("left_out", p.what.left_out)
      .end_object();
  return w.take();
}

std::string as_text(const packed& p) {
  std::string out = p.file + ": " + p.what.about.id + " " + p.what.about.version + ", " +
                    std::to_string(p.what.bundle->files.size()) + " files, " +
                    std::to_string(p.bytes.size()) + " bytes\ndigest: " + digest(p) + "\n";
  out += p.signed_by.empty() ? "not signed\n" : "signed by: " + p.signed_by + "\n";
  for (const std::string& name : p.what.left_out)
    out += "left out: " + name + "\n";
  return out;
}

int fail(context& ctx, const diagnostics& problems) {
  return ctx.report(service::problems_response(422, exit_code::failed, problems));
}

int run(context& ctx, const arguments& given) {
  std::optional<trust::secret_key> key;
  if (const std::string file = given.option("--key"); !file.empty()) {
    auto read = read_secret_file(file);
    if (!read.value)
      return fail(ctx, {read.problem});
    key = std::move(read.value);
  }
  kb::real_files files;
  packed out{trust::lay_out(files, given.word(0), key ? &*key : nullptr), given.option("--out"), "", ""};
  if (!out.what.bundle)
    return fail(ctx, out.what.problems);
  trust::archive_writing made = trust::write_archive(*out.what.bundle, given.word(0));
  if (made.bytes.empty())
    return fail(ctx, made.problems);
  out.bytes = std::move(made.bytes);
  out.signed_by = signer(*out.what.bundle);
  if (out.file.empty())
    out.file = out.what.bundle->folder + ".tar.gz";
  if (const std::string why = write_private_file(out.file, out.bytes); !why.empty())
    return fail(ctx, {{severity::error,
                       "file.unwritable",
                       {out.file, 0, 0, ""},
                       fault("the archive", why, "writable"),
                       ""}});
  std::error_code stays_private;
  std::filesystem::permissions(out.file, std::filesystem::perms(0644), stays_private);
  write_out(ctx.options().json ? as_json(out) : as_text(out));
  return exit_code::done;
}

} // namespace

command plugin_pack_command() {
  return {"plugin",
          "pack",
          "Pack a plugin's folder into one file, the same bytes on every machine",
          {{"FOLDER", "the plugin, with plugin.toml"}},
          {{"--key", "FILE", "sign it with this secret key (`posterior plugin key new FILE`)"},
           {"--out", "FILE", "where to write; left out: ID-VERSION.tar.gz in the current folder"}},
          run};
}

} // namespace posterior::cli
