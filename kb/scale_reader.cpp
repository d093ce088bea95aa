// The word scale of the core: scale.toml.
#include "kb/item.hpp"

namespace posterior::kb {
namespace {

constexpr double ratio_limit = 4; // opinion words are capped (FORMAT.md section 6)

class scale_reader {
public:
  scale_reader(const std::string& file, diagnostics& problems)
      : file_(file)
      , problems_(problems) {}

  scale read(const node& root) {
    fields top(root, file_, "kb", "the scale", problems_);
    basis(top, "");
    if (const node* words = needed(top, "words"))
      read_words(*words);
    if (const node* reads = needed(top, "read"))
      each_table(*reads, "read", [&](fields& f, const std::string& name) {
        out_.reads[name] = {interval(f, "sensitivity", 0, 1), interval(f, "specificity", 0, 1)};
        if (const auto bound = f.number_between("bound", 0, 100))
          out_.read_bounds[name] = *bound;
      });
    if (const node* opinions = needed(top, "opinion"))
      each_table(*opinions, "opinion", [&](fields& f, const std::string& name) {
        out_.opinions[name] = {interval(f, "present", 1 / ratio_limit, ratio_limit),
                               interval(f, "absent", 1 / ratio_limit, ratio_limit)};
      });
    read_credence(top);
    top.finish();
    return out_;
  }

private:
  const node* needed(fields& f, std::string_view key) {
    if (!f.has(key))
      f.missing(key, "a table");
    return f.table(key);
  }

  void basis(fields& f, const std::string& of) {
    if (f.has("basis"))
      out_.basis[of] = f.text_or("basis", "");
  }

  estimate interval(fields& f, std::string_view key, double least, double most) {
    const node* value = f.raw(key);
    if (!value) {
      f.missing(key, "[mean, low, high]");
      return {};
    }
    return read_interval(f, *value, key, least, most).value_or(estimate{});
  }

  void read_words(const node& table) {
    fields f(table, file_, "kb", "[words]", problems_);
    basis(f, "words");
    for (const auto& [name, value] : table.members)
      if (name != "basis" && f.raw(name)) {
        out_.words[name] = read_interval(f, value, name, 0, 1).value_or(estimate{});
        out_.words[name].word = name;
      }
  }

  template <typename Read>
  void each_table(const node& table, const std::string& area, Read read) {
    fields group(table, file_, "kb", "[" + area + "]", problems_);
    basis(group, area);
    for (const auto& [name, value] : table.members) {
      if (name == "basis")
        continue;
      const node* row = group.table(name);
      if (!row)
        continue;
      fields f(*row, file_, "kb", "[" + area + "." + name + "]", problems_);
      basis(f, area + "." + name);
      read(f, name);
      f.finish();
    }
  }

  // A plain interval, or a table { interval = [..], basis = ".." }.
  void read_credence(fields& top) {
    const node* value = top.raw("credence");
    if (!value)
      return top.missing("credence", "[mean, low, high]");
    if (value->kind != node::type::table) {
      out_.credence = read_interval(top, *value, "credence", 0, 1).value_or(estimate{});
      return;
    }
    fields f(*value, file_, "kb", "[credence]", problems_);
    basis(f, "credence");
    out_.credence = interval(f, "interval", 0, 1);
    f.finish();
  }

  const std::string& file_;
  diagnostics& problems_;
  scale out_;
};

} // namespace

scale read_scale(const node& root, const std::string& file, diagnostics& problems) {
  return scale_reader(file, problems).read(root);
}

} // namespace posterior::kb
