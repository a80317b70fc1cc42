// A worker that is a kernel of Jupyter's, with a process and four connections. One more start makes the next one: its
// namespace cannot be forked.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "foreign/exchange.hpp"
#include "foreign/launch.hpp"
#include "foreign/line.hpp"
#include "worker.hpp"

namespace kernel::foreign {

class ForeignWorker : public Worker, public std::enable_shared_from_this<ForeignWorker> {
 public:
  // All on the loop's thread. `then` is called once, when the kernel answers or has failed to.
  static GiveUp make(Loop& loop, const berth::Processes& processes, const LaunchOptions& options,
                     const std::string& session, const Born& then);
  ForeignWorker(Loop& loop, const LaunchOptions& options, const std::string& session);
  ~ForeignWorker() override;

  void listen(Ears ears) override { m_ears = std::move(ears); }
  void send(const berth::Json& frame, std::vector<berth::Fd> files) override;
  bool interrupt() override;
  void kill() override;
  void hold(bool held) override;
  pid_t pid() const override { return m_launch->pid(); }
  bool over() const override { return m_over; }
  berth::Json about() const override { return m_about; }
  berth::Json debug() const override;

 private:
  enum Channel : std::size_t { shell, control, input, iopub };
  void begin(const berth::Processes& processes, Born then);
  void connect(Launch::Lines lines);
  void knock();
  void heard(Channel channel, Zmtp::Came came);
  void met(Channel channel, const wire::Message& message);
  std::string say(Channel channel, const wire::Saying& saying);  // the message's id
  void interrupt_it();
  void tell(Told told);
  void fail(const berth::Error& error);
  void not_started(const std::string& why);
  void give_up();
  void closed(const std::string& why);
  void finish(const std::string& why);

  Loop& m_loop;
  const std::string m_name, m_key;
  const std::shared_ptr<Launch> m_launch;
  std::array<std::unique_ptr<Line>, Launch::channels> m_lines;
  wire::Codec m_codec;
  Exchange m_exchange;
  Ears m_ears;
  Born m_born;
  berth::Json m_about = berth::Json::object();
  std::uint64_t m_refused = 0;  // messages that were none of the kernel's
  bool m_subscribed = false, m_ready = false, m_held = false, m_over = false;
  Timer m_patience, m_knocking;
};

}  // namespace kernel::foreign
