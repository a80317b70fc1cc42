// zlib at its fastest level: JSON shrinks well even there.
#include "edge/gzip.hpp"

#include <zlib.h>

#include <stdexcept>

#include "service/text.hpp"

namespace berth::edge {

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  constexpr int gzip_window = 15 + 16;
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib has no memory");
  }
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int ended = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (ended != Z_STREAM_END) throw std::runtime_error("zlib did not end");
  return out;
}

bool compressible(std::string_view type) {
  type = service::trimmed(type.substr(0, type.find(';')));
  for (const std::string_view one : {"application/json", "application/xml", "application/javascript",
                                     "application/ecmascript", "application/x-ndjson", "application/x-tex"}) {
    if (service::equal_fold(type, one)) return true;
  }
  const auto ends = [&](std::string_view end) {
    return type.size() > end.size() && service::equal_fold(type.substr(type.size() - end.size()), end);
  };
  return service::equal_fold(type.substr(0, 5), "text/") || ends("+json") || ends("+xml");
}

}  // namespace berth::edge
