// Whoever waits for "100 Continue" goes on waiting meanwhile; of a body that comes unasked a little is read ahead,
// which is how a client that leaves is seen.
#include "edge/announcement.hpp"

#include <utility>

#include "edge/connection.hpp"

namespace berth::edge {

using service::Error;

// It may be answered before this returns.
void AnnouncedExchange::announce(routing::Ask ask) {
  m_announcing = true;
  auto self = std::static_pointer_cast<AnnouncedExchange>(shared_from_this());
  auto call = commons().dispatcher.announce(
      std::move(ask),
      std::make_shared<Announcement>([self](std::optional<Error> refusal) { self->heard(std::move(refusal)); }));
  if (m_announcing) m_call = std::move(call);
}

void AnnouncedExchange::heard(std::optional<Error> refusal) {
  m_announcing = false;
  m_call.reset();
  if (!attached() || m_head_sent) return;
  m_connection->renew_window();
  if (refusal)
    refuse(std::move(*refusal));
  else
    taken();
  if (attached()) m_connection->resume_reading();
}

}  // namespace berth::edge
