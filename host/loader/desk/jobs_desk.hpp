// One plugin's jobs: begun by its calls, lost when it is. As long as they go on they hold it, as its calls do.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "loader/provider.hpp"
#include "loader/services/note.hpp"
#include "service/job_store.hpp"

namespace berth::loader {

struct HeldJob {
  std::string id, operation, caller;
};

class JobsDesk {
 public:
  JobsDesk(service::JobStore& store, std::string plugin, std::function<void(Note)> tell)
      : m_store(store), m_plugin(std::move(plugin)), m_tell(std::move(tell)) {}

  void begin(std::uint64_t number, const std::shared_ptr<Reply>& call, std::string operation);
  void report(const Note& note);
  void done(Note note);
  void failed(const Note& note);
  void reset(const std::string& why);
  void give_up(const std::string& why);  // all that go on are lost, and the plugin is told, as if they were cancelled
  // For whom a job goes on; null: it does not.
  std::shared_ptr<const session::Asker> asker_of(std::uint64_t number) const;
  std::vector<HeldJob> held() const;  // those that go on
  void on_cancel(std::function<void(std::uint64_t)> then) { m_on_cancel = std::move(then); }

 private:
  struct Running {
    std::string id, operation;
    std::shared_ptr<const session::Asker> asker;
  };
  void cancelled(std::uint64_t number);
  std::string take(std::uint64_t number);  // its id; empty: it does not go on

  service::JobStore& m_store;
  const std::string m_plugin;
  const std::function<void(Note)> m_tell;
  std::function<void(std::uint64_t)> m_on_cancel;
  std::map<std::uint64_t, Running> m_jobs;
  const std::shared_ptr<int> m_alive = std::make_shared<int>(0);  // for what the store keeps
};

}  // namespace berth::loader
