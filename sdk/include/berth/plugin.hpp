// Write a plugin in C++17: a class whose declare() names its operations, and BERTH_PLUGIN(Class) at the end. README.md
// is the book.
//
//   struct Clock {
//     static void declare(berth::Declaration<Clock>& d) {
//       d.plugin("clock", "1.0.0", "Tells the time");
//       d.get("now", "/clock/now").scope(berth::read).handle(&Clock::now);
//     }
//     berth::Json now(const berth::Json& input) { … }
//   };
//   BERTH_PLUGIN(Clock)
#ifndef BERTH_PLUGIN_HPP
#define BERTH_PLUGIN_HPP

#include <berth/abi.h>
#include <berth/call.hpp>
#include <berth/declaration.hpp>
#include <berth/schema.hpp>
#include <berth/service/health.h>
#include <berth/service/log.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <type_traits>
#include <unordered_map>

namespace berth {

// Writes to the host's log under the plugin's name. Any thread; never blocks.
class Log {
 public:
  explicit Log(const berth_host* host)
      : m_host(host), m_log(static_cast<const berth_log*>(host->service(host, detail::text(BERTH_LOG)))) {}
  void debug(std::string_view text, const Json& fields = {}) const { write(BERTH_DEBUG, text, fields); }
  void info(std::string_view text, const Json& fields = {}) const { write(BERTH_INFO, text, fields); }
  void warn(std::string_view text, const Json& fields = {}) const { write(BERTH_WARN, text, fields); }
  void error(std::string_view text, const Json& fields = {}) const { write(BERTH_ERROR, text, fields); }

 private:
  void write(berth_level level, std::string_view message, const Json& fields) const {
    if (!m_log) return;
    const std::string more = fields.is_object() ? json_text(fields) : std::string();
    m_log->write(m_host, level, detail::text(message), detail::text(more));
  }
  const berth_host* m_host;
  const berth_log* m_log;
};

// What a plugin's constructor is given, if it takes it.
struct Context {
  Json config;  // fits the declared config schema
  Log log;
  const berth_host* host;
  // A service of the host by id, as a pointer to its struct; null if there is none.
  template <class Service>
  const Service* service(std::string_view id) const {
    return static_cast<const Service*>(host->service(host, detail::text(id)));
  }
};

namespace detail {

template <class P, class = void>
struct HasAilment : std::false_type {};
template <class P>
struct HasAilment<P, std::void_t<decltype(std::declval<P&>().ailment())>> : std::true_type {};

template <class P>
const Declaration<P>& declaration() {
  static const Declaration<P> declared = [] {
    Declaration<P> d;
    P::declare(d);
    return d;
  }();
  return declared;
}

// Whatever is thrown, nothing leaves it: the call fails, and the log has the words that no client is to see.
class Guard {
 public:
  template <class Body>
  static void run(CallState& state, const Body& body) {
    try {
      body();
    } catch (const Error& error) {
      if (!give_up(state, error)) tell(state, "an operation threw after its answer", error.what());
    } catch (const std::exception& error) {
      tell(state, "an operation threw", error.what());
      give_up(state, failed());
    } catch (...) {
      tell(state, "an operation threw", "something that is no exception");
      give_up(state, failed());
    }
  }

 private:
  static Error failed() {
    return {500, "plugin_error", "the plugin failed", "the host's log says more, under this request's id"};
  }
  static bool give_up(CallState& state, const Error& error) {
    if (!state.end()) return false;
    const auto why = failure(error);
    state.host->fail(state.host, state.id, &why);
    return true;
  }
  static void tell(const CallState& state, const char* message, const char* what) {
    static_cast<const Log*>(state.log)->error(message, {{"what", what}, {"request_id", state.request_id}});
  }
};

// One instance behind the C boundary. No exception leaves it.
template <class P>
class Instance {
 public:
  Instance(const berth_host* host, const Json& config) : m_host(host), m_log(host), m_plugin(make(host, config)) {}

  static void* create(const berth_host* host, berth_text config) {
    try {
      return new Instance(host, Json::parse(config.data, config.data + config.size));
    } catch (const Error& error) {
      const auto why = failure(error);
      host->refuse(host, &why);
    } catch (const std::exception& error) {
      const Error wrapped(500, "bad_plugin", error.what());
      const auto why = failure(wrapped);
      host->refuse(host, &why);
    } catch (...) {
      const Error wrapped(500, "bad_plugin", "its constructor threw something that is no exception");
      const auto why = failure(wrapped);
      host->refuse(host, &why);
    }
    return nullptr;
  }
  static void destroy(void* self) { delete static_cast<Instance*>(self); }
  static void invoke(void* self, const berth_request* request) { static_cast<Instance*>(self)->run(*request); }

