// What the host has for those who start programs in jails.
#pragma once

#include "jail/jails.hpp"
#include "jail/places.hpp"
#include "service/event_loop.hpp"
#include "service/pool.hpp"

namespace berth::loader {

struct Jailing {  // outlives all desks
  service::EventLoop& loop;
  service::Pool& pool;  // not the one on whose threads plugins wait for their programs
  jail::Jails& jails;
  jail::Places& places;
};

}  // namespace berth::loader
