// Copies are written beside and renamed, but not synced: one that a crash left broken is seen by its digest and made
// again.
#include "loader/library_copy.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "service/digest.hpp"
#include "service/files.hpp"
#include "service/text.hpp"
#include "service/unique_fd.hpp"

namespace berth::loader {

namespace fs = std::filesystem;
using service::Error;
using service::Result;
using service::UniqueFd;

namespace {

constexpr std::uint64_t most_library = 1u << 30;
constexpr std::string_view unfinished = ".new-";

using Take = std::function<std::optional<Error>(std::string_view)>;

// The digest of what is read, which is also what `take` is given.
Result<std::string> read_through(const UniqueFd& file, const std::string& path, const Take& take) {
  const Error large{500, "file_too_large", path + " is larger than " + service::format_bytes(most_library)};
  struct stat there {};
  if (::fstat(file.get(), &there) == 0 && static_cast<std::uint64_t>(there.st_size) > most_library) return large;
  service::Digest digest;
  std::vector<char> piece(1u << 16);
  for (std::uint64_t total = 0; total <= most_library;) {
    const ssize_t got = ::read(file.get(), piece.data(), piece.size());
    if (got == 0) return digest.hex();
    if (got < 0 && errno != EINTR) return service::file_error("read", path, errno);
    const std::string_view bytes(piece.data(), got < 0 ? 0 : static_cast<std::size_t>(got));
    digest.add(bytes);
    if (auto failed = take(bytes)) return *failed;
    total += bytes.size();
  }
  return large;
}

std::optional<Error> forget(std::string_view) { return std::nullopt; }

Error misfit(const Found& found, const std::string& is) {
  const auto shortened = [](const std::string& digest) { return digest.substr(0, 16) + "…"; };
  return {500, "wrong_digest",
          found.library_file + " is not the library that its manifest describes: its sha256 is " + shortened(is) +
              ", that of the manifest " + shortened(found.manifest->sha256),
          "install or build the plugin again, library and manifest together; if nobody changed it, find out who can "
          "write there"};
}

std::optional<Error> compare_digests(const Found& found, const Result<std::string>& digest) {
  if (!digest) return digest.error();
  if (*digest != found.manifest->sha256) return misfit(found, *digest);
  return std::nullopt;
}

Result<UniqueFd> open_folder(const std::string& path) {
  if (auto error = service::make_directory(path)) return *error;
  UniqueFd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat there {};
  struct statvfs disk {};
  if (!folder || ::fstat(folder.get(), &there) != 0 || ::fstatvfs(folder.get(), &disk) != 0)
    return service::file_error("open the folder", path, errno);
  if (there.st_uid != ::geteuid())
    return Error{500, "no_permission", path + " belongs to somebody else", "give the host a --state of its own"};
  if ((there.st_mode & 0077) != 0 && ::fchmod(folder.get(), 0700) != 0)
    return service::file_error("close to others the folder", path, errno);
  if ((disk.f_flag & ST_NOEXEC) != 0)
    return Error{500, "no_exec", path + " lies on a disk from which no code can run (noexec)",
                 "give the host a --state on another disk"};
  return folder;
}

// A copy that is there already, to be compared; none, if it is not ours alone.
UniqueFd open_copy(const UniqueFd& folder, const std::string& name) {
  UniqueFd file(::openat(folder.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat there {};
  if (!file || ::fstat(file.get(), &there) != 0 || !S_ISREG(there.st_mode)) return {};
  const bool ours = there.st_uid == ::geteuid() && (there.st_mode & 0777) == 0400 && there.st_nlink == 1;
  return ours ? std::move(file) : UniqueFd();
}

// Takes the next bytes of the file; whether they are these.
bool goes_on_with(const UniqueFd& file, std::string_view bytes) {
  std::vector<char> piece(bytes.size());
  while (!bytes.empty()) {
    const ssize_t got = ::read(file.get(), piece.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || !bytes.starts_with(std::string_view(piece.data(), static_cast<std::size_t>(got)))) return false;
    bytes.remove_prefix(static_cast<std::size_t>(got));
  }
  return true;
}

// Whether the copy is the library, which is checked meanwhile: bytes that are compared need not be hashed a second
// time.
Result<bool> is_copied(const UniqueFd& source, const Found& found, const UniqueFd& copy) {
  bool same = true;
  const auto wrong = compare_digests(found, read_through(source, found.library_file, [&](std::string_view bytes) {
                                       same = same && goes_on_with(copy, bytes);
                                       return std::nullopt;
                                     }));
  if (wrong) return *wrong;
  char more;
  return same && ::read(copy.get(), &more, 1) == 0;
}

// What is hashed is what is written, whatever happens to the source meanwhile.
std::optional<Error> write_copy(const UniqueFd& source, const Found& found, const UniqueFd& folder,
                                const std::string& beside) {
  const UniqueFd file(
      ::openat(folder.get(), beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0400));
  if (!file) return service::file_error("write", beside, errno);
  return compare_digests(found,
                         read_through(source, found.library_file, [&](std::string_view bytes) -> std::optional<Error> {
                           const int number = service::write_all(file.get(), bytes);
                           if (number == 0) return std::nullopt;
                           return service::file_error("write a copy of", found.library_file, number);
                         }));
}

std::optional<Error> make_copy(const UniqueFd& source, const Found& found, const UniqueFd& folder,
                               const std::string& name) {
  const std::string beside = std::string(unfinished) + service::hex(service::random_bytes(6));
  auto error = write_copy(source, found, folder, beside);
  if (!error && ::renameat(folder.get(), beside.c_str(), folder.get(), name.c_str()) != 0)
    error = service::file_error("write a copy of", found.library_file, errno);
  if (error) ::unlinkat(folder.get(), beside.c_str(), 0);
  return error;
}

// The source is read even if a copy is there: a library that was tampered with is named, and not silently healed.
std::optional<Error> provide(const UniqueFd& source, const Found& found, const UniqueFd& folder,
                             const std::string& name) {
  if (const UniqueFd copy = open_copy(folder, name)) {
    const auto copied = is_copied(source, found, copy);
    if (!copied) return copied.error();
    if (*copied) return std::nullopt;
    ::lseek(source.get(), 0, SEEK_SET);
  }
  return make_copy(source, found, folder, name);
}

}  // namespace

std::optional<Error> check_library(const Found& found) {
  const auto file = service::open_regular(found.library_file);
  if (!file) return file.error();
  return compare_digests(found, read_through(*file, found.library_file, forget));
}

Result<std::string> LibraryCopies::copy(const Found& found) const {
  const auto folder = open_folder(m_folder);
  if (!folder) return folder.error();
  const std::string name = found.name + "-" + found.manifest->sha256.substr(0, 16) + ".so";
  const auto source = service::open_regular(found.library_file);
  if (!source) return source.error();
  if (const auto error = provide(*source, found, *folder, name)) return *error;
  return m_folder + "/" + name;
}

void LibraryCopies::remove_others(const std::set<std::string>& paths) const {
  std::error_code failed;
  for (fs::directory_iterator at(m_folder, failed), end; !failed && at != end; at.increment(failed)) {
    const std::string name = at->path().filename().string();
    std::error_code ignored;
    if ((name.ends_with(".so") || name.starts_with(unfinished)) && !paths.contains(m_folder + "/" + name))
      fs::remove(at->path(), ignored);
  }
}

}  // namespace berth::loader
