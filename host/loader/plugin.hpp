// One loaded plugin: its library, its one instance, and the host's side of the boundary to it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "loader/finder.hpp"
#include "loader/lane.hpp"
#include "loader/provider.hpp"
#include "loader/services/lent.hpp"
#include "service/clock.hpp"
#include "service/error.hpp"
#include "service/log.hpp"

struct berth_plugin;

namespace berth::loader {

class HostSide;
class LeftSides;

struct Surroundings {  // what every plugin shares; outlives them all
  service::Loop& loop;
  service::Pool& pool;
  service::Log& log;
  std::shared_ptr<LeftSides> left = {};  // null: the process goes with its plugin
};

class Plugin : public Provider, public std::enable_shared_from_this<Plugin> {
 public:
  // Loads the library, checks ABI and manifest, checks `config` against the plugin's schema, and creates the instance.
  static service::Result<std::shared_ptr<Plugin>> load(const Found& found, const nlohmann::json& config,
                                                       const Surroundings& around, Lending lending = {});
  // For a plugin that is linked in: the same from its entry.
  static service::Result<std::shared_ptr<Plugin>> start(const berth_plugin* entry, Manifest manifest,
                                                        const nlohmann::json& config, const Surroundings& around,
                                                        Lending lending = {});
  ~Plugin() override;

  const Manifest& manifest() const override { return m_manifest; }
  void invoke(std::shared_ptr<Reply> reply) override;
  void message(std::shared_ptr<Reply> reply, Chunk chunk, std::function<void()> done) override;
  void drained(std::shared_ptr<Reply> reply) override;
  void cancel(std::shared_ptr<Reply> reply) override;
  std::optional<std::string> ailment() override;
  std::size_t open_calls() const override;
  std::vector<std::shared_ptr<Reply>> open() const override;
  void destroy() override;
  void hear(Note note);  // from its desk; I/O thread
  void look();           // says what was left out of the log, if it is time

 private:
  friend class HostSide;
  Plugin(const berth_plugin* api, Manifest manifest, const Surroundings& around);
  std::optional<service::Error> create(const nlohmann::json& config, Lending lending);
  void lend(Lending lending, std::string config);
  void enter_service(std::function<void()> body, bool concurrent);
  void let_in_early();
  void refuse(const Reply& reply);
  void enter(const std::shared_ptr<Reply>& reply);
  template <class Body>
  void guarded(const std::shared_ptr<Reply>& reply, const char* what, const Body& body);
  void threw(const Reply& reply, const char* what, const std::exception* error);
  void held_up(const Reply& reply, service::Clock::Moment since);
  const Operation& operation_of(const Reply& reply) const;

  // What a call that must not block may take of the I/O thread.
  static constexpr std::chrono::milliseconds patience{50};

  const berth_plugin* m_api;
  Manifest m_manifest;
  Surroundings m_around;
  Lane m_lane;
  std::unique_ptr<HostSide> m_side;
  void* m_self = nullptr;
  std::atomic<std::thread::id> m_creator{};  // while it is in create()
  struct Early {                             // what a service calls
    std::function<void()> body;
    bool concurrent = false;
  };
  std::mutex m_mutex;                                        // guards what follows
  std::optional<std::vector<Early>> m_early{std::in_place};  // waits for the end of create(); none afterwards
};

}  // namespace berth::loader
