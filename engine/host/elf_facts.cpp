// Tests: tests/host/elf_facts_test.cpp, tests/host/elf_reader_test.cpp.
#include "engine/host/elf_facts.hpp"

#include <algorithm>

#include "engine/host/elf_image.hpp"
#include "engine/host/elf_note.hpp"

namespace posterior::host {
namespace {

constexpr std::size_t dynamic_entries_max = 512;
constexpr std::size_t symbols_max = 65'536;
constexpr std::size_t versions_max = 1'024;
constexpr std::size_t name_bytes_max = 4'096;
constexpr std::size_t names_bytes_max = 4 * 1024 * 1024;

constexpr std::string_view too_much = "The detector's library names more symbols than are read.";
constexpr std::string_view broken_tables = "The detector's library has tables that lie outside of it.";

struct tables {
  std::uint64_t symbols = 0, strings = 0, strings_bytes = 0, hash = 0, gnu_hash = 0;
  std::uint64_t verneed = 0, verneed_count = 0, flags = 0, flags_1 = 0;
  std::optional<std::uint64_t> soname, rpath, runpath; // offsets into the strings
  std::vector<std::uint64_t> needed;
  bool textrel = false, bind_now = false;
};

void keep(tables& out, const Elf64_Dyn& entry) {
  const std::uint64_t value = entry.d_un.d_val;
  switch (entry.d_tag) {
  case DT_SYMTAB:
    out.symbols = value;
    break;
  case DT_STRTAB:
    out.strings = value;
    break;
  case DT_STRSZ:
    out.strings_bytes = value;
    break;
  case DT_HASH:
    out.hash = value;
    break;
  case DT_GNU_HASH:
    out.gnu_hash = value;
    break;
  case DT_VERNEED:
    out.verneed = value;
    break;
  case DT_VERNEEDNUM:
    out.verneed_count = value;
    break;
  case DT_FLAGS:
    out.flags = value;
    break;
  case DT_FLAGS_1:
    out.flags_1 = value;
    break;
  case DT_SONAME:
    out.soname = value;
    break;
  case DT_RPATH:
    out.rpath = value;
    break;
  case DT_RUNPATH:
    out.runpath = value;
    break;
  case DT_NEEDED:
    out.needed.push_back(value);
    break;
  case DT_TEXTREL:
    out.textrel = true;
    break;
  case DT_BIND_NOW:
    out.bind_now = true;
    break;
  default:
    break;
  }
}

tables read_dynamic(const elf_image& from) {
  tables found;
  const std::uint64_t entries = from.dynamic->p_filesz / sizeof(Elf64_Dyn);
  for (std::uint64_t i = 0; i < entries && i < dynamic_entries_max; ++i) {
    const auto entry = value_at<Elf64_Dyn>(from.file, from.dynamic->p_offset + i * sizeof(Elf64_Dyn));
    if (!entry || entry->d_tag == DT_NULL)
      break;
    keep(found, *entry);
  }
  return found;
}

// The dynamic string table. Counts what it gives, because many entries may point to one long text.
class names {
public:
  names(const elf_image& from, const tables& found) {
    const auto begin = from.offset_of(found.strings);
    if (!begin || *begin > from.file.size())
      return;
    const std::uint64_t bytes = std::min<std::uint64_t>(found.strings_bytes, from.file.size() - *begin);
    text_ = {reinterpret_cast<const char*>(from.file.data()) + *begin, static_cast<std::size_t>(bytes)};
  }

