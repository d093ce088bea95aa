#include "engine/service/local/backup.hpp"
#include "engine/cli/command.hpp"
#include "engine/cli/whole_files.hpp"
#include "engine/service/exit_codes.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::cli {
namespace {

std::string as_json(const std::string& file, const parcel_facts& made) {
  json_writer w;
  w.begin_object().member("schema", "posterior.backup/1").member("file", file);
  w.member("sha256", made.sha256).member("bytes", made.bytes);
  w.member("files", made.files).member("digest", made.knowledge).end_object();
  return w.take();
}

int run(context& ctx, const arguments& given) {
  const auto made = fetch_parcel(ctx, "/v1/backup", given.word(0), service::backup_schema);
  if (!made.facts)
    return made.exit_code;
  report::sheet page;
  page.text("Written to " + given.word(0) + ": " + std::to_string(made.facts->files) +
            " files of the home, no case among them.");
  if (!made.facts->knowledge.empty())
    page.item("knowledge:", made.facts->knowledge, 1);
  page.item("sha256:", made.facts->sha256, 1);
  print(ctx, page, as_json(given.word(0), *made.facts));
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
