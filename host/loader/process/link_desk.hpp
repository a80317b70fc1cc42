// The desk of a plugin in its own process: what its services say goes over the link, and the host's desk takes it
// there.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "loader/process/link.hpp"
#include "loader/process/near_reply.hpp"
#include "loader/process/packed.hpp"
#include "loader/services/desk.hpp"

namespace berth::loader {

class LinkDesk : public Desk {
 public:
  explicit LinkDesk(std::shared_ptr<Link> link) : m_link(std::move(link)) {}

  void take(Note note, std::shared_ptr<Reply> call) override {
    // Here every call is one that came over the link.
    const auto* near = static_cast<NearReply*>(call.get());
    const bool ends = near && note.verb == Verb::job_begin;
    m_link->send(pack_note(FrameKind::note, near ? near->number() : 0, std::move(note)));
    if (ends) static_cast<NearReply*>(call.get())->handed_over();
  }
  void connect(std::function<void(Note)> hear) override { m_hear = std::move(hear); }
  void cancelled(const Reply&) override {}  // the host knows it first
  void leave() override {}                  // the host sees the process end

  void heard(Frame frame) {  // I/O thread
    auto note = unpack_note(std::move(frame));
    if (note && m_hear) m_hear(std::move(*note));
  }

 private:
  const std::shared_ptr<Link> m_link;
  std::function<void(Note)> m_hear;
};

}  // namespace berth::loader
