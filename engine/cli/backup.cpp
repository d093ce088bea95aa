#include "engine/service/local/backup.hpp"

#include "engine/cli/command.hpp"
#include "engine/cli/whole_files.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/problem.hpp"
#include "kb/values/digest.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::cli {
namespace {

std::string as_json(const std::string& file, const service::backup_outcome& made) {
  json_writer w;
  w.begin_object().member("schema", "posterior.backup/1").member("file", file);
  w.member("sha256", sha256_hex(made.bytes)).member("bytes", made.bytes.size());
  w.member("files", made.files).member("digest", made.digest).end_object();
  return w.take();
}

int run(context& ctx, const arguments& given) {
  trust::real_disk disk;
  const auto made = service::make_backup(disk, ctx.at());
  if (!made.problems.empty())
    return ctx.report(service::problems_response(500, service::exit_code::failed, made.problems));
  if (const int code = write_whole(ctx, given.word(0), made.bytes))
    return code;
  report::sheet page;
  page.text("Written to " + given.word(0) + ": " + std::to_string(made.files) + " files of " +
            ctx.at().home.string() + ", no case among them.");
  if (!made.digest.empty())
    page.item("knowledge:", made.digest, 1);
  page.item("sha256:", sha256_hex(made.bytes), 1);
  print(ctx, page, as_json(given.word(0), made));
  return service::exit_code::done;
}

} // namespace

command backup_command() {
  return {"",
          "backup",
          "Write knowledge, plugins, trust and configuration of this home to one file",
          {{"FILE", "the file to write"}},
          {},
          run};
}

} // namespace posterior::cli
