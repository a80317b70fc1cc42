// `true` started as a plugin starts it: an order to the host's desk, which starts it in the plugin's own jail and tells
// of its end; with pipes for its output.
#pragma once

#include <memory>

#include "jail/jails.hpp"

namespace berth::bench {

class Service {
 public:
  explicit Service(jail::Jails& jails);
  ~Service();
  bool run();  // false: it did not end well

 private:
  struct Body;
  const std::unique_ptr<Body> m_body;
};

}  // namespace berth::bench
