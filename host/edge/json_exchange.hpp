// An exchange whose request is JSON or nothing: gathers the body, then runs.
#pragma once

#include <string>

#include "edge/exchange.hpp"

namespace berth::edge {

class JsonExchange : public Exchange {
 public:
  using Exchange::Exchange;
  void start() override;
  void body(std::string piece, bool last) override;

 protected:
  virtual void run(std::string body) = 0;

 private:
  std::string m_body;
};

}  // namespace berth::edge
