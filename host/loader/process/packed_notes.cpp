// Notes of services and secrets, as they cross the link.
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <utility>

#include "loader/process/packed.hpp"

namespace berth::loader {

Frame pack_note(FrameKind kind, std::uint64_t call, Note note) {
  Packer fields;
  fields.number(static_cast<std::uint64_t>(note.verb)).number(note.number).text(note.fields);
  return {kind, call, fields.done(), std::move(note.data), std::move(note.fd)};
}

std::optional<Note> unpack_note(Frame frame) {
  Unpacker fields(frame.fields);
  Note note;
  const auto verb = fields.number();
  if (verb > 255) return std::nullopt;
  note.verb = static_cast<Verb>(verb);
  note.number = fields.number();
  note.fields = fields.text();
  if (!fields.done()) return std::nullopt;
  note.data = std::move(frame.data);
  note.fd = std::move(frame.fd);
  return note;
}

namespace {

constexpr std::size_t most_file = 16u << 20;

// A file's bytes in this process's memory, while it is here.
class Mapped {
 public:
  Mapped(int fd, std::size_t size, int rights)
      : m_size(size), m_at(size > 0 ? ::mmap(nullptr, size, rights, MAP_SHARED, fd, 0) : MAP_FAILED) {
    if (m_at != MAP_FAILED) ::madvise(m_at, m_size, MADV_DONTDUMP);
  }
  ~Mapped() {
    if (m_at != MAP_FAILED) ::munmap(m_at, m_size);
  }
  Mapped(const Mapped&) = delete;
  char* data() const { return m_at == MAP_FAILED ? nullptr : static_cast<char*>(m_at); }

 private:
  std::size_t m_size;
  void* m_at;
};

std::uint64_t number_at(const char* at) {
  std::uint64_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return value;
}

char* put(char* at, std::string_view text) {
  const std::uint64_t size = text.size();
  std::memcpy(at, &size, sizeof size);
  if (size > 0) std::memcpy(at + sizeof size, text.data(), text.size());
  return at + sizeof size + text.size();
}

}  // namespace

service::UniqueFd pack_secrets(const service::SecretSet& secrets) {
  std::size_t size = 0;
  for (const auto& [name, secret] : secrets) size += 2 * sizeof(std::uint64_t) + name.size() + secret.view().size();
  if (size == 0 || size > most_file) return {};
  service::UniqueFd file(::memfd_create("berth-secrets", MFD_CLOEXEC));
  if (!file || ::ftruncate(file.get(), static_cast<off_t>(size)) != 0) return {};
  const Mapped mapped(file.get(), size, PROT_READ | PROT_WRITE);
  if (!mapped.data()) return {};
  char* at = mapped.data();
  for (const auto& [name, secret] : secrets) at = put(put(at, name), secret.view());
  return file;
}

service::SecretSet unpack_secrets(const service::UniqueFd& file) {
  service::SecretSet secrets;
  struct stat known {};
  if (!file || ::fstat(file.get(), &known) != 0 || known.st_size <= 0) return secrets;
  const auto size = static_cast<std::size_t>(known.st_size);
  const Mapped mapped(file.get(), size, PROT_READ);
  if (!mapped.data()) return secrets;
  std::size_t at = 0;
  const auto next = [&]() -> std::optional<std::string_view> {
    if (size - at < sizeof(std::uint64_t)) return std::nullopt;
    const auto length = number_at(mapped.data() + at);
    at += sizeof(std::uint64_t);
    if (length > size - at) return std::nullopt;
    at += length;
    return std::string_view(mapped.data() + at - length, length);
  };
  for (;;) {
    const auto name = next();
    const auto value = name ? next() : std::nullopt;
    if (!value) return secrets;
    secrets.emplace(std::string(*name), service::Secret(*value));
  }
}

}  // namespace berth::loader
