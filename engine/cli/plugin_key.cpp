// Makes and shows the keys that sign plugins. Works on files of their owner; a secret never leaves this
// process.
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "engine/cli/command.hpp"
#include "engine/cli/output.hpp"
#include "engine/cli/plugin_files.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/problem.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior::cli {
namespace {

namespace exit_code = service::exit_code;

int fail(context& ctx, std::string file, std::string text, std::string hint = {}) {
  diagnostic d{severity::error, "key.file", {std::move(file), 0, 0, ""}, std::move(text), std::move(hint)};
  return ctx.report(service::problems_response(422, exit_code::failed, {std::move(d)}));
}

int print(context& ctx, const trust::public_key& key, const std::string& file) {
  if (!ctx.options().json) {
    write_out(trust::key_line(key));
    return exit_code::done;
  }
  json_writer w;
  w.begin_object().member("schema", "posterior.plugin-key/1").member("key", trust::to_text(key));
  w.member("name", key.name).member("file", file).end_object();
  write_out(w.take());
  return exit_code::done;
}

// A new file with this mode, never over an old one; empty, or why not.
std::string write_new(const std::string& file, std::string_view text, unsigned mode) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  if (fd < 0)
    return std::strerror(errno);
  const bool written =
      ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  const std::string why = written ? "" : std::strerror(errno);
  ::close(fd);
  if (!written)
    ::unlink(file.c_str());
  return why;
}

int make(context& ctx, const std::string& file, std::string name) {
  if (name.empty())
    name = file.substr(file.rfind('/') + 1);
  if (const auto why = trust::bad_key_name(name); !why.empty())
    return fail(ctx, file, fault("the name of the key", why, "one line of at most 80 bytes"));
  const trust::secret_key key = trust::make_key(name);
  if (const std::string why = write_new(file, key.text(), 0600); !why.empty())
    return fail(ctx, file, fault("the secret key", why, "a new file"),
                "a key is never written over another one");
  if (const std::string why = write_new(file + ".pub", trust::key_line(key.shown()), 0644); !why.empty()) {
    ::unlink(file.c_str());
    return fail(ctx, file + ".pub", fault("the public key", why, "a new file"));
  }
  return print(ctx, key.shown(), file + ".pub");
}

int show(context& ctx, const std::string& file) {
  const file_text text = read_plugin_file(file, 4096);
  if (!text.bytes)
    return ctx.report(service::problems_response(422, exit_code::failed, {text.problem}));
  if (const auto open = trust::read_public_key(*text.bytes, file); open.value)
    return print(ctx, *open.value, file);
  const auto secret = trust::read_secret_key(*text.bytes, file);
  if (!secret.value)
    return ctx.report(service::problems_response(422, exit_code::failed, {secret.problem}));
  return print(ctx, secret.value->shown(), file);
}

int run(context& ctx, const arguments& given) {
  if (given.word(0) == "new")
    return make(ctx, given.word(1), given.option("--name"));
  if (given.word(0) == "show")
    return show(ctx, given.word(1));
  diagnostic d;
  d.code = "command-line";
  d.where.file = "posterior plugin key";
  d.text = fault("what to do", "\"" + posterior::quoted(given.word(0)) + "\"", "new or show");
  return ctx.report(d, exit_code::usage);
}

} // namespace

command plugin_key_command() {
  return {"plugin",
          "key",
          "Make a key that signs plugins, or show the public half of one",
          {{"ACTION", "new: write FILE and FILE.pub; show: print the public half"}, {"FILE", "the key"}},
          {{"--name", "NAME", "whose key it is, for people; left out: the file's name"}},
          run};
}

} // namespace posterior::cli
