// What takes several turns with the browser, written in one piece: a coroutine. It begins when it is awaited, on the
// loop's thread, and whoever awaits it owns it.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace browser {

template <class T>
class Task;

namespace detail {

struct Ending {  // goes on with whoever awaits
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> done) const noexcept {
    const auto next = done.promise().next;
    return next ? next : std::noop_coroutine();
  }
  void await_resume() const noexcept {}
};

struct PromiseBase {
  std::suspend_always initial_suspend() const noexcept { return {}; }
  Ending final_suspend() const noexcept { return {}; }
  void unhandled_exception() { thrown = std::current_exception(); }
  std::coroutine_handle<> next;
  std::exception_ptr thrown;
};

template <class T>
struct Promise : PromiseBase {
  Task<T> get_return_object();
  void return_value(T given) { value.emplace(std::move(given)); }
  T take() {
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*value);
  }
  std::optional<T> value;
};

template <>
struct Promise<void> : PromiseBase {
  Task<void> get_return_object();
  void return_void() const {}
  void take() const {
    if (thrown) std::rethrow_exception(thrown);
  }
};

}  // namespace detail

template <class T = void>
class Task {
 public:
  using promise_type = detail::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;
  explicit Task(Handle handle) : m_handle(handle) {}
  Task(Task&& other) noexcept : m_handle(std::exchange(other.m_handle, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (m_handle) m_handle.destroy();
  }

  bool await_ready() const { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> next) {
    m_handle.promise().next = next;
    return m_handle;
  }
  T await_resume() { return m_handle.promise().take(); }

 private:
  Handle m_handle;
};

template <class T>
Task<T> detail::Promise<T>::get_return_object() {
  return Task<T>(Task<T>::Handle::from_promise(*this));
}
inline Task<void> detail::Promise<void>::get_return_object() {
  return Task<void>(Task<void>::Handle::from_promise(*this));
}

// One that nobody awaits: begun at once, gone when it has ended. It has to catch what it throws.
struct Errand {
  struct promise_type {
    Errand get_return_object() const { return {}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const {}
    void unhandled_exception() const { std::terminate(); }
  };
};

}  // namespace browser
