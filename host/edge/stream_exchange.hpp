// `stream` operations: server-sent events over a connection.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "edge/event_feed.hpp"
#include "edge/json_exchange.hpp"

namespace berth::edge {

class StreamExchange : public JsonExchange, public EventFeed::View {
 public:
  using JsonExchange::JsonExchange;
  void written(std::size_t count) override;
  void tick(service::Clock::Moment now) override;
  void client_left() override;
  bool closing_now() override;
  void fail(service::Error error) override;

  // Of the call, and of the feed that shows it
  void remaining(std::string text) override { Exchange::remaining(std::move(text)); }

  // EventFeed::View
  bool room() const override;
  void show(std::string text) override;
  void refuse(service::Error error) override;
  void over() override;

 protected:
  void run(std::string body) override;

 private:
  std::string owner() const;
  void resume(std::shared_ptr<EventFeed> feed, std::uint64_t after);
  void park(const EventFeed& feed);
  void open();
  void put(std::string text);

  std::shared_ptr<EventFeed> m_feed;
  service::Clock::Moment m_last{};  // when something was written, or the call began
  bool m_chunked = false;
  bool m_done = false;
};

}  // namespace berth::edge
