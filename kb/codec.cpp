#include "kb/codec.hpp"

#include <cstring>
#include <utility>

#include "kb/schema.hpp"
#include "kb/values/digest.hpp"

namespace posterior::kb {

// What only the store keeps.
template <typename V, is<file_entry> T>
void visit(V& v, T& s) {
  v("path", s.path);
  v("sha256", s.sha256);
  v("size", s.size);
}

template <typename V, is<limits> T>
void visit(V& v, T& s) {
  v("evaluate_ms", s.evaluate_ms);
  v("memory_mib", s.memory_mib);
  v("records", s.records);
}

template <typename V, is<manifest> T>
void visit(V& v, T& s) {
  v("id", s.id);
  v("version", s.version);
  v("name", s.name);
  v("summary", s.summary);
  v("vendor", s.vendor);
  v("license", s.license);
  v("homepage", s.homepage);
  v("support", s.support);
  v("prefix", s.prefix);
  v("requires", s.requires_bundles);
  v("has_detector", s.has_detector);
  v("detector_file", s.detector_file);
  v("detector_sha256", s.detector_sha256);
  v("abi_major", s.abi_major);
  v("abi_minor", s.abi_minor);
  v("detector_reason", s.detector_reason);
  v("limits", s.allowed);
  v("files", s.files);
}

template <typename V, is<plugin_entry> T>
void visit(V& v, T& s) {
  v("about", s.about);
  v("location", s.location);
  v("digest", s.digest);
  v("origin", s.origin);
  v("form", s.form);
}

template <typename V, is<diagnostic> T>
void visit(V& v, T& s) {
  v("level", s.level);
  v("code", s.code);
  v("where", s.where);
  v("text", s.text);
  v("hint", s.hint);
}

template <typename V, is<bundle> T>
void visit(V& v, T& s) {
  v("about", s.about);
  v("form", s.form);
  v("origin", s.origin);
  v("location", s.location);
  v("digest", s.digest);
  v("shadowed", s.shadowed);
  v("shadowed_by", s.shadowed_by);
  v("disabled", s.disabled);
  v("problems", s.problems);
}

template <typename V, is<overlay_fate> T>
void visit(V& v, T& s) {
  v("standing", s.standing);
  v("why", s.why);
}

template <typename V, is<overlay_outcome> T>
void visit(V& v, T& s) {
  v("fates", s.fates);
  v("problems", s.problems);
  v("valid_until_day", s.valid_until_day);
}

template <typename V, is<dormant> T>
void visit(V& v, T& s) {
  v("statement", s.statement);
  v("missing", s.missing);
  v("plugin", s.plugin);
}

template <typename V, is<contribution> T>
void visit(V& v, T& s) {
  v("statement", s.statement);
  v("from", s.from);
  v("basis", s.rests_on);
}

template <typename V, is<estimate> T>
void visit(V& v, T& s) {
  v("mean", s.mean);
  v("low", s.low);
  v("high", s.high);
  v("word", s.word);
  v("hits", s.hits);
  v("of", s.of);
}

template <typename V, is<range> T>
void visit(V& v, T& s) {
  v("min", s.min);
  v("max", s.max);
}

template <typename V, is<condition> T>
void visit(V& v, T& s) {
  v("of", s.of);
  v("finding", s.finding);
  v("negated", s.negated);
  v("on", s.on);
  v("op", s.op);
  v("value", s.value);
  v("word", s.word);
}

namespace {

template <typename T>
struct element {};
template <typename T>
struct element<std::optional<T>> {
  using optional = T;
};
template <typename T>
struct element<std::vector<T>> {
  using vector = T;
};
template <typename T>
struct element<std::map<std::string, T>> {
  using map = T;
};

template <typename T>
concept an_optional = requires {
  typename element<T>::optional;
};
template <typename T>
concept a_vector = requires {
  typename element<T>::vector;
};
template <typename T>
concept a_map = requires {
  typename element<T>::map;
};

template <typename T>
concept statement_kind = requires(T& t) {
  t.from.where;
};

class encoder {
public:
  std::string out;

  template <typename T>
  void operator()(std::string_view, const T& member) {
    put(member);
  }

  template <typename T>
  void put(const T& x) {
    if constexpr (std::same_as<T, std::string>) {
      length(x.size());
      out += x;
    } else if constexpr (std::same_as<T, bool> || std::is_enum_v<T>) {
      out += static_cast<char>(x);
    } else if constexpr (std::is_arithmetic_v<T>) {
      raw(x);
    } else if constexpr (an_optional<T>) {
      put(x.has_value());
      if (x)
        put(*x);
    } else if constexpr (a_vector<T>) {
      length(x.size());
      for (const auto& item : x)
        put(item);
    } else if constexpr (a_map<T>) {
      length(x.size());
      for (const auto& [key, value] : x) {
        put(key);
        put(value);
      }
    } else {
      visit(*this, x);
      if constexpr (statement_kind<T>)
        visit(*this, x.from);
    }
  }

private:
  template <typename T>
  void raw(T x) {
    char bytes[sizeof x];
    std::memcpy(bytes, &x, sizeof x);
    out.append(bytes, sizeof x);
  }
  // Seven bits a byte, the lowest first.
  void length(std::size_t n) {
    for (; n >= 128; n >>= 7)
      out += static_cast<char>(static_cast<unsigned char>(n | 128));
    out += static_cast<char>(n);
  }
};

class decoder {
public:
  explicit decoder(std::string_view bytes)
      : in_(bytes) {}

