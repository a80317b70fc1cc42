// What plugins have to say in GET /status: fields of the answers of their own operations (`in_status` in the manifest),
// which are called for whoever asks, with his rights and in his session.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "loader/desk/caller.hpp"
#include "routing/table.hpp"
#include "service/event_loop.hpp"
#include "session/asker.hpp"

namespace berth::command {

class StatusParts : public std::enable_shared_from_this<StatusParts> {
 public:
  using Done = std::function<void(const nlohmann::json& fields)>;
  // `done` is called once, perhaps at once: with what came in time. I/O thread.
  static void gather(const routing::Table& table, loader::Caller& caller, service::EventLoop& loop,
                     const session::Asker& asker, Done done);
  // To what the asker is shown, what the host has no word of its own for, shown or not.
  static void add(nlohmann::json& shown, const nlohmann::json& parts, const nlohmann::json& own);
  StatusParts(service::EventLoop& loop, Done done) : m_done(std::move(done)), m_deadline(loop.context()) {}

 private:
  class Ears;
  void ask(const std::vector<const loader::Operation*>& all, loader::Caller& caller, const session::Asker& asker);
  void came(const std::vector<std::string>& wanted, const std::string& answer);
  void one_less();
  void finish();

  Done m_done;
  boost::asio::steady_timer m_deadline;
  nlohmann::json m_fields = nlohmann::json::object();
  std::vector<std::shared_ptr<loader::Caller::Call>> m_calls;
  std::size_t m_open = 0;
};

}  // namespace berth::command
