// Whoever carries out operations — a plugin in this process, one in its own, the host itself — and the call it answers.
// Routing above and plugins below meet here and know no more of each other.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loader/manifest.hpp"
#include "service/error.hpp"
#include "service/unique_fd.hpp"
#include "session/asker.hpp"

namespace berth::loader {

enum class Flow { ok = 0, full = 1, gone = 2, wrong = 3 };  // as berth_flow

struct Head {  // of a download, or of an http answer
  std::string type, name, etag;
  std::string content_policy = {};  // of a page of the host's own; what plugins send is sandboxed
  bool page = false;                // of a web site, whose scripts may run in that sandbox
  // http alone
  int status = 200;
  std::string fields = {};  // "Name: value\n" each
  bool whole = false;       // its end follows soon
};

struct Chunk {
  std::string bytes, event, id;
  bool binary = false;
};

// What a call may be answered with, besides a failure.
enum class Answer { value, file, head, chunks };
constexpr bool may_give(Kind kind, Answer answer) {
  const bool whole = kind == Kind::call || kind == Kind::upload;
  switch (answer) {
    case Answer::value: return whole;
    case Answer::file: return kind == Kind::download;
    case Answer::head: return kind == Kind::download || kind == Kind::http;
    case Answer::chunks: return !whole;
  }
  return false;
}

// What an http operation sees of its client's request, as in abi.h.
struct RawRequest {
  std::string method, fields, content;
};

// One call on its way to its provider; owns everything that a berth_request points to.
struct Request {
  std::uint32_t operation = 0;
  std::string input;  // canonical JSON that fits the schema
  std::shared_ptr<const session::Asker> asker;
  std::string last_event_id;
  service::UniqueFd body;
  std::uint64_t body_size = 0;
  std::string body_type, body_name;
  RawRequest http;
};

// Where a provider's answers go. Any thread, unless said otherwise.
class Reply {
 public:
  virtual ~Reply() = default;
  virtual const Request& request() const = 0;
  virtual Flow send(std::string json) = 0;
  // As send(), but what was asked for goes on and can be watched at that path.
  virtual Flow accept(std::string json, const std::string&) { return send(std::move(json)); }
  virtual Flow fail(service::Error error) = 0;
  virtual Flow file(service::UniqueFd fd, Head head) = 0;
  virtual Flow begin(Head head) = 0;
  virtual Flow chunk(Chunk chunk) = 0;
  virtual Flow finish(std::uint32_t code, std::string reason) = 0;
  virtual Flow wait() = 0;  // blocks; returns at once on the I/O thread
  virtual bool cancelled() const = 0;
  // By the host, in its provider's place; a provider that can be told hears that nobody waits any more.
  virtual void end(service::Error error) { fail(std::move(error)); }

  // The provider's own name for this call; set by it in invoke(), read by it afterwards.
  std::uint64_t ticket = 0;
};

class Provider {
 public:
  virtual ~Provider() = default;
  virtual const Manifest& manifest() const = 0;
  // Called on the I/O thread; none of them blocks.
  virtual void invoke(std::shared_ptr<Reply> reply) = 0;
  // `done` is called, on the I/O thread, once the message was handled.
  virtual void message(std::shared_ptr<Reply> reply, Chunk chunk, std::function<void()> done) = 0;
  virtual void drained(std::shared_ptr<Reply> reply) = 0;
  virtual void cancel(std::shared_ptr<Reply> reply) = 0;
  // nullopt: healthy; otherwise why not.
  virtual std::optional<std::string> ailment() = 0;
  virtual std::size_t open_calls() const { return 0; }  // that it has not answered yet
  virtual std::vector<std::shared_ptr<Reply>> open() const { return {}; }
  // At the end of the host, when no thread is in it any more: nobody waits for what is open. May block.
  virtual void destroy() {}

  // It was replaced, and its time is over: what becomes a call only now is told why. I/O thread.
  void close(service::Error why) { m_closed = std::move(why); }
  const std::optional<service::Error>& closed() const { return m_closed; }

 private:
  std::optional<service::Error> m_closed;
};

}  // namespace berth::loader