  template <typename T>
  void operator()(std::string_view, T& member) {
    take(member);
  }

  bool finished() const { return good_ && in_.empty(); }

  template <typename T>
  void take(T& x) {
    if constexpr (std::same_as<T, std::string>) {
      const std::size_t n = length();
      x.assign(in_.substr(0, n));
      in_.remove_prefix(n);
    } else if constexpr (std::same_as<T, bool> || std::is_enum_v<T>) {
      x = static_cast<T>(byte());
    } else if constexpr (std::is_arithmetic_v<T>) {
      raw(x);
    } else if constexpr (an_optional<T>) {
      if (byte())
        take(x.emplace());
    } else if constexpr (a_vector<T>) {
      x.resize(length());
      for (auto& item : x)
        take(item);
    } else if constexpr (a_map<T>) {
      for (std::size_t n = length(); n > 0; --n) {
        std::string key;
        take(key);
        take(x[std::move(key)]);
      }
    } else {
      visit(*this, x);
      if constexpr (statement_kind<T>)
        visit(*this, x.from);
    }
  }

private:
  template <typename T>
  void raw(T& x) {
    if (!need(sizeof x))
      return;
    std::memcpy(&x, in_.data(), sizeof x);
    in_.remove_prefix(sizeof x);
  }
  unsigned char byte() {
    if (!need(1))
      return 0;
    const auto b = static_cast<unsigned char>(in_.front());
    in_.remove_prefix(1);
    return b;
  }
  // No list can have more members than bytes are left; so nothing large is ever reserved for nothing.
  std::size_t length() {
    std::size_t n = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
      const unsigned char b = byte();
      n |= std::size_t{b & 127u} << shift;
      if (b < 128)
        return need(n) ? n : 0;
    }
    good_ = false;
    return 0;
  }
  bool need(std::size_t n) {
    good_ = good_ && n <= in_.size();
    if (!good_)
      in_ = {};
    return good_;
  }

  std::string_view in_;
  bool good_ = true;
};

// Writes down names and kinds of all members, however deep.
class shaper {
public:
  std::string out;

  template <typename T>
  void operator()(std::string_view name, const T&) {
    out += name;
    out += ':';
    describe<T>();
    out += ';';
  }

  template <typename T>
  void describe() {
    if constexpr (std::same_as<T, std::string>) {
      out += 't';
    } else if constexpr (std::is_enum_v<T> || std::is_arithmetic_v<T>) {
      out += std::is_enum_v<T> ? 'e' : std::is_floating_point_v<T> ? 'f' : 'i';
      out += static_cast<char>('0' + sizeof(T));
    } else if constexpr (an_optional<T>) {
      out += '?';
      describe<typename element<T>::optional>();
    } else if constexpr (a_vector<T>) {
      out += '*';
      describe<typename element<T>::vector>();
    } else if constexpr (a_map<T>) {
      out += '%';
      describe<typename element<T>::map>();
    } else {
      out += '{';
      const T empty{};
      visit(*this, empty);
      out += '}';
    }
  }
};

template <typename V, typename T>
void visit_all(V& v, T& c) {
  each_kind(c.content.all, [&](std::string_view kind, auto& list) { v(kind, list); });
  v("words", c.content.words);
  v("plugins", c.content.plugins);
  v("asleep", c.content.asleep);
  v("said_apart", c.content.said_apart);
  v("digest", c.content.digest);
  v("bundles", c.bundles);
  v("overlay", c.overlay);
}

std::uint64_t shape_number() {
  return checksum(codec_shape());
}

} // namespace

std::string codec_shape() {
  shaper s;
  const compiled nothing;
  visit_all(s, nothing);
  const origin nowhere;
  visit(s, nowhere);
  return std::move(s.out);
}

std::string encode(const compiled& what) {
  encoder e;
  e.put(shape_number());
  visit_all(e, what);
  e.put(checksum(e.out));
  return std::move(e.out);
}

bool was_written_by_this(std::string_view bytes) {
  std::uint64_t n = 0;
  if (bytes.size() < sizeof n)
    return false;
  std::memcpy(&n, bytes.data(), sizeof n);
  return n == shape_number();
}

bool decode(std::string_view bytes, compiled& into) {
  if (bytes.size() < 16)
    return false;
  const auto number_at = [&](std::size_t at) {
    std::uint64_t n = 0;
    std::memcpy(&n, bytes.data() + at, sizeof n);
    return n;
  };
  const std::size_t end = bytes.size() - 8;
  if (number_at(0) != shape_number() || number_at(end) != checksum(bytes.substr(0, end)))
    return false;
  decoder d(bytes.substr(8, end - 8));
  visit_all(d, into);
  return d.finished();
}

} // namespace posterior::kb
