// One call between its provider, which may answer from any thread, and its sink, which lives on the I/O thread. Holds
// the backpressure: how much was given for the client that has not left the host yet.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "routing/dispatch.hpp"

namespace berth::routing {

class LiveCall : public loader::Reply, public Call, public std::enable_shared_from_this<LiveCall> {
 public:
  LiveCall(Dispatcher& dispatcher, Ask&& ask, std::shared_ptr<Sink> sink);

  // loader::Reply
  const loader::Request& request() const override { return m_request; }
  loader::Flow send(std::string json) override;
  loader::Flow accept(std::string json, const std::string& path) override;
  loader::Flow fail(service::Error error) override;
  loader::Flow file(service::UniqueFd fd, loader::Head head) override;
  loader::Flow begin(loader::Head head) override;
  loader::Flow chunk(loader::Chunk chunk) override;
  loader::Flow finish(std::uint32_t code, std::string reason) override;
  loader::Flow wait() override;
  bool cancelled() const override;
  void end(service::Error error) override;

  // Call
  void cancel() override;
  void consumed(std::size_t bytes) override;
  void message(loader::Chunk chunk, std::function<void()> done) override;

  void invoke();
  bool about_sessions() const { return m_route->operation.about_sessions; }

 private:
  struct Send {
    std::string json;
  };
  struct Accept {
    std::string json, path;
  };
  struct File {
    service::UniqueFd fd;
    loader::Head head;
  };
  struct Finish {
    std::uint32_t code;
    std::string reason;
  };
  using Item = std::variant<Send, Accept, service::Error, File, loader::Head, loader::Chunk, Finish>;

  // live_call_policy.cpp
  policy::Asked asked() const;
  policy::Outcome outcome_so_far(int status) const;
  std::optional<service::Error> check_output(const policy::Verdict& verdict) const;
  void heard_before(policy::Verdict verdict);
  std::optional<service::Error> rewrite_input(const policy::Verdict& verdict);
  bool ask_after(Item& item);
  void heard_after(Item item, policy::Verdict verdict);
  void tell_of_leaving();
  void enter();
  void tell(Item item);

  loader::Kind kind() const { return m_route->operation.kind; }
  loader::Flow deliver(Item item, bool last);
  loader::Flow flow_after(std::size_t bytes);
  void hand_over(Item item);
  void flush();
  void overrun();
  void cut_off(service::Error error);
  void account(int status, std::string_view verdict);

  Dispatcher& m_dispatcher;
  const std::shared_ptr<const Route> m_route;
  const bool m_announced;     // whoever announces it keeps account, unless its client leaves
  loader::Request m_request;  // changed by policies alone, before its provider has it
  const service::Clock::Moment m_began;
  const std::size_t m_buffer;  // bytes of chunks; more is "full"

  // I/O thread only
  std::shared_ptr<Sink> m_sink;
  bool m_accounted = false;
  std::uint64_t m_given = 0;   // bytes that its client was given
  bool m_entered = false;      // its provider has it
  bool m_asked_after = false;  // the policies, of what came of it
  std::uint64_t m_ticket = 0;  // of a question to them

  mutable std::mutex m_mutex;  // guards what follows
  std::condition_variable m_room;
  std::vector<Item> m_outbox;
  bool m_posted = false;    // a flush is on its way
  bool m_flushing = false;  // one is under way
  bool m_ended = false;     // the provider has said its last
  bool m_cancelled = false;
  bool m_full = false;
  std::size_t m_queued = 0;  // bytes of chunks that have not left the host
};

}  // namespace berth::routing
