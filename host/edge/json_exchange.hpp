// An exchange whose request is JSON or nothing.
#pragma once

#include "edge/body_exchange.hpp"

namespace berth::edge {

class JsonExchange : public BodyExchange {
 public:
  using BodyExchange::BodyExchange;

 protected:
  std::optional<service::Error> wrong_type(std::string_view type) const override;
};

}  // namespace berth::edge
