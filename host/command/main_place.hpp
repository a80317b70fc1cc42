// The jail of the session `main`, for as long as it is the only one: a workspace in the state directory.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "jail/jails.hpp"
#include "jail/places.hpp"

namespace berth::command {

class MainPlace : public jail::Places {
 public:
  MainPlace(jail::Jails& jails, std::string folder) : m_jails(jails), m_folder(std::move(folder)) {}
  service::Result<std::shared_ptr<jail::Jail>> jail_of(const std::string& session) override;

 private:
  jail::Jails& m_jails;
  const std::string m_folder;
  std::mutex m_mutex;  // guards what follows
  std::shared_ptr<jail::Jail> m_jail;
};

}  // namespace berth::command
