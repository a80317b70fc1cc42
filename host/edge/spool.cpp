// Blocks large enough that the hop to a pool thread costs nothing beside them.
#include "edge/spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace berth::edge {

using service::Error;

namespace {

constexpr std::size_t spool_size = 256u << 10;

Error disk_error(int number) {
  if (number == ENOSPC || number == EDQUOT || number == EFBIG) {
    return {507, "disk_full", "there is no room for this upload on the host's disk", "make room, then send it again"};
  }
  return {500, "internal", std::string("the upload cannot be written: ") + std::strerror(number)};
}

std::optional<Error> write_at(int fd, const std::string& bytes, std::uint64_t at) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t wrote = ::pwrite(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(at + done));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return disk_error(wrote < 0 ? errno : ENOSPC);
    done += static_cast<std::size_t>(wrote);
  }
  return std::nullopt;
}

}  // namespace

Spool::Spool(service::Loop& loop, service::Pool& pool, service::UniqueFd file, std::uint64_t size)
    : m_loop(loop), m_pool(pool), m_file(std::move(file)), m_size(size) {}

service::Result<service::UniqueFd> Spool::nameless(const std::string& folder) {
  service::UniqueFd fd(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (fd) return fd;
  if (errno != EOPNOTSUPP && errno != EISDIR) return disk_error(errno);
  std::string name = folder + "/upload.XXXXXX";
  service::UniqueFd named(::mkostemp(name.data(), O_CLOEXEC));
  if (!named) return disk_error(errno);
  ::unlink(name.c_str());
  return named;
}

bool Spool::add(std::string bytes, bool last, Written written) {
  m_size += bytes.size();
  if (m_block.empty())
    m_block = std::move(bytes);
  else
    m_block += bytes;
  if (m_block.size() < spool_size && !last) return true;
  m_busy = true;
  auto self = shared_from_this();
  auto block = std::make_shared<std::string>(std::exchange(m_block, {}));
  const std::uint64_t at = m_size - block->size();
  const auto back = [self, written = std::move(written)](const std::optional<Error>& error) {
    self->m_loop.post([self, written, error] {
      self->m_busy = false;
      written(error);
    });
  };
  const bool taken = m_pool.run([self, block, at, back] { back(write_at(self->m_file.get(), *block, at)); });
  if (!taken) {
    Error busy{503, "busy", "the host has no thread left to write this upload", "try again in a moment"};
    busy.retry_after = std::chrono::seconds(1);
    back(busy);
  }
  return false;
}

}  // namespace berth::edge
