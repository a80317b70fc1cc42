// Orders that come before it is ready wait. One that does not answer stands still, and forks nothing for anybody.
#include "forker.hpp"

#include <algorithm>
#include <iterator>
#include <random>
#include <utility>

#include "channel.hpp"
#include "fields.hpp"
#include "frames.hpp"

namespace kernel {

using namespace std::chrono_literals;
using berth::Error;
using berth::Json;

namespace {

constexpr std::size_t most_deaths = 256, most_message = 1u << 20, most_rounds = 64, most_refusal = 1000;
constexpr const char* about_forks =
    "the session may be at its limit of processes or memory: end some of what it runs, or have it given more in "
    "berth.lua: sessions { limits = { processes = … } }";
constexpr auto answer_time = 10s;  // of one that is ready

// That nobody can answer before he has read it.
std::uint64_t new_number() {
  std::random_device source;
  return (static_cast<std::uint64_t>(source()) << 21) ^ source();
}

std::string refusal_in(const Json& message) {
  if (field(message, "ok") == true) return {};
  const std::string why = text(message, "error").substr(0, most_refusal);
  return why.empty() ? "no reason given" : why;
}

}  // namespace

void Forker::open(berth::Fd orders, Ended ended) {
  m_ended = std::move(ended);
  m_orders = std::make_unique<Watched>(m_loop, std::move(orders), [this] { read(); });
  m_orders->want();
}

void Forker::get_ready() {
  m_ready = true;
  be_patient();
  flush();
}

// The order as a message; its answer goes to `then`.
std::string Forker::enlist(const char* name, const Json& more, Heard then) {
  Json message = more;
  const std::uint64_t number = new_number();
  message.update({{"n", number}, {"order", name}});
  m_waiting[number] = std::move(then);
  return berth::json_text(message);
}

void Forker::order(const char* name, const Json& more, Heard then, std::vector<berth::Fd> fds) {
  if (m_over) return then({end_of("it is not there any more"), {}, {}, 0, {}});
  m_unsent.push_back({enlist(name, more, std::move(then)), std::move(fds)});
  flush();
  if (m_ready && m_waiting.size() == 1) be_patient();
}

void Forker::order_at_once(const char* name, const Json& more, std::chrono::milliseconds patience, Heard then) {
  kernel::send(m_orders->get(), enlist(name, more, std::move(then)));
  m_patience.set(patience, [this, patience] {
    finish("it did not come up within " + std::to_string(patience.count() / 1000) + " s");
  });
}

void Forker::order_fork(const Json& config, std::array<berth::Fd, 4> fds, Then then) {
  std::vector<berth::Fd> all;
  std::move(fds.begin(), fds.end(), std::back_inserter(all));
  const auto heard = [this, then = std::move(then)](Answer answer) { forked(std::move(answer), then); };
  order("fork", {{"config", config}}, heard, std::move(all));
}

void Forker::forked(Answer answer, const Then& then) {
  if (answer.ended) return then({0, {}, answer.ended});
  if (!answer.refusal.empty() || answer.fds.empty() || pid_of(answer.fds[0].get()) == 0) {
    const std::string why = answer.refusal.empty() ? "it gave no handle" : answer.refusal;
    return then({0, {}, Error(503, "kernel_down", std::string(name()) + " could not fork: " + why, about_forks)});
  }
  const auto pid = typed(answer.message, "pid", 0).get<std::int64_t>();
  while (death(pid)) continue;  // of one that had the number before
  then({pid, std::move(answer.fds[0]), std::nullopt});
}

// It has time for each answer, and not for all of them together.
void Forker::be_patient() {
  m_patience.cancel();
  if (!m_waiting.empty()) m_patience.set(answer_time, [this] { give_up("it did not answer within 10 s"); });
}

void Forker::flush() {
  while (m_ready && !m_over && !m_unsent.empty()) {
    const Order& order = m_unsent.front();
    std::vector<int> fds;
    for (const auto& fd : order.fds) fds.push_back(fd.get());
    const auto sent = kernel::send(m_orders->get(), order.text, fds);
    if (sent && *sent == 0) return m_orders->want_room([this] { flush(); });
    m_unsent.pop_front();
  }
}

void Forker::read() {
  const auto self = shared_from_this();
  for (std::size_t round = 0; round < most_rounds && !m_over; ++round) {
    std::string bytes;
    std::vector<berth::Fd> fds;
    const auto received = receive(m_orders->get(), most_message, bytes, fds);
    if (received.got == Got::nothing_yet) return m_orders->want();
    if (received.got == Got::end) {
      m_orders->stop();
      m_ready = false;
      return closed();
    }
    auto message = received.cut ? std::nullopt : parse_object(bytes);
    if (!message) return finish("it said what no forker says");
    hear(std::move(*message), std::move(fds), received.sender);
  }
  if (!m_over) m_orders->want();
}

void Forker::hear(Json message, std::vector<berth::Fd> fds, pid_t sender) {
  if (message.contains("event")) {
    if (m_deaths.size() >= most_deaths) m_deaths.pop_front();
    const Death death{typed(message, "code", -1).get<std::int64_t>(), typed(message, "signal", 0).get<std::int64_t>()};
    m_deaths.push_back({typed(message, "pid", 0).get<std::int64_t>(), death});
    return;
  }
  const Json n = field(message, "n");
  const auto at = n.is_number_unsigned() ? m_waiting.find(n.get<std::uint64_t>()) : m_waiting.end();
  if (at == m_waiting.end()) return;
  const auto then = std::move(at->second);
  m_waiting.erase(at);
  be_patient();
  const std::string refusal = refusal_in(message);
  then({std::nullopt, std::move(message), std::move(fds), sender, refusal});
}

std::optional<Forker::Death> Forker::death(std::int64_t pid) {
  const auto at = std::find_if(m_deaths.begin(), m_deaths.end(), [pid](const auto& one) { return one.first == pid; });
  if (at == m_deaths.end()) return std::nullopt;
  const auto found = at->second;
  m_deaths.erase(at);
  return found;
}

void Forker::stillborn(const std::string& why) {
  if (++m_stillborn >= most_stillborn) give_up("its workers end before they are ready: " + why);
}

void Forker::fail_all(const Error& error) {
  for (auto& [number, then] : std::exchange(m_waiting, {})) then({error, {}, {}, 0, {}});
}

void Forker::finish(const std::string& what) {
  if (std::exchange(m_over, true)) return;
  const auto self = shared_from_this();
  m_patience.cancel();
  if (m_orders) m_orders->stop();
  m_unsent.clear();
  let_go();
  const Error error = end_of(what);
  fail_all(error);
  if (const auto ended = std::exchange(m_ended, nullptr)) ended(error);
}

}  // namespace kernel
