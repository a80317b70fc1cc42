// The plugin: each operation is a function of what the kernel tells, of the input, and of what berth.lua opens.
#pragma once

#include <berth/plugin.hpp>

#include <chrono>
#include <string>
#include <vector>

#include "disks.hpp"
#include "journal.hpp"
#include "places.hpp"
#include "processes.hpp"
#include "services.hpp"
#include "tree.hpp"

namespace machine {

class Plugin {
 public:
  using Declaration = berth::Declaration<Plugin>;
  static void declare(Declaration& d);
  explicit Plugin(const berth::Context& context);

 private:
  static void declare_machine(Declaration& d);
  static void declare_activity(Declaration& d);
  static void declare_logs(Declaration& d);

  template <berth::Json (*tell)(const Trees&)>
  berth::Json told(const berth::Json&) {
    return tell(m_trees);
  }
  template <berth::Json (*tell)(const Trees&, const berth::Json&)>
  berth::Json asked(const berth::Json& input) {
    return tell(m_trees, input);
  }
  template <berth::Json (*tell)(const Trees&, const Looks&, const berth::Json&)>
  berth::Json looked(const berth::Json& input) {
    return tell(m_trees, m_looks, input);
  }
  template <berth::Json (*tell)(const Places&, const berth::Json&)>
  berth::Json placed(const berth::Json& input) {
    return tell(m_places, input);
  }
  berth::Json cpu(const berth::Json& input);
  berth::Json disks(const berth::Json& input);
  berth::Json services(const berth::Json& input);
  berth::Json service(const berth::Json& input);
  berth::Json service_logs(const berth::Call& call);
  berth::Json journal(const berth::Call& call);
  berth::Json log(const berth::Json& input);
  berth::Json directories(const berth::Call& call);
  berth::Json entries(const berth::Call& call, const std::string& unit);

  const Trees m_trees;
  const Looks m_looks;
  const Places m_places;
  const bool m_private_logs;
  const std::string m_log_folder;
  const bool m_apart;
  const std::vector<std::string> m_journals;
  JournalDesk m_desk;
  const Disks m_disks;
  const Services m_services;
};

}  // namespace machine
