// The resumable streams there are, by id, so that a client that lost its connection finds its own again; a stream that
// nobody came back for is cancelled.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "edge/event_feed.hpp"
#include "service/clock.hpp"

namespace berth::edge {

class ParkedStreams {
 public:
  // `owner` is caller, operation and session, a line each: nobody else may resume the stream.
  void add(std::shared_ptr<EventFeed> feed, std::string owner);
  struct Found {
    std::shared_ptr<EventFeed> feed;
    std::uint64_t after;
  };
  std::optional<Found> find(std::string_view last_event_id, std::string_view owner);
  void taken(const std::string& id);                                // somebody looks at it again
  void leave(const std::string& id, service::Clock::Moment until);  // its client is gone, or it is over
  void forget_session(const std::string& session);                  // another may be called so from now on
  void sweep(service::Clock::Moment now);
  void cancel_left();  // those whose clients are gone
  void cancel_all();

 private:
  struct Entry {
    std::shared_ptr<EventFeed> feed;
    std::string owner;
    std::optional<service::Clock::Moment> until;
    std::size_t bytes = 0;  // of one that is over and waits
  };
  using Streams = std::unordered_map<std::string, Entry>;
  void unpark(Entry& entry);
  void count(const std::string& id, Entry& entry);
  void make_room();
  Streams::iterator cancel(Streams::iterator at);

  Streams m_streams;
  std::deque<std::pair<std::string, service::Clock::Moment>> m_over;  // that wait, oldest first; some may wait no more
  std::size_t m_bytes = 0;                                            // of those that wait
};

}  // namespace berth::edge
