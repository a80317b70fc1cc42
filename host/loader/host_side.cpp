// The host's half of the C boundary.
#include "loader/host_side.hpp"

#include <berth/service/log.h>

#include <berth/json_text.hpp>
#include <nlohmann/json.hpp>
#include <utility>

namespace berth::loader {

namespace {

std::string_view view(berth_text text) {
  return text.data ? std::string_view(text.data, text.size) : std::string_view();
}
std::string copy(berth_text text) { return std::string(view(text)); }

service::Error error_of(const berth_failure* failure) {
  if (!failure) return {500, "plugin_error", "the plugin failed without saying why"};
  const int status = failure->status >= 400 && failure->status <= 599 ? failure->status : 500;
  service::Error error{status, copy(failure->code), copy(failure->message), copy(failure->hint)};
  if (error.code.empty()) error.code = "plugin_error";
  return error;
}

Head head_of(const berth_head* head) {
  if (!head) return {};
  return {copy(head->type), copy(head->name), copy(head->etag), {}};
}

berth_flow flow_of(Flow flow) { return static_cast<berth_flow>(flow); }

}  // namespace

// What stands in the berth_host table; static, because C has no other way to call us.
struct HostFunctions {
  static HostSide& side(const berth_host* host) { return *reinterpret_cast<const HostSide::Table*>(host)->owner; }

  static const void* service(const berth_host*, berth_text id) {
    static constexpr berth_log log{sizeof(berth_log), &write_log};
    return view(id) == BERTH_LOG ? &log : nullptr;
  }

  static void write_log(const berth_host* host, berth_level level, berth_text message, berth_text fields) {
    const HostSide& here = side(host);
    const int bounded = level < BERTH_DEBUG ? BERTH_DEBUG : level > BERTH_ERROR ? BERTH_ERROR : level;
    service::Log::Fields more;
    const auto given = nlohmann::json::parse(view(fields), nullptr, false);
    if (given.is_object())
      add_members(more, given);
    else if (fields.size > 0)
      more.emplace_back(service::Log::Field("fields", copy(fields)));
    here.log().write(static_cast<service::Level>(bounded), here.plugin(), view(message), more);
  }

  // As members of the line, but for the names that every line has.
  static void add_members(service::Log::Fields& to, const nlohmann::json& given) {
    for (const auto& [name, value] : given.items()) {
      if (name == "time" || name == "level" || name == "who" || name == "message") continue;
      to.push_back(value.is_string() ? service::Log::Field(name, value.get_ref<const std::string&>())
                                     : service::Log::Field::json(name, json_text(value)));
    }
  }

  static void refuse(const berth_host* host, const berth_failure* why) { side(host).m_refusal = error_of(why); }

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
    return last(host, call, "fail", [&](Reply& reply) { return reply.fail(error_of(failure)); });
  }
  static berth_flow file(const berth_host* host, berth_call call, int fd, const berth_head* head) {
    service::UniqueFd owned(fd);
    return last(host, call, "file", [&](Reply& reply) { return reply.file(std::move(owned), head_of(head)); });
  }
  static berth_flow finish(const berth_host* host, berth_call call, uint32_t code, berth_text reason) {
    return last(host, call, "finish", [&](Reply& reply) { return reply.finish(code, copy(reason)); });
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

HostSide::HostSide(std::string plugin, service::Log& log)
    : m_table{{sizeof(berth_host), BERTH_ABI_MAJOR, BERTH_ABI_MINOR, &HostFunctions::service, &HostFunctions::refuse,
               &HostFunctions::send, &HostFunctions::fail, &HostFunctions::file, &HostFunctions::begin,
               &HostFunctions::chunk, &HostFunctions::finish, &HostFunctions::wait, &HostFunctions::cancelled},
              this},
      m_plugin(std::move(plugin)),
      m_log(log) {}

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
  m_log.write(service::Level::warn, m_plugin, "the plugin answered a call that had ended, or that never was",
              {{"answer", what}, {"call", static_cast<std::int64_t>(call)}});
}

}  // namespace berth::loader
