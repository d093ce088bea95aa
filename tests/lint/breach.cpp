#include "tests/lint/breach.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace posterior::lint {
namespace {

using breaches = std::vector<breach>;

bool is_below(const std::string& folder, const std::string& path) {
  return path.starts_with(folder + "/");
}

std::string list_of(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) {
    text += text.empty() ? word : " " + word;
  }
  return text;
}

// The layer with the longest folder that `path` lies in; null if there is none.
const rule* layer_of(const std::vector<rule>& rules, const std::string& path) {
  const rule* best = nullptr;
  for (const auto& one : rules) {
    if (one.kind == "layer" && is_below(one.text(), path) &&
        (best == nullptr || one.text().size() > best->text().size())) {
      best = &one;
    }
  }
  return best;
}

bool is_listed(const std::vector<rule>& rules, std::string_view kind, const std::string& path) {
  return std::any_of(rules.begin(), rules.end(),
                     [&](const rule& one) { return one.kind == kind && fits_any(one.right, path); });
}

// The folder of ours that a header belongs to: "" for a header of somebody else.
std::string folder_of(const std::vector<rule>& rules, const include& header) {
  if (!header.quoted) {
    return header.name.starts_with("posterior/") ? "sdk" : "";
  }
  const auto* layer = layer_of(rules, header.name);
  return layer == nullptr ? "" : layer->text();
}

void check_direction(const std::vector<rule>& rules, const rule& layer, const source& file,
                     const include& header, breaches& found) {
  const auto target = folder_of(rules, header);
  if (target.empty() && header.quoted) {
    if (!is_listed(rules, "local", file.path)) {
      found.push_back({file.path, header.line,
                       "include was \"" + header.name + "\", must be written from the root of the tree",
                       layer.line});
    }
  } else if (!target.empty() && target != layer.text() && !fits_any(layer.right, target)) {
    found.push_back({file.path, header.line,
                     "include was " + header.name + ", must be of " + layer.text() +
                         (layer.right.empty() ? "" : " or of: " + list_of(layer.right)),
                     layer.line});
  }
}

void check_layers(const std::vector<rule>& rules, const source& file, breaches& found) {
  if (file.includes.empty() || is_listed(rules, "free", file.path)) {
    return;
  }
  const auto* layer = layer_of(rules, file.path);
  if (layer == nullptr) {
    found.push_back({file.path, 1, "folder was in no layer, must be in one of layers.txt", 0});
    return;
  }
  for (const auto& header : file.includes) {
    check_direction(rules, *layer, file, header, found);
  }
}

// `only` forbids a header outside its files, `never` inside them.
void check_place(const rule& one, const source& file, breaches& found) {
  const bool inside = fits_any(one.right, file.path);
  if (inside == (one.kind == "only")) {
    return;
  }
  for (const auto& header : file.includes) {
    if (fits_any(one.left, header.name)) {
      found.push_back({file.path, header.line,
                       "include was " + header.name + ", must be " + one.kind + " in: " + list_of(one.right),
                       one.line});
    }
  }
}

void check_once(const rule& one, const std::vector<source>& tree, breaches& found) {
  std::string first;
  for (const auto& file : tree) {
    for (const auto& header : file.includes) {
      if (!fits_any(one.right, file.path) || header.name != one.text()) {
        continue;
      }
      if (!first.empty()) {
        found.push_back({file.path, header.line,
                         "include was " + header.name + ", must be in one file, and is in " + first,
                         one.line});
      }
      first = first.empty() ? file.path : first;
    }
  }
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Whether `text` stands in `line` in any case with no letter, digit or _ on either side.
bool holds_word(const std::string& line, const std::string& text) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  for (auto at = line.begin();; ++at) {
    at = std::search(at, line.end(), text.begin(), text.end(), same);
    if (at == line.end()) {
      return false;
    }
    const auto after = at + static_cast<std::ptrdiff_t>(text.size());
    if ((at == line.begin() || !is_word(at[-1])) && (after == line.end() || !is_word(*after))) {
      return true;
    }
  }
}

void check_word(const rule& one, const source& file, breaches& found) {
  for (std::size_t i = 0; i < file.lines.size() && fits_any(one.right, file.path); ++i) {
    if (holds_word(file.lines[i], one.text())) {
      found.push_back({file.path, i + 1, "word was '" + one.text() + "', must be absent", one.line});
    }
  }
}

void check_length(const rule& one, const source& file, breaches& found) {
  const auto most = std::stoul(one.text());
  if (file.lines.size() > most && fits_any(one.right, file.path)) {
    found.push_back(
        {file.path, most + 1,
         "length was " + std::to_string(file.lines.size()) + " lines, must be at most " + one.text(),
         one.line});
  }
}

void check_rule(const rule& one, const std::vector<source>& tree, breaches& found) {
  if (one.kind == "once") {
    check_once(one, tree, found);
  }
  for (const auto& file : tree) {
    if (one.kind == "only" || one.kind == "never") {
      check_place(one, file, found);
    } else if (one.kind == "word") {
      check_word(one, file, found);
    } else if (one.kind == "lines") {
      check_length(one, file, found);
    }
  }
}

} // namespace

std::vector<breach> find_breaches(const std::vector<rule>& rules, const std::vector<source>& tree) {
  breaches found;
  for (const auto& file : tree) {
    check_layers(rules, file, found);
  }
  for (const auto& one : rules) {
    check_rule(one, tree, found);
  }
  std::sort(found.begin(), found.end());
  return found;
}

} // namespace posterior::lint
