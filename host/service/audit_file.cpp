// Keeping lines whole. A write that the disk cut short is continued at that byte once there is room; if the file has
// changed hands meanwhile, the torn line is ended with a newline and written again as a whole. The same newline closes
// what a killed host left unfinished.
#include "service/audit_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace berth::service {

AuditFile::AuditFile(std::string path, std::uint64_t rotate_at, int keep)
    : m_path(std::move(path)), m_rotate_at(rotate_at), m_keep(keep) {}

std::optional<Error> AuditFile::open() {
  UniqueFd fd(::open(m_path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600));
  struct stat about {};
  if (!fd || ::fstat(fd.get(), &about) != 0) {
    const std::string reason = std::generic_category().message(errno);
    return Error{500, "audit_unwritable", "cannot write the audit file " + m_path + ": " + reason,
                 "check the folder and its owner, or name another with --state"};
  }
  m_fd = std::move(fd);
  m_size = static_cast<std::uint64_t>(about.st_size);
  m_begun = 0;
  m_torn = ends_in_the_middle();
  return std::nullopt;
}

bool AuditFile::ends_in_the_middle() const {
  char last = '\n';
  return m_size > 0 && ::pread(m_fd.get(), &last, 1, static_cast<off_t>(m_size - 1)) == 1 && last != '\n';
}

// The rest of a line begun can follow only if nobody wrote behind it.
void AuditFile::check_begun() {
  struct stat about {};
  if (m_begun == 0 || ::fstat(m_fd.get(), &about) != 0 || static_cast<std::uint64_t>(about.st_size) == m_size) return;
  m_size = static_cast<std::uint64_t>(about.st_size);
  m_begun = 0;
  m_torn = ends_in_the_middle();
}

bool AuditFile::close_torn_line() {
  if (!m_torn) return true;
  if (::write(m_fd.get(), "\n", 1) != 1) return false;
  m_torn = false;
  ++m_size;
  return true;
}

std::size_t AuditFile::write(std::string_view lines) {
  check_begun();
  const bool too_large = m_rotate_at > 0 && m_size > 0 && m_size + lines.size() > m_rotate_at;
  if (too_large && m_begun == 0) rotate();
  if (!close_torn_line()) return 0;
  std::size_t done = m_begun;
  while (done < lines.size()) {
    const ssize_t wrote = ::write(m_fd.get(), lines.data() + done, lines.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) break;
    done += static_cast<std::size_t>(wrote);
    m_size += static_cast<std::size_t>(wrote);
  }
  const std::size_t newline = done == 0 ? std::string_view::npos : lines.rfind('\n', done - 1);
  const std::size_t whole = newline == std::string_view::npos ? 0 : newline + 1;
  m_begun = done - whole;
  return whole;
}

bool AuditFile::has_its_name() const {
  struct stat named {
  }, open_now{};
  return ::stat(m_path.c_str(), &named) == 0 && ::fstat(m_fd.get(), &open_now) == 0 &&
         named.st_dev == open_now.st_dev && named.st_ino == open_now.st_ino;
}

// A step that fails leaves the old file in use: a file too large is better than no audit.
void AuditFile::rotate() {
  if (has_its_name()) {
    close_torn_line();
    for (int number = m_keep - 1; number >= 1; --number) {
      ::rename(numbered(number).c_str(), numbered(number + 1).c_str());
    }
    const int done = m_keep > 0 ? ::rename(m_path.c_str(), numbered(1).c_str()) : ::unlink(m_path.c_str());
    if (done != 0) return;
  }
  open();
}

}  // namespace berth::service
