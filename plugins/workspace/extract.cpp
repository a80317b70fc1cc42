// Reads members one after the other and writes them into a scratch folder.
#include "extract.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <berth/call.hpp>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "archive_locale.hpp"
#include "made.hpp"
#include "member.hpp"
#include "root.hpp"
#include "scratch.hpp"

namespace workspace {

using berth::Error;

namespace {

constexpr const char* nothing = "nothing was extracted";

struct FreeArchive {
  void operator()(archive* one) const { ::archive_read_free(one); }
};

class Extraction {
 public:
  Extraction(int from, const ExtractBounds& bounds, const std::function<bool()>& more)
      : m_bounds(bounds), m_more(more), m_archive(::archive_read_new()) {
    struct stat about {};
    if (::fstat(from, &about) == 0) m_size = static_cast<std::uint64_t>(about.st_size);
    ::archive_read_support_filter_gzip(m_archive.get());
    ::archive_read_support_filter_xz(m_archive.get());
    ::archive_read_support_format_tar(m_archive.get());
    ::archive_read_support_format_zip(m_archive.get());
    if (::archive_read_open_fd(m_archive.get(), from, 64u << 10) != ARCHIVE_OK) throw bad();
  }

  Extracted into(int folder) {
    for (std::uint64_t members = 1;; ++members) {
      archive_entry* entry = nullptr;
      const int got = ::archive_read_next_header(m_archive.get(), &entry);
      if (got == ARCHIVE_EOF) return m_done;
      if (got != ARCHIVE_OK && got != ARCHIVE_WARN) throw bad();
      if (members > m_bounds.members)
        throw Error(413, "archive_too_large",
                    "the archive has more than " + std::to_string(m_bounds.members) + " members", nothing);
      member(folder, entry);
    }
  }

 private:
  Error bad() const {
    const char* why = ::archive_error_string(m_archive.get());
    return {422, "bad_archive",
            std::string("the archive cannot be read: ") + (why ? why : "it is none that is known here"),
            "tar, tar.gz, tar.xz and zip are known; nothing was extracted"};
  }
  static Error refused(const std::string& path, const std::string& why) {
    return {422, "archive_escapes", "the archive's member " + path.substr(0, 200) + " " + why, nothing};
  }
  [[noreturn]] static void system_failure(const std::string& path) {
    const int number = errno;
    if (number == ENOSPC || number == EDQUOT) throw Error(507, "disk_full", "the disk is full", nothing);
    if (number == ELOOP || number == EXDEV) throw refused(path, "goes through a link");
    throw Error(422, "bad_archive", "the member " + path.substr(0, 200) + " cannot be made: " + std::strerror(number),
                nothing);
  }
  static std::string text(const char* bytes, const char* utf8) { return bytes ? bytes : utf8 ? utf8 : ""; }

  void member(int folder, archive_entry* entry) {
    const std::string path = text(::archive_entry_pathname(entry), ::archive_entry_pathname_utf8(entry));
    const auto pieces = member_path(path);
    if (::archive_entry_is_encrypted(entry)) throw Error(422, "bad_archive", "the archive is encrypted", nothing);
    const std::string target = text(::archive_entry_hardlink(entry), ::archive_entry_hardlink_utf8(entry));
    if (pieces.empty()) {
      if (!target.empty() || ::archive_entry_filetype(entry) != AE_IFDIR) throw refused(path, "has no name");
      return;
    }
    const berth::Fd parent = make_folders(folder, pieces, pieces.size() - 1, path);
    if (!target.empty()) return hard_link(folder, parent.get(), pieces.back(), path, member_path(target));
    switch (::archive_entry_filetype(entry)) {
      case AE_IFREG: return file(parent.get(), pieces.back(), path, entry);
      case AE_IFDIR: make_folders(folder, pieces, pieces.size(), path); return;
      case AE_IFLNK: {
        const std::string to = text(::archive_entry_symlink(entry), ::archive_entry_symlink_utf8(entry));
        check_link(pieces, to);
        make_way(parent.get(), pieces.back());
        if (::symlinkat(to.c_str(), parent.get(), pieces.back().c_str()) != 0) system_failure(path);
        ++m_done.links;
        return;
      }
      default: throw refused(path, "is neither a file nor a folder");
    }
  }

  // The first `count` pieces as folders; no link is gone through.
  berth::Fd make_folders(int folder, const std::vector<std::string>& pieces, std::size_t count,
                         const std::string& path) {
    berth::Fd at(open_beneath(folder, "", O_RDONLY | O_DIRECTORY, false));
    for (std::size_t i = 0; at && i < count; ++i) {
      MadeFolder next = make_folder_in(at.get(), pieces[i]);
      if (next.made) ++m_done.folders;
      at = std::move(next.fd);
    }
    if (!at) system_failure(path);
    return at;
  }

