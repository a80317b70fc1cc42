// The way of a log line: made by its caller, put behind the others under a short lock, written by one thread. That
// thread lingers a few milliseconds so that a busy host pays for one wake-up and one write per hundred lines, not for
// each; warnings and errors cut the wait. The file descriptor is shared with who started us, so it is not made
// non-blocking: pieces small enough for a pipe that poll() calls writable do the same.
#include "service/log.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "service/log_line.hpp"
#include "service/signals.hpp"

namespace berth::service {
namespace {

using namespace std::chrono_literals;

constexpr auto gather_time = 5ms;
constexpr auto patience = 1000ms;         // for a reader that takes nothing, once somebody waits for us
constexpr std::size_t pipe_piece = 4096;  // fits whenever a pipe is writable, and arrives in one piece
constexpr std::size_t file_piece = 1u << 20;
constexpr std::size_t kept_batch = 256u << 10;

bool is_regular_file(int fd) {
  struct stat about {};
  return ::fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
}

}  // namespace

struct Log::Body {
  Body(int to, Options how) : fd(to), options(how), piece(is_regular_file(to) ? file_piece : pipe_piece) {
    const SignalsBlocked quiet;
    writer = std::thread([this] { run(); });
  }
  ~Body() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    wake.notify_one();
    writer.join();
  }

  void add(std::string_view line, bool at_once);
  void flush();
  void run();
  bool has_work() const { return !pending.empty() || (dropped > 0 && !failed); }
  void write_batch(std::string& batch, std::uint64_t noted, std::unique_lock<std::mutex>& lock);
  void append_line(std::string& to, const LogEvent& event, const Fields& fields) const;
  void append_note(std::string& to, std::uint64_t count) const;
  bool wait_writable(std::unique_lock<std::mutex>& lock);
  std::string_view next_piece(std::string_view rest) const;

  enum class State { asleep, lingering, writing };

  const int fd;
  const Options options;
  const std::size_t piece;
  std::mutex mutex;  // of all below
  std::condition_variable wake, progress;
  std::string pending;
  std::size_t in_flight = 0;
  std::uint64_t dropped = 0, taken = 0, finished = 0, pieces = 0;
  State state = State::writing;
  bool urgent = false, stopping = false, failed = false, torn = false;
  std::thread writer;
};

void Log::Body::append_line(std::string& to, const LogEvent& event, const Fields& fields) const {
  options.json ? append_json_line(to, event, fields) : append_readable_line(to, event, fields, options.colour);
}

void Log::Body::append_note(std::string& to, std::uint64_t count) const {
  const LogEvent event{std::chrono::system_clock::now(), Level::warn, "log",
                       "lines were dropped here: whoever reads this log is too slow, or its disk is full"};
  append_line(to, event, {{"dropped", static_cast<std::int64_t>(count)}});
}

void Log::Body::add(std::string_view line, bool at_once) {
  bool notify = false;
  {
    const std::lock_guard lock(mutex);
    if (pending.size() + in_flight + line.size() > options.buffer) {
      ++dropped;
      return;
    }
    pending += line;
    urgent = urgent || at_once || pending.size() > options.buffer / 2;
    notify = state == State::asleep || (state == State::lingering && urgent);
    if (state == State::asleep) state = State::lingering;
  }
  if (notify) wake.notify_one();
}

void Log::Body::flush() {
  std::unique_lock lock(mutex);
  const std::uint64_t last = taken + (pending.empty() ? 0 : 1);
  urgent = true;
  wake.notify_one();
  while (finished < last) {
    const std::uint64_t seen = pieces;
    if (!progress.wait_for(lock, patience, [&] { return finished >= last || pieces != seen; })) return;
  }
}

void Log::Body::run() {
  std::string batch;
  std::unique_lock lock(mutex);
  while (true) {
    state = State::asleep;
    wake.wait(lock, [&] { return stopping || has_work(); });
    if (!has_work()) return;
    state = State::lingering;
    wake.wait_for(lock, gather_time, [&] { return stopping || urgent; });
    state = State::writing;
    urgent = false;
    batch.swap(pending);
    ++taken;
    const std::uint64_t noted = std::exchange(dropped, 0);
    write_batch(batch, noted, lock);
    ++finished;
    progress.notify_all();
    if (batch.capacity() > kept_batch) batch = {};
    batch.clear();
  }
}

// Writes with the lock open, piece by piece. What could not be written counts as dropped.
void Log::Body::write_batch(std::string& batch, std::uint64_t noted, std::unique_lock<std::mutex>& lock) {
  if (torn) batch.insert(0, 1, '\n');
  if (noted > 0) append_note(batch, noted);
  std::string_view rest = batch;
  in_flight = rest.size();
  failed = false;
  while (!rest.empty() && !failed) {
    if (!wait_writable(lock)) {
      failed = true;
      break;
    }
    lock.unlock();
    const std::string_view now = next_piece(rest);
    const ssize_t wrote = ::write(fd, now.data(), now.size());
    const int number = errno;
    lock.lock();
    if (wrote > 0) {
      rest.remove_prefix(static_cast<std::size_t>(wrote));
      torn = batch[batch.size() - rest.size() - 1] != '\n';
      ++pieces;
      progress.notify_all();
    } else {
      failed = number != EAGAIN && number != EINTR;
    }
    in_flight = rest.size();
  }
  in_flight = 0;
  if (rest.empty()) return;
  dropped += static_cast<std::uint64_t>(std::count(rest.begin(), rest.end(), '\n'));
  if (noted > 0) dropped += noted - 1;  // the note itself is no line of anybody's
}

// False: the host is ending and nobody reads.
bool Log::Body::wait_writable(std::unique_lock<std::mutex>& lock) {
  if (piece == file_piece || fd < 0) return true;
  auto waited = 0ms;
  constexpr auto step = 50ms;
  while (true) {
    lock.unlock();
    pollfd watch{fd, POLLOUT, 0};
    const int ready = ::poll(&watch, 1, static_cast<int>(step.count()));
    lock.lock();
    if (ready > 0) return true;
    if (stopping) waited += step;
    if (waited >= patience) return false;
  }
}

// Up to the end of a line if one is near, so that others who write to the same pipe come between lines.
std::string_view Log::Body::next_piece(std::string_view rest) const {
  if (rest.size() <= piece) return rest;
  const std::size_t end = rest.rfind('\n', piece - 1);
  return rest.substr(0, end == std::string_view::npos ? piece : end + 1);
}

Log::Log(int fd, Options options) : m_body(std::make_unique<Body>(fd, options)) {}
Log::Log(Forward forward) : m_forward(std::move(forward)) {}
Log::~Log() = default;

bool Log::wants(Level level) const { return !m_body || level >= m_body->options.least; }

void Log::write(Level level, std::string_view who, std::string_view message, const Fields& fields) {
  if (m_forward) return m_forward(level, who, message, fields);
  if (!wants(level)) return;
  std::string line;
  line.reserve(512);
  m_body->append_line(line, {std::chrono::system_clock::now(), level, who, message}, fields);
  m_body->add(line, level >= Level::warn);
}

void Log::flush() {
  if (m_body) m_body->flush();
}

}  // namespace berth::service
