// The programs of one plugin, at the host's end: started in jails, signalled, seen to end, and ended when the plugin
// goes. Everything on the I/O thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "loader/desk/jailing.hpp"
#include "loader/own_jail_rules.hpp"
#include "loader/services/note.hpp"

namespace berth::loader {

class ProcessesDesk {
 public:
  using Tell = std::function<void(Note)>;
  // Without `jailing` nothing can be started. `folder`: the plugin's own.
  ProcessesDesk(const Jailing* jailing, const std::string& plugin, const std::string& folder, Tell tell,
                OwnJailRules rules = {});
  ~ProcessesDesk();

  void file(Note note);
  void start(const Note& note);
  void signal(const Note& note);
  void drop(const Note& note);
  void look(const Note& note);
  void reset();  // the plugin is gone: so are they

 private:
  struct One;
  struct Body;
  const std::shared_ptr<Body> m_body;
};

}  // namespace berth::loader
