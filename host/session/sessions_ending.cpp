// How a session ends: nothing that it had is left, or it is said what.
#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "session/leftovers.hpp"
#include "session/seat.hpp"

namespace berth::session {

using service::Error;

namespace {

constexpr std::size_t most_gone = 1000;  // of which it is remembered how they went
constexpr std::size_t ending_threads = 8;

}  // namespace

// Each takes milliseconds to end, and there may be many.
Sessions::~Sessions() {
  std::vector<std::shared_ptr<jail::Jail>> jails;
  for (auto& [id, seat] : m_seats) {
    if (seat->jail) jails.push_back(std::move(seat->jail));
  }
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < std::min(jails.size(), ending_threads); ++i)
    threads.emplace_back([&] {
      for (std::size_t one; (one = next++) < jails.size();) jails[one]->close();
    });
  for (auto& thread : threads) thread.join();
}

std::optional<Error> Sessions::leave(const std::string& id, const std::string& why) {
  if (id == main_name)
    return Error{409, "main_session", "the session main is always there and cannot be deleted",
                 "its files can: they are in its workspace"};
  const std::lock_guard lock(m_lock);
  const auto seat = at(id);
  if (!seat) return missing(id);
  if (seat->state == SeatState::opening || seat->state == SeatState::closing) return unready(*seat);
  seat->state = SeatState::closing;
  seat->why = why;
  m_tokens.withdraw(id);
  return std::nullopt;
}

// What is left of it.
std::vector<std::string> Sessions::end_all_of(Seat& seat) {
  std::shared_ptr<jail::Jail> jail;
  Record record;
  std::string why;
  {
    const std::lock_guard lock(m_lock);
    jail = std::exchange(seat.jail, nullptr);
    record = seat.record;
    why = seat.why;
  }
  std::vector<std::string> left;
  const auto note = [&](const std::optional<Error>& error) {
    if (error) left.push_back(error->message);
  };
  if (jail) {
    const auto error = jail->close("the session " + why, "session");
    note(error);
    const std::lock_guard lock(m_lock);
    if (error) seat.jail = jail;  // it is looked at again
  }
  note(m_files.remove(record.id));
  note(m_tokens.revoke_of(record.id));  // of those, too, that were made while its record was there
  const auto& isolation = m_jails->isolation();
  if (isolation.changes_user && record.user >= isolation.first_user) append_processes(left, record.user);
  append_mounts(left, m_files.seat(record.id));
  return left;
}

std::optional<Error> Sessions::remove(const std::string& id) {
  Pointer seat;
  {
    const std::lock_guard lock(m_lock);
    seat = at(id);
    if (!seat || seat->state != SeatState::closing) return missing(id);
  }
  const std::lock_guard work(seat->work);
  const auto left = end_all_of(*seat);
  const std::lock_guard lock(m_lock);
  if (left.empty()) {
    m_jails->give_back(seat->record.user);
    note_gone(id, seat->why);
    m_seats.erase(id);
    return std::nullopt;
  }
  seat->state = SeatState::broken;
  seat->why = "it was to go, and something is left of it:";
  for (const auto& one : left) seat->why += " " + one + ";";
  seat->why.pop_back();
  return Error{500, "session_left_behind", "of the session \"" + id + "\": " + seat->why,
               "see to it, then delete the session again"};
}

void Sessions::note_gone(const std::string& id, const std::string& why) {
  if (m_gone.insert_or_assign(id, why).second) m_gone_order.push_back(id);
  while (m_gone_order.size() > most_gone) {
    m_gone.erase(m_gone_order.front());
    m_gone_order.pop_front();
  }
}

}  // namespace berth::session