  // Nothing if no ended text of at most 4,096 bytes stands there, or 4 MiB were given already.
  std::optional<std::string_view> at(std::uint64_t offset) {
    if (offset >= text_.size())
      return std::nullopt;
    const std::string_view rest = text_.substr(offset, name_bytes_max + 1);
    const std::size_t end = rest.find('\0');
    if (end == std::string_view::npos || end > names_bytes_max - given_)
      return std::nullopt;
    given_ += end;
    return rest.substr(0, end);
  }
  std::string text(std::optional<std::uint64_t> offset) {
    return offset ? std::string{at(*offset).value_or(std::string_view{})} : std::string{};
  }

private:
  std::string_view text_;
  std::size_t given_ = 0;
};

// The number of dynamic symbols stands nowhere; the GNU hash table ends with the last one. Its layout:
// nbuckets, first symbol, size of the bloom filter in 8-byte words, shift; the filter; the buckets; one word
// a symbol, odd where a chain ends. Nothing if the table cannot be followed.
std::optional<std::size_t> count_by_gnu_hash(const elf_image& from, std::uint64_t table) {
  const auto word = [&](std::uint64_t address) { return from.value<std::uint32_t>(address); };
  const auto buckets = word(table);
  const auto first = word(table + 4);
  const auto bloom = word(table + 8);
  if (!buckets || !first || !bloom || *buckets > symbols_max)
    return std::nullopt;
  const std::uint64_t bucket_table = table + 16 + std::uint64_t{*bloom} * 8;
  std::uint32_t last = 0;
  for (std::uint32_t i = 0; i < *buckets; ++i) {
    const auto bucket = word(bucket_table + std::uint64_t{i} * 4);
    if (!bucket)
      return std::nullopt;
    last = std::max(last, *bucket);
  }
  if (last < *first)
    return *first;
  const std::uint64_t chains = bucket_table + std::uint64_t{*buckets} * 4;
  for (; last < symbols_max; ++last) {
    const auto link = word(chains + std::uint64_t{last - *first} * 4);
    if (!link)
      return std::nullopt;
    if ((*link & 1) != 0)
      return last + 1;
  }
  return symbols_max + 1;
}

std::optional<std::size_t> count_symbols(const elf_image& from, const tables& found) {
  if (found.hash != 0)
    return from.value<std::uint32_t>(found.hash + 4);
  return found.gnu_hash != 0 ? count_by_gnu_hash(from, found.gnu_hash) : std::size_t{0};
}

bool others_see(const Elf64_Sym& symbol) {
  const unsigned visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return ELF64_ST_BIND(symbol.st_info) != STB_LOCAL && visibility != STV_HIDDEN && visibility != STV_INTERNAL;
}

void keep(elf_facts& out, const Elf64_Sym& symbol, std::string_view name) {
  if (name.empty() || !others_see(symbol))
    return;
  const bool weak = ELF64_ST_BIND(symbol.st_info) == STB_WEAK;
  if (symbol.st_shndx == SHN_UNDEF) {
    (weak ? out.weak_undefined : out.undefined).emplace_back(name);
    return;
  }
  out.defined.emplace_back(name);
  out.unique += ELF64_ST_BIND(symbol.st_info) == STB_GNU_UNIQUE ? 1 : 0;
}

std::string_view read_symbols(const elf_image& from, const tables& found, names& text, elf_facts& out) {
  const auto count = count_symbols(from, found);
  const auto symbols = from.offset_of(found.symbols);
  if (!count || (*count > 0 && !symbols))
    return broken_tables;
  if (*count > symbols_max)
    return too_much;
  for (std::size_t i = 0; i < *count; ++i) {
    const auto symbol = value_at<Elf64_Sym>(from.file, *symbols + i * sizeof(Elf64_Sym));
    const auto name = symbol ? text.at(symbol->st_name) : std::nullopt;
    if (!name)
      return broken_tables;
    keep(out, *symbol, *name);
  }
  return {};
}

std::string_view read_versions(const elf_image& from, const tables& found, names& text, elf_facts& out) {
  std::uint64_t at = found.verneed;
  for (std::uint64_t i = 0; i < found.verneed_count; ++i) {
    const auto library = from.value<Elf64_Verneed>(at);
    const auto name = library ? text.at(library->vn_file) : std::nullopt;
    if (!name)
      return broken_tables;
    std::uint64_t part = at + library->vn_aux;
    for (unsigned j = 0; j < library->vn_cnt; ++j) {
      const auto one = from.value<Elf64_Vernaux>(part);
      const auto version = one ? text.at(one->vna_name) : std::nullopt;
      if (!version)
        return broken_tables;
      if (out.versions.size() >= versions_max)
        return too_much;
      out.versions.push_back({std::string{*name}, std::string{*version}});
      part += one->vna_next;
    }
    at += library->vn_next;
    if (library->vn_next == 0)
      break;
  }
  return {};
}

// Without a PT_GNU_STACK the loader takes it that the library wants an executable one.
bool wants_exec_stack(const elf_image& from) {
  return !from.stack || (from.stack->p_flags & PF_X) != 0;
}

std::string_view read_tables(const elf_image& from, elf_facts& out) {
  const tables found = read_dynamic(from);
  names text{from, found};
  out.soname = text.text(found.soname);
  out.rpath = text.text(found.rpath);
  out.runpath = text.text(found.runpath);
  for (const std::uint64_t offset : found.needed)
    out.needed.push_back(text.text(offset));
  out.nodelete = (found.flags_1 & DF_1_NODELETE) != 0;
  out.textrel = found.textrel || (found.flags & DF_TEXTREL) != 0;
  out.bind_now = found.bind_now || (found.flags & DF_BIND_NOW) != 0 || (found.flags_1 & DF_1_NOW) != 0;
  if (const auto fault = read_symbols(from, found, text, out); !fault.empty())
    return fault;
  return read_versions(from, found, text, out);
}

std::string_view read_all(elf_image& from, elf_facts& out) {
  if (const auto fault = read_head(from); !fault.empty())
    return fault;
  out.is_64_bit_little_endian = true;
  out.machine = from.head.e_machine;
  out.type = from.head.e_type;
  if (const auto fault = read_segments(from); !fault.empty())
    return fault;
  out.segments_inside = true;
  out.exec_stack = wants_exec_stack(from);
  out.relro = from.relro;
  read_notes(from, out);
  return read_tables(from, out);
}

} // namespace

std::uint16_t this_machine() noexcept {
#if defined(__x86_64__)
  return EM_X86_64;
#elif defined(__aarch64__)
  return EM_AARCH64;
#else
#error "the reader knows x86-64 and arm64"
#endif
}

elf_reading read_elf(std::span<const std::byte> file) {
  elf_reading out;
  elf_image from{file, {}, {}, {}, {}, {}, false};
  out.fault = read_all(from, out.facts);
  return out;
}

} // namespace posterior::host
