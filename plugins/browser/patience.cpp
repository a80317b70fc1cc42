// Nobody is woken in the middle of somebody else's turn: whoever goes on may take away what has just been told.
#include "patience.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace browser {

namespace detail {

WaitBase::WaitBase(Patience& patience) : m_patience(patience) {
  if (m_patience.m_why)
    fail(*m_patience.m_why);
  else
    m_patience.m_waits.insert(this);
}

WaitBase::~WaitBase() {
  m_patience.m_waits.erase(this);
  *m_alive = false;
}

void WaitBase::fail(const berth::Error& why) {
  if (m_over) return;
  m_error.emplace(why);
  settle();
}

void WaitBase::settle() {
  m_over = true;
  m_patience.m_waits.erase(this);
  m_patience.loop().post([this, alive = m_alive] {
    if (*alive && m_who) std::exchange(m_who, nullptr).resume();
  });
}

}  // namespace detail

void Patients::end(const berth::Error& why) {
  const std::vector<Patience*> all(m_all.begin(), m_all.end());
  for (auto* one : all) one->end(why);
}

Patience::Patience(Patients& among, std::chrono::milliseconds time)
    : m_among(among), m_time(time), m_until(Clock::now() + time), m_timer(among.m_loop) {
  m_among.m_all.insert(this);
  m_timer.set(time, [this] {
    const double seconds = static_cast<double>(m_time.count()) / 1000;
    std::string words = "not done after " + berth::json_text(berth::Json(seconds)) + " s";
    if (m_at) words += ": " + m_at();
    end({504, "timeout", words, "look at the page with browser.snapshot, or give it more time (timeout)"});
  });
}

Patience::~Patience() { m_among.m_all.erase(this); }

void Patience::end(const berth::Error& why) {
  if (m_why) return;
  m_why.emplace(why);
  const std::vector<detail::WaitBase*> all(m_waits.begin(), m_waits.end());
  for (auto* one : all) one->fail(why);
}

std::chrono::milliseconds Patience::left() const {
  return std::max(std::chrono::milliseconds(0),
                  std::chrono::duration_cast<std::chrono::milliseconds>(m_until - Clock::now()));
}

void Signal::tell() {
  for (auto* one : m_waits) one->answer(true);
}

Pause::Pause(Patience& patience, std::chrono::milliseconds time) : m_wait(patience), m_timer(patience.loop()) {
  m_timer.set(time, [this] { m_wait.answer(true); });
}

}  // namespace browser
