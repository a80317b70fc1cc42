// What a session has of the browser: a context of its own, so that no other session sees its cookies or its tabs; and
// what is kept of both, for the case that the browser ends. On the loop's thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tab.hpp"

namespace browser {

struct Kept {  // of a tab
  std::string id, url;
  bool active = false;
};

struct Seat {
  explicit Seat(std::string of) : session(std::move(of)) {}
  const std::string session;
  std::string context;  // the browser's name of it; empty: there is none (any more)
  std::vector<std::shared_ptr<Tab>> tabs;
  std::shared_ptr<Tab> active;
  std::uint64_t last_tab = 0;
  // For the next browser:
  std::vector<Kept> kept;
  Json cookies = Json::array();
  bool returning = false;  // it is being put back as it was
  bool making = false;     // somebody makes its context, or its first tab, and others wait for that
  bool gone = false;       // its session is
  Signal changed;
  std::string restarted = {};  // why the browser is another one than before; until it has been told

  std::shared_ptr<Tab> find(const std::string& id) const;
  void drop(const std::string& target);
};

}  // namespace browser
