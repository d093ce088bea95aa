// Writes a new plugin where the caller stands.
#include <filesystem>
#include <fstream>

#include "engine/cli/command.hpp"
#include "engine/cli/output.hpp"
#include "engine/report/sheet.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/local/scaffold.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::cli {
namespace {

namespace fs = std::filesystem;

diagnostic mistake(const std::string& at, std::string text, std::string hint = {}) {
  return {severity::error, "scaffold", {at, 0, 0, ""}, std::move(text), std::move(hint)};
}

// What was begun and could not be finished is left as it is and named.
std::optional<diagnostic> write_all(const fs::path& where, const service::scaffold& what) {
  const fs::path target = where / what.name;
  std::error_code failed;
  if (fs::exists(fs::symlink_status(target, failed)))
    return mistake(target.string(), fault("the place", "taken", "free"),
                   "nothing is written over; choose another name, or --in another folder");
  for (const service::scaffold_file& f : what.files) {
    fs::create_directories((where / f.name).parent_path(), failed);
    std::ofstream out(where / f.name, std::ios::binary);
    out << f.bytes;
    out.close();
    if (!out)
      return mistake((where / f.name).string(), fault("the file", "not writable", "writable"),
                     "look at the folder's owner and mode, and at the space on the disk");
    fs::permissions(where / f.name, static_cast<fs::perms>(0644), failed);
  }
  return {};
}

std::string as_json(const service::scaffold_request& asked, const fs::path& where,
                    const service::scaffold& made) {
  json_writer w;
  w.begin_object()
      .member("schema", "posterior.plugin-new/1")
      .member("id", asked.id)
      .member("kind", asked.kind)
      .member("place", (where / made.name).string())
      .key("files")
      .begin_array();
  for (const service::scaffold_file& f : made.files)
    w.value(f.name);
  w.end_array().end_object();
  return w.take();
}

std::string as_text(const service::scaffold_request& asked, const fs::path& where,
                    const service::scaffold& made) {
  const std::string place = (where / made.name).lexically_normal().string();
  report::sheet page;
  page.text("Written: " + place +
            (made.files.size() > 1 ? ", " + std::to_string(made.files.size()) + " files." : "."));
  page.heading("Next");
  if (asked.kind == "detector") {
    page.item("1.", "cd " + place);
    page.item("2.", "cmake -G Ninja -B build && cmake --build build && ctest --test-dir build");
    page.item("3.", "posterior plugin check build/plugins/" + made.name);
    page.item("4.", "POSTERIOR_PLUGIN_PATH=build/plugins posterior assess cases/weaker-left.case.toml");
  } else {
    page.item("1.", "posterior plugin check " + place);
    page.item("2.", "open it in an editor and replace the example by what you know");
    page.item("3.", "POSTERIOR_PLUGIN_PATH=" + place + " posterior assess CASE");
  }
  return report::render_text(page, {80, false});
}

int run(context& ctx, const arguments& given) {
  const service::scaffold_request asked{given.word(0), given.option("--kind"), given.option("--prefix"),
                                        given.option("--from")};
  if (asked.kind.empty())
    return ctx.report(mistake("posterior plugin new",
                              fault("--kind", "missing", "knowledge, pack or detector"),
                              "most plugins need no code: --kind knowledge"),
                      service::exit_code::usage);
  const service::scaffold_answer answer = service::make_scaffold(ctx.at(), asked);
  if (!answer.made)
    return ctx.report(answer.refused, service::exit_code::usage);
  const fs::path where = given.option("--in").empty() ? "." : given.option("--in");
  if (const auto no = write_all(where, *answer.made))
    return ctx.report(*no, service::exit_code::failed);
  write_out(ctx.options().json ? as_json(asked, where, *answer.made) : as_text(asked, where, *answer.made));
  return service::exit_code::done;
}

} // namespace

command plugin_new_command() {
  return {"plugin",
          "new",
          "Begin a plugin of your own from a tested example",
          {{"ID", "reverse DNS, for example org.example.hip-strength"}},
          {{"--kind", "KIND", "knowledge (a folder without code), pack (one file) or detector"},
           {"--in", "FOLDER", "where it is made; left out: here"},
           {"--prefix", "WORD", "before all its new ids; left out: the last part of ID"},
           {"--from", "PLUGIN", "begin with what a plugin without code says: its id or folder"}},
          run};
}

} // namespace posterior::cli
