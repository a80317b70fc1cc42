// How it is written anew: a thread that may wait reads the lines that are there, and writes what is left of them to a
// file beside. Those that come meanwhile are remembered, and follow there: many are written by such a thread, too, and
// the last few by the I/O thread. From then on each line goes to both files, so that it is kept whichever of them has
// the name when the host is killed; at last the new one takes it, unless it lacks a line.
#include "policy/journal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "service/files.hpp"
#include "service/text.hpp"

namespace berth::policy {

using service::Error;
using service::UniqueFd;

namespace {

constexpr std::uint64_t least_renewal = 4u << 20;
constexpr std::uint64_t most_late = 32u << 20;    // bytes that come while the disk is waited for
constexpr std::size_t most_at_once = 256u << 10;  // of those, by the thread that may not wait

constexpr const char* mark = ".new-";  // after the name of a file that is not whole yet

std::uint64_t renew_at(std::uint64_t size) { return std::min(std::max(least_renewal, 4 * size), Journal::most / 2); }

// What a full disk cut short gets its newline, at once or before the next line, and stands there as a line that counts
// for nothing.
int append(const UniqueFd& file, const std::string& line, bool& torn) {
  if (torn && ::write(file.get(), "\n", 1) != 1) return errno;
  const int failed = service::write_all(file.get(), line);
  torn = failed != 0 && ::write(file.get(), "\n", 1) != 1;
  return failed;
}

// Of its first bytes. What is torn is the last line, and counts for nothing.
std::optional<Error> read_lines(const UniqueFd& file, const std::string& path, std::uint64_t size, Accounts& to) {
  std::string rest, piece(1u << 18, '\0');
  for (std::uint64_t at = 0; at < size;) {
    const auto want = std::min<std::uint64_t>(piece.size(), size - at);
    const ssize_t got = ::pread(file.get(), piece.data(), want, static_cast<off_t>(at));
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return service::file_error("read", path, errno);
    at += static_cast<std::uint64_t>(got);
    std::size_t begin = rest.size();
    rest.append(piece, 0, static_cast<std::size_t>(got));
    std::size_t taken = 0;
    for (std::size_t end = 0; (end = rest.find('\n', begin)) != std::string::npos; begin = taken = end + 1)
      take_line(to, std::string_view(rest).substr(taken, end - taken));
    rest.erase(0, taken);
  }
  return std::nullopt;
}

// Of hosts that were killed.
void remove_leftovers(const std::string& path) {
  std::error_code failed;
  const std::filesystem::path of(path);
  for (const auto& one : std::filesystem::directory_iterator(of.parent_path(), failed)) {
    if (one.path().filename().string().starts_with(of.filename().string() + mark)) ::unlink(one.path().c_str());
  }
}

}  // namespace

// What a renewal works on, by one thread at a time. Its end, too, waits for a disk.
struct Journal::Renewal {
  Renewal(const std::string& of, UniqueFd file, std::uint64_t size)
      : path(of), beside(of + mark + service::hex(service::random_bytes(6))), old(std::move(file)), old_size(size) {}
  Renewal(const Renewal&) = delete;
  ~Renewal() {
    if (fresh && !renamed) ::unlink(beside.c_str());
  }
  std::optional<Error> make();
  std::optional<Error> follow();
  std::optional<Error> take_name();
  // Once and for all: the new file takes the name, or may not, since it lacks a line. False: the other was said before.
  bool decide(bool takes) {
    auto undecided = Name::undecided;
    return name.compare_exchange_strong(undecided, takes ? Name::taken : Name::refused);
  }
  int hear(const std::string& line);
  int add(const std::string& line);

