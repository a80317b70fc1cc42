// Reading goes in rounds of pipes, socket, pipes; each round is bounded, so that one worker that floods leaves time for
// the others.
#include "forked_worker.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <csignal>
#include <iterator>
#include <random>
#include <utility>

#include "channel.hpp"
#include "fields.hpp"

namespace kernel {

using namespace std::chrono_literals;
using berth::Error;
using berth::Json;

namespace {

constexpr std::size_t pipe_round = 1u << 20, socket_round = 16u << 20, block = 256u << 10;
constexpr std::size_t most_unsent = 32u << 20;  // before one more frame
constexpr std::size_t most_files = 4;           // that wait with it
constexpr auto fork_time = 150s,
               birth_time = 30s;  // until it is forked: the zygote may have to come up first; until it is ready
constexpr std::chrono::milliseconds between_looks{1000};

std::string new_token() {
  static constexpr char letters[] = "0123456789abcdefghijklmnopqrstuv";
  std::random_device source;
  std::string token;
  while (token.size() < 32) token += letters[source() & 31u];
  return token;
}

}  // namespace

void ForkedWorker::make(Loop& loop, const std::shared_ptr<Forker>& forker, Json config, Born then) {
  const auto worker = std::make_shared<ForkedWorker>(loop, forker, new_token());
  try {
    worker->begin(std::move(config), then);
  } catch (const Error& error) {
    then(nullptr, error);
  }
}

ForkedWorker::ForkedWorker(Loop& loop, std::shared_ptr<Forker> forker, const std::string& token)
    : m_loop(loop), m_forker(std::move(forker)), m_token(token), m_sequence(token), m_patience(loop) {}

ForkedWorker::~ForkedWorker() { kill(); }

void ForkedWorker::begin(Json config, Born then) {
  auto work = socket_pair(SOCK_STREAM);
  auto out = pipe_from(), err = pipe_from(), life = pipe_to();
  m_life = std::move(life.mine);
  m_socket = std::make_unique<Watched>(m_loop, std::move(work.mine), [this] { pump(); });
  m_pipes[0] = std::make_unique<Watched>(m_loop, std::move(out.mine), [this] { pump(); });
  m_pipes[1] = std::make_unique<Watched>(m_loop, std::move(err.mine), [this] { pump(); });
  config["token"] = m_token;
  m_born = std::move(then);
  // It keeps itself until it is born.
  m_patience.set(fork_time, [self = shared_from_this()] {
    self->m_forker->give_up("it forked no worker within 150 s");  // which is told to all who wait for it
  });
  m_forker->order_fork(config,
                       {std::move(work.theirs), std::move(out.theirs), std::move(err.theirs), std::move(life.theirs)},
                       [self = shared_from_this()](Forker::Forked forked) { self->forked(std::move(forked)); });
}

void ForkedWorker::forked(Forker::Forked forked) {
  if (m_over) return;
  if (forked.error) return fail(forked.error->message(), forked.error->hint());
  m_patience.set(birth_time, [self = shared_from_this()] { self->fail("it was not ready within 30 s"); });
  m_inner = forked.pid;
  m_pid = pid_of(forked.handle.get());
  look();
  m_handle = std::make_unique<Watched>(m_loop, std::move(forked.handle), [this] {
    m_gone = true;
    pump();
  });
  m_handle->want();
  want();
  pump();
}

void ForkedWorker::fail(const std::string& why, const std::string& hint) {
  const auto self = shared_from_this();
  const auto born = std::exchange(m_born, nullptr);
  kill();
  if (born) born(nullptr, Error(503, "kernel_down", "no worker could be made: " + why + m_tail.words(), hint));
  if (m_pid != 0) m_forker->stillborn(why);
}

void ForkedWorker::send(const Json& frame, std::vector<berth::Fd> files) {
  if (m_over || !m_broken.empty()) return;
  if (m_unsent.size() > most_unsent || m_files.size() + files.size() > most_files) {
    m_broken = "it did not listen to what it was told";
    return again();
  }
  if (std::chrono::steady_clock::now() - m_looked > between_looks) look();
  m_asked = m_asked || frame.contains("request");
  m_unsent += frame_of(frame);
  std::move(files.begin(), files.end(), std::back_inserter(m_files));
  flush();
}

void ForkedWorker::flush() {
  while (!m_over && !m_unsent.empty()) {
    std::vector<int> files;
    for (const auto& file : m_files) files.push_back(file.get());
    const auto sent = kernel::send(m_socket->get(), m_unsent, files);
    if (!sent) return m_unsent.clear();  // its end is heard by reading
    m_unsent.erase(0, *sent);
    if (*sent > 0) m_files.clear();
    if (*sent > 0) continue;
    if (std::exchange(m_writing, true)) return;
    return m_socket->want_room([this] {
      m_writing = false;
      flush();
    });
  }
}

bool ForkedWorker::interrupt() { return !m_over && m_ready && signal_pidfd(m_handle->get(), SIGINT); }

// The lifeline's end is SIGKILL; the signal itself is for one that has let go of it. Until it has spoken, the handle is
// what a forker says, which the agent may have spoiled: it may be anybody's, the host's as well.
void ForkedWorker::kill() {
  m_ears = {};
  m_patience.cancel();
  if (!std::exchange(m_over, true)) close();
}

void ForkedWorker::close() {
  if (m_handle && m_ready) signal_pidfd(m_handle->get(), SIGKILL);
  m_life.close();
  for (auto* one : {&m_socket, &m_handle, &m_pipes[0], &m_pipes[1]})
    if (*one) (*one)->stop();
}

void ForkedWorker::hold(bool held) {
  if (std::exchange(m_held, held) == held || held || m_over) return;
  again();
}

void ForkedWorker::want() {
  if (m_over || m_held) return;
  m_socket->want();
  for (auto& pipe : m_pipes)
    if (pipe) pipe->want();
}

// True: at least one of them has more.
bool ForkedWorker::read_pipes(bool late) {
  for (std::size_t i = 0; i < 2; ++i) {
    m_drained[i] = true;
    for (std::size_t total = 0; m_pipes[i];) {
      char* bytes = room_of(block);
      const ssize_t got = ::read(m_pipes[i]->get(), bytes, block);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) break;
      if (got <= 0) m_pipes[i].reset();  // nobody writes there any more
      if (got <= 0) break;
      m_sequence.piece(i, {bytes, static_cast<std::size_t>(got)}, late);
      total += static_cast<std::size_t>(got);
      if (total < pipe_round) continue;
      m_drained[i] = false;
      break;
    }
  }
  return !(m_drained[0] && m_drained[1]);
}

