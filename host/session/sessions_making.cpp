// How a session comes to be, with its workspace, its jail and its token: all of it, or nothing.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "service/text.hpp"
#include "session/seat.hpp"

namespace berth::session {

using service::Error;
using service::Result;

namespace {

constexpr std::chrono::seconds longest_retry{3600};
constexpr std::size_t most_labels = 32, longest_label = 64, longest_value = 256;

bool is_label(std::string_view text) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-";
  return !text.empty() && text.size() <= longest_label && text.find_first_not_of(letters) == std::string_view::npos;
}

void check_labels(Error& error, const std::map<std::string, std::string>& labels) {
  if (labels.size() > most_labels)
    error.misfits.push_back(
        {"/labels", "at most " + std::to_string(most_labels) + " labels", std::to_string(labels.size())});
  for (const auto& [name, value] : labels) {
    if (!is_label(name))
      error.misfits.push_back(
          {"/labels", "names of 1 to 64 of a-z A-Z 0-9 . _ / -", service::json_quote(name.substr(0, 100))});
    if (value.size() > longest_value)
      error.misfits.push_back({"/labels/" + name, "a text of at most 256 bytes", std::to_string(value.size())});
  }
}

jail::Options jail_options(const Record& record, const std::string& workspace, const Settings& settings) {
  jail::Options options;
  options.name = record.id;
  options.mounts = jail::workspace_mounts(workspace, settings.aliases);
  options.limits = record.limits;
  options.network = settings.network;
  options.user = record.user;
  return options;
}

}  // namespace

// Whoever is refused is told when the next one is likely to go.
std::optional<Error> Sessions::room() const {
  const auto besides = m_seats.size() - m_seats.count(std::string(main_name));
  if (besides < m_settings.most) return std::nullopt;
  auto soonest = longest_retry;
  for (const auto& [id, seat] : m_seats) {
    if (seat->record.ttl.count() == 0) continue;
    const auto idle = std::chrono::duration_cast<std::chrono::seconds>(m_clock.recent() - seat->used);
    soonest = std::min(soonest, seat->calls > 0 ? seat->record.ttl : seat->record.ttl - idle);
  }
  Error error{429, "too_many_sessions", "this host has " + std::to_string(besides) + " sessions, its limit",
              "delete one that is done, or raise sessions { most = … }"};
  error.retry_after = std::max(soonest, std::chrono::seconds(1));
  return error;
}

Result<Record> Sessions::plan(const Wish& wish) const {
  Settings settings;
  {
    const std::lock_guard lock(m_lock);
    settings = m_settings;
  }
  Error error{422, "invalid_input", "this is no session that this host can make",
              "GET /operations lists every operation with its schema"};
  Record record;
  record.id = wish.id.empty() ? "s" + service::hex(service::random_bytes(6)) : wish.id;
  record.created = service::format_time(m_clock.wall());
  record.ttl = wish.ttl.value_or(settings.ttl);
  record.labels = wish.labels;
  record.scope = wish.scope;
  if (!is_session_id(record.id))
    error.misfits.push_back(
        {"/id", "1 to 48 of a-z 0-9 _ -, the first a letter or a digit", service::json_quote(wish.id.substr(0, 100))});
  if (record.ttl < std::chrono::seconds(1) || record.ttl > settings.most_ttl)
    error.misfits.push_back({"/ttl", "a time from 1s to " + std::to_string(settings.most_ttl.count()) + "s",
                             std::to_string(record.ttl.count()) + "s"});
  check_labels(error, wish.labels);
  auto limits = limits_of(wish.limits, settings.limits, settings.most_limits);
  if (!limits) {
    error.hint = limits.error().hint;
    error.misfits.insert(error.misfits.end(), limits.error().misfits.begin(), limits.error().misfits.end());
  }
  if (!error.misfits.empty()) return error;
  record.limits = *limits;
  return record;
}

