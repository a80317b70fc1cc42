// The first that speaks over the socket is launch.py, before it becomes the kernel: so the sender whom the operating
// system names then is the kernel's process.
#include "foreign/launch.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "channel.hpp"
#include "engine.hpp"
#include "fields.hpp"
#include "frames.hpp"

namespace kernel::foreign {

using berth::Json;

namespace {

constexpr std::size_t most_message = 64u << 10, most_why = 4000;
constexpr int orders_there = 3, most_rounds = 16;

}  // namespace

Launch::Launch(Loop& loop, LaunchOptions options, std::string session)
    : m_loop(loop), m_options(std::move(options)), m_session(std::move(session)) {}

berth::Plan Launch::plan(int orders) const {
  berth::Plan plan{m_options.python, "-s", "-P", "-c", engine_launch(), std::to_string(orders_there)};
  plan.session = m_session;
  plan.together = true;
  plan.leader = true;
  plan.beside = true;
  plan.stays = true;
  plan.files = {{orders, orders_there}};
  return plan;
}

void Launch::start(const berth::Processes& processes, const std::string& key, Ears ears) {
  m_ears = std::move(ears);
  auto pair = socket_pair(SOCK_SEQPACKET);
  const auto enter = [weak = weak_from_this(), &loop = m_loop](auto what) {
    loop.post([weak, what = std::move(what)] {
      if (const auto self = weak.lock()) what(*self);
    });
  };
  const auto printed = [enter](berth::Outlet, std::string_view bytes) {
    enter([bytes = std::string(bytes)](Launch& self) { self.m_printed.add(bytes); });
    return berth::Flow::ok;
  };
  const auto ended = [enter](const berth::End& end) {
    enter([words = end.words](Launch& self) {
      self.read();  // what it said before
      if (const auto told = std::exchange(self.m_ears.ended, nullptr)) told(words);
    });
  };
  m_process = processes.spawn(plan(pair.theirs.get()), {printed, ended});
  m_orders = std::make_unique<Watched>(m_loop, std::move(pair.mine), [this] { read(); });
  m_orders->want();
  const Json order{{"kernel", m_options.kernel}, {"folders", m_options.folders}, {"key", key}};
  kernel::send(m_orders->get(), berth::json_text(order));
}

void Launch::read() {
  const auto self = shared_from_this();
  for (int round = 0; round < most_rounds && m_ears.ended; ++round) {
    std::string bytes;
    std::vector<berth::Fd> fds;
    const auto received = receive(m_orders->get(), most_message, bytes, fds);
    if (received.got == Got::nothing_yet) return m_orders->want();
    if (received.got == Got::end) return end();
    const auto message = received.cut ? std::nullopt : parse_object(bytes);
    if (message) hear(*message, received.sender, std::move(fds));
  }
  if (m_ears.ended) m_orders->want();
}

void Launch::end() {
  m_orders->stop();
  const auto lost = std::exchange(m_ears.lost, nullptr);
  if (m_ears.started && lost) lost();
}

void Launch::hear(const Json& message, pid_t sender, std::vector<berth::Fd> fds) {
  if (message.contains("failed")) return refuse(message);
  const Json spec = field(message, "spec");
  if (m_pid == 0 && spec.is_object()) {
    m_pid = sender;
    m_spec = {{"display_name", text(spec, "display_name")},
              {"language", text(spec, "language")},
              {"interrupt_mode", text(spec, "interrupt_mode")},
              {"folder", text(spec, "folder")},
              {"program", text(spec, "program")}};
  }
  if (m_pid == 0 || fds.size() != channels || !message.contains("lines")) return;
  Lines lines;
  std::move(fds.begin(), fds.end(), lines.begin());
  if (const auto started = std::exchange(m_ears.started, nullptr)) started(std::move(lines));
}

void Launch::refuse(const Json& message) {
  const auto refused = std::exchange(m_ears.refused, nullptr);
  if (!refused) return;
  const std::string code = text(message, "failed"), why = text(message, "why").substr(0, most_why);
  const std::string engine = "the engine jupyter:" + m_options.kernel + " cannot be had: ";
  if (code == "no_such_engine" || code == "bad_kernelspec")
    return refused({422, code, engine + why,
                    "kernelspecs are looked for as Jupyter does, inside the session's jail; plugin \"kernel\" { config "
                    "= { kernelspecs = { FOLDER } } } names further folders"});
  refused({503, "kernel_down", engine + why});
}

void Launch::settle() { kernel::send(m_orders->get(), "{}"); }

void Launch::signal(int number) {
  if (m_process) m_process->signal(number);
}

void Launch::kill() {
  m_ears = {};
  if (m_orders) m_orders->stop();
  if (m_process) m_process->kill();
}

}  // namespace kernel::foreign
