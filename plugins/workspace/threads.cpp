// A thread that is over is joined by the next that is started.
#include "threads.hpp"

#include <berth/call.hpp>
#include <iterator>
#include <system_error>
#include <utility>

namespace workspace {

using berth::Error;

Threads::~Threads() {
  for (One& one : m_all) one.thread.join();
}

void Threads::join_those_that_are_over() {
  for (auto at = m_all.begin(); at != m_all.end();) {
    const bool over = *at->over;
    if (over) at->thread.join();
    at = over ? m_all.erase(at) : std::next(at);
  }
}

void Threads::demand_room(const std::string& session) {
  const std::lock_guard<std::mutex> lock(m_mutex);
  look_for_room(session);
}

void Threads::Count::add(const One& one) { ++(one.counts() ? staying : leaving); }

std::string Threads::Count::words(const std::string& what) const {
  return std::to_string(staying) + " " + what + (leaving > 0 ? ", and " + std::to_string(leaving) + " that end," : "");
}

void Threads::look_for_room(const std::string& session) {
  join_those_that_are_over();
  Count own, all;
  for (const One& one : m_all) {
    all.add(one);
    if (one.session == session) own.add(one);
  }
  const std::string code = "too_many_" + m_bounds.what;
  if (own.fills(m_bounds.of_one_session))
    throw Error(503, code, "the session \"" + session + "\" has " + own.words(m_bounds.what) + " already",
                m_bounds.hint);
  if (all.fills(m_bounds.in_all))
    throw Error(503, code, "all sessions together have " + all.words(m_bounds.what) + " already",
                "try again when others have ended");
}

void Threads::start(const std::string& session, std::function<void()> work, Flag leaving) {
  const std::lock_guard<std::mutex> lock(m_mutex);
  look_for_room(session);
  const auto over = std::make_shared<std::atomic<bool>>(false);
  try {
    m_all.push_back({session, std::thread([work = std::move(work), over]() mutable {
                       work();
                       work = nullptr;  // what it holds goes before its place is free
                       *over = true;
                     }),
                     over, std::move(leaving)});
  } catch (const std::system_error&) {
    throw Error(503, "busy", "the system gives no more threads", "try again");
  }
}

}  // namespace workspace
