// Only what the loader itself reads is read: the head, the program headers, and from the dynamic segment the
// symbol and hash tables. Section headers are ignored; the loader ignores them too. Tests:
// tests/host/elf_reader_test.cpp.
#include "engine/host/elf_reader.hpp"

#include <elf.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

namespace posterior::host {
namespace {

#if defined(__x86_64__)
constexpr std::uint16_t this_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t this_machine = EM_AARCH64;
#else
#error "the reader knows x86-64 and arm64"
#endif

constexpr std::size_t segments_max = 64;
constexpr std::size_t dynamic_entries_max = 512;
constexpr std::size_t symbols_max = 1'000'000;

using file_bytes = std::span<const std::byte>;

// A copy of a T at the offset; nothing if it does not lie in the file.
template <class T>
std::optional<T> at(file_bytes file, std::uint64_t offset) {
  if (offset > file.size() || file.size() - offset < sizeof(T))
    return std::nullopt;
  T value;
  std::memcpy(&value, file.data() + offset, sizeof value);
  return value;
}

struct image {
  file_bytes file;
  std::vector<Elf64_Phdr> loads;
  std::optional<Elf64_Phdr> dynamic;

  // Where an address of the loaded library lies in the file.
  std::optional<std::uint64_t> offset_of(std::uint64_t address) const {
    for (const Elf64_Phdr& one : loads)
      if (address >= one.p_vaddr && address - one.p_vaddr < one.p_filesz)
        return one.p_offset + (address - one.p_vaddr);
    return std::nullopt;
  }
};

struct tables {
  std::uint64_t symbols = 0, strings = 0, strings_bytes = 0, hash = 0, gnu_hash = 0;
};

std::string_view head_fault(file_bytes file) {
  const auto head = at<Elf64_Ehdr>(file, 0);
  if (file.empty())
    return "The detector's file is empty.";
  if (file.size() < SELFMAG || std::memcmp(file.data(), ELFMAG, SELFMAG) != 0)
    return "The detector's file is no ELF library.";
  if (!head)
    return "The detector's file is cut short.";
  if (head->e_ident[EI_CLASS] != ELFCLASS64 || head->e_ident[EI_DATA] != ELFDATA2LSB)
    return "The detector's file is not a 64-bit little-endian library.";
  if (head->e_machine != this_machine)
    return "The detector's file was built for another machine.";
  if (head->e_type != ET_DYN)
    return "The detector's file is no shared library.";
  if (head->e_phentsize != sizeof(Elf64_Phdr) || head->e_phnum == 0 || head->e_phnum > segments_max)
    return "The detector's file has no usable program headers.";
  return {};
}

// Reads the program headers. A segment that reaches past the end means a file that was cut short.
std::string_view read_segments(image& out) {
  const auto head = *at<Elf64_Ehdr>(out.file, 0);
  for (std::uint64_t i = 0; i < head.e_phnum; ++i) {
    const auto segment = head.e_phoff > out.file.size()
                             ? std::nullopt
                             : at<Elf64_Phdr>(out.file, head.e_phoff + i * sizeof(Elf64_Phdr));
    if (!segment)
      return "The detector's file is cut short.";
    if (segment->p_type != PT_LOAD && segment->p_type != PT_DYNAMIC)
      continue;
    if (segment->p_offset > out.file.size() || segment->p_filesz > out.file.size() - segment->p_offset)
      return "The detector's file is cut short.";
    if (segment->p_type == PT_LOAD)
      out.loads.push_back(*segment);
    else
      out.dynamic = *segment;
  }
  return out.dynamic ? std::string_view{} : "The detector's file has no dynamic segment.";
}

tables read_dynamic(const image& from) {
  tables found;
  const std::uint64_t entries = from.dynamic->p_filesz / sizeof(Elf64_Dyn);
  for (std::uint64_t i = 0; i < entries && i < dynamic_entries_max; ++i) {
    const auto entry = at<Elf64_Dyn>(from.file, from.dynamic->p_offset + i * sizeof(Elf64_Dyn));
    if (!entry || entry->d_tag == DT_NULL)
      break;
    switch (entry->d_tag) {
    case DT_SYMTAB:
      found.symbols = entry->d_un.d_ptr;
      break;
    case DT_STRTAB:
      found.strings = entry->d_un.d_ptr;
      break;
    case DT_STRSZ:
      found.strings_bytes = entry->d_un.d_val;
      break;
    case DT_HASH:
      found.hash = entry->d_un.d_ptr;
      break;
    case DT_GNU_HASH:
      found.gnu_hash = entry->d_un.d_ptr;
      break;
    default:
      break;
    }
  }
  return found;
}

std::optional<std::uint32_t> word_at(const image& from, std::uint64_t address) {
  const auto offset = from.offset_of(address);
  return offset ? at<std::uint32_t>(from.file, *offset) : std::nullopt;
}

// The number of dynamic symbols stands nowhere; the GNU hash table ends with the last one. Its layout:
// nbuckets, first symbol, size of the bloom filter in 8-byte words, shift; the filter; the buckets; one word
// a symbol, odd where a chain ends.
std::size_t count_by_gnu_hash(const image& from, std::uint64_t table) {
  const auto buckets = word_at(from, table);
  const auto first = word_at(from, table + 4);
  const auto bloom = word_at(from, table + 8);
  if (!buckets || !first || !bloom || *buckets > symbols_max)
    return 0;
  const std::uint64_t bucket_table = table + 16 + std::uint64_t{*bloom} * 8;
  std::uint32_t last = 0;
  for (std::uint32_t i = 0; i < *buckets; ++i) {
    const auto bucket = word_at(from, bucket_table + std::uint64_t{i} * 4);
    if (!bucket)
      return 0;
    last = std::max(last, *bucket);
  }
  if (last < *first)
    return *first;
  const std::uint64_t chains = bucket_table + std::uint64_t{*buckets} * 4;
  while (last < symbols_max) {
    const auto link = word_at(from, chains + std::uint64_t{last - *first} * 4);
    if (!link)
      return 0;
    ++last;
    if ((*link & 1) != 0)
      return last;
  }
  return 0;
}

std::size_t count_symbols(const image& from, const tables& found) {
  if (found.hash != 0)
    if (const auto chains = word_at(from, found.hash + 4))
      return std::min<std::size_t>(*chains, symbols_max);
  return found.gnu_hash != 0 ? count_by_gnu_hash(from, found.gnu_hash) : 0;
}

bool named(const image& from, std::uint64_t strings, const tables& found, std::uint32_t name,
           std::string_view wanted) {
  if (name > found.strings_bytes || found.strings_bytes - name <= wanted.size())
    return false;
  const std::uint64_t begin = strings + name;
  if (begin > from.file.size() || from.file.size() - begin <= wanted.size())
    return false;
  const auto* text = reinterpret_cast<const char*>(from.file.data() + begin);
  return std::string_view{text, wanted.size()} == wanted && text[wanted.size()] == '\0';
}

bool defines(const image& from, const tables& found, std::string_view wanted) {
  const auto symbols = from.offset_of(found.symbols);
  const auto strings = from.offset_of(found.strings);
  if (!symbols || !strings)
    return false;
  const std::size_t count = count_symbols(from, found);
  for (std::size_t i = 0; i < count; ++i) {
    const auto symbol = at<Elf64_Sym>(from.file, *symbols + i * sizeof(Elf64_Sym));
    if (!symbol)
      return false;
    if (symbol->st_shndx != SHN_UNDEF && named(from, *strings, found, symbol->st_name, wanted))
      return true;
  }
  return false;
}

} // namespace

std::string_view elf_fault(std::span<const std::byte> file, std::string_view symbol) {
  if (const auto fault = head_fault(file); !fault.empty())
    return fault;
  image from{file, {}, {}};
  if (const auto fault = read_segments(from); !fault.empty())
    return fault;
  if (!defines(from, read_dynamic(from), symbol))
    return "The detector's library does not define posterior_plugin_v1.";
  return {};
}

} // namespace posterior::host
