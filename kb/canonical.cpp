// Two visitors over schema.hpp: one writes JSON, one reads the parsed tree back. What holds nothing (an empty
// text or list, false, no value) is left out; enumerations and numbers are always written.
#include "kb/canonical.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "kb/reader.hpp"
#include "kb/schema.hpp"
#include "kb/values/digest.hpp"
#include "kb/values/document.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::kb {
namespace {

template <typename T>
struct is_optional : std::false_type {};
template <typename T>
struct is_optional<std::optional<T>> : std::true_type {};

template <typename T>
concept structure = requires(T& t, canonical_line& v) {
  requires std::is_class_v<T>;
}
&&!std::same_as<T, std::string> && !std::same_as<T, estimate> && !std::same_as<T, range> &&
    !std::same_as<T, condition>;

// --- writing --------------------------------------------------------------------

class writer {
public:
  json_writer out{0};

  template <typename T>
  void operator()(std::string_view name, const T& member) {
    if (holds_nothing(member))
      return;
    out.key(name);
    put(member);
  }

  void put(const std::string& text) { out.value(text); }
  void put(bool truth) { out.value(truth); }
  void put(int number) { out.value(number); }
  void put(double number) { out.value(number); }
  void put(const range& r) { out.begin_array().value(r.min).value(r.max).end_array(); }
  void put(const condition& c) { out.value(to_string(c)); }
  void put(const estimate& e) {
    if (e.of > 0) {
      out.begin_object().key("counts").begin_array().value(e.hits).value(e.of).end_array().end_object();
      return;
    }
    out.begin_array().value(e.mean).value(e.low).value(e.high);
    if (!e.word.empty())
      out.value(e.word);
    out.end_array();
  }
  template <typename T>
  void put(const std::optional<T>& value) {
    put(*value);
  }
  template <typename T>
  requires std::is_enum_v<T>
  void put(T value) { out.value(to_string(value)); }
  template <typename T>
  void put(const std::vector<T>& list) {
    out.begin_array();
    for (const T& item : list)
      put(item);
    out.end_array();
  }
  template <typename T>
  void put(const std::map<std::string, T>& map) {
    out.begin_object();
    for (const auto& [key, value] : map) {
      out.key(key);
      put(value);
    }
    out.end_object();
  }
  template <structure T>
  void put(const T& item) {
    out.begin_object();
    visit(*this, item);
    out.end_object();
  }

private:
  template <typename T>
  static bool holds_nothing(const T& value) {
    if constexpr (std::same_as<T, bool>)
      return !value;
    else if constexpr (is_optional<T>::value)
      return !value.has_value();
    else if constexpr (requires { value.empty(); })
      return value.empty();
    else
      return false;
  }
};

// --- reading --------------------------------------------------------------------

class reader {
public:
  explicit reader(const node& table)
      : table_(&table) {}
  bool good = true;

  template <typename T>
  void operator()(std::string_view name, T& member) {
    if (const node* value = table_->find(name))
      take(*value, member);
  }

private:
  bool expect(bool condition) {
    good = good && condition;
    return condition;
  }

  void take(const node& n, std::string& out) {
    if (expect(n.kind == node::type::text))
      out = n.text;
  }
  void take(const node& n, bool& out) {
    if (expect(n.kind == node::type::boolean))
      out = n.truth;
  }
  void take(const node& n, int& out) {
    if (expect(n.kind == node::type::integer))
      out = static_cast<int>(n.integer);
  }
  void take(const node& n, double& out) {
    if (expect(n.is_number()))
      out = n.number;
  }
  void take(const node& n, range& out) {
    if (expect(n.items.size() == 2 && n.items[0].is_number() && n.items[1].is_number()))
      out = {n.items[0].number, n.items[1].number};
  }
  void take(const node& n, estimate& out) {
    if (const node* counts = n.find("counts")) {
      if (expect(counts->items.size() == 2 && counts->items[0].is_number() && counts->items[1].is_number()))
        out = from_counts(counts->items[0].number, counts->items[1].number);
      return;
    }
    if (!expect(n.items.size() == 3 || n.items.size() == 4))
      return;
    take(n.items[0], out.mean);
    take(n.items[1], out.low);
    take(n.items[2], out.high);
    if (n.items.size() == 4)
      take(n.items[3], out.word);
  }
  void take(const node& n, condition& out) {
    std::string why;
    const auto c = parse_condition(n.text, why);
    if (expect(c.has_value()))
      out = *c;
  }
  template <typename T>
  void take(const node& n, std::optional<T>& out) {
    take(n, out.emplace());
  }
  template <typename T>
  requires std::is_enum_v<T>
  void take(const node& n, T& out) {
    for (int i = 0; i < 16; ++i)
      if (!n.text.empty() && to_string(static_cast<T>(i)) == n.text) {
        out = static_cast<T>(i);
        return;
      }
    good = false;
  }
  template <typename T>
  void take(const node& n, std::vector<T>& out) {
    expect(n.kind == node::type::array);
    for (const node& item : n.items)
      take(item, out.emplace_back());
  }
  template <typename T>
  void take(const node& n, std::map<std::string, T>& out) {
    expect(n.kind == node::type::table);
    for (const auto& [key, value] : n.members)
      take(value, out[key]);
  }
  template <structure T>
  void take(const node& n, T& out) {
    if (!expect(n.kind == node::type::table))
      return;
    const node* outer = std::exchange(table_, &n);
    visit(*this, out);
    table_ = outer;
  }

