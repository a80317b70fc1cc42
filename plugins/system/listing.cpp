// Names and modes only; links are neither files nor folders here, and are not followed.
#include "listing.hpp"

#include <berth/output.hpp>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>

#include "fields.hpp"

namespace machine {

using berth::Error;
using berth::Json;

namespace {

constexpr std::size_t most_entries = 100'000, most_read = 256u << 10, most_depth = 64;

struct Entry {
  std::string name;
  struct stat facts;
  std::uint64_t size = 0;
  bool whole = true;
};

// Until `take` says false. It is given the folder's descriptor, too. Nothing is mounted by looking.
using Take = std::function<bool(int folder, const char* name, const struct stat&)>;
void each_entry(berth::Fd folder, const Take& take) {
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(folder ? ::fdopendir(folder.get()) : nullptr, &::closedir);
  if (!stream) return;
  const int fd = folder.release();  // the stream has it
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string_view name(entry->d_name);
    struct stat facts;
    if (name == "." || name == ".." || ::fstatat(fd, entry->d_name, &facts, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0)
      continue;
    if (!take(fd, entry->d_name, facts)) return;
  }
}

// What all files beneath a folder take, within bounds of time and number, on one disk, and only where strangers may
// look: other disks may be dead, or the kernel's, whose files have sizes that nothing takes.
class Sizes {
 public:
  Sizes(dev_t disk, const Gone& gone) : m_disk(disk), m_gone(gone) {}
  std::uint64_t of(int parent, const char* name, std::size_t depth, bool& whole) {
    std::uint64_t all = 0;
    // What is looked at is what is judged, before anything of it is read; by O_PATH alone nothing is mounted either.
    const berth::Fd place(::openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!place || depth == most_depth || !is_counted(place.get())) {
      whole = false;
      return 0;
    }
    each_entry(berth::Fd(::openat(place.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
               [&](int folder, const char* entry, const struct stat& facts) {
                 if (++m_looked > most_entries || m_gone() || std::chrono::steady_clock::now() > m_end)
                   return whole = false;
                 if (S_ISREG(facts.st_mode)) all += static_cast<std::uint64_t>(facts.st_size);
                 if (S_ISDIR(facts.st_mode)) all += of(folder, entry, depth + 1, whole);
                 return true;
               });
    return all;
  }

 private:
  bool is_counted(int place) const {
    struct stat facts;
    constexpr mode_t open = S_IROTH | S_IXOTH;
    return ::fstat(place, &facts) == 0 && S_ISDIR(facts.st_mode) && facts.st_dev == m_disk &&
           (facts.st_mode & open) == open;
  }
  const dev_t m_disk;
  const Gone& m_gone;
  std::size_t m_looked = 0;
  const std::chrono::steady_clock::time_point m_end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
};

std::vector<Entry> entries_of(const berth::Fd& folder, mode_t kind, bool& cut) {
  std::vector<Entry> found;
  std::size_t looked = 0;
  each_entry(berth::Fd(::openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
             [&](int, const char* name, const struct stat& facts) {
               if (++looked > most_entries) return !(cut = true);
               if ((facts.st_mode & S_IFMT) == kind)
                 found.push_back({name, facts, static_cast<std::uint64_t>(facts.st_size), true});
               return true;
             });
  return found;
}

Json page(std::vector<Entry> found, const std::string& path, bool cut, const Json& input, bool sizes) {
  const std::string by = input.value("sort", "name");
  const bool down = input.value("order", "ascending") == "descending";
  std::sort(found.begin(), found.end(), [&](const Entry& a, const Entry& b) {
    const Entry &one = down ? b : a, &other = down ? a : b;
    const auto time = [](const Entry& of) { return std::pair(of.facts.st_mtim.tv_sec, of.facts.st_mtim.tv_nsec); };
    if (by == "size" && one.size != other.size) return one.size < other.size;
    if (by == "modified" && time(one) != time(other)) return time(one) < time(other);
    return one.name < other.name;
  });
  const std::size_t total = found.size(), end = std::min<std::size_t>(total, input.value("limit", 200u));
  Json answer{
      {"path", shown(path, 4096)}, {"entries", Json::array()}, {"total", total}, {"truncated", cut || end < total}};
  for (std::size_t i = 0; i < end; ++i) {
    char mode[8];
    std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(found[i].facts.st_mode & 07777));
    Json one{{"name", shown(found[i].name)}, {"modified", utc(found[i].facts.st_mtim.tv_sec)}, {"mode", mode}};
    if (sizes) one["size"] = found[i].size;
    if (!found[i].whole) one["size_is_more"] = true;
    answer["entries"].push_back(std::move(one));
  }
  return answer;
}

}  // namespace

Json list_directories(const Places& places, const Json& input, const Gone& gone) {
  const Place place = places.open(input.at("path").get<std::string>());
  const berth::Fd folder = readable_folder(place);
  bool cut = false;
  auto found = entries_of(folder, S_IFDIR, cut);
  const bool sizes = input.value("sort", "name") == "size";
  Sizes all(place.facts.st_dev, gone);
  for (auto& one : found) {
    if (sizes) one.size = all.of(folder.get(), one.name.c_str(), 0, one.whole);
  }
  return page(std::move(found), place.path, cut, input, sizes);
}

Json list_files(const Places& places, const Json& input) {
  const Place place = places.open(input.at("path").get<std::string>());
  bool cut = false;
  return page(entries_of(readable_folder(place), S_IFREG, cut), place.path, cut, input, true);
}

Json read_file(const Places& places, const Json& input) {
  const Place place = places.open(input.at("path").get<std::string>());
  const berth::Fd file = readable_file(place);
  const std::uint64_t from = input.value("from", std::uint64_t{0});
  std::string text(most_read + 1, '\0');
  std::size_t had = 0;
  while (had < text.size()) {  // what the kernel makes comes in pieces
    const ssize_t got = ::pread(file.get(), text.data() + had, text.size() - had, static_cast<off_t>(from + had));
    if (got < 0) throw not_opened(errno, place.path);
    if (got == 0) break;
    had += static_cast<std::size_t>(got);
  }
  const bool more = had > most_read;
  text.resize(std::min(had, most_read));
  if (more) text.resize(berth::whole_size(text));
  if (text.find('\0') != std::string::npos) throw Error(422, "not_text", shown(place.path, 200) + " is not text");
  Json answer{{"path", shown(place.path, 4096)},
              {"size", place.facts.st_size},
              {"modified", utc(place.facts.st_mtim.tv_sec)},
              {"text", berth::clean(text)},
              {"truncated", more}};
  if (more) answer["next"] = from + text.size();
  return answer;
}

}  // namespace machine
