// What the host has for those who start programs in jails.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "jail/jails.hpp"
#include "jail/places.hpp"
#include "service/event_loop.hpp"
#include "service/pool.hpp"
#include "service/proxy/allow_list.hpp"

namespace berth::loader {

struct Jailing {  // outlives all desks
  service::EventLoop& loop;
  service::Pool& pool;  // not the one on whose threads plugins wait for their programs
  jail::Jails& jails;
  jail::Places& places;
  // Opens a way out of a jail on its listener, which is there until what is returned is let go. Any thread.
  std::function<std::shared_ptr<void>(const std::string& whose, int listener, service::proxy::AllowList)> way_out = {};
};

}  // namespace berth::loader
