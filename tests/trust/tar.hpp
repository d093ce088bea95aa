// Tar archives byte by byte, to break each rule of the reader on its own.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include <zlib.h>

namespace posterior::tests {

struct tar_entry {
  std::string path, bytes;
  char type = '0';
  std::string prefix = {}, magic = std::string("ustar\00000", 8), size = {}, link = {};
};

inline std::string tar_header(const tar_entry& e) {
  std::string h(512, '\0');
  const auto put = [&](std::size_t at, std::string_view text) { h.replace(at, text.size(), text); };
  char number[16];
  std::snprintf(number, sizeof number, "%011zo", e.bytes.size());
  put(0, e.path);
  put(100, "0000644");
  put(124, e.size.empty() ? number : e.size);
  put(148, "        ");
  put(156, std::string(1, e.type));
  put(157, e.link);
  put(257, e.magic);
  put(345, e.prefix);
  unsigned sum = 0;
  for (const char c : h)
    sum += static_cast<unsigned char>(c);
  std::snprintf(number, sizeof number, "%06o", sum);
  put(148, number);
  return h;
}

inline std::string tar_member(const tar_entry& e) {
  return tar_header(e) + e.bytes + std::string((512 - e.bytes.size() % 512) % 512, '\0');
}

template <class... Entries>
std::string tar(const Entries&... all) {
  return (std::string() + ... + tar_member(all)) + std::string(1024, '\0');
}

// By zlib, so that the reader is not only tried on what our writer makes.
inline std::string zlib_gzip(std::string_view bytes) {
  z_stream s{};
  deflateInit2(&s, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&s, static_cast<uLong>(bytes.size())) + 64, '\0');
  s.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  s.avail_in = static_cast<uInt>(bytes.size());
  s.next_out = reinterpret_cast<Bytef*>(out.data());
  s.avail_out = static_cast<uInt>(out.size());
  deflate(&s, Z_FINISH);
  out.resize(s.total_out);
  deflateEnd(&s);
  return out;
}

} // namespace posterior::tests
