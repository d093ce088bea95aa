#include "engine/cli/command.hpp"
#include "engine/cli/output.hpp"
#include "engine/report/sheet.hpp"
#include "engine/service/exit_codes.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior::cli {
namespace {

std::string usage(const command& c) {
  std::string out = "posterior " + full_name(c);
  for (const argument_spec& a : c.words)
    out += a.required ? " " + std::string(a.name) : " [" + std::string(a.name) + "]";
  for (const option_spec& o : c.options)
    out += " [" + std::string(o.name) + (o.value.empty() ? "" : " ") + std::string(o.value) + "]";
  return out;
}

void add_common(report::sheet& page) {
  page.heading("Every command");
  page.item("--json", "the answer as JSON", 1);
  page.item("--local", "answer in this process, not through a daemon", 1);
  page.item("--socket", "PATH: ask the daemon behind this socket", 1);
  page.item("--width", "N: columns of the text, 40 to 200", 1);
  page.item("--help", "what stands here", 1);
  page.text("Colour is used on a terminal only, and never with NO_COLOR set.", 1);
}

void add_exit_codes(report::sheet& page) {
  page.heading("Exit codes");
  page.text("0 done; 1 failed; 2 usage; 3 done in part; 4 case refused; 10 no daemon; 11 no knowledge base; "
            "12 check found faults; 20 red flag (with --exit-code); 130 interrupted",
            1);
}

const command* find(const std::vector<command>& all, const std::string& name) {
  for (const command& c : all)
    if (full_name(c) == name)
      return &c;
  return nullptr;
}

int unknown(context& ctx, const std::vector<command>& all, const std::string& name) {
  std::vector<std::string> names;
  for (const command& c : all)
    names.push_back(full_name(c));
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string_view near = nearest(name, known);
  diagnostic d;
  d.code = "command-line";
  d.where.file = "posterior help";
  d.text = fault("the command", "\"" + posterior::quoted(name) + "\"", "one that `posterior help` lists");
  d.hint = near.empty() ? "" : "did you mean \"" + std::string(near) + "\"?";
  return ctx.report(d, service::exit_code::usage);
}

std::string as_json(const std::vector<command>& all) {
  json_writer w;
  w.begin_object().member("schema", "posterior.help/1").key("commands").begin_array();
  for (const command& c : all)
    w.begin_object()
        .member("command", full_name(c))
        .member("summary", c.summary)
        .member("usage", usage(c))
        .end_object();
  w.end_array().end_object();
  return w.take();
}

int run(context& ctx, const arguments& given) {
  const std::vector<command> all = all_commands();
  std::string name;
  for (const std::string& word : given.words)
    (name += name.empty() ? "" : " ") += word;
  if (name.empty()) {
    write_out(ctx.options().json ? as_json(all) : help_text(all));
    return service::exit_code::done;
  }
  const command* c = find(all, name);
  if (c == nullptr)
    return unknown(ctx, all, name);
  write_out(ctx.options().json ? as_json({*c}) : help_text(*c));
  return service::exit_code::done;
}

} // namespace

std::string full_name(const command& c) {
  return c.group.empty() ? std::string(c.name) : std::string(c.group) + " " + std::string(c.name);
}

std::string help_text(const std::vector<command>& all) {
  report::sheet page;
  page.text("posterior: reasons about one patient's tight, weak or painful hamstrings, with every statement "
            "traced to its source. It advises and does not diagnose.");
  page.heading("Commands");
  for (const command& c : all) {
    std::string words;
    for (const argument_spec& a : c.words)
      words += " " + std::string(a.name);
    page.item(full_name(c) + words, std::string(c.summary), 1);
  }
  add_common(page);
  add_exit_codes(page);
  return report::render_text(page, {80, false});
}

std::string help_text(const command& c) {
  report::sheet page;
  page.text("usage: " + usage(c));
  page.gap().text(std::string(c.summary) + ".");
  if (!c.words.empty())
    page.heading("Arguments");
  for (const argument_spec& a : c.words)
    page.item(std::string(a.name), std::string(a.help), 1);
  if (!c.options.empty())
    page.heading("Options");
  for (const option_spec& o : c.options)
    page.item(std::string(o.name), (o.value.empty() ? "" : std::string(o.value) + ": ") + std::string(o.help),
              1);
  add_common(page);
  return report::render_text(page, {80, false});
}

command help_command() {
  return {"",
          "help",
          "Explain the commands, or one of them",
          {{"COMMAND", "for example: kb show", false}, {"WORD", "its second word", false}},
          {},
          run};
}

} // namespace posterior::cli
