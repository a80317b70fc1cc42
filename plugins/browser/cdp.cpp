// A message may be megabytes (a picture): they are gathered, and looked for their end once only.
#include "cdp.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>
#include <vector>

namespace browser {

namespace {

constexpr std::size_t most_of_a_message = 256u << 20, most_at_once = 1u << 20;
constexpr int most_reads = 16;  // in one turn, so that others have theirs

void never_wait(int fd) { ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }

berth::Error refusal(const char* method, const Json& error) {
  std::string words = text_of(error, "message");
  if (const std::string more = text_of(error, "data"); !more.empty()) words += " (" + more + ")";
  return {502, "browser_refused", std::string("the browser refuses ") + method + ": " + words};
}

}  // namespace

Cdp::Cdp(loop::Loop& loop, berth::Fd to, berth::Fd from, Ears ears)
    : m_ears(std::move(ears)),
      m_to(loop, std::move(to), [] {}),
      m_from(loop, std::move(from), [this] { read(); }),
      m_block(most_at_once, '\0') {
  never_wait(m_to.get());
  never_wait(m_from.get());
  m_from.want();
}

void Cdp::end() {
  m_closed = true;
  m_from.stop();
  m_to.stop();
  forget({}, {503, "browser_gone", "the browser has ended", "it is started again: try again in a moment"});
}

void Cdp::put(std::uint64_t id, const std::string& session, std::string_view method, const Json& params) {
  m_out.append("{\"id\":" + std::to_string(id) + ",\"method\":\"").append(method);
  m_out += "\",\"params\":" + berth::json_text(params);
  if (!session.empty()) m_out += ",\"sessionId\":" + berth::json_text(Json(session));
  m_out += '}';
  m_out += '\0';
  if (!m_writing) flush();
}

void Cdp::begin(Wait<Json>& wait, const std::string& session, const char* method, const Json& params) {
  if (m_closed)
    return wait.fail({503, "browser_gone", "the browser has ended", "it is started again: try again in a moment"});
  m_asked.emplace(++m_last, Asked{&wait, wait.alive(), session, method});
  put(m_last, session, method, params);
}

void Cdp::send(const std::string& session, const char* method, const Json& params) {
  if (!m_closed) put(++m_last, session, method, params);
}

std::uint64_t Cdp::pass(const std::string& session, const std::string& method, const Json& params) {
  if (!m_closed) put(++m_last, session, method, params);
  return m_last;
}

void Cdp::forget(const std::string& session, const berth::Error& why) {
  std::vector<Asked> all;
  for (auto at = m_asked.begin(); at != m_asked.end();) {
    if (!session.empty() && at->second.session != session) {
      ++at;
      continue;
    }
    all.push_back(std::move(at->second));
    at = m_asked.erase(at);
  }
  for (const auto& one : all) {
    if (*one.alive) one.wait->fail(why);
  }
}

void Cdp::flush() {
  while (m_sent < m_out.size()) {
    const auto put = ::write(m_to.get(), m_out.data() + m_sent, m_out.size() - m_sent);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno != EAGAIN) return close(std::string("it does not read: ") + std::strerror(errno));
    if (put < 0) break;
    m_sent += static_cast<std::size_t>(put);
  }
  m_writing = m_sent < m_out.size();
  if (m_sent > m_out.size() / 2) m_out.erase(0, std::exchange(m_sent, 0));
  if (m_writing) m_to.want_room([this] { flush(); });
}

void Cdp::read() {
  for (int i = 0; i < most_reads; ++i) {
    const std::size_t had = m_in.size();
    const auto got = ::read(m_from.get(), m_block.data(), m_block.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) break;
    if (got <= 0) return close(got == 0 ? "it has closed its pipe" : std::strerror(errno));
    m_in.append(m_block.data(), static_cast<std::size_t>(got));
    std::size_t begin = 0, at = had;
    for (; (at = m_in.find('\0', at)) != m_in.npos; begin = ++at) {
      if (!std::exchange(m_skipping, false)) take(std::string_view(m_in).substr(begin, at - begin));
      if (m_closed) return;
    }
    m_in.erase(0, begin);
    if (m_skipping || m_in.size() > most_of_a_message) skip_the_rest();
    if (m_closed) return;
  }
  m_from.want();
}

void Cdp::take(std::string_view text) {
  if (m_ears.first) {
    const auto envelope = envelope_of(text);
    if (envelope && m_ears.first(*envelope)) return;
  }
  Json message = read_message(text);
  if (message.is_discarded()) return answer_unread(text);
  if (const Json& id = part(message, "id"); id.is_number_unsigned()) {
    answer(id.get<std::uint64_t>(), message);
  } else if (const std::string method = text_of(message, "method"); !method.empty()) {
    m_ears.event(text_of(message, "sessionId"), method, part(message, "params"));
  }
  berth::discard(message);
}

// A page may say more than anybody holds: that costs whoever has asked for it, and nobody else.
void Cdp::skip_the_rest() {
  std::uint64_t id = 0;
  constexpr std::string_view begins = "{\"id\":";
  if (!m_skipping && m_in.starts_with(begins))
    std::from_chars(m_in.data() + begins.size(), m_in.data() + m_in.size(), id);
  std::string().swap(m_in);
  if (std::exchange(m_skipping, true) || id == 0) return;
  take("{\"id\":" + std::to_string(id) + R"(,"error":{"code":-32000,"message":"the answer has more than 256 MiB"}})");
}

// Whoever waits for it waits no longer.
void Cdp::answer_unread(std::string_view text) {
  const auto envelope = envelope_of(text);
  const bool answers = envelope && !(envelope->result.empty() && envelope->error.empty());
  const auto node = answers ? m_asked.extract(envelope->id) : decltype(m_asked)::node_type();
  if (node && *node.mapped().alive)
    node.mapped().wait->fail({502, "browser_refused", "the browser's answer is no JSON"});
}

void Cdp::answer(std::uint64_t id, const Json& message) {
  const auto node = m_asked.extract(id);
  if (!node || !*node.mapped().alive) return;
  const Asked& asked = node.mapped();
  if (const Json& error = part(message, "error"); !error.is_null())
    asked.wait->fail(refusal(asked.method, error));
  else
    asked.wait->answer(part(message, "result"));
}

void Cdp::close(const std::string& why) {
  if (m_closed) return;
  end();
  m_ears.closed(why);
}

}  // namespace browser
