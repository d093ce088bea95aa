// Checks a bundle in this process: it reads files where the caller stands.
#include <algorithm>
#include <charconv>
#include <sstream>

#include "engine/check/runner.hpp"
#include "engine/cli/command.hpp"
#include "engine/cli/output.hpp"
#include "engine/report/sheet.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/local/plugin_check.hpp"
#include "kb/values/text.hpp"

namespace posterior::cli {
namespace {

using check::outcome;
using check::result;

report::look look_of(const context& ctx) {
  report::look out;
  for (const auto& [name, value] : ctx.look()) {
    if (name == "width")
      out.width = std::stoi(value);
    else
      out.colour = value == "1";
  }
  return out;
}

report::tone tone_of(result r) {
  switch (r) {
  case result::fail:
  case result::crash:
    return report::tone::alarm;
  case result::warn:
    return report::tone::caution;
  case result::skip:
    return report::tone::faint;
  case result::ok:
    break;
  }
  return report::tone::plain;
}

void add(report::sheet& page, const outcome& o) {
  std::string line = std::string(o.check.id) + " " + std::string(o.check.name);
  if (!o.remark.empty() && o.how == result::ok)
    line += " (" + o.remark + ")";
  std::string marker(to_string(o.how));
  marker.resize(5, ' ');
  page.item(std::move(marker), std::move(line), 0, tone_of(o.how));
  for (const diagnostic& d : o.notes) {
    page.item("-", to_string(d.where) + ": " + d.text, 3);
    if (!d.hint.empty())
      page.item("hint:", d.hint, 4);
  }
}

// What applies to nothing here is said in one line a reason.
void add_skipped(report::sheet& page, const check::report& r) {
  std::vector<std::pair<std::string, std::string>> reasons;
  for (const outcome& o : r.outcomes) {
    if (o.how != result::skip)
      continue;
    auto at =
        std::find_if(reasons.begin(), reasons.end(), [&](const auto& one) { return one.first == o.reason; });
    if (at == reasons.end())
      reasons.emplace_back(o.reason, std::string(o.check.id));
    else
      at->second += " " + std::string(o.check.id);
  }
  if (reasons.empty())
    return;
  page.heading("Not checked");
  for (const auto& [reason, ids] : reasons)
    page.item("-", reason + ": " + ids, 0, report::tone::faint);
}

std::string count(std::size_t n, std::string_view one, std::string_view many) {
  return std::to_string(n) + " " + std::string(n == 1 ? one : many);
}

bool code_unseen(const check::report& r) {
  return std::any_of(r.outcomes.begin(), r.outcomes.end(), [](const outcome& o) {
    return o.how == result::skip && o.reason.starts_with("the code is not built");
  });
}

std::string conclusion(const check::report& r) {
  const check::summary& t = r.total;
  std::string out = count(t.ok, "check passed", "checks passed");
  if (t.warn > 0)
    out += ", " + count(t.warn, "warning", "warnings");
  if (t.fail > 0)
    out += ", " + std::to_string(t.fail) + " failed";
  if (t.crash > 0)
    out += ", " + std::to_string(t.crash) + " crashed";
  if (t.skip > 0)
    out += ", " + std::to_string(t.skip) + " did not apply";
  out += ". ";
  if (!t.sound)
    return out + (t.fail + t.crash == 0 ? "With --strict the warnings must be mended."
                                        : "What is marked fail or crash must be mended.");
  return out +
         (code_unseen(r) ? "Its knowledge is sound; its code was not looked at." : "The bundle is sound.");
}

std::string as_text(const check::report& r, const context& ctx) {
  report::sheet page;
  page.title(r.id.empty() ? r.path : r.id + " " + r.version);
  for (const outcome& o : r.outcomes)
    if (o.how != result::skip)
      add(page, o);
  add_skipped(page, r);
  page.gap().text(conclusion(r), 0, r.total.sound ? report::tone::good : report::tone::alarm);
  return report::render_text(page, look_of(ctx));
}

std::string list_text(const context& ctx) {
  report::sheet page;
  page.title("The checks of `posterior plugin check`");
  for (const check::spec& c : check::all_checks())
    page.item(std::string(c.id), std::string(c.name) + ": " + std::string(c.description));
  return report::render_text(page, look_of(ctx));
}

diagnostic mistake(std::string text, std::string hint) {
  return {severity::error,
          "command-line",
          {"posterior plugin check", 0, 0, ""},
          std::move(text),
          std::move(hint)};
}

std::set<std::string> ids_in(const std::string& list) {
  std::set<std::string> out;
  std::istringstream in(list);
  for (std::string id; std::getline(in, id, ',');)
    if (!id.empty())
      out.insert(id);
  return out;
}

std::optional<diagnostic> read_options(const arguments& given, service::check_request& asked) {
  asked.only = ids_in(given.option("--only"));
  asked.strict = !given.option("--strict").empty();
  asked.against = given.option("--against");
  if (const auto unknown = check::unknown_ids(asked.only); !unknown.empty())
    return mistake(
        fault("--only", "\"" + posterior::quoted(unknown.front()) + "\"", "ids of checks, divided by commas"),
        "`posterior plugin check --list` shows them");
  const std::string seed = given.option("--seed");
  const auto [end, error] = std::from_chars(seed.data(), seed.data() + seed.size(), asked.seed);
  if (!seed.empty() && (error != std::errc() || end != seed.data() + seed.size()))
    return mistake(fault("--seed", "\"" + posterior::quoted(seed) + "\"", "a whole number"), "");
  return {};
}

int run_list(const context& ctx) {
  write_out(ctx.options().json ? check::list_json() : list_text(ctx));
  return service::exit_code::done;
}

int run(context& ctx, const arguments& given) {
  if (!given.option("--list").empty())
    return run_list(ctx);
  if (given.words.empty())
    return ctx.report(mistake(fault("BUNDLE", "missing", "given"), "usage: posterior plugin check BUNDLE"),
                      service::exit_code::usage);
  service::check_request asked;
  asked.path = given.word(0);
  if (const auto no = read_options(given, asked))
    return ctx.report(*no, service::exit_code::usage);
  const service::check_answer answer = service::check_plugin(ctx.at(), asked);
  if (!answer.done)
    return ctx.report(*answer.refused, service::exit_code::usage);
  write_out(ctx.options().json ? check::as_json(*answer.done) : as_text(*answer.done, ctx));
  if (const std::string file = given.option("--junit"); !file.empty())
    if (const std::string why = write_private_file(file, check::as_junit(*answer.done)); !why.empty())
      return ctx.report(mistake(fault("the file " + posterior::quoted(file), why, "writable"), ""),
                        service::exit_code::failed);
  return answer.done->total.sound ? service::exit_code::done : service::exit_code::check_faults;
}

} // namespace

command plugin_check_command() {
  return {"plugin",
          "check",
          "Check a plugin, from its files to how its code behaves",
          {{"BUNDLE", "a bundle's folder, or a file NAME.pack.toml", false}},
          {{"--only", "ID,...", "only these checks"},
           {"--strict", "", "warnings are faults"},
           {"--seed", "N", "of the random cases; left out: 1"},
           {"--against", "OLD", "an earlier version of the bundle, whose ids must be kept"},
           {"--junit", "FILE", "also write the results as JUnit XML"},
           {"--list", "", "list the checks and what each says"}},
          run};
}

} // namespace posterior::cli
