// Ed25519 keys and signatures as one line of text each. Pure but for make_key(); any thread.
//
//   posterior-key ed25519 BASE64 NAME               who may be trusted: NAME.pub
//   posterior-secret-key ed25519 BASE64 NAME        what signs, kept by its owner
//   posterior-signature ed25519 BASE64 BASE64       plugin.sig: the key, and the signature over plugin.toml
//
// Lines that start with # and empty lines are skipped. NAME is for people and proves nothing.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "kb/values/diagnostic.hpp"

namespace posterior::trust {

struct public_key {
  std::array<unsigned char, 32> bytes{};
  std::string name;

  // The name is no part of who it is.
  bool operator==(const public_key& other) const { return bytes == other.bytes; }
};

class secret_key {
public:
  secret_key(const std::array<unsigned char, 32>& seed, std::string name);
  secret_key(const secret_key&) = default;
  secret_key& operator=(const secret_key&) = default;
  ~secret_key(); // overwrites the seed

  public_key shown() const;
  // One line of text, for a file that only its owner reads.
  std::string text() const;
  // The bytes of plugin.sig.
  std::string sign(std::string_view manifest) const;

private:
  std::array<unsigned char, 32> seed_;
  std::string name_;
};

// A new one, of the system's randomness.
secret_key make_key(std::string name);

struct signature {
  public_key by; // without a name
  std::array<unsigned char, 64> bytes{};
};

bool holds(const signature& s, std::string_view manifest);

template <typename T>
struct reading_of {
  std::optional<T> value;
  diagnostic problem; // set if there is none; code "key.*"
};

reading_of<public_key> read_public_key(std::string_view text, const std::string& file);
reading_of<secret_key> read_secret_key(std::string_view text, const std::string& file);
reading_of<signature> read_signature(std::string_view text, const std::string& file);

// "9zB...=": 44 characters. What people compare, and what trust.toml holds.
std::string to_text(const public_key& key);
std::optional<public_key> key_of(std::string_view base64, std::string name = {});
// The whole line of a public key.
std::string key_line(const public_key& key);

// Why `name` may not be a key's name, in words for FOUND; empty if it may.
std::string_view bad_key_name(std::string_view name);

} // namespace posterior::trust
