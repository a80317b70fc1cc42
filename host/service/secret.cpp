// Pages from the system, given back wiped.
#include "service/secret.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace berth::service {

Secret::Secret(std::size_t size) : m_size(size) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  m_room = (size / page + 1) * page;
  void* room = ::mmap(nullptr, m_room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room == MAP_FAILED) throw std::bad_alloc();
  ::madvise(room, m_room, MADV_DONTDUMP);
  ::mlock(room, m_room);  // as far as the system lets us
  m_data = static_cast<char*>(room);
}

Secret::Secret(std::string_view bytes) : Secret(bytes.size()) { std::copy(bytes.begin(), bytes.end(), m_data); }

Secret::Secret(Secret&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)),
      m_size(std::exchange(other.m_size, 0)),
      m_room(std::exchange(other.m_room, 0)) {}

Secret::~Secret() {
  if (!m_data) return;
  ::explicit_bzero(m_data, m_room);
  ::munmap(m_data, m_room);
}

void Secret::cut(std::size_t size) {
  if (size >= m_size) return;
  ::explicit_bzero(m_data + size, m_size - size);
  m_size = size;
}

}  // namespace berth::service
