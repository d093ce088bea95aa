// The fourteen steps from a bundle to an answering detector: who does each, how a failure at it is named and
// what cures it. Values; any thread.
//
// A failure's text has four parts: what (detector_answer::detail, a fixed sentence), what was found and what
// is needed (the first part of `reason`), and what to do (the rest of it, the cure below). Steps 1 to 6 run
// no plugin code, and neither do 7 and 8: foreign code runs from step 9 on, confined.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "engine/host/detector.hpp"

namespace posterior::host {

enum class load_step : std::uint8_t {
  file = 1,   // regular, owner and rights, no link
  manifest,   // plugin.toml: schema, id, version, platform, ABI
  trust,      // signature, digests of all files, nothing extra
  knowledge,  // what the bundle says: references, limits, golden cases' shape
  library,    // what stands in detector.so (elf_reader.hpp)
  store,      // copied by its digest, and only the copy used; here: sealed memory (file_check.hpp)
  start,      // a worker process with a socket and the library's descriptor
  confine,    // the worker gives up what a detector does not need
  load,       // the loader binds every symbol; static constructors run
  symbol,     // posterior_plugin_v1, and the library's own
  descriptor, // sizes, ABI, id, version, classes, callbacks
  create,     // init, create
  golden,     // the bundle's golden cases through the live worker
  publish     // the new generation is what requests see
};

struct load_step_line {
  load_step step;
  std::string_view name;
  std::string_view done_by;
};

// All of them, in order.
inline constexpr std::array<load_step_line, 14> load_steps{{
    {load_step::file, "file", "engine/host/file_check"},
    {load_step::manifest, "manifest", "kb reader"},
    {load_step::trust, "signature and digests", "engine/trust"},
    {load_step::knowledge, "knowledge", "kb reader"},
    {load_step::library, "library", "engine/host/elf_reader"},
    {load_step::store, "store", "engine/trust; engine/host/file_check seals the copy"},
    {load_step::start, "start", "engine/host/worker_process"},
    {load_step::confine, "confine", "engine/worker/confine"},
    {load_step::load, "load", "engine/worker/loader"},
    {load_step::symbol, "symbol", "engine/worker/loader"},
    {load_step::descriptor, "descriptor", "engine/worker/loader"},
    {load_step::create, "create", "engine/worker/run"},
    {load_step::golden, "golden cases", "engine/service"},
    {load_step::publish, "publish", "engine/service"},
}};

// The step that a failure belongs to; none for those of a detector that was loaded.
std::optional<load_step> step_of(failure why);

// What the one who looks after the system can do about it; empty where the reason already says it or nothing
// can be done but telling the author.
std::string_view cure_of(failure why);

// `found` with the cure: "FOUND, must be NEEDED; CURE".
std::string with_cure(failure why, std::string found);

} // namespace posterior::host
