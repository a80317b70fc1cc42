// The guard of the one browser: it is started when it is first wanted, watched, and started again when it ends, with
// what its sessions had. Its events find their tabs here. On the loop's thread.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "backoff.hpp"
#include "chromium.hpp"
#include "follower.hpp"
#include "page.hpp"
#include "seat.hpp"

namespace browser {

class Browser {
 public:
  explicit Browser(const Ground& ground);
  ~Browser();

  // The seat of a session, its browser up and its tabs as they were.
  Task<std::shared_ptr<Seat>> seat(Patience& patience, std::string session, std::string tab);
  std::shared_ptr<Share> share(const std::string& session);
  std::vector<std::shared_ptr<Seat>> contexts(const std::string& session) const;
  void choose(const std::string& session, const std::string& name);  // the context that is in use
  void forget(const std::shared_ptr<Seat>& seat);
  // The tab that is meant: by its id, or the active one; one is made if there is none.
  Task<std::shared_ptr<Tab>> tab(Patience& patience, std::shared_ptr<Seat> seat, std::string id);
  Task<std::shared_ptr<Tab>> open(Patience& patience, std::shared_ptr<Seat> seat);
  Task<void> close(Patience& patience, std::shared_ptr<Seat> seat, std::string id);
  Task<std::shared_ptr<Tab>> select(Patience& patience, std::shared_ptr<Seat> seat, std::string id);
  // One that is not among the tabs.
  Task<std::shared_ptr<Page>> page(Patience& patience, std::shared_ptr<Seat> seat);
  // Into the localStorage of its context, beside what is there.
  Task<void> put_origins(Patience& patience, std::shared_ptr<Seat> seat, Origins origins);
  void forget(const std::string& session);       // all that it had is gone
  void note(const std::shared_ptr<Seat>& seat);  // its cookies are looked at, soon

  Json status() const;
  const std::string& version() const { return m_version; }
  const std::string& user_agent() const { return m_user_agent; }
  // What its pages may, as the seat has it.
  Task<void> permit(Patience& patience, std::shared_ptr<Seat> seat);
  std::optional<std::string> ailment() const;  // any thread
  Json downloads_of(const Seat& seat) const;   // how they are kept, as Browser.setDownloadBehavior takes it
  bool is_up() const { return m_state == State::up; }
  void follow(Follower* by) { m_follower = by; }  // one, which outlives this
  Cdp& cdp() const;                               // throws Error(503) if there is none now

 private:
  enum class State { down, starting, up };
  struct Undecided;
  struct NewPage;
  void start();
  Errand come_up();
  void lose(const std::string& why);
  void schedule();
  void feel(std::optional<std::string> ailment);
  Errand restore(std::shared_ptr<Seat> seat);
  // `id`: that it had before; empty: it is a new one, which there must be room for.
  Task<std::shared_ptr<Tab>> open_as(Patience& patience, std::shared_ptr<Seat> seat, std::string id);
  Task<std::string> create(Patience& patience, std::shared_ptr<Seat> seat, std::string id);
  Task<void> open_again(Patience& patience, std::shared_ptr<Seat> seat, std::string id);
  Task<void> bring_tabs(std::shared_ptr<Seat> seat);
  Task<void> bring_belongings(Patience& patience, std::shared_ptr<Seat> seat);
  Task<void> bring_cookies(Patience& patience, std::shared_ptr<Seat> seat);
  void miss(const Seat& seat, const char* what, const berth::Error& why) const;
  bool ends(const berth::Error& error, std::uint64_t start) const;
  void send_back(Seat& seat);
  bool wants_back(const Seat& seat) const;
  Errand keep_cookies(std::shared_ptr<Seat> seat);
  Task<void> up(Patience& patience);
  Task<void> make_context(Patience& patience, std::shared_ptr<Seat> seat);
  Task<std::shared_ptr<Tab>> arrived(Patience& patience, std::shared_ptr<Seat> seat, std::string target);
  std::size_t tabs_of(const std::string& session) const;
  void event(const std::string& session, const std::string& method, const Json& params);
  void created(const Json& info);
  void attached(const Json& params);
  void crashed(const Json& params);
  std::shared_ptr<Seat> seat_of(const std::string& context) const;
  std::shared_ptr<Seat> place(const std::string& session, const std::string& name);
  std::shared_ptr<Seat> meant(const std::string& session, const std::string& tab);
  void keep_tabs(Seat& seat) const;
  void dispose(Seat& seat);
  Errand make_page(std::shared_ptr<Seat> seat, std::shared_ptr<NewPage> wanted);
  Task<std::shared_ptr<Page>> new_page(Patience& patience, std::shared_ptr<Seat> seat);
  void lose_page(const std::string& session);
  Task<void> make_folder(Patience& patience, std::shared_ptr<Seat> seat);
  std::shared_ptr<Seat> seat_of_frame(const std::string& frame) const;
  void download_begins(const Json& params);
  void download_goes_on(const Json& params);
  void bring_in(const std::shared_ptr<Seat>& seat, const std::shared_ptr<Download>& one);
  void refuse(const std::shared_ptr<Seat>& seat, Download& one, std::string why);
  std::string too_much(const Seat& of, const Download& one) const;
  void lose_downloads();
  void sweep(Seat& seat, bool all);

  const Ground& m_ground;
  Follower* m_follower = nullptr;
  std::unique_ptr<Chromium> m_chromium;
  State m_state = State::down;
  loop::Backoff m_backoff;
  loop::Timer m_again, m_cookies, m_steady;
  Signal m_changed;
  std::string m_version, m_user_agent;
  std::uint64_t m_starts = 0;
  int m_unlaunched = 0, m_stuck = 0;
  Patience::Clock::time_point m_last_unlaunched{};
  bool m_sandbox = true;
  std::string m_last_end;
  mutable std::mutex m_mutex;  // guards what follows
  std::optional<std::string> m_ailment;
  std::map<std::string, std::shared_ptr<Seat>> m_seats;    // by their keys
  std::map<std::string, std::string> m_chosen;             // by session: a context's name
  std::map<std::string, std::shared_ptr<Share>> m_shares;  // by session
  std::map<std::string, std::weak_ptr<Tab>> m_by_session;  // of the browser's; those of its frames, too
  std::map<std::string, std::weak_ptr<Tab>> m_by_target;
  std::map<std::string, std::weak_ptr<Page>> m_pages;  // by session
  std::map<std::string, std::pair<std::weak_ptr<Seat>, std::shared_ptr<Download>>>
      m_downloads;                                           // by the browser's name
  std::deque<std::pair<std::string, std::string>> m_recent;  // targets of late, and their contexts
  std::set<std::string> m_page_targets;
  std::set<std::string> m_dirty;  // sessions whose cookies are to be looked at
  const std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

// As the browser calls them.
std::vector<std::string> permissions_of(const Json& names);

}  // namespace browser
