// What of a request a plugin may see, and what of an answer it may say.
#include "edge/http_exchange.hpp"

#include <algorithm>
#include <utility>

#include "edge/answer.hpp"
#include "edge/chunked.hpp"
#include "edge/connection.hpp"
#include "edge/content_policy.hpp"
#include "service/text.hpp"

namespace berth::edge {

using service::Error;

namespace {

constexpr std::size_t most_waiting = 64u << 10;
constexpr std::size_t most_gathered = 64u << 20;  // to leave as a whole
constexpr std::string_view event_stream = "text/event-stream";

bool wanted(std::string_view name, const std::vector<std::string>& headers) {
  return std::any_of(headers.begin(), headers.end(), [&](std::string_view one) {
    if (!one.ends_with('*')) return one == name;
    one.remove_suffix(1);
    return name.starts_with(one);
  });
}

// What frames an answer, opens a host or is on every answer is not a plugin's to say.
bool may_say(std::string_view name) {
  constexpr std::string_view ours[]{"cache-control",
                                    "clear-site-data",
                                    "connection",
                                    "content-length",
                                    "content-security-policy",
                                    "content-type",
                                    "date",
                                    "keep-alive",
                                    "server",
                                    "set-cookie",
                                    "traceparent",
                                    "trailer",
                                    "transfer-encoding",
                                    "upgrade",
                                    "x-content-type-options",
                                    "x-request-id"};
  constexpr std::string_view symbols = "!#$%&'*+-.^_`|~";
  const auto fine = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           symbols.find(c) != std::string_view::npos;
  };
  const auto same = [&](std::string_view one) { return service::equal_fold(one, name); };
  return !name.empty() && std::all_of(name.begin(), name.end(), fine) &&
         std::none_of(std::begin(ours), std::end(ours), same) &&
         !service::equal_fold(name.substr(0, 15), "access-control-");
}

}  // namespace

loader::RawRequest HttpExchange::request(std::string body) const {
  loader::RawRequest out{m_inbound.method, {}, std::move(body)};
  const RequestHead& head = m_connection->head();
  for (std::size_t i = 0; i < head.fields(); ++i) {
    std::string name(head.name(i));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    if (name != "berth-origin" && wanted(name, m_inbound.route->operation.headers))
      out.fields.append(name).append(": ").append(head.value(i)).append("\n");
  }
  if (wanted("berth-origin", m_inbound.route->operation.headers) && !m_inbound.origin.empty())
    out.fields.append("berth-origin: ").append(m_inbound.origin).append("\n");
  return out;
}

void HttpExchange::run(std::string body) {
  auto wanted = wanted_by({});
  if (!wanted) return fail(wanted.error());
  wanted->body_type = m_connection->head().value("Content-Type");
  wanted->last_event_id = m_connection->head().value("Last-Event-ID");
  wanted->http = request(std::move(body));
  start_call(std::move(*wanted));
  give_back();
}

void HttpExchange::begin(loader::Head what) {
  if (std::exchange(m_begun, true)) return;
  m_what = std::move(what);
  m_what.whole = m_what.whole || m_what.status == 204 || m_what.status == 304;  // which have no body
  if (!m_what.whole) open();
}

void HttpExchange::chunk(loader::Chunk chunk) {
  if (!attached() || m_finished || chunk.bytes.empty()) return;
  m_begun = true;
  m_pieces.push_back(std::move(chunk.bytes));
  if (!m_what.whole) {
    open();
    return show();
  }
  m_gathered += m_pieces.back().size();
  if (m_gathered > most_gathered) return overflow();
  m_taken += m_pieces.back().size() + 64;
  give_back();
}

void HttpExchange::overflow() {
  const auto call = std::exchange(m_call, nullptr);
  fail({500, "plugin_error", "the answer is larger than " + service::format_bytes(most_gathered),
        "its author: what is so large is begun without `whole`"});
  m_pieces.clear();
  if (call) call->cancel();
}

// Perhaps later: what is said before start_call() is back has no call yet that could hear of it.
void HttpExchange::give_back() {
  if (m_call && m_taken > 0) m_call->consumed(std::exchange(m_taken, 0));
}

Exchange::Fields HttpExchange::fields_of(const loader::Head& what) const {
  Fields fields{{"Content-Security-Policy", std::string(policy_of(what))}};
  std::string shown;  // to scripts of a page
  for (std::string_view rest = what.fields; !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !may_say(line.substr(0, colon))) continue;
    fields.emplace_back(line.substr(0, colon), service::trimmed(line.substr(colon + 1)));
    shown += (shown.empty() ? "" : ", ") + fields.back().first;
  }
  if (!shown.empty() && !m_inbound.allowed_origin.empty()) fields.emplace_back("Access-Control-Expose-Headers", shown);
  return fields;
}

// An answer whose end nobody knows yet.
void HttpExchange::open() {
  if (!attached() || std::exchange(m_head_sent, true)) return;
  m_chunked = m_inbound.version == 11;
  if (!m_chunked) m_reusable = false;
  AnswerHead answer = head(m_what.status);
  answer.lines(commons().date_line()).lines("Cache-Control: no-store\r\n");
  if (!m_what.type.empty()) answer.field("Content-Type", m_what.type);
  if (m_what.type == event_stream) answer.field("X-Accel-Buffering", "no");
  for (const auto& [name, value] : fields_of(m_what)) answer.field(name, value);
  if (m_chunked) answer.field("Transfer-Encoding", "chunked");
  if (!m_reusable || !m_connection->keeps_alive()) answer.field("Connection", "close");
  m_connection->write(std::move(answer).done());
}

void HttpExchange::show() {
  while (!m_pieces.empty() && m_connection->unsent() < most_waiting) {
    std::string piece = std::move(m_pieces.front());
    m_pieces.pop_front();
    m_taken += piece.size() + 64;
    if (m_inbound.head_only()) continue;
    m_connection->write(m_chunked ? chunked(piece) : std::move(piece));
  }
  give_back();
  if (!m_finished || !m_pieces.empty()) return;
  if (m_chunked && !m_inbound.head_only()) m_connection->write(std::string(last_chunk));
  ended(m_what.status);
}

void HttpExchange::finish(std::uint32_t, std::string) {
  m_over = m_finished = true;
  m_call.reset();
  if (!attached()) return;
  if (m_head_sent) return show();
  std::string all;
  for (auto& piece : std::exchange(m_pieces, {})) all += piece;
  whole(m_what.status, m_what.type, std::move(all), fields_of(m_what));
}

// Once bytes have left, only a broken connection can say that something went wrong.
void HttpExchange::fail(Error error) {
  m_over = m_finished = true;
  if (!m_head_sent || !attached()) return Exchange::fail(std::move(error));
  m_connection->close();
}

void HttpExchange::written(std::size_t) {
  if (attached() && m_head_sent && !m_pieces.empty()) show();
}

void HttpExchange::client_left() {
  Exchange::client_left();
  m_pieces.clear();
}

// A stream of events may go on for ever: a host that drains waits for it no longer than for a connection that is idle.
bool HttpExchange::endless() const { return m_head_sent && !m_finished && m_what.type == event_stream; }

bool HttpExchange::closing_now() {
  if (!attached() || !m_head_sent || m_finished) return Exchange::closing_now();
  const auto self = shared_from_this();
  const auto call = std::exchange(m_call, nullptr);
  m_finished = true;
  m_reusable = false;
  show();
  if (call) call->cancel();
  return true;
}

}  // namespace berth::edge
