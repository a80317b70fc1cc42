// Reading by position.
#include "bytes.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "archive.hpp"

namespace ooxml {

namespace {

class FileBytes : public Bytes {
 public:
  explicit FileBytes(int file) : m_file(::fcntl(file, F_DUPFD_CLOEXEC, 0)) {
    struct stat about {};
    if (m_file < 0 || ::fstat(m_file, &about) != 0) throw Spoiled("unreadable", "The file cannot be read.");
    if (S_ISREG(about.st_mode)) m_size = static_cast<std::uint64_t>(about.st_size);
  }
  ~FileBytes() override {
    if (m_file >= 0) ::close(m_file);
  }
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  std::uint64_t size() const override { return m_size; }

  std::size_t read(std::uint64_t at, char* to, std::size_t count) const override {
    if (at >= m_size) return 0;
    count = static_cast<std::size_t>(std::min<std::uint64_t>(count, m_size - at));
    std::size_t done = 0;
    while (done < count) {
      const ssize_t got = ::pread(m_file, to + done, count - done, static_cast<off_t>(at + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) throw Spoiled("unreadable", std::string("The file cannot be read: ") + std::strerror(errno));
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

 private:
  int m_file;
  std::uint64_t m_size = 0;
};

class TextBytes : public Bytes {
 public:
  explicit TextBytes(std::string text) : m_text(std::move(text)) {}
  std::uint64_t size() const override { return m_text.size(); }
  std::size_t read(std::uint64_t at, char* to, std::size_t count) const override {
    return at < m_text.size() ? m_text.copy(to, count, static_cast<std::size_t>(at)) : 0;
  }

 private:
  std::string m_text;
};

}  // namespace

void Bytes::read_all(std::uint64_t at, char* to, std::size_t count) const {
  if (read(at, to, count) != count) throw Spoiled("truncated", "The file ends before what it says it contains.");
}

std::unique_ptr<Bytes> file_bytes(int file) { return std::make_unique<FileBytes>(file); }

std::unique_ptr<Bytes> text_bytes(std::string text) { return std::make_unique<TextBytes>(std::move(text)); }

}  // namespace ooxml
