#include <zlib.h>

#include <algorithm>

#include "engine/trust/gzip.hpp"

namespace posterior::trust {
namespace {

// zlib's state, ended on the way out.
class inflater {
public:
  explicit inflater(std::string_view bytes) {
    // zlib reads through a pointer that it does not write through, but has it without const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    good_ = ::inflateInit2(&stream_, 15 + 16) == Z_OK; // gzip and nothing else
  }
  inflater(const inflater&) = delete;
  inflater& operator=(const inflater&) = delete;
  ~inflater() {
    if (good_)
      ::inflateEnd(&stream_);
  }

  int next(char* into, std::size_t room) {
    if (!good_)
      return Z_MEM_ERROR;
    stream_.next_out = reinterpret_cast<Bytef*>(into);
    stream_.avail_out = static_cast<uInt>(room);
    return ::inflate(&stream_, Z_NO_FLUSH);
  }
  std::size_t room_left() const { return stream_.avail_out; }
  std::size_t input_left() const { return stream_.avail_in; }

private:
  z_stream stream_{};
  bool good_ = false;
};

gunzipped no(gunzip_fault fault) {
  return {{}, fault};
}

} // namespace

gunzipped gunzip(std::string_view bytes, std::size_t limit) {
  if (!bytes.starts_with("\x1F\x8B\x08"))
    return no(gunzip_fault::not_gzip);
  if (bytes.size() > limit)
    return no(gunzip_fault::too_large);
  inflater from(bytes);
  gunzipped out;
  constexpr std::size_t step = 1u << 16;
  for (;;) {
    const std::size_t had = out.bytes.size();
    const std::size_t room =
        std::min(step, limit + 1 - had); // one more than allowed shows that there is more
    out.bytes.resize(had + room);
    const int state = from.next(out.bytes.data() + had, room);
    out.bytes.resize(had + room - from.room_left());
    if (out.bytes.size() > limit)
      return no(gunzip_fault::too_large);
    if (state == Z_STREAM_END)
      break;
    if (state == Z_BUF_ERROR || (state == Z_OK && from.input_left() == 0 && from.room_left() > 0))
      return no(gunzip_fault::truncated);
    if (state != Z_OK)
      return no(gunzip_fault::damaged);
  }
  return from.input_left() > 0 ? no(gunzip_fault::trailing) : out;
}

} // namespace posterior::trust