  static void message(void* self, berth_call call, const berth_chunk* chunk) {
    const auto state = static_cast<Instance*>(self)->find(call);
    if (!state) return;
    const auto then = state->copy_of(&Callbacks::message);
    if (then) Guard::run(*state, [&] { then(Message{copy(chunk->bytes), chunk->binary != 0}); });
  }
  static void drained(void* self, berth_call call) {
    const auto state = static_cast<Instance*>(self)->find(call);
    if (!state) return;
    const auto then = state->copy_of(&Callbacks::drained);
    if (then) Guard::run(*state, then);
  }
  static void cancel(void* self, berth_call call) {
    const auto state = static_cast<Instance*>(self)->find(call);
    if (!state) return;
    const auto taken = state->cancel();
    if (taken.cancel) Guard::run(*state, taken.cancel);
  }

  static const void* service(void*, berth_text id) {
    static constexpr berth_health health{sizeof(berth_health), &check};
    const bool offered = HasAilment<P>::value && std::string_view(id.data, id.size) == BERTH_HEALTH;
    return offered ? &health : nullptr;
  }

 private:
  static std::unique_ptr<P> make(const berth_host* host, const Json& config) {
    if constexpr (std::is_constructible_v<P, Context>) {
      return std::make_unique<P>(Context{config, Log(host), host});
    } else {
      return std::make_unique<P>();
    }
  }

  static int check([[maybe_unused]] void* self, [[maybe_unused]] char* why, [[maybe_unused]] std::size_t room,
                   [[maybe_unused]] std::size_t* used) {
    if constexpr (HasAilment<P>::value) {
      std::optional<std::string> ailment;
      try {
        ailment = static_cast<Instance*>(self)->m_plugin->ailment();
      } catch (...) {
        ailment = "its health check threw";
      }
      if (!ailment) return 1;
      *used = std::min(room, ailment->size());
      std::copy_n(ailment->data(), *used, why);
      return 0;
    }
    return 1;
  }

  void run(const berth_request& request) {
    const auto& operation = declaration<P>().operations[request.operation];
    std::shared_ptr<CallState> state;
    try {
      state = std::make_shared<CallState>(m_host, request);
    } catch (...) {
      const Error bad(500, "plugin_error", "the input cannot be read");
      const auto why = failure(bad);
      m_host->fail(m_host, request.call, &why);
      return;
    }
    state->log = &m_log;
    if (operation.lasting) remember(state);
    Guard::run(*state, [&] { operation.handler(*m_plugin, Call(state)); });
  }

  void remember(const std::shared_ptr<CallState>& state) {
    const std::lock_guard<std::mutex> lock(m_mutex);
    if (m_calls.size() >= m_tidy_at) {
      for (auto at = m_calls.begin(); at != m_calls.end();)
        at = at->second.expired() ? m_calls.erase(at) : std::next(at);
      m_tidy_at = std::max<std::size_t>(64, 2 * m_calls.size());
    }
    m_calls[state->id] = state;
  }
  std::shared_ptr<CallState> find(berth_call call) {
    const std::lock_guard<std::mutex> lock(m_mutex);
    const auto at = m_calls.find(call);
    return at == m_calls.end() ? nullptr : at->second.lock();
  }

  const berth_host* const m_host;
  const Log m_log;
  std::mutex m_mutex;  // guards the two that follow
  std::unordered_map<berth_call, std::weak_ptr<CallState>> m_calls;
  std::size_t m_tidy_at = 64;
  const std::unique_ptr<P> m_plugin;  // last: its destructor may still use what stands above
};

// Null if the declaration is not one: berth-manifest then ends the build, with the reason above.
template <class P>
const berth_plugin* entry() {
  try {
    static const std::string manifest = declaration<P>().manifest();
    static const berth_plugin plugin{sizeof(berth_plugin), BERTH_ABI_MAJOR,       BERTH_ABI_MINOR,
                                     text(manifest),       &Instance<P>::create,  &Instance<P>::destroy,
                                     &Instance<P>::invoke, &Instance<P>::message, &Instance<P>::drained,
                                     &Instance<P>::cancel, &Instance<P>::service};
    return &plugin;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "declare(): %s\n", error.what());
    return nullptr;
  }
}

}  // namespace detail

template <class Work>
void Call::guard(const Work& work) const {
  detail::Guard::run(*m_state, work);
}

}  // namespace berth

#define BERTH_PLUGIN(Class)                                                                                        \
  extern "C" BERTH_EXPORT const berth_plugin* berth_plugin_entry(void) { return ::berth::detail::entry<Class>(); } \
  static_assert(true, "a semicolon may follow")

#endif
