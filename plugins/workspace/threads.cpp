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

void Threads::look_for_room(const std::string& session) {
  join_those_that_are_over();
  std::size_t own = 0, all = 0;
  for (const One& one : m_all) {
    if (!one.counts()) continue;
    ++all;
    if (one.session == session) ++own;
  }
  const std::string code = "too_many_" + m_bounds.what;
  if (own >= m_bounds.of_one_session)
    throw Error(503, code,
                "the session \"" + session + "\" has " + std::to_string(own) + " " + m_bounds.what + " already",
                m_bounds.hint);
  if (all >= m_bounds.in_all || m_all.size() >= 2 * m_bounds.in_all)
    throw Error(503, code,
                "all sessions together have " + std::to_string(m_all.size()) + " " + m_bounds.what + " already",
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
