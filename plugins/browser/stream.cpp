// A stream that nobody closes stays in the browser for as long as that is there.
#include "stream.hpp"

#include <berth/base64.hpp>

namespace browser {

namespace {

constexpr int one_piece = 1 << 20;

struct Closed {  // in the end
  ~Closed() { cdp.send(session, "IO.close", with("handle", handle)); }
  Cdp& cdp;
  const std::string& session;
  const std::string& handle;
};

}  // namespace

Task<std::string> read_stream(Patience& patience, std::shared_ptr<Cdp> cdp, std::string session, std::string handle,
                              std::size_t most, std::string what, std::string hint) {
  const Closed closed{*cdp, session, handle};
  const Json params = with("handle", handle, "size", one_piece);
  std::string all;
  for (bool more = true; more;) {
    const Json piece = co_await Ask(*cdp, patience, session, "IO.read", params);
    const std::string data = text_of(piece, "data");
    if (part(piece, "base64Encoded") == true)
      all += berth::from_base64(data).value_or("");
    else
      all += data;
    if (all.size() > most)
      throw berth::Error(413, "file_too_large", what + " has more than " + std::to_string(most >> 20) + " MiB", hint);
    more = part(piece, "eof") != true;
  }
  co_return all;
}

}  // namespace browser
