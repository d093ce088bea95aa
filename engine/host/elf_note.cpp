#include "engine/host/elf_note.hpp"

#include <algorithm>

namespace posterior::host {
namespace {

constexpr std::size_t notes_max = 64;
constexpr std::size_t build_id_bytes_max = 64;
constexpr std::size_t content_bytes_max = 4'096;
constexpr std::string_view our_owner{"Posterior\0", 10};
constexpr std::string_view linker_owner{"GNU\0", 4};
constexpr std::uint32_t our_type = 1;

struct one_note {
  std::uint32_t type = 0;
  std::string_view owner, content;
};

std::uint64_t up_to(std::uint64_t bytes, std::uint64_t alignment) {
  return (bytes + alignment - 1) / alignment * alignment;
}

// The note at the front of `rest`, which is then what follows it; nothing at the end or if it does not fit.
std::optional<one_note> take_note(std::string_view& rest, std::uint64_t alignment) {
  Elf64_Nhdr head;
  if (rest.size() < sizeof head)
    return std::nullopt;
  std::memcpy(&head, rest.data(), sizeof head);
  const std::uint64_t content = sizeof head + up_to(head.n_namesz, alignment);
  const std::uint64_t end = content + head.n_descsz;
  if (content > rest.size() || end > rest.size())
    return std::nullopt;
  const one_note note{head.n_type, rest.substr(sizeof head, head.n_namesz),
                      rest.substr(content, head.n_descsz)};
  rest.remove_prefix(std::min<std::uint64_t>(up_to(end, alignment), rest.size()));
  return note;
}

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

bool plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

// Puts the value of a line where its key belongs; keys of later versions are passed over. False if the line
// is none, or its key came before.
bool take_line(std::string_view line, plugin_note& out) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos || !plain(line))
    return false;
  const std::string_view key = line.substr(0, equals);
  std::string* place = key == "id"          ? &out.id
                       : key == "version"   ? &out.version
                       : key == "abi"       ? &out.abi
                       : key == "knowledge" ? &out.knowledge
                                            : nullptr;
  if (place == nullptr)
    return true;
  if (!place->empty())
    return false;
  *place = line.substr(equals + 1);
  return true;
}

void take_ours(std::string_view content, elf_facts& out) {
  if (out.note) {
    out.note_fault = "The detector's library has more than one note about its plugin.";
    return;
  }
  plugin_note& note = out.note.emplace();
  if (content.size() > content_bytes_max)
    out.note_fault = "The note in the detector's library is longer than 4 KiB.";
  while (out.note_fault.empty() && !content.empty() && content.front() != '\0') { // the end may be padded
    const std::size_t end = content.find('\n');
    if (end == std::string_view::npos || !take_line(content.substr(0, end), note))
      out.note_fault = "The note in the detector's library cannot be read.";
    else
      content.remove_prefix(end + 1);
  }
}

void take(const one_note& note, elf_facts& out) {
  if (note.owner == our_owner && note.type == our_type)
    take_ours(note.content, out);
  else if (note.owner == linker_owner && note.type == NT_GNU_BUILD_ID &&
           note.content.size() <= build_id_bytes_max)
    out.build_id = hexadecimal(note.content);
}

} // namespace

void read_notes(const elf_image& from, elf_facts& out) {
  std::size_t count = 0;
  for (const Elf64_Phdr& segment : from.notes) {
    const auto* begin = reinterpret_cast<const char*>(from.file.data()) + segment.p_offset;
    std::string_view rest{begin, segment.p_filesz};
    while (count++ < notes_max) {
      const auto note = take_note(rest, segment.p_align == 8 ? 8 : 4);
      if (!note)
        break;
      take(*note, out);
    }
  }
}

} // namespace posterior::host
