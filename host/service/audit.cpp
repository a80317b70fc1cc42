// The way of an audit line: behind the others under a short lock; what must be in the file at once takes all before it
// along in the same write, so the order of the file is the order of the calls. Lines that a full disk refuses wait, in
// bounded memory, and are tried again with the next write.
#include "service/audit.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "service/audit_file.hpp"
#include "service/signals.hpp"
#include "service/text.hpp"

namespace berth::service {
namespace {

using namespace std::chrono_literals;

constexpr auto linger = 80ms;               // with the write itself, within the 100 ms that are promised
constexpr std::size_t backlog = 4u << 20;   // at most waits; more is given up
constexpr std::size_t enough = 256u << 10;  // written without lingering further
constexpr std::size_t keep_capacity = 1u << 20;

void append_text(std::string& to, std::string_view name, std::string_view value) {
  to += name;
  append_json(to, value);
}

std::string line_of(const Audit::Entry& entry) {
  std::string line;
  line.reserve(512);
  line += "{\"time\":\"";
  line += format_time(entry.at);
  append_text(line, "\",\"request_id\":", entry.request_id);
  append_text(line, ",\"trace_id\":", entry.trace_id);
  append_text(line, ",\"operation\":", entry.operation);
  append_text(line, ",\"caller\":", entry.caller);
  append_text(line, ",\"scope\":", entry.scope);
  append_text(line, ",\"session\":", entry.session);
  append_text(line, ",\"peer\":", entry.peer);
  append_text(line, ",\"verdict\":", entry.verdict);
  line += ",\"status\":";
  line += std::to_string(entry.status);
  line += ",\"took_us\":";
  line += std::to_string(entry.took.count());
  line += "}\n";
  return line;
}

std::uint64_t count_lines(std::string_view text) {
  return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

struct Audit::Body {
  explicit Body(AuditFile opened) : file(std::move(opened)) {
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

  void run();
  bool add(std::string_view line, bool at_once);
  void write_pending();

  mutable std::mutex mutex;  // of all below
  std::condition_variable wake;
  AuditFile file;
  std::string pending;
  std::uint64_t given_up = 0;
  bool refused = false;  // the last write left something in `pending`
  bool asleep = false, stopping = false;
  std::thread writer;
};

void Audit::Body::run() {
  std::unique_lock lock(mutex);
  while (!stopping) {
    while (!stopping && pending.empty()) {
      asleep = true;
      wake.wait(lock);
    }
    wake.wait_for(lock, linger, [&] { return stopping || (!refused && pending.size() >= enough); });
    write_pending();
  }
  write_pending();  // what came after the last round
}

// With the lock held: whoever comes next must find the file in order.
void Audit::Body::write_pending() {
  if (pending.empty()) return;
  pending.erase(0, file.write(pending));
  refused = !pending.empty();
  if (!refused && pending.capacity() > keep_capacity) pending = {};
}

// True: the thread needs a call, one for all until it has come.
bool Audit::Body::add(std::string_view line, bool at_once) {
  const std::lock_guard lock(mutex);
  if (pending.size() + line.size() > backlog) write_pending();
  if (pending.size() + line.size() > backlog) {
    ++given_up;
    return false;
  }
  const std::size_t before = pending.size();
  pending += line;
  if (at_once) {
    write_pending();
    return refused && std::exchange(asleep, false);
  }
  return std::exchange(asleep, false) || (before < enough && pending.size() >= enough);
}

Audit::Audit(std::unique_ptr<Body> body) : m_body(std::move(body)) {}
Audit::~Audit() = default;

Result<std::unique_ptr<Audit>> Audit::open(Options options) {
  AuditFile file(std::move(options.path), options.rotate_at, options.keep);
  if (auto error = file.open()) return std::move(*error);
  return std::unique_ptr<Audit>(new Audit(std::make_unique<Body>(std::move(file))));
}

void Audit::append(const Entry& entry, bool at_once) {
  if (m_body->add(line_of(entry), at_once)) m_body->wake.notify_one();
}

void Audit::flush() {
  const std::lock_guard lock(m_body->mutex);
  m_body->write_pending();
}

void Audit::reopen() {
  const std::lock_guard lock(m_body->mutex);
  m_body->write_pending();
  m_body->file.open();  // if that fails, the file in hand goes on
}

std::uint64_t Audit::lost() const {
  const std::lock_guard lock(m_body->mutex);
  return m_body->given_up + (m_body->refused ? count_lines(m_body->pending) : 0);
}

}  // namespace berth::service
