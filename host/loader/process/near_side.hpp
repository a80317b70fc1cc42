// The other end of a Keeper's link: the whole program of a plugin's own process. Loads one plugin, carries the host's
// calls into it, and ends when the host says so or is gone.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "loader/plugin.hpp"
#include "loader/process/link.hpp"
#include "loader/process/link_desk.hpp"
#include "loader/process/near_reply.hpp"
#include "service/event_loop.hpp"
#include "service/log.hpp"
#include "service/pool.hpp"

namespace berth::loader {

class NearSide : public std::enable_shared_from_this<NearSide> {
 public:
  NearSide(service::EventLoop& loop, service::UniqueFd socket);
  void open();  // then run the loop; it stops by itself

 private:
  void on_frame(Frame frame);
  void start(Frame frame);
  std::optional<service::Error> load(Frame frame);
  std::optional<service::Error> confine(const std::string& library, bool wanted, const std::string& folder);
  void invoke(Frame frame);
  void message(Frame frame);
  void pong();
  void end_when_idle();
  void go(int looks_left);
  std::shared_ptr<NearReply> find(std::uint64_t call) const;
  void forget(std::uint64_t call);

  service::EventLoop& m_loop;
  boost::asio::steady_timer m_timer;
  std::shared_ptr<Link> m_link;
  std::shared_ptr<LinkDesk> m_desk;
  std::unique_ptr<service::Log> m_log;
  std::unique_ptr<service::Pool> m_pool;
  std::shared_ptr<Plugin> m_plugin;
  bool m_ending = false;
  bool m_left = false;           // by the plugin: it is destroyed
  std::uintmax_t m_threads = 0;  // before there were any of the plugin's

  mutable std::mutex m_mutex;  // guards what follows: calls end on any thread
  std::unordered_map<std::uint64_t, std::shared_ptr<NearReply>> m_calls;
};

}  // namespace berth::loader
