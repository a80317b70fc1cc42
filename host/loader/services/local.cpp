// One of each.
#include "loader/services/local.hpp"

#include <berth/service/process.h>
#include <berth/service/timers.h>

#include "loader/host_side.hpp"

namespace berth::loader {

Local::Local(const Lent::Place& place, const Lending& lending)
    : m_timers(*lending.loop, place.enter, BERTH_TIMERS_MOST),
      m_processes(*lending.loop, m_launcher, {place.enter, place.enter_beside}, BERTH_PROCESS_MOST) {}

void Local::end() {
  m_timers.end();
  m_processes.end();
}

Local* Local::of(const berth_host* host) { return HostSide::of(host).lent().local(); }

}  // namespace berth::loader
