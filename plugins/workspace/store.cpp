// Writing: under a lock, at the end, and synced before anybody is told of it.
#include "store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>

#include "entry.hpp"
#include "made.hpp"

namespace workspace {

using berth::Error;
using berth::Json;

namespace {

constexpr auto patience = std::chrono::seconds(5);

Error system_error(const std::string& what, int number) {
  if (number == ENOSPC || number == EDQUOT)
    return {507, "disk_full", what + ": the disk is full", "make room on it; nothing was written"};
  return {500, "store_error", what + ": " + std::strerror(number)};
}

std::string now() {
  timespec at{};
  ::clock_gettime(CLOCK_REALTIME, &at);
  return time_text(at);
}

void cut_at(int fd, std::uint64_t size) {
  while (::ftruncate(fd, static_cast<off_t>(size)) != 0)
    if (errno != EINTR) throw system_error("half a record cannot be taken away", errno);
}

// All of it, on the disk; or the file is as it was.
void write_whole(int fd, std::uint64_t size, const std::string& line) {
  std::size_t done = 0;
  int failed = 0;
  while (done < line.size() && failed == 0) {
    const ssize_t put = ::write(fd, line.data() + done, line.size() - done);
    if (put > 0) done += static_cast<std::size_t>(put);
    if (put < 0 && errno != EINTR) failed = errno;
  }
  if (failed == 0 && ::fdatasync(fd) != 0) failed = errno;
  if (failed == 0) return;
  cut_at(fd, size);
  throw system_error("the record cannot be written", failed);
}

}  // namespace

// Of a file that the agent has no right to open: whoever can open a file can lock it.
berth::Fd Store::lock() const {
  berth::Fd fd(::openat(m_folder, ".lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) throw system_error("the store cannot be locked", errno);
  const auto until = std::chrono::steady_clock::now() + patience;
  while (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (std::chrono::steady_clock::now() > until)
      throw Error(503, "store_busy", "somebody else has held the store's lock for long", "try again");
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return fd;
}

ChainHead Store::remembered_head() const {
  const berth::Fd fd(::openat(m_folder, head_file().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  char text[86] = {};
  ChainHead head;
  if (!fd || ::pread(fd.get(), text, sizeof text, 0) != sizeof text) return head;
  const auto [end, wrong] = std::from_chars(text, text + 20, head.number);
  if (wrong == std::errc() && *end == ' ') head.sha256.assign(text + 21, 64);
  return head;
}

// Not synced: it may be older than the store, and never newer.
void Store::remember(const ChainHead& head) const {
  char text[96];
  std::snprintf(text, sizeof text, "%-20llu %s\n", static_cast<unsigned long long>(head.number), head.sha256.c_str());
  berth::Fd fd(::openat(m_folder, head_file().c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd && errno == ENOENT) fd = make_file_in(m_folder, head_file(), O_WRONLY);
  if (fd && ::pwrite(fd.get(), text, 86, 0) != 86) cut_at(fd.get(), 0);
}

Error Store::broken(const std::string& words) const {
  return {409, "store_broken", "the store \"" + m_name + "\" is not as it was written: " + words,
          "workspace.store.verify says where; nothing of it is read and nothing added to it any more"};
}

// Where the chain ends, without half a record that may stand there.
ChainHead Store::repaired_end(const Opened& open, Appended& told) const {
  const auto proof = demand_whole(open);
  told.cut = open.size() - proof.end;
  if (told.cut > most_line) throw broken("more than a record stands at its end");
  if (told.cut > 0) cut_at(open.fd.get(), proof.end);
  return proof.head;
}

// A store that is gone is not begun anew.
Store::Opened Store::open_to_append() const {
  Opened open{berth::Fd(::openat(m_folder, file().c_str(), O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)),
              {},
              remembered_head()};
  if (!open.fd && errno == ENOENT) {
    if (open.kept.number > 0) throw broken("its file is gone");
    open.fd = make_file_in(m_folder, file(), O_RDWR | O_APPEND);
  }
  if (!open.fd || ::fstat(open.fd.get(), &open.file) != 0) throw system_error("the store cannot be opened", errno);
  if (!S_ISREG(open.file.st_mode)) throw Error(409, "store_broken", "the store \"" + m_name + "\" is no file");
  return open;
}

Store::Appended Store::append(const Json& record, const std::string& by) const {
  check_record(record);
  const berth::Fd locked = lock();
  Opened open = open_to_append();
  Appended told;
  const ChainHead before = repaired_end(open, told);
  const std::string line = record_line(m_name, before, now(), by, record);
  if (before.number == 0) ::fsync(m_folder);  // the file's name, too, outlives a crash
  const std::uint64_t size = open.size() - told.cut;
  write_whole(open.fd.get(), size, line);
  told.size = line.size();
  told.head = {before.number + 1, line.substr(line.size() - 67, 64)};
  remember(told.head);
  const bool alone = ::fstat(open.fd.get(), &open.file) == 0 && open.size() == size + line.size();
  if (alone) m_proven.note(m_name, open.file, {told.head, told.head, open.size()});
  return told;
}

}  // namespace workspace
