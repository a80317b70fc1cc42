// The host's half of the C boundary.
#include "loader/host_side.hpp"

#include <utility>

#include "loader/services/texts.hpp"

namespace berth::loader {

namespace {

berth_flow flow_of(Flow flow) { return static_cast<berth_flow>(flow); }

}  // namespace

// What stands in the berth_host table; static, because C has no other way to call us.
struct HostFunctions {
  static HostSide& side(const berth_host* host) { return HostSide::of(host); }

  static const void* service(const berth_host* host, berth_text id) {
    const HostSide& here = side(host);
    return here.m_lent ? here.m_lent->service(view(id)) : nullptr;
  }

  static void refuse(const berth_host* host, const berth_failure* why) { side(host).m_refusal = side(host).told(why); }

  // The last answer of a call: it is taken off the table first, so that only one of two racing answers finds it.
  template <class Answer>
  static berth_flow last(const berth_host* host, berth_call call, const char* what, Answer answer) {
    HostSide& here = side(host);
    const auto reply = here.close(call);
    if (!reply) {
      here.stray(what, call);
      return BERTH_WRONG;
    }
    const Flow flow = answer(*reply);
    if (flow == Flow::wrong) {
      here.log().write(service::Level::error, here.plugin(), "a plugin answered a call in a way its kind does not have",
                       {{"answer", what}, {"call", static_cast<std::int64_t>(call)}});
      reply->fail({500, "plugin_error", "the plugin gave an answer that this kind of operation cannot have"});
    }
    return flow_of(flow);
  }

  static berth_flow send(const berth_host* host, berth_call call, berth_text json) {
    return last(host, call, "send", [&](Reply& reply) { return reply.send(copy(json)); });
  }
  static berth_flow fail(const berth_host* host, berth_call call, const berth_failure* failure) {
    return last(host, call, "fail", [&](Reply& reply) { return reply.fail(side(host).told(failure)); });
  }
  static berth_flow file(const berth_host* host, berth_call call, int fd, const berth_head* head) {
    service::UniqueFd owned(fd);
    return last(host, call, "file", [&](Reply& reply) { return reply.file(std::move(owned), head_of(head)); });
  }
  static berth_flow finish(const berth_host* host, berth_call call, uint32_t code, berth_text reason) {
    return last(host, call, "finish",
                [&](Reply& reply) { return reply.finish(code, side(host).masked(copy(reason))); });
  }

