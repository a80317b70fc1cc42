// Orders of one plugin, carried out on pool threads: a jail starts one process after the other, and the caller waits
// for each. So there is a line for every jail.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "loader/desk/own_jail.hpp"
#include "service/process/launcher.hpp"

namespace berth::loader {

class Starts : public std::enable_shared_from_this<Starts> {
 public:
  using Started = service::Result<std::shared_ptr<jail::Process>>;
  // `terminal`: the master that is the program's, where that is not the order's.
  using Done = std::function<void(Started, service::UniqueFd terminal)>;

  Starts(const Jailing& jailing, std::string plugin, const std::string& folder, OwnJailRules rules = {});
  void begin(service::Order order, Done done);  // both on the I/O thread
  // `job` on a pool thread, or here if there is none any more.
  void aside(const std::function<void()>& job) const;
  void end();  // the plugin's own jail goes, with all that is in it

 private:
  struct Job {
    service::Order order;
    Done done;
    std::uint64_t round = 0;  // of the plugin's own jail: of which instance it is
    service::UniqueFd terminal = {};
  };
  struct Line {
    std::deque<std::shared_ptr<Job>> jobs;
    bool busy = false;
  };
  void work(const std::string& session);
  std::shared_ptr<Job> next(const std::string& session);
  Started start(Job& job);
  void tell(const std::shared_ptr<Job>& job, Started started) const;

  const Jailing m_jailing;
  OwnJail m_own;
  std::mutex m_mutex;                   // guards what follows
  std::map<std::string, Line> m_lines;  // by session; the plugin's own jail has none
};

}  // namespace berth::loader
