// Looks at this installation piece by piece and says what it finds, so that "it does not work" becomes one
// sentence with a cure. Runs in this process; reads no case.
#include <algorithm>

#include <unistd.h>

#include "engine/cli/client.hpp"
#include "engine/cli/command.hpp"
#include "engine/cli/output.hpp"
#include "engine/report/sheet.hpp"
#include "engine/service/exit_codes.hpp"
#include "engine/service/local/local.hpp"
#include "engine/service/version.hpp"
#include "engine/trust/policy.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::cli {
namespace {

enum class verdict { good, note, bad };

struct check {
  std::string what;
  verdict how = verdict::good;
  std::string text, hint;
};

using checks = std::vector<check>;

std::string_view word(verdict v) {
  return v == verdict::good ? "ok" : v == verdict::note ? "note" : "failed";
}

void check_program(checks& out, const service::places& at) {
  out.push_back({"program", verdict::good,
                 "version " + std::string(service::engine_version()) + " in " + at.prefix.string(), ""});
  if (::access(at.worker.c_str(), X_OK) == 0)
    out.push_back({"worker", verdict::good, at.worker.string(), ""});
  else
    out.push_back({"worker", verdict::bad, at.worker.string() + " was not found, must be a program",
                   "install Posterior anew: without it no plugin code runs"});
}

void check_home(checks& out, const service::places& at) {
  std::error_code failed;
  const bool there = std::filesystem::exists(at.home, failed);
  if (!there)
    out.push_back(
        {"home", verdict::note, at.home.string() + " is not there yet; it is made when it is needed", ""});
  else if (::access(at.home.c_str(), R_OK | W_OK | X_OK) == 0)
    out.push_back({"home", verdict::good, at.home.string(), ""});
  else
    out.push_back({"home", verdict::note,
                   at.home.string() + " is not writable: knowledge is kept in memory only",
                   "look at its owner and mode, or set POSTERIOR_HOME"});
}

void check_sockets(checks& out, const context& ctx) {
  const service::request hello{"GET", "/v1/ready", "application/json", ""};
  bool one = false;
  for (const auto& socket : service::socket_candidates(ctx.variables(), ctx.at())) {
    const exchange said = ask_socket(socket, hello, {});
    if (said.how == reach::nothing_there)
      continue;
    one = true;
    const bool good = said.how == reach::answered && said.given.status == 200;
    const std::string state = said.how != reach::answered ? said.reason
                              : good                      ? "a daemon answers"
                                                          : "its daemon has no knowledge yet";
    out.push_back({"daemon", good ? verdict::good : verdict::bad, socket.string() + ": " + state, ""});
  }
  if (!one)
    out.push_back({"daemon", verdict::note, "none runs; commands answer in their own process", ""});
}

void check_knowledge(checks& out, const service::opened_world& opened) {
  for (const diagnostic& d : opened.problems)
    out.push_back({"knowledge", d.level == severity::error ? verdict::bad : verdict::note,
                   to_string(d.where) + ": " + d.text, d.hint});
  if (!opened.now)
    return;
  const kb::snapshot& k = *opened.now->knowledge;
  out.push_back({"knowledge", verdict::good,
                 "revision " + std::to_string(k.revision) + ", " + kb::summary(k) + ", digest " + k.digest,
                 ""});
  for (const kb::bundle& b : opened.now->refused) {
    const std::string name = b.about.id.empty() ? b.location : b.about.id + " " + b.about.version;
    const bool meant = b.shadowed || b.disabled;
    std::string text = name + (b.disabled   ? " is switched off"
                               : b.shadowed ? " is shadowed by " + b.shadowed_by
                                            : " was refused");
    std::string hint;
    if (!b.problems.empty()) {
      text += ": " + to_string(b.problems.front().where) + ": " + b.problems.front().text;
      hint = b.problems.front().hint;
    }
    out.push_back({"plugin", meant ? verdict::note : verdict::bad, std::move(text), std::move(hint)});
  }
}

void check_overlay(checks& out, const service::opened_world& opened) {
  if (!opened.now)
    return;
  const kb::overlay_document& overlay = opened.now->overlay;
  for (const diagnostic& d : overlay.problems)
    out.push_back({"overlay", d.level == severity::error ? verdict::bad : verdict::note,
                   to_string(d.where) + ": " + d.text, d.hint});
  for (const kb::suspension& s : opened.now->knowledge->all.suspensions)
    out.push_back({"overlay", verdict::note,
                   "the rule " + s.rule + " is suspended until " + s.until + " by " + s.by + ": " + s.reason,
                   ""});
  if (!overlay.entries.empty() && overlay.problems.empty())
    out.push_back({"overlay", verdict::good,
                   std::to_string(overlay.entries.size()) + " entries, all as they were meant", ""});
}

void check_trust(checks& out, const service::places& at) {
  trust::real_disk disk;
  const trust::trusted known = trust::read_trusted(disk, at.home.string(), trust::system_trust_folder, {});
  for (const diagnostic& d : known.problems)
    out.push_back(
        {"trust", d.level == severity::error ? verdict::bad : verdict::note,
         to_string(d.where) + ": " + d.text,
         d.hint.empty() ? "until it is mended or moved away only the program's own code runs" : d.hint});
  if (known.problems.empty())
    out.push_back({"trust", verdict::good,
                   std::to_string(known.home.keys.size() + known.system.keys.size()) + " keys, " +
                       std::to_string(known.home.pins.size()) + " pinned builds, " +
                       std::to_string(known.home.revoked.size() + known.system.revoked.size()) +
                       " revocations",
                   ""});
}

void check_detectors(checks& out, const service::opened_world& opened, host::worker_pool& workers) {
  if (!opened.now)
    return;
  const host::detection tried = service::probe_detectors(*opened.now, workers);
  for (const host::detector_answer& a : tried.answers) {
    const bool good = a.status == host::answer_status::answered;
    out.push_back({"detector", good ? verdict::good : verdict::bad,
                   a.plugin + (good ? " loads" : ": " + a.detail + " " + a.reason), ""});
  }
  if (!tried.confinement.empty())
    out.push_back({"confinement", tried.confinement == "full" ? verdict::good : verdict::note,
                   "of the detectors that were tried: " + tried.confinement, ""});
}

void check_confinement(checks& out) {
  const host::confinement_outlook system = host::foresee_confinement(wire::ask_kernel());
  const verdict how = system.level == host::confinement_level::full      ? verdict::good
                      : system.level == host::confinement_level::partial ? verdict::note
                                                                         : verdict::bad;
  out.push_back({"confinement", how, system.text, system.cure});
}

std::string as_json(const checks& all, bool healthy) {
  json_writer w;
  w.begin_object()
      .member("schema", "posterior.doctor/1")
      .member("healthy", healthy)
      .key("checks")
      .begin_array();
  for (const check& c : all)
    w.begin_object()
        .member("check", c.what)
        .member("status", word(c.how))
        .member("text", c.text)
        .member("hint", c.hint)
        .end_object();
  w.end_array().end_object();
  return w.take();
}

std::string as_text(const checks& all, bool healthy, const context& ctx) {
  report::sheet page;
  for (const check& c : all) {
    const report::tone how = c.how == verdict::bad ? report::tone::alarm : report::tone::plain;
    page.item(c.what + ":", (c.how == verdict::bad ? "FAILED: " : "") + c.text, 0, how);
    if (!c.hint.empty())
      page.item("hint:", c.hint, 1);
  }
  page.gap().text(healthy ? "All is well." : "Something does not work.", 0, report::tone::strong);
  report::look look;
  for (const auto& [name, value] : ctx.look()) {
    if (name == "width")
      look.width = std::stoi(value);
    else
      look.colour = value == "1";
  }
  return report::render_text(page, look);
}

int run(context& ctx, const arguments&) {
  checks all;
  const auto workers = service::make_workers(ctx.at());
  check_program(all, ctx.at());
  check_home(all, ctx.at());
  check_sockets(all, ctx);
  check_confinement(all);
  const service::opened_world opened = service::open_world(ctx.at(), {}, workers, {});
  check_knowledge(all, opened);
  check_overlay(all, opened);
  check_trust(all, ctx.at());
  check_detectors(all, opened, *workers.pool);
  const bool healthy =
      std::none_of(all.begin(), all.end(), [](const check& c) { return c.how == verdict::bad; });
  write_out(ctx.options().json ? as_json(all, healthy) : as_text(all, healthy, ctx));
  if (!opened.now)
    return service::exit_code::no_knowledge;
  return healthy ? service::exit_code::done : service::exit_code::failed;
}

} // namespace

command doctor_command() {
  return {"", "doctor", "Look at this installation and say what does not work", {}, {}, run};
}

} // namespace posterior::cli
