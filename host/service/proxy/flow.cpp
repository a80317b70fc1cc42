// Waits for a socket to be ready rather than for a buffer to be filled: an idle flow holds no memory.
#include "service/proxy/flow.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <utility>

namespace berth::service::proxy {

using boost::system::error_code;
namespace error = boost::asio::error;

namespace {

constexpr std::size_t piece_size = 64u << 10;

}  // namespace

Flow::Flow(Socket& from, Socket& to, Filter filter, bool passes_end, Ears ears)
    : m_from(from), m_to(to), m_filter(std::move(filter)), m_passes_end(passes_end), m_ears(std::move(ears)) {}

void Flow::start(std::string ready, std::string_view begun) {
  m_bytes = begun.size();
  take(begun, std::move(ready));
}

void Flow::read() {
  m_from.async_wait(Socket::wait_read, [weak = weak_from_this()](const error_code&) {
    if (const auto self = weak.lock(); self && self->m_ears.ended) self->on_readable();
  });
}

void Flow::on_readable() {
  char room[piece_size];
  error_code failed;
  const std::size_t got = m_from.read_some(boost::asio::buffer(room), failed);
  if (failed == error::would_block || failed == error::interrupted) return read();
  if (failed == error::eof) return finish();
  if (failed) return end(End::from);
  m_bytes += got;
  m_ears.moved();
  m_filter ? take({room, got}, {}) : push({room, got});
}

void Flow::take(std::string_view piece, std::string ready) {
  const Taken taken = m_filter && !piece.empty() ? m_filter(piece, ready) : Taken::more;
  if (taken == Taken::wrong) return end(End::refused);
  if (!m_filter) ready.append(piece);
  m_last = taken == Taken::last;
  push(ready);
}

void Flow::push(std::string_view bytes) {
  error_code failed;
  const std::size_t put = bytes.empty() ? 0 : m_to.write_some(boost::asio::buffer(bytes.data(), bytes.size()), failed);
  if (failed && failed != error::would_block && failed != error::interrupted) return end(End::to);
  if (put > 0) m_ears.moved();
  m_waiting = std::string(bytes.substr(put));
  if (!m_waiting.empty()) return wait_to_push();
  m_last ? finish() : read();
}

void Flow::wait_to_push() {
  m_to.async_wait(Socket::wait_write, [weak = weak_from_this()](const error_code&) {
    const auto self = weak.lock();
    if (!self || !self->m_ears.ended) return;
    const std::string bytes = std::move(self->m_waiting);
    self->push(bytes);
  });
}

void Flow::finish() {
  error_code ignored;
  if (m_passes_end) m_to.shutdown(Socket::shutdown_send, ignored);
  end(End::finished);
}

void Flow::end(End how) {
  const auto ears = std::exchange(m_ears, {});
  ears.ended(how);
}

}  // namespace berth::service::proxy
