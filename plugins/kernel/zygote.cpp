// Orders that come before it is ready wait. Its end is heard twice, by the socket and by the host, whose words say
// more: so the socket's end waits a little for them.
#include "zygote.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "channel.hpp"
#include "engine.hpp"
#include "frames.hpp"

namespace kernel {

using namespace std::chrono_literals;
using berth::Error;
using berth::Json;

namespace {

constexpr std::size_t most_deaths = 256, most_message = 1u << 20, most_rounds = 64;
constexpr int orders_there = 3, sources_there = 4;  // descriptors
constexpr const char* about_forks =
    "the session may be at its limit of processes or memory: end some of what it runs, or have it given more in "
    "berth.lua: sessions { limits = { processes = … } }";
constexpr auto start_time = 120s, answer_time = 10s;  // of one that is ready

}  // namespace

Zygote::Zygote(Loop& loop, const EngineOptions& options, std::string session)
    : m_loop(loop), m_options(options), m_session(std::move(session)), m_patience(loop) {}

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

void Zygote::start(const berth::Processes& processes, std::function<void(Error)> ended) {
  m_ended = std::move(ended);
  auto pair = socket_pair(SOCK_SEQPACKET);
  const berth::Fd sources = engine_sources();
  const auto weak = weak_from_this();
  auto& loop = m_loop;
  const auto enter = [weak, &loop](auto what) {
    loop.post([weak, what = std::move(what)] {
      if (const auto self = weak.lock()) what(*self);
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
  m_orders = std::make_unique<Watched>(m_loop, std::move(pair.mine), [this] { read(); });
  m_orders->want();
  const Json order{{"n", m_number}, {"order", "start"}, {"config", {{"preload", m_options.preload}}}};
  kernel::send(m_orders->get(), berth::json_text(order));
  m_patience.set(start_time, [this] { finish("it did not come up within 120 s"); });
}

void Zygote::look(Looked then) {
  if (m_over || !m_process || !m_process->look()) return then(std::nullopt);
  m_looks.push_back(std::move(then));
}

void Zygote::looked(const berth::Hits& hits) {
  if (m_looks.empty()) return;
  const auto then = std::move(m_looks.front());
  m_looks.pop_front();
  then(hits);
}

void Zygote::stillborn(const std::string& why) {
  if (++m_stillborn >= most_stillborn) finish("its workers end before they are ready: " + why);
}

void Zygote::ended(const std::string& words) { finish(m_refusal.empty() ? words : m_refusal); }

void Zygote::order_fork(const Json& config, std::array<berth::Fd, 4> fds, Then then) {
  if (m_over) return then({0, {}, Error(503, "kernel_down", "the zygote has ended", "the next cell starts another")});
  const auto number = ++m_number;
  m_waiting[number] = std::move(then);
  send({berth::json_text({{"n", number}, {"order", "fork"}, {"config", config}}), std::move(fds)});
  if (m_ready && m_waiting.size() == 1) be_patient();
}

void Zygote::send(Order order) {
  m_unsent.push_back(std::move(order));
  flush();
}

// A zygote that does not answer stands still, and forks nothing for anybody: the next one does. It has time for each
// answer, and not for all of them together.
void Zygote::be_patient() {
  m_patience.cancel();
  if (!m_waiting.empty()) m_patience.set(answer_time, [this] { finish("it did not answer within 10 s"); });
}

void Zygote::flush() {
  while (m_ready && !m_over && !m_unsent.empty()) {
    const Order& order = m_unsent.front();
    std::vector<int> fds;
    for (const auto& fd : order.fds) fds.push_back(fd.get());
    const auto sent = kernel::send(m_orders->get(), order.text, fds);
    if (sent && *sent == 0) return m_orders->want_room([this] { flush(); });
    m_unsent.pop_front();
  }
}

void Zygote::read() {
  for (std::size_t round = 0; round < most_rounds && !m_over; ++round) {
    std::string bytes;
    std::vector<berth::Fd> fds;
    const auto received = receive(m_orders->get(), most_message, bytes, fds);
    if (received.got == Got::nothing_yet) return m_orders->want();
    if (received.got == Got::end) {
      m_orders->stop();
      m_ready = false;
      m_patience.set(300ms, [this] { finish(m_refusal.empty() ? "its socket was closed" : m_refusal); });
      return;
    }
    const auto message = received.cut ? std::nullopt : parse_object(bytes);
    if (!message) return finish("it said what no zygote says");
    hear(*message, std::move(fds));
  }
  if (!m_over) m_orders->want();
}

void Zygote::hear(const Json& message, std::vector<berth::Fd> fds) {
  const auto number = [&message](const char* name, std::int64_t otherwise) {
    const auto at = message.find(name);
    return at != message.end() && at->is_number_integer() ? at->get<std::int64_t>() : otherwise;
  };
  if (!message.contains("event")) return answer(message, std::move(fds));
  if (m_deaths.size() >= most_deaths) m_deaths.pop_front();
  m_deaths.push_back({number("pid", 0), {number("code", -1), number("signal", 0)}});
}

void Zygote::answer(const Json& message, std::vector<berth::Fd> fds) {
  const auto n = message.find("n");
  const auto number = n != message.end() && n->is_number_unsigned() ? n->get<std::uint64_t>() : 0;
  const auto ok = message.find("ok");
  const bool good = ok != message.end() && ok->is_boolean() && ok->get<bool>();
  const auto error = message.find("error");
  const std::string why = error != message.end() && error->is_string() ? error->get<std::string>() : "no reason given";
  if (number == 1 && !m_ready) {
    if (!good) return void(m_refusal = why.substr(0, 1000));  // its end comes next
    m_ready = true;
    m_about = message;
    be_patient();
    return flush();
  }
  const auto at = m_waiting.find(number);
  if (at == m_waiting.end()) return;
  const auto then = std::move(at->second);
  m_waiting.erase(at);
  be_patient();
  if (!good || fds.empty() || pid_of(fds[0].get()) == 0)
    return then({0, {}, Error(503, "kernel_down", "the zygote could not fork: " + why.substr(0, 1000), about_forks)});
  const auto pid = message.find("pid");
  const bool numbered = pid != message.end() && pid->is_number_integer();
  const auto inner = numbered ? pid->get<std::int64_t>() : 0;
  while (death(inner)) continue;  // of one that had the number before
  then({inner, std::move(fds[0]), std::nullopt});
}

std::optional<Zygote::Death> Zygote::death(std::int64_t pid) {
  const auto at = std::find_if(m_deaths.begin(), m_deaths.end(), [pid](const auto& one) { return one.first == pid; });
  if (at == m_deaths.end()) return std::nullopt;
  const auto found = at->second;
  m_deaths.erase(at);
  return found;
}

void Zygote::finish(const std::string& what) {
  if (std::exchange(m_over, true)) return;
  const auto self = shared_from_this();
  m_patience.cancel();
  if (m_orders) m_orders->stop();
  m_unsent.clear();
  if (m_process) m_process->kill();
  const Error error(
      503, "kernel_down", "the kernel's Python (" + m_options.python + ") has ended: " + what + m_tail.words(),
      "scripts/setup --with kernel installs what it needs; plugin \"kernel\" { config = { python = … } }");
  for (const auto& then : std::exchange(m_looks, {})) then(std::nullopt);
  for (auto& [number, then] : std::exchange(m_waiting, {})) then({0, {}, error});
  if (const auto ended = std::exchange(m_ended, nullptr)) ended(error);
}

}  // namespace kernel
