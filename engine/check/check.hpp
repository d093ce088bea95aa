// A check as data: its id, its name, what it says in one sentence, what it needs, and the function that makes
// it. What `posterior plugin check` runs is the list of all_checks(); sdk/CHECKS.md tells it to authors.
// Values; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kb/values/diagnostic.hpp"

namespace posterior::check {

struct subject;

enum class result : std::uint8_t {
  ok,
  warn,  // works, but somebody should look at it
  fail,  // must be mended
  skip,  // does not apply, or could not be tried; the reason says why
  crash, // the plugin's process ended while it was checked, or the check itself broke
};
std::string_view to_string(result r);

// What a check needs before it can say anything. Each includes those before it.
enum class needs : std::uint8_t {
  files,     // the files of the bundle
  manifest,  // a manifest with a usable id
  knowledge, // statements that hold together with the installed ones
  library,   // the built detector
  detector,  // both, and that it loads
};

// What one check found. Filled by its function; one thread.
class verdict {
public:
  void fault(place where, std::string text, std::string hint = {});
  void warn(place where, std::string text, std::string hint = {});
  // The process of the plugin ended, or the check broke.
  void crash(place where, std::string text, std::string hint = {});
  void skip(std::string reason);
  // Worth reading beside a good result: what was measured.
  void remark(std::string text) { remark_ = std::move(text); }
  // By its level: an error is a fault, a warning is one to look at, a note is left out.
  void take(const diagnostic& d);

  result how() const;
  const diagnostics& notes() const { return notes_; }
  const std::string& reason() const { return reason_; }
  const std::string& remark() const { return remark_; }

private:
  diagnostics notes_;
  std::string reason_, remark_;
  bool crashed_ = false, skipped_ = false;
};

struct spec {
  std::string_view id;   // "K03"
  std::string_view name; // "references-resolve"
  std::string_view description;
  needs wants = needs::files;
  void (*run)(const subject&, verdict&) = nullptr;
};

// In the order in which they are made: files, knowledge, library, loading, behaviour, documents.
std::vector<spec> all_checks();

// The parts of that list.
std::vector<spec> bundle_checks();
std::vector<spec> knowledge_checks();
std::vector<spec> binary_checks();
std::vector<spec> load_checks();
std::vector<spec> behaviour_checks();
std::vector<spec> document_checks();

} // namespace posterior::check
