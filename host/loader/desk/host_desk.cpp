// The inbox, and who gets which note.
#include "loader/desk/host_desk.hpp"

namespace berth::loader {

HostDesk::HostDesk(const HostServices& host, std::string plugin, std::set<std::string> services, Rights rights)
    : m_host(host), m_plugin(std::move(plugin)), m_services(std::move(services)), m_rights(std::move(rights)) {}

// Never served at once, even here: what it sets off may call into the plugin, which is still in the middle of its own.
void HostDesk::take(Note note, std::shared_ptr<Reply> call) {
  bool first = false;
  {
    const std::lock_guard lock(m_mutex);
    first = m_inbox.empty();
    m_inbox.emplace_back(std::move(note), std::move(call));
  }
  if (!first) return;
  m_host.loop.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->work_off();
  });
}

void HostDesk::work_off() {
  std::vector<std::pair<Note, std::shared_ptr<Reply>>> notes;
  {
    const std::lock_guard lock(m_mutex);
    notes.swap(m_inbox);
  }
  for (auto& [note, call] : notes) serve(std::move(note), std::move(call));
}

void HostDesk::leave() {
  m_host.loop.post([self = shared_from_this()] {
    self->work_off();
    self->reset("the plugin has ended");
  });
}

bool HostDesk::lent(Verb verb) const {
  switch (verb) {
    default: return false;
  }
}

void HostDesk::serve(Note note, std::shared_ptr<Reply>) {
  if (!lent(note.verb)) return;  // only a process that breaks the rules asks for it
}

void HostDesk::reset(const std::string&) {}

}  // namespace berth::loader
