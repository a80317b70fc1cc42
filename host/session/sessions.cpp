// Which sessions there are, and how they are.
#include "session/sessions.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "service/text.hpp"
#include "session/seat.hpp"

namespace berth::session {

using service::Error;
using service::Result;

namespace {

constexpr std::chrono::seconds measured_for{5}, measure_again{10};
constexpr int measuring_share = 20;  // of the time, one part is spent on measuring at most

Error unknown(const std::string& id) {
  return {404, "session_not_found", "there is no session \"" + id.substr(0, 100) + "\"",
          "POST /sessions makes one; the session `main` is always there"};
}

}  // namespace

std::string_view name_of(SeatState state) {
  switch (state) {
    case SeatState::opening: return "opening";
    case SeatState::ready: return "ready";
    case SeatState::closing: return "closing";
    default: return "broken";
  }
}

Sessions::Sessions(Parts parts)
    : m_clock(parts.clock),
      m_tokens(parts.tokens),
      m_files(std::move(parts.folder)),
      m_settings(std::move(parts.settings)) {}

void Sessions::replace_settings(Settings settings) {
  const std::lock_guard lock(m_lock);
  m_settings = std::move(settings);
}

Sessions::Pointer Sessions::at(const std::string& id) const {
  const auto found = m_seats.find(id);
  return found == m_seats.end() ? nullptr : found->second;
}

Error Sessions::missing(const std::string& id) const {
  if (const auto gone = m_gone.find(id); gone != m_gone.end())
    return {410, "session_gone", "the session \"" + id + "\" " + gone->second, "POST /sessions makes another"};
  Error error = unknown(id);
  std::vector<std::string> names;
  for (const auto& [name, seat] : m_seats) names.push_back(name);
  const auto near = service::near_names(id.substr(0, 100), names, 1);
  if (!near.empty()) error.hint = "did you mean " + near.front() + "? GET /sessions lists them";
  return error;
}

std::optional<Error> Sessions::unready(const Seat& seat) const {
  if (seat.state == SeatState::ready) return std::nullopt;
  const std::string name = "the session \"" + seat.record.id + "\" ";
  switch (seat.state) {
    case SeatState::closing: return Error{410, "session_gone", name + seat.why, "POST /sessions makes another"};
    case SeatState::broken:
      return Error{503, "session_broken", name + "cannot be used: " + seat.why,
                   "mend it and start the host again, or delete it: berth call sessions.delete id=" + seat.record.id};
    default: break;
  }
  Error error{503, "session_opening", name + "is being made", "wait for the answer of POST /sessions"};
  error.retry_after = std::chrono::seconds(1);
  return error;
}

Result<Sessions::Pointer> Sessions::ready(const std::string& id) const {
  const std::lock_guard lock(m_lock);
  const auto seat = at(id);
  if (!seat) return missing(id);
  if (auto error = unready(*seat)) return *error;
  return seat;
}

std::optional<Error> Sessions::refusal(const Asker& asker) const {
  const std::lock_guard lock(m_lock);
  const auto seat = at(asker.session);
  if (seat && seat->state == SeatState::ready) return std::nullopt;
  if (asker.who.name.empty()) return unknown(asker.session);  // strangers hear no names and no reasons
  return seat ? unready(*seat) : missing(asker.session);
}

// Holds the seat and no name: it may go meanwhile, and another may be called so.
Stay Sessions::stay(const std::string& session) {
  const std::lock_guard lock(m_lock);
  const auto seat = at(session);
  if (!seat) return nullptr;
  ++seat->calls;
  seat->used = m_clock.recent();
  return {seat.get(), [this, seat](const void*) {
            const std::lock_guard leaving(m_lock);
            --seat->calls;
            seat->used = m_clock.recent();
          }};
}

Sight Sessions::sight(const Seat& seat) const {
  using std::chrono::duration_cast, std::chrono::seconds;
  const auto created = service::parse_time(seat.record.created);
  const auto idle = seat.calls > 0 ? service::Clock::Moment::duration(0) : m_clock.recent() - seat.used;
  return {seat.record,
          seat.state,
          seat.why,
          seat.jail != nullptr,
          seat.calls,
          duration_cast<seconds>(std::max(idle, decltype(idle)(0))),
          created ? duration_cast<seconds>(m_clock.wall() - *created) : seconds(0)};
}

Result<Sight> Sessions::find(const std::string& id) const {
  const std::lock_guard lock(m_lock);
  const auto seat = at(id);
  if (!seat) return missing(id);
  return sight(*seat);
}

std::vector<Sight> Sessions::all() const {
  std::vector<Sight> sights;
  {
    const std::lock_guard lock(m_lock);
    for (const auto& [id, seat] : m_seats) sights.push_back(sight(*seat));
  }
  std::sort(sights.begin(), sights.end(), [](const auto& a, const auto& b) { return a.record.id < b.record.id; });
  return sights;
}

std::size_t Sessions::count() const {
  const std::lock_guard lock(m_lock);
  return m_seats.size();
}

std::vector<std::string> Sessions::idle() const {
  std::vector<std::string> ids;
  const std::lock_guard lock(m_lock);
  for (const auto& [id, seat] : m_seats) {
    const bool may = seat->state == SeatState::ready && seat->calls == 0 && seat->record.ttl.count() > 0;
    if (may && m_clock.recent() - seat->used >= seat->record.ttl) ids.push_back(id);
  }
  return ids;
}

Result<Workspace> Sessions::workspace_of(const std::string& session) {
  const auto found = ready(session);
  if (!found) return found.error();
  const std::lock_guard lock(m_lock);
  const Record& record = (*found)->record;
  return Workspace{m_files.workspace(record.id), record.user, record.limits.disk, m_settings.aliases};
}

Result<Usage> Sessions::usage(const std::string& id) {
  const auto found = ready(id);
  if (!found) return found.error();
  Seat& seat = **found;
  const std::lock_guard work(seat.work);
  Usage usage;
  bool fresh = false;
  std::shared_ptr<jail::Jail> jail;
  {
    const std::lock_guard lock(m_lock);
    jail = seat.jail;
    fresh = seat.measured && m_clock.recent() - *seat.measured < measured_for;
    usage.disk = seat.disk;
    if (fresh) usage.disk_age = std::chrono::duration_cast<std::chrono::seconds>(m_clock.recent() - *seat.measured);
  }
  if (jail) usage.jail = jail->use();
  if (!fresh) usage.disk = measure(seat);
  return usage;
}

// With its work lock held.
TreeUse Sessions::measure(Seat& seat) {
  const auto began = m_clock.now();
  const auto use = measure_tree(m_files.workspace(seat.record.id));
  const std::lock_guard lock(m_lock);
  seat.disk = use;
  seat.measured = m_clock.recent();
  seat.measuring = m_clock.now() - began;
  return use;
}

std::vector<std::string> Sessions::to_measure() const {
  std::vector<std::string> ids;
  const auto now = m_clock.recent();
  const std::lock_guard lock(m_lock);
  for (const auto& [id, seat] : m_seats) {
    if (seat->state != SeatState::ready || !seat->jail || seat->record.limits.disk == 0) continue;
    if (!seat->record.had_processes || seat->quiet) continue;  // nobody is there to write
    const auto pause = std::max<service::Clock::Moment::duration>(measure_again, seat->measuring * measuring_share);
    if (!seat->looked || now - *seat->looked >= pause) ids.push_back(id);
  }
  return ids;
}

std::vector<std::string> Sessions::to_watch() const {
  std::vector<std::string> ids;
  const std::lock_guard lock(m_lock);
  for (const auto& [id, seat] : m_seats) {
    if (seat->state == SeatState::ready && seat->jail && seat->record.had_processes) ids.push_back(id);
  }
  return ids;
}

std::vector<jail::LimitHit> Sessions::limits_hit(const std::string& id) {
  const auto found = ready(id);
  if (!found) return {};
  Seat& seat = **found;
  std::shared_ptr<jail::Jail> jail;
  {
    const std::lock_guard lock(m_lock);
    jail = seat.jail;
  }
  if (!jail) return {};
  return seat.watch.look(jail, m_clock.recent());
}

// How many starts there had been when there was no process any more, nor one on its way; null: there may be.
std::optional<std::uint64_t> Sessions::quiet_since(const Seat& seat) const {
  constexpr std::chrono::minutes on_its_way{1};
  std::shared_ptr<jail::Jail> jail;
  std::uint64_t starts = 0;
  {
    const std::lock_guard lock(m_lock);
    if (m_clock.recent() - seat.started < on_its_way) return std::nullopt;
    jail = seat.jail;
    starts = seat.starts;
  }
  if (!jail || jail->use().processes.value_or(1) > 0) return std::nullopt;
  return starts;
}

// Programs may have ended since they wrote, so one more look follows the last of them. What hides from being measured
// is beyond the quota, too.
Result<std::string> Sessions::enforce_quota(const std::string& id) {
  const auto found = ready(id);
  if (!found) return found.error();
  Seat& seat = **found;
  const std::lock_guard work(seat.work);
  const auto started = quiet_since(seat);
  const TreeUse use = measure(seat);
  std::shared_ptr<jail::Jail> jail;
  Record record;
  {
    const std::lock_guard lock(m_lock);
    seat.looked = m_clock.recent();
    seat.quiet = started == seat.starts;
    const bool fits = !use.hidden && use.bytes <= seat.record.limits.disk;
    if (fits || !seat.jail || seat.state != SeatState::ready) return std::string();
    jail = std::exchange(seat.jail, nullptr);  // whoever needs it next gets another
    record = seat.record;
  }
  const std::string quota = "disk quota " + jail::round_bytes(record.limits.disk);
  const std::string why =
      use.hidden ? "its files lie too deep, are too many, or are closed, to be measured (" + quota + ")" : quota;
  if (auto error = jail->close(why, "disk")) {
    error->message = why + ": " + error->message;
    return *error;
  }
  record.had_processes = false;
  save(seat, record);
  return "killed: " + why;
}

}  // namespace berth::session
