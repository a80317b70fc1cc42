// Which table, and whose ear.
#include "loader/services/lent.hpp"

#include <utility>

#include "loader/host_side.hpp"
#include "loader/services/catalogue.hpp"
#include "loader/services/local.hpp"

namespace berth::loader {

Lent::Lent(Place place, Lending lending, std::string config)
    : m_place(std::move(place)),
      m_lending(std::move(lending)),
      m_config(std::move(config)),
      m_mask(m_lending.secrets),
      m_events(*this),
      m_metrics(*this),
      m_jobs(*this),
      m_calls(*this),
      m_workspaces(*this),
      m_local(m_lending.loop ? std::make_unique<Local>(m_place, m_lending) : nullptr) {}

Lent::~Lent() { leave(); }

const void* Lent::service(std::string_view id) const {
  if (!m_lending.services.contains(std::string(id))) return nullptr;
  const auto* one = find_service(id);
  return one ? one->table() : nullptr;
}

void Lent::rest() {
  m_workspaces.end();
  if (m_local) m_local->end();
}

// An instance that could not be created has not come by rest().
void Lent::leave() {
  rest();
  if (m_left.exchange(true)) return;
  m_metrics.end();
  m_calls.end();
  if (m_lending.desk) m_lending.desk->leave();
}

void Lent::say(Note note, std::shared_ptr<Reply> call) const {
  if (m_left) return m_place.side.stray_note();
  if (m_lending.desk) m_lending.desk->take(std::move(note), std::move(call));
}

void Lent::hear(Note note) {
  switch (note.verb) {
    case Verb::event: return m_events.hear(std::move(note));
    case Verb::job_cancel: return m_jobs.hear(note);
    case Verb::process_started:
    case Verb::process_failed:
    case Verb::process_hits:
    case Verb::process_ended: return m_local ? m_local->hear(note) : void();
    case Verb::call_answer:
    case Verb::call_fail:
    case Verb::call_begin:
    case Verb::call_file:
    case Verb::call_chunk:
    case Verb::call_finish: return m_calls.hear(std::move(note));
    case Verb::workspace_given:
    case Verb::workspace_refused: return m_workspaces.hear(std::move(note));
    default: return;
  }
}

}  // namespace berth::loader
