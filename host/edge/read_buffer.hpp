// Bytes that were read from a client and are not done with, where the next read puts its own: they are copied only when
// something stays.
#pragma once

#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <vector>

namespace berth::edge {

class ReadBuffer {
 public:
  // What a read may fill. Nothing else may be called until it has, but for unread(), use() and size().
  boost::asio::mutable_buffer room(std::size_t wanted) {
    if (m_used > 0) {
      std::memmove(m_bytes.data(), m_bytes.data() + m_used, size());
      m_filled = size();
      m_used = 0;
    }
    if (m_filled == 0 && m_bytes.size() > wanted) std::vector<char>(wanted).swap(m_bytes);
    if (m_bytes.size() < m_filled + wanted) m_bytes.resize(m_filled + wanted);
    return boost::asio::buffer(m_bytes.data() + m_filled, wanted);
  }
  void filled(std::size_t count) { m_filled += count; }

  std::string_view unread() const { return {m_bytes.data() + m_used, size()}; }
  std::size_t size() const { return m_filled - m_used; }
  bool empty() const { return size() == 0; }
  void use(std::size_t count) { m_used += count; }

 private:
  std::vector<char> m_bytes;
  std::size_t m_filled = 0;
  std::size_t m_used = 0;
};

}  // namespace berth::edge
