// One call, as a plugin holds it. Copies are cheap and name the same call; when the last copy goes unanswered, the SDK
// fails the call, so that every call ends.
#ifndef BERTH_CALL_HPP
#define BERTH_CALL_HPP

#include <berth/abi.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace berth {

using Json = nlohmann::json;

// Thrown by a handler, it becomes the answer.
class Error : public std::exception {
 public:
  Error(int status, std::string code, std::string message, std::string hint = {})
      : m_status(status), m_code(std::move(code)), m_message(std::move(message)), m_hint(std::move(hint)) {}
  const char* what() const noexcept override { return m_message.c_str(); }
  int status() const { return m_status; }
  const std::string& code() const { return m_code; }
  const std::string& message() const { return m_message; }
  const std::string& hint() const { return m_hint; }

 private:
  int m_status;
  std::string m_code, m_message, m_hint;
};

enum class Flow { ok, full, gone, wrong };  // as berth_flow

struct Head {  // of a download
  std::string type, name, etag;
};

struct Message {  // of a socket
  std::string bytes;
  bool binary = false;
};

struct Upload {
  int fd = -1;  // at offset 0; the host closes it once the call is answered
  std::uint64_t size = 0;
  std::string type, name;
};

namespace detail {

inline berth_text text(std::string_view view) { return {view.data(), view.size()}; }
inline std::string copy(berth_text from) { return from.data ? std::string(from.data, from.size) : std::string(); }
inline berth_failure failure(const Error& error) {
  return {sizeof(berth_failure), error.status(), text(error.code()), text(error.message()), text(error.hint())};
}
inline std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

// What the copies of a Call share.
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
        input(Json::parse(request.input.data, request.input.data + request.input.size)),
        upload{request.body_fd, request.body_size, copy(request.body_type), copy(request.body_name)} {}
  CallState(const CallState&) = delete;
  ~CallState() {
    if (answered) return;
    const Error dropped(500, "plugin_error", "the plugin dropped the call without an answer");
    const auto why = failure(dropped);
    host->fail(host, id, &why);
  }

  const berth_host* const host;
  const berth_call id;
  const std::string session, caller, scope, request_id, traceparent, last_event_id;
  const Json input;
  const Upload upload;
  const void* log = nullptr;  // the instance's
  std::atomic<bool> answered{false};

  std::mutex mutex;  // guards what follows
  bool cancelled = false;
  std::function<void()> on_cancel, on_drained;
  std::function<void(Message)> on_message;
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

  // Any thread, all of what follows.
  bool cancelled() const { return m_state->host->cancelled(m_state->host, m_state->id) != 0; }

  Flow send(const Json& answer) const {
    const std::string json = detail::dump(answer);
    return last(m_state->host->send(m_state->host, m_state->id, detail::text(json)));
  }
  Flow fail(const Error& error) const {
    const auto why = detail::failure(error);
    return last(m_state->host->fail(m_state->host, m_state->id, &why));
  }

  // Streams. push() never waits: after `full`, stop until on_drained. event() is for `blocking` operations: it waits
  // for the client, and says false once that has left.
  Flow push(const Json& data, std::string_view event = {}, std::string_view id = {}) const {
    return give({detail::dump(data), false}, event, id);
  }
  bool event(const Json& data, std::string_view event = {}, std::string_view id = {}) const {
    return waited(push(data, event, id));
  }

  // Downloads: a file, or pieces after begin(). bytes() waits like event().
  Flow file(const std::string& path, const Head& head = {}) const {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail(Error(errno == ENOENT ? 404 : 500, "no_file", "the file cannot be opened"));
    return file(fd, head);
  }
  Flow file(int fd, const Head& head = {}) const {  // the host takes fd over
    const auto raw = raw_head(head);
    return last(m_state->host->file(m_state->host, m_state->id, fd, &raw));
  }
  Flow begin(const Head& head) const {
    const auto raw = raw_head(head);
    return static_cast<Flow>(m_state->host->begin(m_state->host, m_state->id, &raw));
  }
  bool bytes(std::string_view piece) const { return waited(give({std::string(piece), true}, {}, {})); }

  // Sockets.
  Flow message(std::string text) const { return give({std::move(text), false}, {}, {}); }
  Flow binary(std::string bytes) const { return give({std::move(bytes), true}, {}, {}); }

  // The regular end of a stream, of a download in pieces, of a socket.
  Flow finish(unsigned code = 0, std::string_view reason = {}) const {
    return last(m_state->host->finish(m_state->host, m_state->id, code, detail::text(reason)));
  }

  // Called by the host, as abi.h says for cancel, drained and message. on_cancel is called at once if it is too late.
  void on_cancel(std::function<void()> then) const {
    {
      const std::lock_guard<std::mutex> lock(m_state->mutex);
      if (!m_state->cancelled) {
        m_state->on_cancel = std::move(then);
        return;
      }
    }
    then();
  }
  void on_drained(std::function<void()> then) const {
    const std::lock_guard<std::mutex> lock(m_state->mutex);
    m_state->on_drained = std::move(then);
  }
  void on_message(std::function<void(Message)> then) const {
    const std::lock_guard<std::mutex> lock(m_state->mutex);
    m_state->on_message = std::move(then);
  }

 private:
  // Whatever the host made of it, the call is over. What was registered may hold this very Call: it is let go of, after
  // the lock.
  Flow last(berth_flow flow) const {
    if (!m_state->answered.exchange(true)) {
      std::function<void()> cancel, drained;
      std::function<void(Message)> message;
      const std::lock_guard<std::mutex> lock(m_state->mutex);
      cancel.swap(m_state->on_cancel);
      drained.swap(m_state->on_drained);
      message.swap(m_state->on_message);
    }
    return static_cast<Flow>(flow);
  }
  Flow give(const Message& message, std::string_view event, std::string_view id) const {
    const berth_chunk chunk{sizeof(berth_chunk), message.binary ? 1u : 0u, detail::text(message.bytes),
                            detail::text(event), detail::text(id)};
    return static_cast<Flow>(m_state->host->chunk(m_state->host, m_state->id, &chunk));
  }
  bool waited(Flow flow) const {
    if (flow == Flow::full) flow = static_cast<Flow>(m_state->host->wait(m_state->host, m_state->id));
    return flow == Flow::ok || flow == Flow::full;
  }
  static berth_head raw_head(const Head& head) {
    return {sizeof(berth_head), detail::text(head.type), detail::text(head.name), detail::text(head.etag)};
  }

  std::shared_ptr<detail::CallState> m_state;
};

}  // namespace berth

#endif
