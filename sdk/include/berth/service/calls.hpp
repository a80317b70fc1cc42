// berth.calls/1 in C++17: call other operations, with the scopes that berth.lua grants. A member of the plugin's class.
//
//   d.service(BERTH_CALLS);                                             // in declare()
//   void when(berth::Call call) {
//     m_calls.start(berth::Ask("clock.now").as(call), {[call](const berth::Json& now) { call.send(now); },
//                                                      [call](const berth::Error& error) { call.fail(error); }});
//   }
#ifndef BERTH_SERVICE_CALLS_HPP
#define BERTH_SERVICE_CALLS_HPP

#include <berth/call.hpp>
#include <berth/service/calls.h>
#include <berth/service/jobs.hpp>

#include <memory>
#include <unordered_map>

namespace berth {

// What to call, for whom: a call at hand or a job, with its session and its caller's rights; or on the plugin's own
// behalf.
class Ask {
 public:
  explicit Ask(std::string operation, const Json& input = Json::object())
      : m_operation(std::move(operation)), m_input(json_text(input)) {}
  Ask& as(const Call& call) {
    m_as = call.id();
    return *this;
  }
  Ask& as(const Job& job) {
    m_job = job.number();
    return *this;
  }
  Ask& session(std::string name) {
    m_session = std::move(name);
    return *this;
  }
  // With no more rights than the session's own token, whoever it is for: what the agent's code asks for.
  Ask& as_session() {
    m_flags |= BERTH_ASK_AS_SESSION;
    return *this;
  }
  // Goes on when the client of the call that it is for leaves.
  Ask& outlives() {
    m_flags |= BERTH_ASK_OUTLIVES;
    return *this;
  }
  berth_ask raw() const {  // points into this
    return {sizeof(berth_ask),       m_flags, m_as, detail::text(m_operation), detail::text(m_input),
            detail::text(m_session), m_job};
  }

 private:
  std::string m_operation, m_input, m_session;
  std::uint32_t m_flags = 0;
  berth_call m_as = 0;
  std::uint64_t m_job = 0;
};

// What becomes of it: all are serialised like handlers and must not block. Those that are not needed may be left out.
struct Ears {
  std::function<void(const Json&)> answer = {};                                    // the end of a call
  std::function<void(const Error&)> fail = {};                                     // the end of any
  std::function<Flow(std::string_view bytes, std::string_view event)> chunk = {};  // Flow::full: no more until resume()
  std::function<void()> finish = {};                   // the end of a stream, of a download in pieces
  std::function<void(int fd, const Head&)> file = {};  // the end of a download; close fd
};

class Calls {
 public:
  explicit Calls(const berth_host* host)
      : m_host(host),
        m_calls(static_cast<const berth_calls*>(host->service(host, detail::text(BERTH_CALLS)))),
        m_state(std::make_unique<State>()) {}
  Calls(const Calls&) = delete;

  // Any thread; never blocks. The call's number, or 0: too many are open, or berth.lua grants no calls.
  std::uint64_t start(const Ask& ask, Ears ears) {
    static constexpr berth_ears raw{sizeof(berth_ears), 0,        &on_answer, &on_fail,
                                    &on_begin,          &on_file, &on_chunk,  &on_finish};
    if (!m_calls) return 0;
    const auto wanted = ask.raw();
    const std::lock_guard<std::mutex> lock(m_state->mutex);  // an answer that comes at once waits for its ears
    const auto number = m_calls->start(m_host, &wanted, &raw, m_state.get());
    if (number != 0) m_state->open[number] = std::make_shared<Ears>(std::move(ears));
    return number;
  }
  void resume(std::uint64_t number) const { m_calls->resume(m_host, number); }
  void cancel(std::uint64_t number) {
    m_calls->cancel(m_host, number);
    take(m_state.get(), number);
  }

 private:
  struct State {
    std::mutex mutex;
    std::unordered_map<std::uint64_t, std::shared_ptr<Ears>> open;
  };
  static std::shared_ptr<Ears> find(void* with, std::uint64_t number) {
    auto& state = *static_cast<State*>(with);
    const std::lock_guard<std::mutex> lock(state.mutex);
    const auto at = state.open.find(number);
    return at == state.open.end() ? nullptr : at->second;
  }
  static std::shared_ptr<Ears> take(void* with, std::uint64_t number) {
    auto& state = *static_cast<State*>(with);
    const std::lock_guard<std::mutex> lock(state.mutex);
    const auto at = state.open.find(number);
    if (at == state.open.end()) return nullptr;
    auto ears = std::move(at->second);
    state.open.erase(at);
    return ears;
  }
  static void on_answer(void* with, std::uint64_t number, berth_text json) {
    const auto ears = take(with, number);
    if (ears && ears->answer) ears->answer(detail::parse(json));
  }
  static void on_fail(void* with, std::uint64_t number, const berth_failure* why) {
    const auto ears = take(with, number);
    if (!ears || !ears->fail) return;
    ears->fail(Error(why->status, detail::copy(why->code), detail::copy(why->message), detail::copy(why->hint)));
  }
  static void on_begin(void*, std::uint64_t, const berth_head*) {}
  static void on_file(void* with, std::uint64_t number, int fd, const berth_head* head) {
    const auto ears = take(with, number);
    if (!ears || !ears->file) return static_cast<void>(::close(fd));
    ears->file(fd, {detail::copy(head->type), detail::copy(head->name), detail::copy(head->etag)});
  }
  static berth_flow on_chunk(void* with, std::uint64_t number, const berth_chunk* chunk) {
    const auto ears = find(with, number);
    if (!ears || !ears->chunk) return BERTH_OK;
    const Flow flow = ears->chunk({chunk->bytes.data, chunk->bytes.size}, {chunk->event.data, chunk->event.size});
    if (flow == Flow::gone) take(with, number);  // it is cancelled, and nothing comes of it any more
    return static_cast<berth_flow>(flow);
  }
  static void on_finish(void* with, std::uint64_t number, std::uint32_t, berth_text) {
    const auto ears = take(with, number);
    if (ears && ears->finish) ears->finish();
  }

  const berth_host* const m_host;
  const berth_calls* const m_calls;
  const std::unique_ptr<State> m_state;
};

}  // namespace berth

#endif
