// Native byte order: both ends are the same program on the same machine.
#include "service/packing.hpp"

#include <cstring>

namespace berth::service {

Packer& Packer::number(std::uint64_t value) {
  m_bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  return *this;
}

Packer& Packer::text(std::string_view value) {
  number(value.size());
  m_bytes.append(value);
  return *this;
}

std::string_view Unpacker::take(std::size_t count) {
  if (count > m_rest.size()) {
    m_good = false;
    m_rest = {};
    return {};
  }
  const auto taken = m_rest.substr(0, count);
  m_rest.remove_prefix(count);
  return taken;
}

std::uint64_t Unpacker::number() {
  std::uint64_t value = 0;
  const auto bytes = take(sizeof value);
  if (bytes.size() == sizeof value) std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

std::string Unpacker::text() {
  const auto size = number();
  return std::string(take(size));
}

}  // namespace berth::service
