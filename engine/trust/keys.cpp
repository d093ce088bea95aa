#include "engine/trust/keys.hpp"

#include <sodium.h>

#include <algorithm>
#include <vector>

#include "kb/values/text.hpp"

namespace posterior::trust {
namespace {

constexpr std::size_t name_limit = 80;
constexpr std::string_view public_word = "posterior-key", secret_word = "posterior-secret-key",
                           signature_word = "posterior-signature", kind = "ed25519";

template <std::size_t n>
std::string encoded(const std::array<unsigned char, n>& bytes) {
  std::string out(sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes.data(), n, sodium_base64_VARIANT_ORIGINAL);
  out.pop_back(); // the zero that ends it
  return out;
}

// The one spelling that encoded() gives, and no other.
template <std::size_t n>
bool decode(std::string_view text, std::array<unsigned char, n>& into) {
  std::size_t used = 0;
  const int failed = sodium_base642bin(into.data(), n, text.data(), text.size(), nullptr, &used, nullptr,
                                       sodium_base64_VARIANT_ORIGINAL);
  return failed == 0 && used == n && encoded(into) == text;
}

struct line_reading {
  std::vector<std::string> words; // of the one line that counts
  std::string rest;               // behind the third word
};

// Nothing unless exactly one line counts.
std::optional<line_reading> the_line(std::string_view text) {
  std::optional<line_reading> out;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty() || line.front() == '#')
      continue;
    if (out)
      return std::nullopt;
    out.emplace();
    for (int i = 0; i < 3; ++i) {
      out->words.emplace_back(line.substr(0, line.find(' ')));
      line.remove_prefix(std::min(line.size(), out->words.back().size() + 1));
    }
    out->rest = line;
  }
  return out;
}

diagnostic not_a(std::string_view what, const std::string& file, std::string_view needed, std::string hint) {
  return {severity::error, "key.not-one", {file, 0, 0, ""}, fault(what, "not one", needed), std::move(hint)};
}

// The line of `word`, its base64 decoded into `bytes`.
template <std::size_t n>
std::optional<line_reading> read_line(std::string_view text, std::string_view word,
                                      std::array<unsigned char, n>& bytes) {
  auto line = the_line(text);
  if (!line || line->words[0] != word || line->words[1] != kind || !decode(line->words[2], bytes))
    return std::nullopt;
  return line;
}

} // namespace

secret_key::secret_key(const std::array<unsigned char, 32>& seed, std::string name)
    : seed_(seed)
    , name_(std::move(name)) {}

secret_key::~secret_key() {
  sodium_memzero(seed_.data(), seed_.size());
}

public_key secret_key::shown() const {
  public_key out;
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> whole{};
  crypto_sign_seed_keypair(out.bytes.data(), whole.data(), seed_.data());
  sodium_memzero(whole.data(), whole.size());
  out.name = name_;
  return out;
}

std::string secret_key::text() const {
  return std::string(secret_word) + " " + std::string(kind) + " " + encoded(seed_) + " " + name_ + "\n";
}

std::string secret_key::sign(std::string_view manifest) const {
  public_key open;
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> whole{};
  std::array<unsigned char, crypto_sign_BYTES> out{};
  crypto_sign_seed_keypair(open.bytes.data(), whole.data(), seed_.data());
  crypto_sign_detached(out.data(), nullptr, reinterpret_cast<const unsigned char*>(manifest.data()),
                       manifest.size(), whole.data());
  sodium_memzero(whole.data(), whole.size());
  return std::string(signature_word) + " " + std::string(kind) + " " + encoded(open.bytes) + " " +
         encoded(out) + "\n";
}

secret_key make_key(std::string name) {
  std::array<unsigned char, 32> seed{};
  if (sodium_init() >= 0)
    randombytes_buf(seed.data(), seed.size());
  secret_key out(seed, std::move(name));
  sodium_memzero(seed.data(), seed.size());
  return out;
}

bool holds(const signature& s, std::string_view manifest) {
  return crypto_sign_verify_detached(s.bytes.data(), reinterpret_cast<const unsigned char*>(manifest.data()),
                                     manifest.size(), s.by.bytes.data()) == 0;
}

std::string_view bad_key_name(std::string_view name) {
  if (name.empty())
    return "empty";
  if (name.size() > name_limit)
    return "longer than 80 bytes";
  return name.find('\n') != std::string_view::npos ? "of several lines" : unclean(name);
}

reading_of<public_key> read_public_key(std::string_view text, const std::string& file) {
  public_key out;
  const auto line = read_line(text, public_word, out.bytes);
  if (!line || !bad_key_name(line->rest).empty())
    return {std::nullopt, not_a("the public key", file, "one line `posterior-key ed25519 BASE64 NAME`",
                                "`posterior plugin key new FILE` writes FILE.pub")};
  out.name = line->rest;
  return {std::move(out), {}};
}

reading_of<secret_key> read_secret_key(std::string_view text, const std::string& file) {
  std::array<unsigned char, 32> seed{};
  const auto line = read_line(text, secret_word, seed);
  if (!line || !bad_key_name(line->rest).empty())
    return {std::nullopt, not_a("the secret key", file, "one line `posterior-secret-key ed25519 BASE64 NAME`",
                                "`posterior plugin key new FILE` makes one")};
  secret_key out(seed, line->rest);
  sodium_memzero(seed.data(), seed.size());
  return {std::move(out), {}};
}

reading_of<signature> read_signature(std::string_view text, const std::string& file) {
  signature out;
  const auto line = read_line(text, signature_word, out.by.bytes);
  if (!line || !decode(line->rest, out.bytes))
    return {std::nullopt, not_a("the signature", file, "one line `posterior-signature ed25519 BASE64 BASE64`",
                                "get the bundle again from where it came from")};
  return {out, {}};
}

std::string to_text(const public_key& key) {
  return encoded(key.bytes);
}

std::optional<public_key> key_of(std::string_view base64, std::string name) {
  public_key out;
  if (!decode(base64, out.bytes))
    return std::nullopt;
  out.name = std::move(name);
  return out;
}

std::string key_line(const public_key& key) {
  return std::string(public_word) + " " + std::string(kind) + " " + encoded(key.bytes) + " " + key.name +
         "\n";
}

} // namespace posterior::trust