  const std::string path, beside;
  UniqueFd old;
  const std::uint64_t old_size;
  UniqueFd fresh;
  bool torn = false;  // its last line has no end
  std::string batch;  // of what came since
  std::optional<Error> failed;
  enum class Name { undecided, taken, refused };
  std::atomic<Name> name{Name::undecided};
  bool renamed = false;
  // Of the I/O thread alone:
  std::string late;             // lines that came since, and are not in `fresh`
  std::uint64_t came = 0;       // bytes of all that ever was there
  std::optional<Error> doomed;  // why it cannot take the name: they were too many, or could not be written
  bool both = false;            // each line goes to both files
};

std::optional<Error> Journal::Renewal::make() {
  Accounts accounts;
  if (auto error = read_lines(old, path, old_size, accounts)) return error;
  const std::string text = text_of(accounts);
  fresh = UniqueFd(::open(beside.c_str(), O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  int why = fresh ? service::write_all(fresh.get(), text) : errno;
  if (why == 0 && ::fsync(fresh.get()) != 0) why = errno;
  if (why != 0) return service::file_error("write", beside, why);
  return std::nullopt;
}

// What comes meanwhile. Not 0: why it may not be in the file that has the name.
int Journal::Renewal::hear(const std::string& line) {
  if (doomed) return 0;
  if (both) {
    const int why = add(line);
    if (why == 0) return 0;
    if (decide(false)) doomed = service::file_error("write", beside, why);
    if (doomed || late.size() > most_late) late = {};
    return doomed ? 0 : why;
  }
  late += line;
  came += line.size();
  if (came > most_late) {
    doomed = Error{503, "too_slow", "more is written to " + path + " than its disk takes"};
    late = {};
  }
  return 0;
}

// After what is not there yet: the last word on something must stand last.
int Journal::Renewal::add(const std::string& line) {
  late += line;
  const int why = append(fresh, late, torn);
  if (why == 0) late.clear();
  return why;
}

std::optional<Error> Journal::Renewal::follow() {
  const int why = append(fresh, std::exchange(batch, {}), torn);
  if (why != 0) return service::file_error("write", beside, why);
  return std::nullopt;
}

std::optional<Error> Journal::Renewal::take_name() {
  if (::fsync(fresh.get()) != 0) return service::file_error("write", beside, errno);
  if (!decide(true)) return std::nullopt;
  if (::rename(beside.c_str(), path.c_str()) != 0) return service::file_error("write", path, errno);
  renamed = true;
  if (const int unsynced = service::sync_folder(path)) return service::file_error("write", path, unsynced);
  return std::nullopt;
}

service::Result<Accounts> Journal::open(std::string path) {
  m_path = std::move(path);
  remove_leftovers(m_path);
  Accounts accounts;
  if (::access(m_path.c_str(), F_OK) == 0) {
    const auto file = service::open_regular(m_path);
    if (!file) return file.error();
    struct stat about {};
    if (::fstat(file->get(), &about) != 0) return service::file_error("read", m_path, errno);
    const auto size = static_cast<std::uint64_t>(about.st_size);
    if (size > most) return Error{500, "file_too_large", "cannot read " + m_path + ": it is larger than 256 MiB"};
    if (auto error = read_lines(*file, m_path, size, accounts)) return *error;
  }
  if (auto error = write_whole(accounts)) return *error;
  return accounts;
}

std::optional<Error> Journal::write_whole(const Accounts& accounts) {
  const std::string text = text_of(accounts);
  if (auto error = service::write_file(m_path, text)) return error;
  m_file = UniqueFd(::open(m_path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC));
  if (!m_file) return service::file_error("write", m_path, errno);
  m_torn = false;
  m_size = text.size();
  m_renew_at = renew_at(m_size);
  return std::nullopt;
}

std::optional<Error> Journal::put(const std::string& line) {
  if (!m_file) return std::nullopt;  // kept in memory alone
  if (m_size + line.size() > most)
    return Error{503, "too_large", m_path + " is full, and could not be written anew", "is there room on its disk?"};
  int failed = append(m_file, line, m_torn);
  m_size += line.size();
  if (m_renewal) {
    const int also = m_renewal->hear(line);
    failed = failed != 0 ? failed : also;
  }
  if (!m_renewal && m_size > m_renew_at) begin_renewal();
  if (failed != 0) return service::file_error("write", m_path, failed);
  return std::nullopt;
}

// The job waits for the disk; `then` follows on the I/O thread, if this is still there. False: it does not come about.
bool Journal::away(std::function<void(Renewal&)> job, void (Journal::*then)()) {
  return m_around.wait(
      [&loop = m_around.loop, renewal = m_renewal, job = std::move(job), this, then, alive = std::weak_ptr(m_alive)] {
        job(*renewal);
        loop.post([this, then, alive] {
          if (!alive.expired()) (this->*then)();
        });
      });
}

void Journal::begin_renewal() {
  m_renewal = std::make_shared<Renewal>(m_path, UniqueFd(::fcntl(m_file.get(), F_DUPFD_CLOEXEC, 0)), m_size);
  if (!away([](Renewal& renewal) { renewal.failed = renewal.make(); }, &Journal::made)) give_up(std::nullopt);
}

void Journal::made() {
  Renewal& renewal = *m_renewal;
  if (renewal.failed) return give_up(renewal.failed);
  if (renewal.doomed) return give_up(renewal.doomed);
  if (renewal.late.size() > most_at_once) {
    renewal.batch = std::exchange(renewal.late, {});
    if (!away([](Renewal& with) { with.failed = with.follow(); }, &Journal::made)) give_up(std::nullopt);
    return;
  }
  if (const int why = renewal.add({})) return give_up(service::file_error("write", renewal.beside, why));
  renewal.both = true;
  if (!away([](Renewal& with) { with.failed = with.take_name(); }, &Journal::named)) give_up(std::nullopt);
}

void Journal::named() {
  Renewal& renewal = *m_renewal;
  if (!renewal.renamed) return give_up(renewal.failed ? renewal.failed : renewal.doomed);
  if (renewal.failed) m_around.failed(*renewal.failed);
  if (const int why = renewal.late.empty() ? 0 : renewal.add({}))
    m_around.failed(service::file_error("write", m_path, why));   // what it lacks was not said to be kept
  renewal.old = std::exchange(m_file, std::move(renewal.fresh));  // which is closed where one may wait, too
  m_torn = renewal.torn;
  m_size = static_cast<std::uint64_t>(std::max<off_t>(0, ::lseek(m_file.get(), 0, SEEK_END)));
  m_renew_at = renew_at(m_size);
  let_go();
}

// The old file goes on; not at each line of a full disk is a new one tried.
void Journal::give_up(const std::optional<Error>& why) {
  if (why) m_around.failed(*why);
  m_renew_at = m_size + least_renewal;
  let_go();
}

void Journal::let_go() {
  m_around.wait([renewal = std::exchange(m_renewal, nullptr)] {});
}

}  // namespace berth::policy
