// `call` operations: JSON in, JSON out. And the two answers that need no operation: a refusal, and what OPTIONS asks.
#pragma once

#include <string>

#include "edge/json_exchange.hpp"

namespace berth::edge {

class CallExchange : public JsonExchange {
 public:
  using JsonExchange::JsonExchange;
  void send(std::string json) override;
  void accept(std::string json, const std::string& path) override;
  void fail(service::Error error) override;
  void client_left() override;

 protected:
  void run(std::string body) override;

 private:
  bool claim(const std::string& body);  // true: answered already
  void answer(int status, std::string json, const Fields& more);

  std::string m_slot;  // of an Idempotency-Key that is ours to fill
};

class Refusal : public Exchange {
 public:
  Refusal(Connection& connection, Inbound inbound, service::Error error, bool fatal);
  void start() override;
  void body(std::string piece, bool last) override;

 private:
  const service::Error m_error;
  const bool m_fatal;
};

class Preflight : public Exchange {
 public:
  using Exchange::Exchange;
  void start() override;
  void body(std::string, bool) override {}
};

}  // namespace berth::edge
