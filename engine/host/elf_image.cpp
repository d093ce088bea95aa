#include "engine/host/elf_image.hpp"

namespace posterior::host {
namespace {

constexpr std::size_t segments_max = 64;

constexpr std::string_view cut_short = "The detector's file is cut short.";

bool counts(std::uint32_t type) {
  return type == PT_LOAD || type == PT_DYNAMIC || type == PT_NOTE || type == PT_GNU_STACK ||
         type == PT_GNU_RELRO;
}

bool inside(file_bytes file, const Elf64_Phdr& segment) {
  return segment.p_offset <= file.size() && segment.p_filesz <= file.size() - segment.p_offset;
}

void keep(elf_image& out, const Elf64_Phdr& segment) {
  if (segment.p_type == PT_LOAD)
    out.loads.push_back(segment);
  else if (segment.p_type == PT_DYNAMIC)
    out.dynamic = segment;
  else if (segment.p_type == PT_NOTE)
    out.notes.push_back(segment);
  else if (segment.p_type == PT_GNU_STACK)
    out.stack = segment;
  else
    out.relro = true;
}

} // namespace

std::optional<std::uint64_t> elf_image::offset_of(std::uint64_t address) const {
  for (const Elf64_Phdr& one : loads)
    if (address >= one.p_vaddr && address - one.p_vaddr < one.p_filesz)
      return one.p_offset + (address - one.p_vaddr);
  return std::nullopt;
}

std::string_view read_head(elf_image& out) {
  const file_bytes file = out.file;
  if (file.empty())
    return "The detector's file is empty.";
  if (file.size() < SELFMAG || std::memcmp(file.data(), ELFMAG, SELFMAG) != 0)
    return "The detector's file is no ELF library.";
  if (file.size() > EI_DATA &&
      (file[EI_CLASS] != std::byte{ELFCLASS64} || file[EI_DATA] != std::byte{ELFDATA2LSB}))
    return "The detector's file is not a 64-bit little-endian library.";
  const auto head = value_at<Elf64_Ehdr>(file, 0);
  if (!head)
    return cut_short;
  out.head = *head;
  return {};
}

std::string_view read_segments(elf_image& out) {
  const Elf64_Ehdr& head = out.head;
  if (head.e_phentsize != sizeof(Elf64_Phdr) || head.e_phnum == 0 || head.e_phnum > segments_max)
    return "The detector's file has no usable program headers.";
  for (std::uint64_t i = 0; i < head.e_phnum; ++i) {
    const auto segment = head.e_phoff > out.file.size()
                             ? std::nullopt
                             : value_at<Elf64_Phdr>(out.file, head.e_phoff + i * sizeof(Elf64_Phdr));
    if (!segment)
      return cut_short;
    if (!counts(segment->p_type))
      continue;
    if (!inside(out.file, *segment))
      return cut_short;
    keep(out, *segment);
  }
  return out.dynamic ? std::string_view{} : "The detector's file has no dynamic segment.";
}

} // namespace posterior::host
