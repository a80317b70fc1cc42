// One client of the proxy, from its first byte to its last: head, name, address, bytes both ways.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/proxy/answer.hpp"
#include "service/proxy/flow.hpp"
#include "service/proxy/request.hpp"
#include "service/proxy/rules.hpp"

namespace berth::service::proxy {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Gone = std::function<void(const Connection*)>;
  Connection(const Rules& rules, Resolver& resolver, Socket client, Gone gone);

  void start();
  void turn_away();  // there is no room for it
  void stop();       // at once, and without Gone

 private:
  using Clock = std::chrono::steady_clock;

  void read_head();
  void on_head_bytes();
  void on_head();
  void on_found(Result<std::vector<Address>> found);
  void connect_next();
  void connect(const Address& address);
  void on_connected(const std::string& failure);

  void begin();
  void begin_up();
  void begin_down();
  void on_up_ended(Flow::End how);
  void on_down_ended(Flow::End how);
  void on_answered();
  void on_one_side_ended(bool& side);
  bool answered() const { return m_request.tunnel || (m_answer && m_answer->status() != 0); }
  void watch();
  std::chrono::milliseconds patience() const;

  void refuse(const Error& error);                        // says why, as long as nothing else was answered
  void cut(const char* verdict, const std::string& why);  // the client sees that something is missing
  void leave();                                           // after all was sent
  void drain();
  void on_drained();
  void drop_server();
  void tell();
  void end();

  template <class Function>
  void arm(std::chrono::milliseconds after, Function then);
  template <class Function>
  auto guarded(Function function);

  const Rules& m_rules;
  Resolver& m_resolver;
  Socket m_client, m_server;
  boost::asio::steady_timer m_timer;
  Gone m_gone;
  const Clock::time_point m_since = Clock::now();
  Clock::time_point m_last = m_since;  // that something moved
  std::size_t m_turn = 0;              // of the timer, and of what it waits with

  std::string m_text;  // the head of the request, and what came with it
  HeadEnd m_end;
  Request m_request;
  AllowList::Permit m_permit;
  std::shared_ptr<void> m_lookup;
  std::vector<Address> m_addresses;
  std::size_t m_next = 0;  // of them
  std::optional<Error> m_failure;

  std::optional<Body> m_body;
  std::optional<Answer> m_answer;
  const char* m_wrong = "";
  std::shared_ptr<Flow> m_up, m_down;  // to the server, to the client
  bool m_up_done = false, m_up_broken = false, m_down_done = false;

  Record m_record;
  std::size_t m_drained = 0;
  bool m_told = false, m_over = false;
};

}  // namespace berth::service::proxy