  static berth_flow begin(const berth_host* host, berth_call call, const berth_head* head) {
    const auto reply = side(host).find(call);
    return reply ? flow_of(reply->begin(head_of(head))) : BERTH_WRONG;
  }
  static berth_flow chunk(const berth_host* host, berth_call call, const berth_chunk* chunk) {
    const auto reply = side(host).find(call);
    if (!reply || !chunk) return BERTH_WRONG;
    return flow_of(reply->chunk({copy(chunk->bytes), copy(chunk->event), copy(chunk->id), chunk->binary != 0}));
  }
  static berth_flow wait(const berth_host* host, berth_call call) {
    const auto reply = side(host).find(call);
    return reply ? flow_of(reply->wait()) : BERTH_GONE;
  }
  static int cancelled(const berth_host* host, berth_call call) {
    const auto reply = side(host).find(call);
    return !reply || reply->cancelled() ? 1 : 0;
  }
};

// Clients read it, and the log has it.
service::Error HostSide::told(const berth_failure* failure) const {
  auto error = error_of(failure);
  if (!m_lent) return error;
  error.code = m_lent->masked(std::move(error.code));
  error.message = m_lent->masked(std::move(error.message));
  error.hint = m_lent->masked(std::move(error.hint));
  return error;
}

std::string HostSide::masked(std::string text) const { return m_lent ? m_lent->masked(std::move(text)) : text; }

HostSide::HostSide(std::string plugin, service::Log& log)
    : m_table{{sizeof(berth_host), BERTH_ABI_MAJOR, BERTH_ABI_MINOR, &HostFunctions::service, &HostFunctions::refuse,
               &HostFunctions::send, &HostFunctions::fail, &HostFunctions::file, &HostFunctions::begin,
               &HostFunctions::chunk, &HostFunctions::finish, &HostFunctions::wait, &HostFunctions::cancelled},
              this},
      m_plugin(std::move(plugin)),
      m_log(log) {}

HostSide::~HostSide() = default;

HostSide& HostSide::of(const berth_host* host) { return *reinterpret_cast<const Table*>(host)->owner; }

void HostSide::lend(std::unique_ptr<Lent> lent) {
  m_gate = std::make_unique<LineGate>(m_log, m_plugin);
  m_lent = std::move(lent);
}

berth_call HostSide::open(std::shared_ptr<Reply> reply) {
  const std::lock_guard lock(m_mutex);
  if (m_free.empty()) {
    m_free.push_back(static_cast<std::uint32_t>(m_seats.size()));
    m_seats.emplace_back();
  }
  const std::uint32_t place = m_free.back();
  m_free.pop_back();
  Seat& seat = m_seats[place];
  reply->ticket = std::uint64_t{++seat.round} << 32 | place;
  seat.reply = std::move(reply);
  return seat.reply->ticket;
}

// Under the lock.
const HostSide::Seat* HostSide::seat_of(berth_call call) const {
  const auto place = static_cast<std::uint32_t>(call);
  if (place >= m_seats.size() || m_seats[place].round != call >> 32) return nullptr;
  return m_seats[place].reply ? &m_seats[place] : nullptr;
}

std::shared_ptr<Reply> HostSide::find(berth_call call) const {
  const std::lock_guard lock(m_mutex);
  const Seat* seat = seat_of(call);
  return seat ? seat->reply : nullptr;
}

std::shared_ptr<Reply> HostSide::close(berth_call call) {
  const std::lock_guard lock(m_mutex);
  if (!seat_of(call)) return nullptr;
  const auto place = static_cast<std::uint32_t>(call);
  m_free.push_back(place);
  return std::move(m_seats[place].reply);
}

void HostSide::close_all() {
  std::vector<Seat> all;
  const std::lock_guard lock(m_mutex);
  all.swap(m_seats);
  m_free.clear();
}

void HostSide::leave() {
  if (m_lent) m_lent->leave();
  if (m_gate) m_gate->tell();
}

std::size_t HostSide::open_calls() const {
  const std::lock_guard lock(m_mutex);
  return m_seats.size() - m_free.size();
}

std::vector<std::shared_ptr<Reply>> HostSide::open() const {
  std::vector<std::shared_ptr<Reply>> all;
  const std::lock_guard lock(m_mutex);
  for (const auto& seat : m_seats) {
    if (seat.reply) all.push_back(seat.reply);
  }
  return all;
}

void HostSide::stray(std::string_view what, berth_call call) {
  if (!may_say(0)) return;
  m_log.write(service::Level::warn, m_plugin, "the plugin answered a call that had ended, or that never was",
              {{"answer", what}, {"call", static_cast<std::int64_t>(call)}});
}

void HostSide::stray_note() {
  if (may_say(0)) m_log.write(service::Level::warn, m_plugin, "the plugin used a service after its end");
}

void LeftSides::keep(std::unique_ptr<HostSide> side) {
  const std::lock_guard lock(m_mutex);
  m_all.push_back(std::move(side));
}

void LeftSides::outlive(std::unique_ptr<service::Log>& log) {
  static auto& for_ever = *new std::vector<std::pair<std::unique_ptr<service::Log>, decltype(m_all)>>;
  const std::lock_guard lock(m_mutex);
  if (m_all.empty()) return;
  log->flush();
  for_ever.emplace_back(std::move(log), std::exchange(m_all, {}));
}

}  // namespace berth::loader
