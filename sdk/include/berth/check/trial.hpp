// One instance of a plugin, played as the host plays it and watched for breaches of the rules: what a plugin's own
// tests are written with, and what berth-check is made of. sdk/README.md shows one.
#ifndef BERTH_CHECK_TRIAL_HPP
#define BERTH_CHECK_TRIAL_HPP

#include <berth/check/given.hpp>
#include <berth/check/host.hpp>
#include <berth/check/no_waiting.hpp>
#include <berth/check/stand_in.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace berth::check {

using Milliseconds = std::chrono::milliseconds;

struct Slowest {  // the longest that a function took which must not block
  std::string operation, function;
  Milliseconds took{0};
};

// Any thread, unless said otherwise.
class Trial {
 public:
  // `before` may say what the stand-in lends, before the plugin is made.
  explicit Trial(const berth_plugin* api, const Json& config = Json::object(),
                 const std::function<void(StandIn&)>& before = {})
      : m_api(api),
        m_manifest(Json::parse(api->manifest.data, api->manifest.data + api->manifest.size)),
        m_checked(m_host.api(), m_manifest) {
    const std::string text = json_text(config);
    m_host.services().config(text);
    if (before) before(m_host);
    guarded(0, "create", [&] {
      const NoWaiting creating;
      m_self = api->create(m_checked.api(), detail::text(text));
    });
    m_checked.created();
  }
  ~Trial() { end(); }
  Trial(const Trial&) = delete;

  bool started() const { return m_self != nullptr; }
  const Json& manifest() const { return m_manifest; }
  StandIn& host() { return m_host; }
  // Lets time pass for the plugin's timers: what became due has ticked when this returns.
  void pass(Milliseconds time) {
    const NoWaiting ticking;
    m_host.timers().pass(time);
  }
  const Json& operation(const std::string& name) const {
    for (const Json& one : m_manifest.at("operations"))
      if (one.at("name") == name) return one;
    throw std::out_of_range("no operation " + name);
  }

