// libarchive writes the form; what is read, and whether it may be believed, is decided here.
#include "pack.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <berth/call.hpp>
#include <cerrno>
#include <memory>

#include "archive_locale.hpp"
#include "content.hpp"
#include "place.hpp"
#include "utf8.hpp"
#include "walk.hpp"

namespace workspace {

using berth::Error;

namespace {

constexpr std::size_t block = 256u << 10;
constexpr off_t small = 4 << 20;  // read as a whole, and again if it changed meanwhile
constexpr int tries = 5;

struct FreePack {
  void operator()(archive* one) const { ::archive_write_free(one); }
};
struct FreeEntry {
  void operator()(archive_entry* one) const { ::archive_entry_free(one); }
};

bool unchanged(const struct stat& a, const struct stat& b) {
  return a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

class Packing {
 public:
  Packing(std::string prefix, ArchiveKind kind, const std::function<bool(std::string_view)>& put)
      : m_prefix(std::move(prefix)), m_kind(kind), m_put(put), m_archive(::archive_write_new()), m_room(block, '\0') {
    if (kind == ArchiveKind::zip) {
      ::archive_write_set_format_zip(m_archive.get());
    } else {
      ::archive_write_set_format_pax_restricted(m_archive.get());
    }
    ::archive_write_set_bytes_per_block(m_archive.get(), 64 << 10);
    ::archive_write_set_bytes_in_last_block(m_archive.get(), 1);
    if (::archive_write_open2(m_archive.get(), this, nullptr, &write, nullptr, nullptr) != ARCHIVE_OK) throw failed();
  }
  // libarchive lets go of all that it holds only if it may write its end. Nobody gets that; it costs no more than
  // sending the rest would have.
  ~Packing() {
    m_gone = true;
    m_archive.reset();
  }

  Packed run(int folder) {
    const Walked walked = walk(folder, [this](const Entry& entry) {
      member(entry);
      return m_gone ? Step::stop : Step::on;
    });
    if (walked.unreadable > 0) throw Error(403, "unreadable", "a folder in it cannot be read, or lies too deep");
    if (!m_gone && ::archive_write_close(m_archive.get()) != ARCHIVE_OK && !m_gone) throw failed();
    m_packed.whole = !m_gone;
    return m_packed;
  }

 private:
  using OwnedEntry = std::unique_ptr<archive_entry, FreeEntry>;

  static la_ssize_t write(archive*, void* self, const void* bytes, std::size_t size) {
    auto& packing = *static_cast<Packing*>(self);
    packing.m_gone = packing.m_gone || !packing.m_put({static_cast<const char*>(bytes), size});
    return static_cast<la_ssize_t>(size);
  }
  Error failed() const {
    const char* why = ::archive_error_string(m_archive.get());
    return {500, "pack_failed", std::string("the archive cannot be made: ") + (why ? why : "no reason is known")};
  }
  static Error changed(const std::string& path) {
    return {409, "changed", "the file " + path.substr(0, 200) + " changed while it was read", "try again"};
  }

  void member(const Entry& entry) {
    switch (entry.type) {
      case DT_REG: return file(entry);
      case DT_LNK: return link(entry);
      case DT_DIR: {
        struct stat about {};
        if (::fstatat(entry.folder, entry.name.c_str(), &about, AT_SYMLINK_NOFOLLOW) == 0)
          head(entry_of(entry.path + "/", AE_IFDIR, about));
        return;
      }
      default: ++m_packed.left_out;
    }
  }

  OwnedEntry entry_of(const std::string& path, unsigned type, const struct stat& about) const {
    OwnedEntry entry(::archive_entry_new());
    std::string name = m_prefix + "/" + path;
    if (m_kind == ArchiveKind::zip && first_misfit(name) != std::string::npos)
      name = escaped(name);  // zip has no other names
    ::archive_entry_set_pathname(entry.get(), name.c_str());
    ::archive_entry_set_filetype(entry.get(), type);
    ::archive_entry_set_perm(entry.get(), about.st_mode & 0777);
    ::archive_entry_set_mtime(entry.get(), about.st_mtim.tv_sec, about.st_mtim.tv_nsec);
    ::archive_entry_set_size(entry.get(), type == AE_IFREG ? about.st_size : 0);
    return entry;
  }

  void head(const OwnedEntry& entry) {
    ++m_packed.members;
    const int done = ::archive_write_header(m_archive.get(), entry.get());
    if (done != ARCHIVE_OK && done != ARCHIVE_WARN && !m_gone) throw failed();
  }
  void data(const char* bytes, std::size_t size) {
    if (m_gone || size == 0) return;
    if (::archive_write_data(m_archive.get(), bytes, size) != static_cast<la_ssize_t>(size) && !m_gone) throw failed();
  }

  void link(const Entry& entry) {
    std::string target(4096, '\0');
    struct stat about {};
    const ssize_t size = ::readlinkat(entry.folder, entry.name.c_str(), target.data(), target.size());
    if (size < 0 || ::fstatat(entry.folder, entry.name.c_str(), &about, AT_SYMLINK_NOFOLLOW) != 0) return;  // gone
    target.resize(static_cast<std::size_t>(size));
    const auto made = entry_of(entry.path, AE_IFLNK, about);
    ::archive_entry_set_symlink(made.get(), target.c_str());
    head(made);
  }

  void file(const Entry& entry) {
    struct stat about {};
    errno = 0;
    const berth::Fd fd = open_file_in(entry.folder, entry.name, about);
    if (!fd && (errno == EACCES || errno == EPERM))
      throw Error(403, "unreadable", "the file " + entry.path.substr(0, 200) + " may not be read");
    if (!fd) return;  // gone, or something else since
    if (about.st_size <= small) return small_file(fd.get(), entry.path, about);
    head(entry_of(entry.path, AE_IFREG, about));
    for (off_t at = 0; at < about.st_size && !m_gone;) {
      const std::size_t wanted = static_cast<std::size_t>(std::min<off_t>(block, about.st_size - at));
      const ssize_t got = read_at(fd.get(), m_room.data(), wanted, static_cast<std::uint64_t>(at));
      if (got <= 0) throw changed(entry.path);
      data(m_room.data(), static_cast<std::size_t>(got));
      at += got;
    }
    struct stat after {};
    if (!m_gone && (::fstat(fd.get(), &after) != 0 || !unchanged(about, after))) throw changed(entry.path);
  }

  void small_file(int fd, const std::string& path, struct stat about) {
    for (int i = 0; i < tries; ++i) {
      const auto size = static_cast<std::size_t>(about.st_size);
      if (m_room.size() < size) m_room.resize(size);
      std::size_t have = 0;
      while (have < size) {
        const ssize_t got = read_at(fd, m_room.data() + have, size - have, have);
        if (got <= 0) break;
        have += static_cast<std::size_t>(got);
      }
      struct stat after {};
      if (::fstat(fd, &after) != 0 || after.st_size > small) break;
      if (have == size && unchanged(about, after)) {
        head(entry_of(path, AE_IFREG, about));
        return data(m_room.data(), size);
      }
      about = after;
    }
    throw changed(path);
  }

  const std::string m_prefix;
  const ArchiveKind m_kind;
  const std::function<bool(std::string_view)>& m_put;
  const ArchiveLocale m_locale;
  std::unique_ptr<archive, FreePack> m_archive;
  std::string m_room;
  Packed m_packed;
  bool m_gone = false;
};

}  // namespace

Packed pack(int folder, const std::string& prefix, ArchiveKind kind, const std::function<bool(std::string_view)>& put) {
  return Packing(prefix, kind, put).run(folder);
}

}  // namespace workspace
