// Its end is heard twice, by the socket and by the host, whose words say more: so the socket's end waits a little for
// them.
#include "zygote.hpp"

#include <sys/socket.h>

#include <utility>

#include "channel.hpp"
#include "engine.hpp"

namespace kernel {

using namespace std::chrono_literals;
using berth::Error;

namespace {

constexpr int orders_there = 3, sources_there = 4;  // descriptors
constexpr auto start_time = 120s;

}  // namespace

Zygote::Zygote(Loop& loop, const EngineOptions& options, std::string session)
    : Forker(loop), m_options(options), m_session(std::move(session)) {}

Zygote::~Zygote() {
  if (m_process) m_process->kill();
}

berth::Plan Zygote::plan(int orders, int sources) const {
  berth::Plan plan{
      m_options.python, "-s", "-P", "-c", engine_boot(), std::to_string(sources_there), std::to_string(orders_there)};
  plan.session = m_session;
  plan.together = true;
  plan.beside = true;
  plan.stays = true;
  plan.files = {{orders, orders_there}, {sources, sources_there}};
  return plan;
}

void Zygote::start(const berth::Processes& processes, Ended ended) {
  auto pair = socket_pair(SOCK_SEQPACKET);
  const berth::Fd sources = engine_sources();
  const auto enter = [weak = weak_from_this(), &loop = m_loop](auto what) {
    loop.post([weak, what = std::move(what)] {
      if (const auto self = weak.lock()) what(static_cast<Zygote&>(*self));
    });
  };
  m_process = processes.spawn(
      plan(pair.theirs.get(), sources.get()),
      {[enter](berth::Outlet, std::string_view bytes) {
         enter([text = std::string(bytes)](Zygote& self) { self.m_tail.add(text); });
         return berth::Flow::ok;
       },
       [enter](const berth::End& end) { enter([words = end.words](Zygote& self) { self.ended(words); }); },
       {},
       [enter](const berth::Hits& hits) { enter([hits](Zygote& self) { self.looked(hits); }); }});
  open(std::move(pair.mine), std::move(ended));
  order_at_once("start", {{"config", {{"preload", m_options.preload}}}}, start_time,
                [this](const Answer& answer) { come_up(answer); });
}

void Zygote::come_up(const Answer& answer) {
  if (answer.ended) return;
  if (!answer.refusal.empty()) return void(m_refusal = answer.refusal);  // its end comes next
  m_about = answer.message;
  get_ready();
}

void Zygote::look(Looked then) {
  if (over() || !m_process || !m_process->look()) return then(std::nullopt);
  m_looks.push_back(std::move(then));
}

void Zygote::looked(const berth::Hits& hits) {
  if (m_looks.empty()) return;
  const auto then = std::move(m_looks.front());
  m_looks.pop_front();
  then(hits);
}

void Zygote::ended(const std::string& words) { finish(m_refusal.empty() ? words : m_refusal); }

void Zygote::closed() {
  m_patience.set(300ms, [this] { finish(m_refusal.empty() ? "its socket was closed" : m_refusal); });
}

void Zygote::let_go() {
  if (m_process) m_process->kill();
  for (const auto& then : std::exchange(m_looks, {})) then(std::nullopt);
}

Error Zygote::end_of(const std::string& what) const {
  return {503, "kernel_down", "the kernel's Python (" + m_options.python + ") has ended: " + what + m_tail.words(),
          "scripts/setup --with kernel installs what it needs; plugin \"kernel\" { config = { python = … } }"};
}

}  // namespace kernel