Result<Sessions::Pointer> Sessions::reserve(const Record& record) {
  const std::lock_guard lock(m_lock);
  if (at(record.id))
    return Error{409, "session_exists", "there is a session \"" + record.id + "\" already",
                 "choose another id, or leave it out: then one is made"};
  if (auto error = room()) return *error;
  auto seat = std::make_shared<Seat>();
  seat->record = record;
  seat->used = m_clock.recent();
  m_seats[record.id] = seat;
  m_gone.erase(record.id);
  return seat;
}

void Sessions::give_up(const Record& record) {
  m_jails->give_back(record.user);
  const std::lock_guard lock(m_lock);
  m_seats.erase(record.id);
}

Result<Sessions::Created> Sessions::create(const Wish& wish) {
  auto planned = plan(wish);
  if (!planned) return planned.error();
  const auto reserved = reserve(*planned);
  if (!reserved) return reserved.error();
  Seat& seat = **reserved;
  const std::lock_guard work(seat.work);
  Record record = std::move(*planned);
  const std::string secret = TokenStore::make_secret();
  record.sha256 = service::hex(service::sha256(secret));
  record.user = m_jails->take_user();
  if (auto error = m_files.make(record)) {  // what lies there is not ours
    give_up(record);
    return *error;
  }
  {
    const std::lock_guard lock(m_lock);
    seat.record = record;
  }
  if (const auto jail = open_jail(seat); !jail) {
    m_files.remove(record.id);
    give_up(record);
    return jail.error();
  }
  m_tokens.lend(record.token());
  const std::lock_guard lock(m_lock);
  seat.state = SeatState::ready;
  seat.used = m_clock.recent();
  return Created{std::move(record), secret};
}

// With its work lock held.
Result<std::shared_ptr<jail::Jail>> Sessions::open_jail(Seat& seat) {
  jail::Options options;
  service::proxy::AllowList allow;
  {
    const std::lock_guard lock(m_lock);
    allow = m_settings.allow;
    options = jail_options(seat.record, m_files.workspace(seat.record.id), m_settings);
  }
  auto opened = m_jails->open(options);
  if (!opened) return opened.error();
  struct Housed {
    std::unique_ptr<jail::Jail> jail;
    std::shared_ptr<void> way_out;
  };
  const auto housed = std::make_shared<Housed>(Housed{std::move(*opened), nullptr});
  if (m_way_out && housed->jail->proxy() >= 0)
    housed->way_out = m_way_out(options.name, housed->jail->proxy(), std::move(allow));
  std::shared_ptr<jail::Jail> jail(housed, housed->jail.get());
  const std::lock_guard lock(m_lock);
  seat.jail = jail;
  return jail;
}

std::optional<Error> Sessions::save(Seat& seat, const Record& record) {
  if (auto error = m_files.save(record)) return error;
  const std::lock_guard lock(m_lock);
  seat.record = record;
  return std::nullopt;
}

Result<std::shared_ptr<jail::Jail>> Sessions::jail_of(const std::string& session) {
  const auto found = ready(session);
  if (!found) return found.error();
  Seat& seat = **found;
  // Whoever asks is about to start something: that is written down first.
  const auto open = [&] {
    const std::lock_guard lock(m_lock);
    ++seat.starts;
    seat.started = m_clock.recent();
    seat.quiet = false;
    return seat.record.had_processes ? seat.jail : nullptr;
  };
  if (auto jail = open()) return jail;
  const std::lock_guard work(seat.work);
  if (const auto still = ready(session); !still || *still != *found)
    return still ? Error{410, "session_gone", "the session \"" + session + "\" was deleted"} : still.error();
  if (auto jail = open()) return jail;
  Record record = find(session)->record;
  record.had_processes = true;
  if (auto error = m_files.mend(record)) return *error;
  if (auto error = save(seat, record)) return *error;
  if (auto jail = open()) return jail;
  return open_jail(seat);
}

Result<std::uint64_t> Sessions::next_turn(const std::string& id) {
  const auto found = ready(id);
  if (!found) return found.error();
  const std::lock_guard work((*found)->work);
  const auto still = ready(id);
  if (!still) return still.error();
  Record record = find(id)->record;
  ++record.turn;
  if (auto error = save(**found, record)) return *error;
  return record.turn;
}

}  // namespace berth::session
