// The events of one `stream` call, apart from the connection that shows them: numbered, kept as long as somebody may
// ask for them again, and given out no faster than they are read.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "routing/dispatch.hpp"
#include "service/clock.hpp"

namespace berth::edge {

class EventFeed : public routing::Sink {
 public:
  // Whoever shows the events. I/O thread.
  class View {
   public:
    virtual ~View() = default;
    virtual void remaining(std::string) {}  // of a budget; NOLINT(performance-unnecessary-value-param): others keep it
    virtual bool room() const = 0;          // may more be written now?
    virtual void show(std::string text) = 0;
    virtual void refuse(service::Error error) = 0;  // failed before anything was shown
    virtual void over() = 0;                        // nothing follows
  };

  EventFeed(std::string id, bool resumable, std::size_t most_kept, std::string instance);

  const std::string& id() const { return m_id; }
  bool resumable() const { return m_resumable; }
  bool over() const { return m_over; }
  void hold(std::shared_ptr<routing::Call> call) {
    if (!m_over) m_call = std::move(call);
  }
  void attach(View* view, std::uint64_t after);  // replays what came after that number
  void detach() { m_view = nullptr; }
  View* view() const { return m_view; }
  bool knows(std::uint64_t number) const { return number < m_next_number; }
  bool nothing_after(std::uint64_t number) const { return m_over && number + 1 >= m_next_number; }
  std::size_t bytes() const;  // what it costs to keep
  void pump();
  void cancel();

  // routing::Sink
  void remaining(std::string text) override {
    if (m_view) m_view->remaining(std::move(text));
  }
  void send(std::string) override {}
  void file(service::UniqueFd, loader::Head) override {}
  void begin(loader::Head) override {}
  void chunk(loader::Chunk chunk) override;
  void fail(service::Error error) override;
  void finish(std::uint32_t code, std::string reason) override;

 private:
  struct Event {
    std::uint64_t number;
    std::string text;
    std::size_t cost;  // to give back to the call once it is shown; 0 afterwards
  };
  void add(std::string text, std::size_t cost);
  void end(std::string_view event, std::string_view data);
  std::string next_id() const;
  void trim();

  const std::string m_id;
  const bool m_resumable;
  const std::size_t m_most_kept;
  const std::string m_instance;
  std::shared_ptr<routing::Call> m_call;
  View* m_view = nullptr;
  std::deque<Event> m_events;    // shown ones first
  std::size_t m_shown = 0;       // how many of them were shown
  std::size_t m_kept_bytes = 0;  // of the shown ones
  std::uint64_t m_next_number = 1;
  bool m_over = false;
  bool m_pumping = false;
};

// "data: " lines of an event; a line break inside would otherwise end it early.
std::string event_text(std::string_view id, std::string_view event, std::string_view data);

}  // namespace berth::edge
