// The sessions of one host: which there are, who may use them, their workspaces and jails, and what is left of them
// after a restart. What takes time says so; the rest is for the I/O thread, too.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "jail/jail_watch.hpp"
#include "jail/jails.hpp"
#include "jail/places.hpp"
#include "service/clock.hpp"
#include "service/error.hpp"
#include "session/record.hpp"
#include "session/roll.hpp"
#include "session/seat_files.hpp"
#include "session/settings.hpp"
#include "session/tokens.hpp"
#include "session/tree.hpp"
#include "session/workspace.hpp"

namespace berth::session {

// What POST /sessions asks for.
struct Wish {
  std::string id;  // empty: one is made
  std::optional<std::chrono::seconds> ttl = {};
  nlohmann::json limits;
  std::map<std::string, std::string> labels = {};
  Scope scope = Scope::run;  // of its token
};

enum class SeatState { opening, ready, closing, broken };
std::string_view name_of(SeatState state);

// A session as it is shown.
struct Sight {
  Record record;
  SeatState state = SeatState::ready;
  std::string why;  // it is broken
  bool jail_open = false;
  std::size_t calls = 0;
  std::chrono::seconds idle{0}, age{0};
};
struct Usage {
  std::optional<jail::GroupUse> jail;  // null: it is not open
  TreeUse disk;
  std::chrono::seconds disk_age{0};  // so long ago it was measured
};

class Sessions : public Workspaces, public jail::Places, public Roll {
 public:
  struct Parts {
    std::string folder;  // STATE/sessions
    const service::Clock& clock;
    TokenStore& tokens;
    Settings settings;
  };
  explicit Sessions(Parts parts);
  ~Sessions() override;  // its jails end

  // What a host that starts finds: to be called once, before anything else; touches the disk. An Error: none can be
  // kept here at all.
  struct Found {
    std::vector<std::string> lost;                            // had processes, which have ended
    std::vector<std::pair<std::string, std::string>> broken;  // and why
    std::vector<std::string> strange;                         // names in the folder that are no sessions
    std::size_t cleared = 0;                                  // that were half made or half gone
  };
  service::Result<Found> open(jail::Jails& jails);
  // Opens the way out of a jail whose network is a proxy; it is closed when what this returns is let go. On any thread.
  using WayOut =
      std::function<std::shared_ptr<void>(const std::string& session, int listener, service::proxy::AllowList allow)>;
  void lend(WayOut way_out) { m_way_out = std::move(way_out); }  // before open()
  // For sessions that come, and jails that are opened; the limits of main when the host starts again.
  void replace_settings(Settings settings);

  // Roll. Any thread, at once.
  std::optional<service::Error> refusal(const Asker& asker) const override;
  Stay stay(const std::string& session) override;
  service::Result<Sight> find(const std::string& id) const;
  std::vector<Sight> all() const;               // in the order of their ids
  std::size_t count() const;                    // main among them
  std::vector<std::string> idle() const;        // their time without a call is over
  std::vector<std::string> to_measure() const;  // have processes, which may have filled their workspace meanwhile
  std::vector<std::string> to_watch() const;    // have, or had, processes that may have run into a limit

  // These take milliseconds, and touch the disk.
  struct Created {
    Record record;
    std::string secret;  // of its token; shown once
  };
  service::Result<Created> create(const Wish& wish);
  service::Result<std::uint64_t> next_turn(const std::string& id);
  service::Result<Usage> usage(const std::string& id);
  // Ends the processes of a session whose workspace has outgrown its quota. What they were killed for; empty: they
  // live.
  service::Result<std::string> enforce_quota(const std::string& id);
  // Which limits its jail has run into since this was last asked; few of each. One thread at a time.
  std::vector<jail::LimitHit> limits_hit(const std::string& id);
  service::Result<Workspace> workspace_of(const std::string& session) override;
  service::Result<std::shared_ptr<jail::Jail>> jail_of(const std::string& session) override;

  // The end of a session in two steps: from leave() on it takes no call, at once; remove() takes away all that it had,
  // which may take seconds, and looks. An Error names what is left; then it is broken, and can be removed again.
  // `why`: what those who still ask for it are told, "was deleted".
  std::optional<service::Error> leave(const std::string& id, const std::string& why);
  std::optional<service::Error> remove(const std::string& id);

 private:
  struct Seat;  // seat.hpp
  using Pointer = std::shared_ptr<Seat>;
  // Under the lock.
  Pointer at(const std::string& id) const;  // null: there is none
  service::Error missing(const std::string& id) const;
  std::optional<service::Error> unready(const Seat& seat) const;
  std::optional<service::Error> room() const;
  Sight sight(const Seat& seat) const;

  service::Result<Pointer> ready(const std::string& id) const;
  TreeUse measure(Seat& seat);
  std::optional<std::uint64_t> quiet_since(const Seat& seat) const;
  service::Result<Record> plan(const Wish& wish) const;
  service::Result<Pointer> reserve(const Record& record);
  void give_up(const Record& record);
  service::Result<std::shared_ptr<jail::Jail>> open_jail(Seat& seat);
  std::optional<service::Error> save(Seat& seat, const Record& record);
  std::vector<std::string> end_all_of(Seat& seat);
  void note_gone(const std::string& id, const std::string& why);

  // sessions_start.cpp
  void take(SeatFiles::Found found, Found& report);
  void lose_processes(Record& record, Found& report);
  void keep_user(Record& record);
  std::optional<service::Error> begin_main();
  void add(Record record, SeatState state, const std::string& why);

  const service::Clock& m_clock;
  TokenStore& m_tokens;
  SeatFiles m_files;
  jail::Jails* m_jails = nullptr;
  WayOut m_way_out;

  mutable std::mutex m_lock;  // of all below, and of what the seats say of it
  Settings m_settings;
  std::unordered_map<std::string, Pointer> m_seats;
  std::unordered_map<std::string, std::string> m_gone;  // of those that ended lately: why
  std::deque<std::string> m_gone_order;
};

}  // namespace berth::session