  const node* table_;
};

template <typename T>
void write_line(writer& w, std::string_view kind, const std::string& id, const T& item) {
  w.out.begin_object().member("statement", kind);
  // Kinds without an id of their own get the one made from what they join.
  if constexpr (!requires { item.id.size(); })
    w.out.member("id", id);
  visit(w, item);
  w.out.end_object();
}

template <typename T>
std::string line(std::string_view kind, const std::string& id, const T& item) {
  writer w;
  write_line(w, kind, id, item);
  return w.out.take();
}

// Mostly sorted already. Places are sorted, and each line is moved once.
void sort_lines(std::vector<canonical_line>& lines) {
  const auto before = [](const canonical_line& a, const canonical_line& b) {
    return std::tie(a.kind, a.id, a.text) < std::tie(b.kind, b.id, b.text);
  };
  if (std::is_sorted(lines.begin(), lines.end(), before))
    return;
  std::vector<canonical_line*> order;
  order.reserve(lines.size());
  for (canonical_line& l : lines)
    order.push_back(&l);
  std::sort(order.begin(), order.end(), [&](const auto* a, const auto* b) { return before(*a, *b); });
  std::vector<canonical_line> sorted;
  sorted.reserve(lines.size());
  for (canonical_line* l : order)
    sorted.push_back(std::move(*l));
  lines = std::move(sorted);
}

template <typename T>
std::string_view kind_of() {
  std::string_view kind;
  const statements none;
  each_kind(none, [&](std::string_view name, const auto& list) {
    if constexpr (std::same_as<typename std::remove_cvref_t<decltype(list)>::value_type, T>)
      kind = name;
  });
  return kind;
}

} // namespace

template <typename T>
std::string canonical_text(const T& item) {
  return line(kind_of<T>(), id_of(item), item);
}
template std::string canonical_text(const source&);
template std::string canonical_text(const claim&);
template std::string canonical_text(const equipment&);
template std::string canonical_text(const site&);
template std::string canonical_text(const family&);
template std::string canonical_text(const state&);
template std::string canonical_text(const theory&);
template std::string canonical_text(const finding&);
template std::string canonical_text(const observes&);
template std::string canonical_text(const link&);
template std::string canonical_text(const rule&);
template std::string canonical_text(const exercise&);
template std::string canonical_text(const indication&);
template std::string canonical_text(const precaution&);
template std::string canonical_text(const prior&);
template std::string canonical_text(const sequence&);
template std::string canonical_text(const tension&);
template std::string canonical_text(const message&);
template std::string canonical_text(const wording&);
template std::string canonical_text(const change&);
template std::string canonical_text(const withdrawal&);
template std::string canonical_text(const suspension&);
template std::string canonical_text(const draft&);
template std::string canonical_text(const retirement&);

std::string canonical_text(const scale& words) {
  return line("scale", "scale", words);
}

std::vector<canonical_line> canonical_lines(const statements& all, const scale& words) {
  std::vector<canonical_line> out;
  out.reserve(count(all) + 1);
  writer w;
  each_kind(all, [&](std::string_view kind, const auto& list) {
    for (const auto& item : list) {
      canonical_line& l = out.emplace_back(canonical_line{kind, id_of(item), {}, &item.from, basis_of(item)});
      write_line(w, kind, l.id, item);
      w.out.take_into(l.text);
    }
  });
  out.push_back({"scale", "scale", canonical_text(words), nullptr, nullptr});
  sort_lines(out);
  return out;
}

bool reasons(std::string_view kind) {
  return kind != "draft";
}

std::string digest(const statements& all, const scale& words) {
  const auto lines = canonical_lines(all, words);
  std::size_t size = 0;
  for (const canonical_line& l : lines)
    size += l.text.size() + 1;
  std::string bytes;
  bytes.reserve(size);
  for (const canonical_line& l : lines)
    if (reasons(l.kind)) {
      bytes += l.text;
      bytes += '\n';
    }
  return sha256_hex(bytes);
}

bool read_canonical(std::string_view text, const origin& from, statements& into, scale& words) {
  const parsed document = parse_json(text, "canonical");
  const node* kind = document.root ? document.root->find("statement") : nullptr;
  if (!kind)
    return false;
  reader r(*document.root);
  if (kind->text == "scale") {
    visit(r, words);
    return r.good;
  }
  bool known = false;
  each_kind(into, [&](std::string_view name, auto& list) {
    if (name != kind->text)
      return;
    known = true;
    auto& item = list.emplace_back();
    item.from = from;
    visit(r, item);
  });
  return known && r.good;
}

} // namespace posterior::kb
