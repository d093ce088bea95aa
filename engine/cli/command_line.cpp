// CLI11 takes the line apart; what is wrong with it is said here, in the words of all our messages.
#include "engine/cli/command_line.hpp"

#include <algorithm>
#include <charconv>
#include <deque>

#include <CLI/CLI.hpp>

#include "kb/values/text.hpp"

namespace posterior::cli {
namespace {

diagnostic mistake(const std::string& at, std::string text, std::string hint) {
  diagnostic d;
  d.code = "command-line";
  d.where.file = at;
  d.text = std::move(text);
  d.hint = std::move(hint);
  return d;
}

std::string did_you_mean(std::string_view near, std::string otherwise) {
  return near.empty() ? std::move(otherwise) : "did you mean \"" + std::string(near) + "\"?";
}

constexpr int most_words = 1000; // too many are named by check_words

// What CLI11 writes into while it parses one command.
struct slots {
  const command* what = nullptr;
  CLI::App* app = nullptr;
  std::vector<std::string> words;
  std::deque<std::vector<std::string>> values; // as what->options; a deque keeps addresses
};

struct parser {
  CLI::App root{""};
  std::deque<slots> commands;
  bool json = false, local = false;
  std::vector<std::string> socket, width;
};

void prepare(CLI::App& app) {
  app.set_help_flag();
  app.allow_extras();
  app.fallthrough();
}

void add_common(parser& p) {
  prepare(p.root);
  p.root.require_subcommand(0, 1);
  p.root.add_flag("--json", p.json);
  p.root.add_flag("--local", p.local);
  p.root.add_option("--socket", p.socket)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  p.root.add_option("--width", p.width)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

CLI::App& group_of(parser& p, std::string_view name) {
  if (name.empty())
    return p.root;
  const std::string text(name);
  for (CLI::App* app : p.root.get_subcommands([](CLI::App*) { return true; }))
    if (app->get_name() == text)
      return *app;
  CLI::App& group = *p.root.add_subcommand(text);
  prepare(group);
  group.require_subcommand(0, 1);
  return group;
}

void add_command(parser& p, const command& c) {
  slots& s = p.commands.emplace_back();
  s.what = &c;
  s.app = group_of(p, c.group).add_subcommand(std::string(c.name));
  prepare(*s.app);
  s.app->add_option("words", s.words)->expected(0, most_words);
  for (const option_spec& o : c.options) {
    std::vector<std::string>& value = s.values.emplace_back();
    if (o.value.empty())
      s.app->add_flag(std::string(o.name))->each([&value](const std::string&) { value = {"1"}; });
    else
      s.app->add_option(std::string(o.name), value)
          ->expected(1)
          ->allow_extra_args(false)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
}

std::vector<std::string_view> command_words(const std::vector<command>& all, std::string_view group) {
  std::vector<std::string_view> out;
  for (const command& c : all) {
    const std::string_view word = group.empty() && !c.group.empty() ? c.group : c.name;
    if ((group.empty() || c.group == group) && std::find(out.begin(), out.end(), word) == out.end())
      out.push_back(word);
  }
  return out;
}

diagnostic unknown_command(const std::vector<command>& all, const std::string& group,
                           const std::string& found) {
  const auto known = command_words(all, group);
  const std::string program = group.empty() ? "posterior" : "posterior " + group;
  std::string list;
  for (std::string_view word : known)
    (list += list.empty() ? "" : ", ") += word;
  const std::string what = found.empty() ? "missing" : "\"" + posterior::quoted(found) + "\"";
  return mistake(program, fault("the command", what, "one of " + list),
                 did_you_mean(nearest(found, known), "`posterior help` lists them"));
}

diagnostic unknown_option(const command& c, const std::string& found) {
  std::vector<std::string_view> known{"--json", "--local", "--socket", "--width", "--help"};
  for (const option_spec& o : c.options)
    known.push_back(o.name);
  const std::string name = found.substr(0, found.find('='));
  return mistake("posterior " + full_name(c),
                 fault("the option", "\"" + posterior::quoted(name) + "\"", "one that this command has"),
                 did_you_mean(nearest(name, known), "`posterior help " + full_name(c) + "` lists them"));
}

std::string usage_hint(const command& c) {
  std::string out = "usage: posterior " + full_name(c);
  for (const argument_spec& a : c.words)
    (out += ' ') += a.name;
  return out;
}

std::optional<diagnostic> check_words(const command& c, const std::vector<std::string>& words) {
  const std::string at = "posterior " + full_name(c);
  if (words.size() > c.words.size() && (c.words.empty() || !c.words.back().many))
    return mistake(at,
                   fault("an argument", "\"" + posterior::quoted(words[c.words.size()]) + "\"", "left out"),
                   usage_hint(c));
  for (std::size_t i = words.size(); i < c.words.size(); ++i)
    if (c.words[i].required)
      return mistake(at, fault(std::string(c.words[i].name), "missing", "given"), usage_hint(c));
  return {};
}

std::optional<diagnostic> read_width(parser& p, command_line& line) {
  if (p.width.empty())
    return {};
  const std::string& text = p.width.back();
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), line.options.width);
  if (error == std::errc() && end == text.data() + text.size() && line.options.width >= 40 &&
      line.options.width <= 200)
    return {};
  return mistake("posterior",
                 fault("--width", "\"" + posterior::quoted(text) + "\"", "a whole number from 40 to 200"),
                 "");
}

void take_options(const slots& s, command_line& line) {
  for (std::size_t i = 0; i < s.what->options.size(); ++i) {
    if (s.values[i].empty())
      continue;
    std::string joined;
    for (const std::string& one : s.values[i])
      (joined += joined.empty() ? "" : ",") += one;
    line.given.options.emplace(s.what->options[i].name, std::move(joined));
  }
}

// The first word that nothing took up, or empty.
std::string first_extra(const parser& p) {
  const std::vector<std::string> extras = p.root.remaining(true);
  return extras.empty() ? std::string() : extras.front();
}

void settle(parser& p, const std::vector<command>& all, command_line& line) {
  for (slots& s : p.commands) {
    if (!s.app->parsed())
      continue;
    line.chosen = *s.what;
    std::vector<std::string> words = s.words;
    for (const std::string& extra : p.root.remaining(true)) {
      if (extra.size() > 1 && extra.front() == '-')
        line.mistake = line.mistake ? line.mistake : unknown_option(*s.what, extra);
      else
        words.push_back(extra);
    }
    line.given.words = std::move(words);
    take_options(s, line);
    return;
  }
  std::string group;
  for (const CLI::App* app : p.root.get_subcommands())
    group = app->get_name();
  if (!line.help)
    line.mistake = unknown_command(all, group, first_extra(p));
}

// The words behind "--", which are never options, whatever they look like.
std::vector<std::string> take_plain(std::vector<std::string>& words) {
  const auto mark = std::find(words.begin(), words.end(), "--");
  std::vector<std::string> plain(mark == words.end() ? mark : mark + 1, words.end());
  words.erase(mark, words.end());
  return plain;
}

bool take_help(std::vector<std::string>& words) {
  const auto is_help = [](const std::string& w) { return w == "-h" || w == "--help"; };
  const auto kept = std::remove_if(words.begin(), words.end(), is_help);
  const bool found = kept != words.end();
  words.erase(kept, words.end());
  return found;
}

} // namespace

command_line read_command_line(const std::vector<std::string>& words, const std::vector<command>& all) {
  command_line line;
  std::vector<std::string> rest = words;
  const std::vector<std::string> plain = take_plain(rest);
  line.help = take_help(rest);
  parser p;
  add_common(p);
  for (const command& c : all)
    add_command(p, c);
  std::reverse(rest.begin(), rest.end()); // CLI11 takes them from the back
  try {
    p.root.parse(rest);
  } catch (const CLI::ParseError& e) {
    const std::string what = e.what();
    line.mistake = mistake("posterior",
                           fault("the option " + posterior::quoted(what.substr(0, what.find_first_of(": "))),
                                 "without its value", "followed by one"),
                           "`posterior help` shows how each is written");
    return line;
  }
  line.options = {p.json, p.local, p.socket.empty() ? std::string() : p.socket.back(), 0};
  settle(p, all, line);
  line.given.words.insert(line.given.words.end(), plain.begin(), plain.end());
  if (!line.mistake)
    line.mistake = read_width(p, line);
  if (!line.mistake && line.chosen && !line.help)
    line.mistake = check_words(*line.chosen, line.given.words);
  return line;
}

} // namespace posterior::cli
