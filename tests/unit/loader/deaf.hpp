// A reply and a desk to which nothing matters that they are told, for tests that are about something else; what does
// matter is overridden.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "loader/plugin.hpp"

namespace berth::loader {

class DeafReply : public Reply {
 public:
  explicit DeafReply(session::Asker asker = {}) {
    m_request.asker = std::make_shared<session::Asker>(std::move(asker));
  }
  const Request& request() const override { return m_request; }
  Flow send(std::string) override { return Flow::ok; }
  Flow fail(service::Error) override { return Flow::ok; }
  Flow file(service::UniqueFd, Head) override { return Flow::wrong; }
  Flow begin(Head) override { return Flow::wrong; }
  Flow chunk(Chunk) override { return Flow::wrong; }
  Flow finish(std::uint32_t, std::string) override { return Flow::wrong; }
  Flow wait() override { return Flow::gone; }
  bool cancelled() const override { return false; }

 protected:
  Request m_request;
};

struct DeafDesk : Desk {
  void take(Note, std::shared_ptr<Reply>) override {}
  void connect(std::function<void(Note)>) override {}
  void cancelled(const Reply&) override {}
  void leave() override {}
};

// A loop that is this thread's, a pool, and a log that is remembered.
struct Alone {
  Alone() { loop.adopt(); }

  std::vector<std::string> said;
  service::Log log{[this](service::Level, std::string_view who, std::string_view what, const service::Log::Fields&) {
    said.push_back(std::string(who) + ": " + std::string(what));
  }};
  service::EventLoop loop;
  service::Pool pool{{1, 4}};
};

}  // namespace berth::loader
