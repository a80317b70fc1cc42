// The host's own caller of one operation of a plugin that is not in use yet: hears one answer, or that none came.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "loader/provider.hpp"
#include "service/loop.hpp"

namespace berth::loader {

class Trial : public Reply {
 public:
  using Done = std::function<void(std::optional<service::Error>)>;  // I/O thread, once
  Trial(service::Loop& loop, Request request, Done done)
      : m_loop(loop), m_request(std::move(request)), m_done(std::move(done)) {}

  const Request& request() const override { return m_request; }
  Flow send(std::string) override { return over(std::nullopt); }
  Flow fail(service::Error error) override { return over(std::move(error)); }
  Flow file(service::UniqueFd, Head) override { return Flow::wrong; }
  Flow begin(Head) override { return Flow::wrong; }
  Flow chunk(Chunk) override { return Flow::wrong; }
  Flow finish(std::uint32_t, std::string) override { return Flow::wrong; }
  Flow wait() override { return Flow::ok; }
  bool cancelled() const override { return m_given_up; }
  void give_up() { m_given_up = true; }

 private:
  // The plugin answers once: whoever holds this call's number sees to that.
  Flow over(std::optional<service::Error> failed) {
    m_loop.post([done = std::move(m_done), failed = std::move(failed)] {
      if (done) done(failed);
    });
    return Flow::ok;
  }

  service::Loop& m_loop;
  const Request m_request;
  Done m_done;
  std::atomic<bool> m_given_up{false};
};

}  // namespace berth::loader
