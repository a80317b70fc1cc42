// What a session has of the browser: a context of its own, so that no other session sees its cookies or its tabs; and
// what is kept of both, for the case that the browser ends. On the loop's thread.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "download.hpp"
#include "emulation.hpp"
#include "origins.hpp"
#include "porch.hpp"
#include "tab.hpp"

namespace browser {

struct Kept {  // of a tab
  std::string id, url;
  bool active = false;
};

struct Login {
  Login() = default;
  Login(std::string who, std::string proof) : user(std::move(who)), password(std::move(proof)) {}
  std::string user, password;
};

struct Steering {  // by a human, who has a key and gives a sign of life
  std::string key;
  std::chrono::seconds time{60};
  Patience::Clock::time_point until{};
  bool held() const { return !key.empty() && Patience::Clock::now() < until; }
  void renew() { until = Patience::Clock::now() + time; }
};

struct Upload {  // copies that a page was given
  Upload(std::shared_ptr<const PorchFolder> in, std::uint64_t size, const std::shared_ptr<Tab>& to, std::string of)
      : folder(std::move(in)), bytes(size), tab(to), page(std::move(of)) {}
  std::shared_ptr<const PorchFolder> folder;
  std::uint64_t bytes;
  std::weak_ptr<Tab> tab;
  std::string page;
};

struct Share {                 // what a session's seats have in common
  std::uint64_t last_tab = 0;  // no two of its tabs have one id
  std::size_t under_way = 0;   // calls
  std::size_t opening = 0;     // tabs
  Steering steering;
  bool gone = false;  // the session has ended
  Signal changed;     // who steers, or that it has ended
  void check() const {
    if (gone) throw berth::Error(410, "session_gone", "the session has ended");
  }
};

// One more, as long as this is there.
class OneMore {
 public:
  OneMore(std::shared_ptr<Share> in, std::size_t Share::*what) : m_share(std::move(in)), m_what(what) {
    ++((*m_share).*m_what);
  }
  OneMore(const OneMore&) = delete;
  ~OneMore() { --((*m_share).*m_what); }

 private:
  const std::shared_ptr<Share> m_share;
  std::size_t Share::*const m_what;
};

struct Seat {
  Seat(Patients& among, std::string of, std::string named, std::shared_ptr<Share> common)
      : patients(among), session(std::move(of)), name(std::move(named)), share(std::move(common)) {}
  static std::string key(const std::string& session, const std::string& name) { return session + '\n' + name; }
  std::string key() const { return key(session, name); }
  Patients& patients;
  const std::string session, name;  // a session may have several, each with a name; the usual one has none
  std::string context;              // the browser's name of it; empty: there is none (any more)
  std::vector<std::shared_ptr<Tab>> tabs;
  std::shared_ptr<Tab> active;
  const std::shared_ptr<Share> share;
  Steering& steering = share->steering;
  std::map<std::string, std::string> ids;     // of tabs that had one before, by their targets, until those are there
  std::size_t making_pages = 0;               // targets in its context may be the plugin's own
  std::vector<Json> undecided;                // of which it is not known yet
  std::shared_ptr<const PorchFolder> folder;  // of its downloads
  std::deque<std::shared_ptr<Download>> downloads;
  std::uint64_t last_download = 0;
  std::vector<Upload> uploads;
  // For the next browser, and what is not back yet in this one:
  std::vector<Kept> kept;
  int tries = 0;  // to bring it back, in this browser
  Emulation emulation;
  std::map<std::string, Json> permissions;  // by origin; "": of all others
  std::map<std::string, Login> logins;      // by origin
  std::vector<std::string> scripts;
  Json cookies = Json::array();
  Origins origins;         // what its pages have in localStorage
  bool returning = false;  // it is being put back as it was
  bool making = false;     // somebody makes its context, or its first tab, and others wait for that
  bool gone = false;       // it has been forgotten
  Signal changed;
  std::string restarted = {};  // why the browser is another one than before; until it has been told

  berth::Error why_gone() const;
  void check() const {
    share->check();
    if (gone) throw why_gone();
  }
  std::shared_ptr<Tab> find(const std::string& id) const;
  void drop(const std::string& target);
};

// Somebody makes its context, or its first tab. Ends with its owner, whatever it ends with; the next one has its turn.
struct Making {
  explicit Making(std::shared_ptr<Seat> of) : seat(std::move(of)) { seat->making = true; }
  Making(const Making&) = delete;
  ~Making() {
    seat->making = false;
    seat->changed.tell();
  }
  const std::shared_ptr<Seat> seat;
};

}  // namespace browser
