// One of each.
#include "loader/services/local.hpp"

#include <berth/service/http.h>
#include <berth/service/process.h>
#include <berth/service/timers.h>

#include "loader/host_side.hpp"

namespace berth::loader {

Local::Local(const Lent::Place& place, const Lending& lending)
    : m_creating(place.creating),
      m_launcher(lending.desk),
      m_folder(lending.state_folder),
      m_limit(lending.state_limit),
      m_timers(*lending.loop, place.enter, BERTH_TIMERS_MOST),
      m_processes(*lending.loop, m_launcher, {place.enter, place.enter_beside}, BERTH_PROCESS_MOST),
      m_exchanges(*lending.loop, place.enter, place.enter_beside, BERTH_HTTP_MOST) {}

void Local::end() {
  m_timers.end();
  m_processes.end();
  m_exchanges.end();
}

service::Result<const service::Store*> Local::store() {
  const std::lock_guard lock(m_mutex);
  if (m_store) return &*m_store;
  if (m_folder.empty()) return service::Error{503, "no_service", "this host keeps no state"};
  auto opened = service::Store::open(m_folder, m_limit);
  if (!opened) return opened.error();
  m_store.emplace(std::move(*opened));
  return &*m_store;
}

Local* Local::of(const berth_host* host) { return HostSide::of(host).lent().local(); }

}  // namespace berth::loader
