// How long somebody waits: until a time, until its client leaves, or until what it waits for is gone for good. All that
// one operation awaits, it awaits with the same patience; once that is over, so is the operation. On the loop's thread.
#pragma once

#include <berth/call.hpp>

#include <chrono>
#include <coroutine>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "loop.hpp"

namespace browser {

class Patience;

namespace detail {

class WaitBase {
 public:
  explicit WaitBase(Patience& patience);
  WaitBase(const WaitBase&) = delete;
  ~WaitBase();
  void fail(const berth::Error& why);
  bool over() const { return m_over; }
  std::shared_ptr<bool> alive() const { return m_alive; }  // false once this is gone

 protected:
  void settle();
  void check() const {
    if (m_error) throw berth::Error(*m_error);
  }

  Patience& m_patience;
  std::coroutine_handle<> m_who;
  std::optional<berth::Error> m_error;
  bool m_over = false;
  const std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

}  // namespace detail

// All that wait for something, so that all can be told that nothing comes any more.
class Patients {
 public:
  explicit Patients(loop::Loop& loop) : m_loop(loop) {}
  void end(const berth::Error& why);

 private:
  friend class Patience;
  loop::Loop& m_loop;
  std::set<Patience*> m_all;
};

class Patience {
 public:
  using Clock = std::chrono::steady_clock;
  Patience(Patients& among, std::chrono::milliseconds time);
  Patience(const Patience&) = delete;
  ~Patience();

  // Whatever it awaits, and will await, fails so.
  void end(const berth::Error& why);
  // What it is at, for the words of its end: "the element #go is covered".
  void at(std::function<std::string()> what) { m_at = std::move(what); }
  std::chrono::milliseconds left() const;
  bool over() const { return m_why.has_value(); }
  void check() const {
    if (m_why) throw berth::Error(*m_why);
  }
  Patients& among() const { return m_among; }
  loop::Loop& loop() const { return m_among.m_loop; }

 private:
  friend class detail::WaitBase;
  Patients& m_among;
  const std::chrono::milliseconds m_time;
  const Clock::time_point m_until;
  loop::Timer m_timer;
  std::function<std::string()> m_at;
  std::optional<berth::Error> m_why;
  std::set<detail::WaitBase*> m_waits;
};

// What its patience is at, as long as this is there.
class At {
 public:
  At(Patience& patience, std::function<std::string()> what) : m_patience(patience) { m_patience.at(std::move(what)); }
  At(const At&) = delete;
  ~At() { m_patience.at(nullptr); }

 private:
  Patience& m_patience;
};

// One thing that is awaited. Answered once; who awaits goes on in a turn of the loop's own.
template <class T>
class Wait : public detail::WaitBase {
 public:
  using WaitBase::WaitBase;
  void answer(T value) {
    if (m_over) return;
    m_value.emplace(std::move(value));
    settle();
  }
  bool await_ready() const { return m_over; }
  void await_suspend(std::coroutine_handle<> who) { m_who = who; }
  T await_resume() {
    check();
    return std::move(*m_value);
  }

 private:
  std::optional<T> m_value;
};

// Something that changes: whoever wants to see it otherwise waits for the next change.
class Signal {
 public:
  void tell();
  class Next {
   public:
    Next(Signal& signal, Patience& patience) : m_signal(signal), m_wait(patience) { m_signal.m_waits.insert(&m_wait); }
    Next(const Next&) = delete;
    ~Next() { m_signal.m_waits.erase(&m_wait); }
    bool await_ready() const { return m_wait.await_ready(); }
    void await_suspend(std::coroutine_handle<> who) { m_wait.await_suspend(who); }
    void await_resume() { m_wait.await_resume(); }

   private:
    Signal& m_signal;
    Wait<bool> m_wait;
  };

 private:
  std::set<Wait<bool>*> m_waits;
};

// Nothing, for a while.
class Pause {
 public:
  Pause(Patience& patience, std::chrono::milliseconds time);
  bool await_ready() const { return m_wait.await_ready(); }
  void await_suspend(std::coroutine_handle<> who) { m_wait.await_suspend(who); }
  void await_resume() { m_wait.await_resume(); }

 private:
  Wait<bool> m_wait;
  loop::Timer m_timer;
};

}  // namespace browser
