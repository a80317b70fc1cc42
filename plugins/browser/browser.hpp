// The guard of the one browser: it is started when it is first wanted, watched, and started again when it ends, with
// what its sessions had. Its events find their tabs here. On the loop's thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "backoff.hpp"
#include "chromium.hpp"
#include "follower.hpp"
#include "seat.hpp"

namespace browser {

class Browser {
 public:
  explicit Browser(const Ground& ground);
  ~Browser();

  // The seat of a session, its browser up and its tabs as they were.
  Task<std::shared_ptr<Seat>> seat(Patience& patience, std::string session);
  // The tab that is meant: by its id, or the active one; one is made if there is none.
  Task<std::shared_ptr<Tab>> tab(Patience& patience, std::shared_ptr<Seat> seat, std::string id);
  Task<std::shared_ptr<Tab>> open(Patience& patience, std::shared_ptr<Seat> seat);
  Task<void> close(Patience& patience, std::shared_ptr<Seat> seat, std::string id);
  Task<void> select(Patience& patience, std::shared_ptr<Seat> seat, std::string id);
  void forget(const std::string& session);       // all that it had is gone
  void note(const std::shared_ptr<Seat>& seat);  // its cookies are looked at, soon

  Json status() const;
  std::optional<std::string> ailment() const;  // any thread
  bool is_up() const { return m_state == State::up; }
  void follow(Follower* by) { m_follower = by; }  // one, which outlives this
  Cdp& cdp() const;                               // throws Error(503) if there is none now

 private:
  enum class State { down, starting, up };
  void start();
  Errand come_up();
  void lose(const std::string& why);
  void schedule();
  void feel(std::optional<std::string> ailment);
  Errand restore(std::shared_ptr<Seat> seat);
  Errand keep_cookies(std::shared_ptr<Seat> seat);
  Task<void> up(Patience& patience);
  Task<void> turn_of(Patience& patience, std::shared_ptr<Seat> seat);
  Task<void> make_context(Patience& patience, std::shared_ptr<Seat> seat);
  Task<std::shared_ptr<Tab>> arrived(Patience& patience, std::string target);
  void event(const std::string& session, const std::string& method, const Json& params);
  void created(const Json& info);
  void attached(const Json& params);
  std::shared_ptr<Seat> seat_of(const std::string& context) const;
  void keep_tabs(Seat& seat) const;
  void dispose(Seat& seat);

  const Ground& m_ground;
  Follower* m_follower = nullptr;
  std::unique_ptr<Chromium> m_chromium;
  State m_state = State::down;
  loop::Backoff m_backoff;
  loop::Timer m_again, m_cookies, m_steady;
  Signal m_changed;
  std::string m_version;
  std::uint64_t m_starts = 0;
  bool m_sandbox = true;
  std::string m_last_end;
  mutable std::mutex m_mutex;  // guards what follows
  std::optional<std::string> m_ailment;
  std::map<std::string, std::shared_ptr<Seat>> m_seats;
  std::map<std::string, std::weak_ptr<Tab>> m_by_session;  // of the browser's; those of its frames, too
  std::map<std::string, std::weak_ptr<Tab>> m_by_target;
  std::set<std::string> m_dirty;  // sessions whose cookies are to be looked at
  const std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

}  // namespace browser
