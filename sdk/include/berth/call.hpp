// One call, as a plugin holds it. Copies are cheap and name the same call; when the last copy goes unanswered, the SDK
// fails the call, so that every call ends.
#ifndef BERTH_CALL_HPP
#define BERTH_CALL_HPP

#include <berth/abi.h>
#include <berth/call_parts.hpp>
#include <berth/json_reader.hpp>
#include <berth/json_text.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace berth {

namespace detail {

inline berth_text text(std::string_view view) { return {view.data(), view.size()}; }
inline std::string copy(berth_text from) { return from.data ? std::string(from.data, from.size) : std::string(); }
inline Json parse(berth_text from) {
  auto value = read_json({from.data, from.size});
  return value ? std::move(*value) : Json::parse(from.data, from.data + from.size);
}
inline berth_failure failure(const Error& error) {
  return {sizeof(berth_failure), error.status(), text(error.code()), text(error.message()), text(error.hint())};
}

inline RawRequest http_of(const berth_request& request) {
  if (request.size < offsetof(berth_request, content) + sizeof request.content) return {};  // of an older host
  return {copy(request.method), copy(request.fields), copy(request.content)};
}

struct Callbacks {
  std::function<void()> cancel, drained;
  std::function<void(Message)> message;
};

// What the copies of a Call share. What is registered may hold the call itself, so it is let go of when the call is
// over or cancelled, and always outside of the lock.
struct CallState {
  CallState(const berth_host* on, const berth_request& request)
      : host(on),
        id(request.call),
        session(copy(request.session)),
        caller(copy(request.caller)),
        scope(copy(request.scope)),
        request_id(copy(request.request_id)),
        traceparent(copy(request.traceparent)),
        last_event_id(copy(request.last_event_id)),
        input(parse(request.input)),
        upload{request.body_fd, request.body_size, copy(request.body_type), copy(request.body_name)},
        http{http_of(request)} {}
  CallState(const CallState&) = delete;
  ~CallState() {
    discard(input);
    if (answered) return;
    const Error dropped(500, "plugin_error", "the plugin dropped the call without an answer");
    const auto why = failure(dropped);
    host->fail(host, id, &why);
  }

  // Before the last answer. False: there was one already.
  bool end() {
    if (answered.exchange(true)) return false;
    if (watched) take();
    return true;
  }
  Callbacks cancel() {
    const std::lock_guard<std::mutex> lock(mutex);
    cancelled = true;
    return std::exchange(callbacks, {});
  }
  // False, and it is not kept, if it could never be called any more.
  template <class Then>
  bool keep(Then Callbacks::*where, Then& then) {
    const std::lock_guard<std::mutex> lock(mutex);
    watched = true;
    if (cancelled || answered) return false;
    std::swap(callbacks.*where, then);
    return true;
  }
  template <class Then>
  Then copy_of(Then Callbacks::*which) {
    const std::lock_guard<std::mutex> lock(mutex);
    return callbacks.*which;
  }

  const berth_host* const host;
  const berth_call id;
  const std::string session, caller, scope, request_id, traceparent, last_event_id;
  Json input;
  const Upload upload;
  const RawRequest http;
  const void* log = nullptr;  // the instance's
  std::atomic<bool> answered{false};
  std::atomic<bool> watched{false};  // a callback was registered

  std::mutex mutex;  // guards what follows
  bool cancelled = false;
  Callbacks callbacks;

 private:
  Callbacks take() {
    const std::lock_guard<std::mutex> lock(mutex);
    return std::exchange(callbacks, {});
  }
};

}  // namespace detail

class Call {
 public:
  explicit Call(std::shared_ptr<detail::CallState> state) : m_state(std::move(state)) {}

  const Json& input() const { return m_state->input; }  // fits the operation's input schema
  const std::string& session() const { return m_state->session; }
  const std::string& caller() const { return m_state->caller; }
  const std::string& scope() const { return m_state->scope; }
  const std::string& request_id() const { return m_state->request_id; }
  const std::string& traceparent() const { return m_state->traceparent; }
  const std::string& last_event_id() const { return m_state->last_event_id; }
  const Upload& upload() const { return m_state->upload; }
  const RawRequest& http() const { return m_state->http; }

  // For services that speak of this call, and for one that answers it in the plugin's place.
  berth_call id() const { return m_state->id; }
  void hand_over() const { m_state->end(); }

  // Any thread, all of what follows.

  // What a thread of the plugin's own does for the call: if it throws, that is as if a handler had thrown it, and the
  // thread goes on. Defined in plugin.hpp.
  template <class Work>
  void guard(const Work& work) const;

  bool cancelled() const { return m_state->host->cancelled(m_state->host, m_state->id) != 0; }

