// E: the library, read and not run.
#include <algorithm>
#include <array>
#include <elf.h>
#include <span>

#include <posterior/abi.h>

#include "engine/check/check.hpp"
#include "engine/check/subject.hpp"
#include "engine/host/elf_facts.hpp"
#include "engine/host/elf_reader.hpp"
#include "kb/values/digest.hpp"
#include "kb/values/text.hpp"

namespace posterior::check {
namespace {

using host::elf_facts;

host::elf_reading reading_of(const subject& s) {
  return host::read_elf(std::as_bytes(std::span(s.library_bytes)));
}

place library_of(const subject& s) {
  return {s.library, 0, 0, ""};
}

std::string sentence_part(std::string_view sentence) {
  std::string out(sentence);
  while (!out.empty() && out.back() == '.')
    out.pop_back();
  return out;
}

// The facts, or a skip: what cannot be read was told by E01 or E02.
std::optional<elf_facts> facts_of(const subject& s, verdict& out) {
  host::elf_reading read = reading_of(s);
  if (read)
    return std::move(read.facts);
  out.skip("the library cannot be read; mend E01 and E02 first");
  return {};
}

void check_kind(const subject& s, verdict& out) {
  const host::elf_reading read = reading_of(s);
  const elf_facts& f = read.facts;
  if (s.library_bytes.compare(0, SELFMAG, ELFMAG) != 0 || !f.is_64_bit_little_endian)
    return out.fault(library_of(s), fault("the file", "no 64-bit library", "a shared library of this system"),
                     "build the detector with posterior_add_plugin()");
  if (f.machine != host::this_machine())
    return out.fault(library_of(s),
                     fault("the machine that it was built for", "number " + std::to_string(f.machine),
                           "number " + std::to_string(host::this_machine()) + ", as here"),
                     "build it on this kind of machine");
  if (f.type != ET_DYN)
    out.fault(library_of(s), fault("the file", "a program or an object file", "a shared library"));
}

void check_whole(const subject& s, verdict& out) {
  const host::elf_reading read = reading_of(s);
  if (!read && (read.facts.is_64_bit_little_endian || s.library_bytes.size() < sizeof(Elf64_Ehdr)))
    out.fault(library_of(s),
              fault("the library", "damaged or cut short (" + sentence_part(read.fault) + ")", "whole"),
              "build or copy it again; every part must lie inside the file");
}

void check_one_symbol(const subject& s, verdict& out) {
  const auto f = facts_of(s, out);
  if (!f || (f->defined.size() == 1 && f->defined.front() == POSTERIOR_PLUGIN_SYMBOL))
    return;
  if (f->defined.empty())
    return out.fault(library_of(s), fault("the exported symbols", "none", POSTERIOR_PLUGIN_SYMBOL));
  std::string others;
  for (const std::string& name : f->defined)
    if (name != POSTERIOR_PLUGIN_SYMBOL && others.size() < 60)
      others += (others.empty() ? "" : ", ") + posterior::quoted(name);
  if (!others.empty() && (f->defined.size() > 1))
    out.fault(
        library_of(s),
        fault("the exported symbols", std::to_string(f->defined.size()) + " (" + others + ")",
              "posterior_plugin_v1 and no other"),
        "link with the version script of the SDK (posterior_add_plugin() does), or -fvisibility=hidden");
}

void check_entry(const subject& s, verdict& out) {
  const auto f = facts_of(s, out);
  if (!f || std::find(f->defined.begin(), f->defined.end(), POSTERIOR_PLUGIN_SYMBOL) != f->defined.end())
    return;
  const auto other = std::find_if(f->defined.begin(), f->defined.end(), [](const std::string& name) {
    return name.starts_with("posterior_plugin_v");
  });
  out.fault(library_of(s),
            fault("the entry", other == f->defined.end() ? "missing" : posterior::quoted(*other),
                  POSTERIOR_PLUGIN_SYMBOL),
            other == f->defined.end()
                ? "write POSTERIOR_PLUGIN(...) once, in one source file"
                : "it was built for another major version of the border; build it with SDK 1");
}

// As the SDK's build makes it: SHA-256 of what sha256sum prints for the knowledge files in the order of
// names.
std::string knowledge_hash(const subject& s) {
  std::vector<kb::file_digest> list;
  for (const kb::bundle_file& f : s.found.files)
    if (f.name == "knowledge.toml" || f.name.starts_with("knowledge/"))
      list.push_back({f.name, sha256_hex(s.text(f.name).value_or(""))});
  return kb::bundle_digest(list);
}

void check_note(const subject& s, verdict& out) {
  const auto f = facts_of(s, out);
  if (!f)
    return;
  if (!f->note_fault.empty())
    return out.fault(library_of(s), fault("its note", sentence_part(f->note_fault), "one that can be read"));
  if (!f->note)
    return out.warn(library_of(s), fault("its note (.note.posterior)", "missing", "there"),
                    "posterior_add_plugin() of the SDK writes it: a stray library then says whose it is");
  const auto same = [&](std::string_view what, const std::string& found, const std::string& needed) {
    if (!found.empty() && found != needed)
      out.fault(library_of(s),
                fault("\"" + std::string(what) + "\" of its note", posterior::quoted(found), needed),
                "library and manifest are of two builds; build both anew");
  };
  same("id", f->note->id, s.says.about.id);
  same("version", f->note->version, s.says.about.version);
  same("knowledge", f->note->knowledge, knowledge_hash(s));
  const std::string major = std::to_string(s.says.about.abi_major) + ".";
  if (!f->note->abi.starts_with(major))
    same("abi", f->note->abi, major + std::to_string(s.says.about.abi_minor));
}

void check_hazards(const subject& s, verdict& out) {
  const auto f = facts_of(s, out);
  if (!f)
    return;
  const auto none = [&](bool there, std::string_view what, std::string_view cure) {
    if (there)
      out.fault(library_of(s), fault("the library", "with " + std::string(what), "without"),
                std::string(cure));
  };
  none(f->unique > 0, std::to_string(f->unique) + " UNIQUE symbols",
       "compile with -fno-gnu-unique (posterior_add_plugin() does): they would be shared between plugins");
  none(f->nodelete, "NODELETE", "link without -z nodelete");
  none(f->textrel, "relocations in its code (TEXTREL)", "compile with -fPIC");
  none(f->exec_stack, "an executable stack", "link with -z noexecstack; look for assembler files");
  none(!f->rpath.empty() || !f->runpath.empty(), "a search path (RPATH or RUNPATH)",
       "link without -rpath: a detector brings its libraries inside itself");
}

void check_hardening(const subject& s, verdict& out) {
  const auto f = facts_of(s, out);
  if (!f)
    return;
  const auto want = [&](bool there, std::string_view what, std::string_view option) {
    if (!there)
      out.fault(library_of(s), fault("the library", "without " + std::string(what), "with it"),
                "link with " + std::string(option) + " (posterior_add_plugin() does)");
  };
  want(f->relro, "RELRO", "-Wl,-z,relro");
  want(f->bind_now, "BIND_NOW", "-Wl,-z,now");
  if (f->build_id.empty())
    out.warn(library_of(s), fault("its build id", "missing", "there"), "link with -Wl,--build-id=sha1");
}

void check_needed(const subject& s, verdict& out) {
  static constexpr std::string_view allowed[] = {
      "libc.so.6",   "libm.so.6",      "libgcc_s.so.1",        "libstdc++.so.6",
      "libc++.so.1", "libc++abi.so.1", "libunwind.so.1",       "libpthread.so.0",
      "libdl.so.2",  "librt.so.1",     "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"};
  const auto f = facts_of(s, out);
  if (!f)
    return;
  for (const std::string& name : f->needed) {
    if (name == "libasan.so.8" || name == "libubsan.so.1" || name == "libtsan.so.2")
      out.warn(library_of(s), fault("a needed library", posterior::quoted(name) + ", a sanitizer's",
                                    "none of an author's tools"));
    else if (std::find(std::begin(allowed), std::end(allowed), name) == std::end(allowed))
      out.fault(library_of(s),
                fault("a needed library", posterior::quoted(name), "one of the C and C++ runtime"),
                "link it in statically: on another machine it is missing, or another version");
  }
}

void check_undefined(const subject& s, verdict& out) {
  static constexpr std::string_view never[] = {
      "system", "popen",  "fork",    "vfork", "execl",  "execlp", "execv",  "execve", "execvp", "posix_spawn",
      "dlopen", "socket", "connect", "bind",  "listen", "accept", "ptrace", "kill",   "unlink", "rename"};
  static constexpr std::string_view seldom[] = {"exit",   "_exit",  "quick_exit", "signal",     "sigaction",
                                                "setenv", "putenv", "setlocale",  "fesetround", "chdir",
                                                "fopen",  "open",   "printf",     "puts"};
  const auto f = facts_of(s, out);
  if (!f)
    return;
  for (const std::string& name : f->undefined) {
    const bool bad = std::find(std::begin(never), std::end(never), name) != std::end(never);
    const bool odd = std::find(std::begin(seldom), std::end(seldom), name) != std::end(seldom);
    if (bad)
      out.fault(library_of(s), fault("the library", "calling " + name + "()", "computing, and nothing else"),
                "a worker would refuse it or be ended: a detector starts no process, opens no connection, "
                "removes no file");
    else if (odd)
      out.warn(library_of(s),
               fault("the library", "calling " + name + "()", "without, unless nothing comes of it"),
               "output, files and the process's settings are not a detector's; see the rules at the head of "
               "abi.h");
  }
}

// "GLIBC_2.36" is newer than what Debian 12 has if its number is above the limit.
bool newer(const std::string& version, std::string_view prefix, std::array<int, 3> most) {
  if (!version.starts_with(prefix))
    return false;
  std::array<int, 3> found{};
  std::size_t at = prefix.size();
  for (int& part : found) {
    while (at < version.size() && version[at] >= '0' && version[at] <= '9')
      part = std::min(part * 10 + (version[at++] - '0'), 100'000);
    if (at < version.size())
      ++at; // the dot
  }
  return found > most;
}

void check_symbol_versions(const subject& s, verdict& out) {
  const auto f = facts_of(s, out);
  if (!f)
    return;
  for (const host::needed_version& v : f->versions)
    if (newer(v.version, "GLIBC_", {2, 36, 0}) || newer(v.version, "GLIBCXX_", {3, 4, 30}) ||
        newer(v.version, "CXXABI_", {1, 3, 13}))
      out.fault(library_of(s),
                fault("a version that it needs",
                      posterior::quoted(v.version) + " of " + posterior::quoted(v.library),
                      "one of Debian 12"),
                "build on the oldest system that you support (glibc 2.36, libstdc++ of g++ 12)");
}

} // namespace

std::vector<spec> binary_checks() {
  return {
      {"E01", "library-for-this-machine", "The detector is a shared library for this machine.",
       needs::library, check_kind},
      {"E02", "library-whole", "Every part of the library lies inside its file.", needs::library,
       check_whole},
      {"E03", "one-symbol", "It exports one symbol and no other.", needs::library, check_one_symbol},
      {"E04", "entry-of-version-1", "That symbol is posterior_plugin_v1.", needs::library, check_entry},
      {"E05", "note-agrees", "The note in the library names the same plugin and version as the manifest.",
       needs::library, check_note},
      {"E06", "no-loader-hazards", "No UNIQUE symbols, NODELETE, TEXTREL, executable stack or search path.",
       needs::library, check_hazards},
      {"E07", "hardened", "Its tables are write-protected after loading, and it has a build id.",
       needs::library, check_hardening},
      {"E08", "needs-runtime-only", "It needs no library but those of the C and C++ runtime.", needs::library,
       check_needed},
      {"E09", "calls-nothing-dangerous",
       "It calls nothing that starts processes, opens connections or removes files.", needs::library,
       check_undefined},
      {"E10", "runs-on-debian-12", "It needs no newer runtime than the oldest supported system has.",
       needs::library, check_symbol_versions},
  };
}

} // namespace posterior::check
