#include "engine/daemon/options.hpp"

#include <algorithm>
#include <array>

#include "kb/values/text.hpp"

namespace posterior::daemon {
namespace {

constexpr std::array<std::string_view, 5> known{"--socket", "--group", "--log-level", "--help", "--version"};
constexpr std::array<std::string_view, 4> levels{"debug", "info", "warning", "error"};

diagnostic mistake(std::string text, std::string hint) {
  diagnostic d;
  d.code = "command-line";
  d.where.file = "posteriord";
  d.text = std::move(text);
  d.hint = std::move(hint);
  return d;
}

diagnostic unknown(const std::string& found) {
  const std::string_view near = nearest(found, {known.begin(), known.end()});
  return mistake(fault("the option", "\"" + posterior::quoted(found) + "\"",
                       "one of --socket, --group, --log-level, --help, --version"),
                 near.empty() ? "" : "did you mean \"" + std::string(near) + "\"?");
}

void take(daemon_options& out, const std::string& name, const std::string& value) {
  if (name == "--socket") {
    out.socket = value;
  } else if (name == "--group") {
    out.group = value;
  } else {
    const auto at = std::find(levels.begin(), levels.end(), value);
    if (at == levels.end())
      out.mistake = mistake(
          fault("--log-level", "\"" + posterior::quoted(value) + "\"", "debug, info, warning or error"), "");
    else
      out.level = static_cast<service::log_level>(at - levels.begin());
  }
}

} // namespace

daemon_options read_options(const std::vector<std::string>& words) {
  daemon_options out;
  for (std::size_t i = 0; i < words.size() && !out.mistake; ++i) {
    const std::string name = words[i].substr(0, words[i].find('='));
    const bool joined = name.size() < words[i].size();
    if (name == "--help" || name == "-h")
      out.help = true;
    else if (name == "--version")
      out.version = true;
    else if (std::find(known.begin(), known.end(), name) == known.end())
      out.mistake = unknown(name);
    else if (!joined && i + 1 == words.size())
      out.mistake = mistake(fault("the option " + name, "without its value", "followed by one"), "");
    else
      take(out, name, joined ? words[i].substr(name.size() + 1) : words[++i]);
  }
  return out;
}

std::string_view daemon_help() {
  return "usage: posteriord [--socket PATH] [--group NAME] [--log-level LEVEL]\n"
         "\n"
         "Answers `posterior` and other local clients over a Unix socket until it is told\n"
         "to stop. SIGHUP reloads the knowledge, SIGTERM and SIGINT end it.\n"
         "\n"
         "  --socket PATH      where to listen; else $POSTERIOR_SOCKET,\n"
         "                     /run/posterior/posterior.sock, $XDG_RUNTIME_DIR or the home\n"
         "  --group NAME       members of this group may ask; else only this user may\n"
         "  --log-level LEVEL  debug, info (usual), warning or error\n"
         "  --version          print the version\n"
         "  --help             print this\n";
}

} // namespace posterior::daemon
