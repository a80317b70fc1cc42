// What a host that starts finds of the sessions of the one before it.
#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "service/text.hpp"
#include "session/seat.hpp"

namespace berth::session {

using service::Error;
using service::Result;

Result<Sessions::Found> Sessions::open(jail::Jails& jails) {
  m_jails = &jails;
  const auto& isolation = jails.isolation();
  const bool open = isolation.changes_user && !isolation.has("mount");
  Found report;
  const auto cleared = m_files.prepare(open);
  if (!cleared) return cleared.error();
  report.cleared = *cleared;
  report.strange = m_files.strange();
  for (auto& found : m_files.all()) take(std::move(found), report);
  if (count() == 0 || !find(std::string(main_name))) {
    if (auto error = begin_main()) return *error;
  }
  return report;
}

void Sessions::add(Record record, SeatState state, const std::string& why) {
  auto seat = std::make_shared<Seat>();
  seat->record = std::move(record);
  seat->state = state;
  seat->why = why;
  seat->used = m_clock.recent();
  const std::lock_guard lock(m_lock);
  const std::string id = seat->record.id;
  m_seats[id] = std::move(seat);
}

// The main session's record may be moved away to have a good one made; its files stay.
void Sessions::take(SeatFiles::Found found, Found& report) {
  const bool is_main = found.id == main_name;
  struct stat about {};
  if (is_main && ::lstat(m_files.record_file(found.id).c_str(), &about) != 0) return;
  std::string trouble = found.record ? "" : found.record.error().message;
  Record record;
  if (found.record) record = std::move(*found.record);
  record.id = found.id;
  if (!found.record) keep_user(record);
  if (trouble.empty()) {
    const uid_t before = record.user;
    record.user = m_jails->take_user(before);
    if (is_main) record.limits = m_settings.limits;
    lose_processes(record, report);
    const auto error = m_files.mend(record);
    if (error) trouble = error->message;
    if (record.user != before && !error) m_files.save(record);
  }
  if (!trouble.empty()) {
    trouble = m_files.record_file(record.id) + ": " + trouble;
    report.broken.emplace_back(record.id, trouble);
    return add(std::move(record), SeatState::broken, trouble);
  }
  if (!record.sha256.empty()) m_tokens.lend(record.token());
  add(std::move(record), SeatState::ready, "");
}

// Nobody else is to have it while its files are there.
void Sessions::keep_user(Record& record) {
  struct stat about {};
  const bool owned = ::lstat((m_files.workspace(record.id) + "/output").c_str(), &about) == 0;
  record.user = m_jails->take_user(owned ? std::optional(about.st_uid) : std::nullopt);
}

// Where that cannot be written down, the next host will say it once more.
void Sessions::lose_processes(Record& record, Found& report) {
  if (!record.had_processes) return;
  record.had_processes = false;
  record.lost = service::format_time(m_clock.wall());
  report.lost.push_back(record.id);
  m_files.save(record);
}

std::optional<Error> Sessions::begin_main() {
  Record record;
  record.id = main_name;
  record.created = service::format_time(m_clock.wall());
  struct stat about {};
  const bool there = ::lstat(m_files.seat(record.id).c_str(), &about) == 0;
  keep_user(record);
  record.limits = m_settings.limits;
  auto error = there ? m_files.mend(record) : std::nullopt;
  if (there && !error) error = m_files.save(record);
  if (!there) error = m_files.make(record);
  if (error) return error;
  add(std::move(record), SeatState::ready, "");
  return std::nullopt;
}

}  // namespace berth::session
