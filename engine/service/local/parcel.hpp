// Many files as one, with the digest of each and of the whole: what `kb export` and `backup` write. gzip over
// a first line "posterior-parcel/1 SHA256", a second line of JSON that this is the SHA-256 of, and the files'
// bytes one after another in the order of that list. The same files give the same bytes. Unlike a bundle's
// archive it is not limited to the size of one bundle. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posterior::service {

inline constexpr std::size_t parcel_bytes_limit = std::size_t{2} << 30; // unpacked

struct parcel_file {
  std::string path; // relative, plain
  std::string bytes;
  std::uint32_t mode = 0600;
  bool operator==(const parcel_file&) const = default;
};

struct parcel {
  std::string schema;             // "posterior.backup-file/1"
  std::string program, knowledge; // version that wrote it; digest of the knowledge in it
  std::vector<parcel_file> files; // by path
  bool operator==(const parcel&) const = default;
};

// Sorts the files by path.
std::string write_parcel(parcel what);

// Nothing, and one sentence, unless every byte is what the digests say and the schema is `wanted`. Paths are
// plain and relative, none is given twice.
std::optional<parcel> read_parcel(std::string_view bytes, const std::string& file, std::string_view wanted,
                                  std::string& why);

const parcel_file* find_file(const parcel& p, std::string_view path);

} // namespace posterior::service
