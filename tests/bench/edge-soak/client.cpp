// The client's few states on a non-blocking socket.
#include "client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "answer.hpp"

namespace berth::bench {

namespace {

constexpr std::size_t piece = 64u << 10;

sockaddr_in loopback(unsigned beyond_first, std::uint16_t port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK + beyond_first);
  return at;
}

void set(int fd, int level, int option, int value) { ::setsockopt(fd, level, option, &value, sizeof value); }

std::string shown(const Question& question, std::string_view answer) {
  return question.id + " got " + std::string(answer.substr(0, 400));
}

}  // namespace

Client::Client(Plan plan, std::uint16_t port, std::chrono::seconds patience, Tally& tally)
    : m_plan(std::move(plan)), m_patience(patience), m_tally(tally), m_until(Clock::now() + patience) {
  ++m_tally.connections;
  open(port);
  if (!over()) ask_more();
}

Client::~Client() {
  if (m_fd >= 0) ::close(m_fd);
}

// From one of several loopback addresses, or a million short connections would run out of ports.
void Client::open(std::uint16_t port) {
  m_fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const auto from = loopback(m_plan.source, 0), to = loopback(0, port);
  set(m_fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
  set(m_fd, IPPROTO_TCP, TCP_NODELAY, 1);
  if (::bind(m_fd, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0 &&
      (::connect(m_fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 || errno == EINPROGRESS)) {
    return;
  }
  m_refused = errno == ECONNREFUSED;
  on_lost_connection(std::string("no connection: ") + std::strerror(errno));
}

unsigned Client::wanted() const {
  if (over()) return 0;
  if (m_stage == Stage::pausing && m_plan.leave != Leave::never) return 0;
  return m_out_done < m_out.size() ? EPOLLIN | EPOLLOUT : EPOLLIN;
}

// Puts the next question into the buffer, or all of them; the last one only up to where its client hangs up.
void Client::ask_more() {
  while (!asked_all() && (m_plan.pipelined || m_asked == m_answered)) {
    const Question& question = m_plan.questions[m_asked++];
    const bool cut = asked_all() && m_plan.leave == Leave::in_request;
    m_out.append(question.bytes, 0, cut ? m_plan.cut : question.bytes.size());
  }
}

void Client::on_ready(unsigned events) {
  if (over()) return;
  if (events & EPOLLOUT) flush();
  if (!left_if_due() && (events & (EPOLLIN | EPOLLHUP | EPOLLERR))) take();
  left_if_due();
}

// True once it is on its way out, or gone.
bool Client::left_if_due() {
  if (m_stage == Stage::talking && should_leave()) pause();
  return over() || (m_stage == Stage::pausing && m_plan.leave != Leave::never);
}

void Client::flush() {
  while (m_out_done < m_out.size()) {
    const auto sent = ::send(m_fd, m_out.data() + m_out_done, m_out.size() - m_out_done, MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (sent < 0) return take();  // what came before the end still counts
    m_out_done += static_cast<std::size_t>(sent);
    m_until = Clock::now() + m_patience;
  }
  m_out.clear();
  m_out_done = 0;
}

bool Client::should_leave() const {
  switch (m_plan.leave) {
    case Leave::never: return false;
    case Leave::in_request:
    case Leave::after_sending: return asked_all() && m_out.empty();
    case Leave::in_answer: return m_answered + 1 == m_plan.questions.size() && m_in.size() >= m_plan.cut;
  }
  return false;
}

void Client::take() {
  char bytes[piece];
  const auto got = ::recv(m_fd, bytes, sizeof bytes, 0);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
  if (got < 0 && errno == ECONNREFUSED) m_refused = true;
  if (got <= 0) return on_lost_connection(got == 0 ? "the server hung up" : std::strerror(errno));
  m_until = m_stage == Stage::talking ? Clock::now() + m_patience : m_until;
  m_in.append(bytes, static_cast<std::size_t>(got));
  read_answers();
}

void Client::read_answers() {
  while (!over() && !m_in.empty()) {
    Answer answer;
    const Reading reading = read_answer(m_in, answer);
    if (answered_all() || reading == Reading::garbage) {
      m_tally.add_wrong("bytes that nobody asked for: " + m_in.substr(0, 400));
      return end();
    }
    if (left_if_due()) return;
    if (reading == Reading::more) return;
    on_answer(answer);
  }
}

void Client::on_answer(const Answer& answer) {
  const Question& question = m_plan.questions[m_answered++];
  switch (judge(question, answer)) {
    case Verdict::right: ++m_tally.checked; break;
    case Verdict::wrong: m_tally.add_wrong(shown(question, std::string_view(m_in).substr(0, answer.size))); break;
    case Verdict::unexpected: m_tally.add_unexpected(shown(question, std::string_view(m_in).substr(0, answer.size)));
  }
  m_in.erase(0, answer.size);
  if (!answered_all()) {
    ask_more();
    flush();
  } else if (m_in.empty()) {
    pause();
  }
}

void Client::on_lost_connection(const std::string& why) {
  const std::uint64_t open = m_plan.questions.size() - m_answered;
  if (open > 0)
    m_tally.add_lost(open, m_plan.questions[m_answered].id + " and " + std::to_string(open - 1) + " behind it: " + why);
  end();
}

void Client::pause() {
  m_stage = Stage::pausing;
  if (m_plan.way == Way::half_close && !answered_all()) ::shutdown(m_fd, SHUT_WR);
  m_until = Clock::now() + m_plan.pause;
  if (m_plan.pause.count() == 0) leave();
}

void Client::on_time(Clock::time_point now) {
  if (over() || now < m_until) return;
  if (m_stage == Stage::pausing) return leave();
  on_lost_connection("no answer in time");
}

void Client::leave() {
  if (!answered_all()) {
    ++m_tally.hung_up_connections;
    m_tally.hung_up += m_plan.questions.size() - m_answered;
    if (m_plan.way == Way::reset) {
      const linger now{1, 0};
      ::setsockopt(m_fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
  }
  end();
}

void Client::end() {
  m_stage = Stage::over;
  ::close(m_fd);
  m_fd = -1;
}

}  // namespace berth::bench
