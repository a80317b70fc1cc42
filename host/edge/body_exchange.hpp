// An exchange whose request has a body of bounded size or none: gathers it, then runs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "edge/exchange.hpp"

namespace berth::edge {

class BodyExchange : public Exchange {
 public:
  using Exchange::Exchange;
  void start() override;
  void body(std::string piece, bool last) override;

 protected:
  virtual std::optional<service::Error> wrong_type(std::string_view) const { return std::nullopt; }
  virtual void run(std::string body) = 0;

 private:
  std::uint64_t most() const;
  service::Error too_large() const;

  std::string m_body;
};

}  // namespace berth::edge
