// A call as a plugin's own process holds it: what the plugin answers goes to the host over the link, and it is told to
// wait when more is on its way than the host has passed on.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "loader/process/link.hpp"
#include "loader/provider.hpp"
#include "service/loop.hpp"

namespace berth::loader {

class NearReply : public Reply {
 public:
  struct Place {
    std::shared_ptr<Link> link;
    service::Loop& loop;
    std::uint64_t call;  // the host's number for it
    Kind kind;
    std::uint64_t window;  // weight of chunks that may be on their way
  };
  NearReply(Request request, Place place, std::function<void()> ended);

  const Request& request() const override { return m_request; }
  Flow send(std::string json) override;
  Flow fail(service::Error error) override;
  Flow file(service::UniqueFd fd, Head head) override;
  Flow begin(Head head) override;
  Flow chunk(Chunk chunk) override;
  Flow finish(std::uint32_t code, std::string reason) override;
  Flow wait() override;
  bool cancelled() const override;

  std::uint64_t number() const { return m_place.call; }  // the host's for it
  void handed_over();                                    // the host answers it

  // From the host, on the I/O thread.
  void mark_cancelled();
  bool consumed(std::uint64_t weight);  // true: the plugin, which was told "full", has room again

 private:
  Flow last(Frame frame);

  const Request m_request;
  const Place m_place;
  const std::function<void()> m_when_ended;

  mutable std::mutex m_mutex;  // guards what follows
  std::condition_variable m_room;
  std::uint64_t m_on_the_way = 0;
  bool m_full = false, m_ended = false, m_cancelled = false;
};

}  // namespace berth::loader