  // Starts a call; a blocking one on a thread of its own. `gone`: its client has left, and cancel() was called, before
  // the plugin hears of it.
  berth_call start(const std::string& name, const Json& input = Json::object(), const Body* body = nullptr,
                   bool gone = false) {
    const berth_call call = m_host.open();
    const Open& open = keep(call, name, input);
    const berth_request request = request_of(call, open, body);
    m_checked.opened(request);
    if (gone) cancel(call);
    const auto invoke = [this, request] { enter(request.call, "invoke", [&] { m_api->invoke(m_self, &request); }); };
    if (!open.blocking) {
      invoke();
      return call;
    }
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_threads.emplace_back(invoke);
    return call;
  }
  // A whole call: what it sends is read as it comes. If it is not over by then, it is cancelled.
  Answer call(const std::string& name, const Json& input = Json::object(), const Body* body = nullptr,
              Milliseconds patience = Milliseconds(10'000)) {
    const berth_call call = start(name, input, body);
    if (!finish(call, patience)) cancel(call);
    return m_host.answer(call);
  }
  Answer answer(berth_call call) const { return m_host.answer(call); }
  // Reads until the call is over, and lets come what it waits for; false if that takes too long.
  bool finish(berth_call call, Milliseconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    for (auto left = patience; left > Milliseconds(0);
         left = std::chrono::duration_cast<Milliseconds>(end - std::chrono::steady_clock::now())) {
      const bool changed = m_host.until(
          call, [](const Answer& answer) { return answer.over() || answer.full; }, std::min(left, Milliseconds(20)));
      if (!changed) turn();
      const Answer answer = m_host.answer(call);
      if (answer.over()) return true;
      if (answer.full) read_on(call);
    }
    return m_host.answer(call).over();
  }
  // Calls back what services have for the plugin, unless it is busy.
  void turn() {
    const std::unique_lock<std::mutex> lane(m_lane, std::try_to_lock);
    const NoWaiting hearing;
    if (lane.owns_lock()) m_host.services().run();
  }
  // The client has read everything: wait() returns, and drained() is called.
  void read_on(berth_call call) {
    m_checked.drained(call);
    m_host.read_on(call);
    enter(call, "drained", [&] { m_api->drained(m_self, call); });
  }
  void message(berth_call call, std::string_view bytes, bool binary = false) {
    const berth_chunk raw{sizeof raw, binary ? 1u : 0u, {bytes.data(), bytes.size()}, {}, {}};
    enter(call, "message", [&] { m_api->message(m_self, call, &raw); });
  }
  void cancel(berth_call call) {
    m_host.leave(call);
    m_checked.cancelled(call);
    timed(call, "cancel", [&] { m_api->cancel(m_self, call); });
  }

  // Cancels what is open, waits for it and for the threads of blocking operations, and destroys the instance: one
  // thread, after all others. The destructor does it, too.
  void end() {
    if (!m_self) return;
    for (const auto& [call, open] : m_open)
      if (!m_host.answer(call).over()) cancel(call);
    for (const auto& [call, open] : m_open)
      if (!m_host.until(
              call, [](const Answer& answer) { return answer.over(); }, Milliseconds(5000)))
        m_checked.note("left_open", call, "was not ended within 5 s of cancel()");
    for (auto& thread : m_threads) thread.join();
    m_threads.clear();
    m_host.drop();
    guarded(0, "destroy", [&] { m_api->destroy(m_self); });
    m_self = nullptr;
    m_checked.destroyed();
  }

  std::vector<Breach> breaches() const { return m_checked.breaches(); }
  Slowest slowest() const {
    const std::lock_guard<std::mutex> lock(m_mutex);
    return m_slowest;
  }

 private:
  struct Open {  // what a request points to, for as long as the instance lives
    std::uint32_t index = 0;
    std::string name, input, method;  // method: of http
    bool blocking = false, concurrent = false;
  };

  const Open& keep(berth_call call, const std::string& name, const Json& input) {
    const Json& declared = operation(name);
    const bool http = declared.at("kind") == "http";
    Open open{0,
              name,
              json_text(input),
              http ? declared.value("method", "") : "",
              declared.value("blocking", false),
              declared.value("concurrent", false)};
    while (&m_manifest.at("operations")[open.index] != &declared) ++open.index;
    const std::lock_guard<std::mutex> lock(m_mutex);
    return m_open[call] = std::move(open);
  }
  static berth_request request_of(berth_call call, const Open& open, const Body* body) {
    berth_request request{};
    request.size = sizeof request;
    request.operation = open.index;
    request.call = call;
    request.input = detail::text(open.input);
    request.session = detail::text("main");
    request.caller = detail::text("berth-check");
    request.scope = detail::text("admin");
    request.request_id = detail::text("r-1");
    request.method = detail::text(open.method);
    const bool http = !open.method.empty();
    request.body_fd = body && !http ? body->fd() : -1;
    if (!body) return request;
    if (http) request.content = detail::text(body->bytes);
    request.body_size = http ? 0 : body->size();
    request.body_type = detail::text(body->type);
    request.body_name = detail::text(body->name);
    return request;
  }

  // Calls one after the other, unless they may run beside each other. What a blocking operation is to be told waits
  // for no other: it is told by wait().
  template <class Body>
  void enter(berth_call call, const std::string& function, const Body& body) {
    const Open& open = opened(call);
    std::unique_lock<std::mutex> lane(m_lane, std::defer_lock);
    if (!open.concurrent && open.blocking && function == "drained") {
      if (!lane.try_lock()) return;
    } else if (!open.concurrent) {
      lane.lock();
    }
    if (open.blocking && function != "drained") return guarded(call, function, body);
    timed(call, function, body);
  }
  const Open& opened(berth_call call) const {
    const std::lock_guard<std::mutex> lock(m_mutex);
    return m_open.at(call);
  }
  template <class Body>
  void timed(berth_call call, const std::string& function, const Body& body) {
    const NoWaiting on_the_thread_for_all;
    const auto began = std::chrono::steady_clock::now();
    guarded(call, function, body);
    const auto took = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - began);
    const std::string name = opened(call).name;
    const std::lock_guard<std::mutex> lock(m_mutex);
    if (took > m_slowest.took) m_slowest = {name, function, took};
  }
  template <class Body>
  void guarded(berth_call call, const std::string& function, const Body& body) {
    try {
      body();
    } catch (const std::exception& error) {
      m_checked.note("threw", call, function + "() threw: " + shown(error.what()));
      give_up(call);
    } catch (...) {
      m_checked.note("threw", call, function + "() threw something that is no exception");
      give_up(call);
    }
  }
  void give_up(berth_call call) {  // as the host does for a call that was thrown out of
    if (call == 0 || m_host.answer(call).over()) return;
    const berth_failure why{sizeof why, 500, detail::text("plugin_error"), detail::text("the plugin failed"), {}};
    m_checked.api()->fail(m_checked.api(), call, &why);
  }

  const berth_plugin* const m_api;
  const Json m_manifest;
  StandIn m_host;
  CheckedHost m_checked;
  void* m_self = nullptr;
  std::mutex m_lane;           // held by a call that is not concurrent
  mutable std::mutex m_mutex;  // guards what follows
  std::map<berth_call, Open> m_open;
  std::deque<std::thread> m_threads;
  Slowest m_slowest;
};

}  // namespace berth::check

#endif