// False: it is the end of the socket.
bool ForkedWorker::read_socket() {
  for (std::size_t total = 0; total < socket_round;) {
    std::string bytes;
    std::vector<berth::Fd> fds;
    const auto received = receive(m_socket->get(), block, bytes, fds);
    if (received.got == Got::nothing_yet) return true;
    if (received.got == Got::end) return false;
    if (m_speaker == 0) m_speaker = received.sender;
    total += bytes.size();
    if (received.cut || !m_frames.feed(bytes, std::move(fds))) {
      m_broken = "it said what no worker says";
      return false;
    }
    while (auto frame = m_frames.next()) m_sequence.event(std::move(*frame));
  }
  return true;
}

void ForkedWorker::pump() {
  if (m_over || (m_held && !m_gone && m_broken.empty())) return;
  const auto self = shared_from_this();
  for (int round = 0; round < 8 && !m_over; ++round) {
    const bool more = read_pipes(false);
    const bool alive = read_socket() && !m_gone;
    if (!more || !alive) read_pipes(true);
    auto all = m_sequence.take(m_drained, !alive);
    for (auto& one : all) hear(std::move(one));
    if (m_over) return;
    if (m_sequence.overfull()) m_broken = "it said more than anybody can hear";
    if (!alive || !m_broken.empty()) return finish();
    if (!m_sequence.holds() || m_held) break;
  }
  if (m_sequence.holds()) again();
  want();
}

// Later, so that others have their turn.
void ForkedWorker::again() {
  m_loop.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->pump();
  });
}

void ForkedWorker::hear(Told told) {
  if (m_ready) {
    const bool done = told.what == Told::What::event && field(told.frame.json, "event") == "done";
    const bool has_worked = done && std::exchange(m_asked, false);
    if (m_ears.told) m_ears.told(std::move(told));
    if (has_worked && !m_over) look();  // behind the answer, which need not wait for it
    return;
  }
  if (told.what != Told::What::event) return m_tail.add(told.text);
  if (field(told.frame.json, "event") != "ready") {
    const Json error = field(told.frame.json, "error");
    m_broken =
        error.is_string() ? error.get<std::string>().substr(0, 1000) : "it began with something else than being ready";
    return;
  }
  if (m_speaker == 0 || m_speaker != m_pid) {
    m_broken = "it is another process than its forker said";
    return;
  }
  m_ready = true;
  m_patience.cancel();
  m_forker->born();
  if (const auto born = std::exchange(m_born, nullptr)) born(shared_from_this(), std::nullopt);
}

void ForkedWorker::finish() {
  if (!m_ready) return fail(m_broken.empty() ? "it ended before it was ready" : m_broken);
  m_over = true;
  close();
  tell_end(0);
}

}  // namespace kernel