  // A later member of the same name takes the place of the one before.
  static void make_way(int parent, const std::string& name) { ::unlinkat(parent, name.c_str(), 0); }

  void hard_link(int folder, int parent, const std::string& name, const std::string& path,
                 const std::vector<std::string>& to) {
    std::string target;
    for (const auto& piece : to) target += (target.empty() ? "" : "/") + piece;
    const berth::Fd there(target.empty() ? -1 : open_beneath(folder, target, O_PATH | O_NOFOLLOW, false));
    struct stat about {};
    if (!there || ::fstat(there.get(), &about) != 0 || !S_ISREG(about.st_mode))
      throw refused(path, "is a link to a file that is not in the archive before it");
    make_way(parent, name);
    const std::string way = "/proc/self/fd/" + std::to_string(there.get());
    if (::linkat(AT_FDCWD, way.c_str(), parent, name.c_str(), AT_SYMLINK_FOLLOW) != 0) system_failure(path);
    ++m_done.links;
  }

  void file(int parent, const std::string& name, const std::string& path, archive_entry* entry) {
    make_way(parent, name);
    const mode_t mode = (::archive_entry_perm(entry) & 0100) ? 0755 : 0644;
    const berth::Fd fd = make_file_in(parent, name, O_WRONLY, mode);
    if (!fd) system_failure(path);
    std::uint64_t size = ::archive_entry_size_is_set(entry)
                             ? static_cast<std::uint64_t>(std::max<la_int64_t>(0, ::archive_entry_size(entry)))
                             : 0;
    charge(size, 0);
    size = std::max(size, content(fd.get(), path, size));
    if (::ftruncate(fd.get(), static_cast<off_t>(size)) != 0) system_failure(path);  // a hole may be its end
    m_done.bytes += size;
    ++m_done.files;
  }

  // Where the last of its bytes is. A size that is said need not be true.
  std::uint64_t content(int fd, const std::string& path, std::uint64_t said) {
    for (std::uint64_t end = 0;;) {
      const void* block = nullptr;
      std::size_t size = 0;
      la_int64_t at = 0;
      const int got = ::archive_read_data_block(m_archive.get(), &block, &size, &at);
      if (got == ARCHIVE_EOF) return end;
      if (got != ARCHIVE_OK || at < 0) throw bad();
      if (!m_more()) throw Error(503, "cancelled", "the extraction was ended", nothing);
      const std::uint64_t written = std::exchange(end, std::max(end, static_cast<std::uint64_t>(at) + size));
      charge(std::max(end, said), written);
      for (std::size_t done = 0; done < size;) {
        const ssize_t put =
            ::pwrite(fd, static_cast<const char*>(block) + done, size - done, at + static_cast<la_int64_t>(done));
        if (put < 0 && errno != EINTR) system_failure(path);
        if (put > 0) done += static_cast<std::size_t>(put);
      }
    }
  }

  // May the member that is at work, of which so much is written, have `size` bytes?
  void charge(std::uint64_t size, std::uint64_t written) const {
    const std::uint64_t total = m_done.bytes + size;
    if (total > m_bounds.free && total / m_bounds.ratio > m_size)
      throw Error(422, "archive_bomb",
                  "what is in the archive has more than " + std::to_string(m_bounds.ratio) + " times its size",
                  nothing);
    try {
      m_bounds.room(m_done.bytes + written, total);
    } catch (const Error& error) {
      throw Error(error.status(), error.code(), error.message(),
                  error.hint().empty() ? nothing : nothing + ("; " + error.hint()));
    }
  }

  const ExtractBounds& m_bounds;
  const std::function<bool()>& m_more;
  const ArchiveLocale m_locale;
  const std::unique_ptr<archive, FreeArchive> m_archive;
  std::uint64_t m_size = 0;
  Extracted m_done;
};

}  // namespace

Extracted extract(int archive, int folder, const std::string& name, const ExtractBounds& bounds,
                  const std::function<bool()>& more) {
  Scratch scratch(folder);
  const Extracted done = Extraction(archive, bounds, more).into(scratch.fd());
  if (scratch.becomes(name)) return done;
  if (errno == EEXIST)
    throw Error(409, "exists", "there is something of that name already", "delete it first, or give another path");
  throw Error(500, "no_folder", std::string("the folder cannot be given its name: ") + std::strerror(errno), nothing);
}

}  // namespace workspace