  Flow send(const Json& answer) const {
    const std::string json = json_text(answer);
    m_state->end();
    return static_cast<Flow>(m_state->host->send(m_state->host, m_state->id, detail::text(json)));
  }
  Flow fail(const Error& error) const {
    const auto why = detail::failure(error);
    m_state->end();
    return static_cast<Flow>(m_state->host->fail(m_state->host, m_state->id, &why));
  }

  // Streams. push() never waits: after `full`, stop until on_drained. event() is for `blocking` operations: it waits
  // for the client, and says false once that has left.
  Flow push(const Json& data, std::string_view event = {}, std::string_view id = {}) const {
    return give(json_text(data), false, event, id);
  }
  bool event(const Json& data, std::string_view event = {}, std::string_view id = {}) const {
    return waited(push(data, event, id));
  }

  // Downloads: a file, or pieces after begin(). bytes() waits like event().
  Flow file(const std::string& path, const Head& head = {}) const {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);  // never waits for a pipe
    if (fd < 0 && errno == ENOENT)
      return fail(Error(404, "no_file", "there is no such file", "it may be gone by now: look again what there is"));
    if (fd < 0) return fail(Error(500, "no_file", "the file cannot be opened", "may the plugin's user read it?"));
    return file(fd, head);
  }
  Flow file(int fd, const Head& head = {}) const {  // the host takes fd over
    const std::string fields = lines_of(head);
    const auto raw = raw_head(head, fields);
    m_state->end();
    return static_cast<Flow>(m_state->host->file(m_state->host, m_state->id, fd, &raw));
  }
  Flow begin(const Head& head) const {
    const std::string fields = lines_of(head);
    const auto raw = raw_head(head, fields);
    return static_cast<Flow>(m_state->host->begin(m_state->host, m_state->id, &raw));
  }
  bool bytes(std::string_view piece) const { return waited(give(piece, true)); }
  // As bytes(), but never waits: after `full`, stop until on_drained.
  Flow piece(std::string_view bytes) const { return give(bytes, true); }

  // http: the whole answer, or begin() and then pieces and finish().
  Flow answer(Head head, std::string_view content) const {
    head.whole = true;
    const Flow flow = begin(head);
    if (flow == Flow::ok && !content.empty()) piece(content);
    return finish();
  }

  // Sockets.
  Flow message(std::string_view text) const { return give(text, false); }
  Flow binary(std::string_view bytes) const { return give(bytes, true); }

  // The regular end of a stream, of a download in pieces, of a socket.
  Flow finish(unsigned code = 0, std::string_view reason = {}) const {
    m_state->end();
    return static_cast<Flow>(m_state->host->finish(m_state->host, m_state->id, code, detail::text(reason)));
  }

  // Called by the host, as abi.h says for cancel, drained and message. on_cancel is called at once, and here, if the
  // client has left already: hold no lock that it takes.
  void on_cancel(std::function<void()> then) const {
    if (!m_state->keep(&detail::Callbacks::cancel, then)) {
      if (!m_state->answered && then) then();
      return;
    }
    if (!cancelled()) return;
    // The client left before the plugin knew of this call, or is leaving now: whoever takes the callback calls it.
    const auto late = m_state->cancel();
    if (late.cancel) late.cancel();
  }
  void on_drained(std::function<void()> then) const { m_state->keep(&detail::Callbacks::drained, then); }
  // What comes before it is registered is lost: register it in the handler.
  void on_message(std::function<void(Message)> then) const { m_state->keep(&detail::Callbacks::message, then); }

 private:
  Flow give(std::string_view bytes, bool binary, std::string_view event = {}, std::string_view id = {}) const {
    const berth_chunk chunk{sizeof(berth_chunk), binary ? 1u : 0u, detail::text(bytes), detail::text(event),
                            detail::text(id)};
    return static_cast<Flow>(m_state->host->chunk(m_state->host, m_state->id, &chunk));
  }
  bool waited(Flow flow) const {
    if (flow == Flow::full) flow = static_cast<Flow>(m_state->host->wait(m_state->host, m_state->id));
    return flow == Flow::ok || flow == Flow::full;
  }
  static std::string lines_of(const Head& head) {
    std::string lines;
    for (const auto& [name, value] : head.fields) lines.append(name).append(": ").append(value).append("\n");
    return lines;
  }
  static berth_head raw_head(const Head& head, const std::string& fields) {
    return {sizeof(berth_head),      detail::text(head.type), detail::text(head.name),
            detail::text(head.etag), head.page ? 1u : 0u,     static_cast<std::uint32_t>(head.status),
            detail::text(fields),    head.whole ? 1u : 0u,    0};
  }

  std::shared_ptr<detail::CallState> m_state;
};

}  // namespace berth

#endif
