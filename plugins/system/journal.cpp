// sd-journal finds entries by the index in its files, so a question with matches is quick in large ones, too.
#include "journal.hpp"

#include <sys/stat.h>
#include <systemd/sd-journal.h>

#include <berth/output.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>

#include "fields.hpp"
#include "journal_files.hpp"
#include "services.hpp"
#include "since.hpp"

namespace machine {

using berth::Error;
using berth::Json;

namespace {

constexpr std::size_t most_journals = 200, most_message = 8192, most_told = 512u << 10;
constexpr std::array<const char*, 8> names{"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"};

using Journal = std::unique_ptr<sd_journal, void (*)(sd_journal*)>;

int priority_of(std::string_view word) {
  if (word == "error") word = "err";
  if (word == "warn") word = "warning";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (word == names[i] || word == std::to_string(i)) return static_cast<int>(i);
  }
  throw Error(422, "bad_priority", "there is no priority \"" + shown(word) + "\"",
              "emerg, alert, crit, err, warning, notice, info, debug; 0 to 7; or a range, as emerg..err");
}

void match(sd_journal* journal, const std::string& text) {
  if (sd_journal_add_match(journal, text.data(), text.size()) < 0)
    throw Error(500, "journal_error", "the journal takes no such filter");
}

// What the unit itself wrote, and what systemd wrote of it, as `journalctl -u` shows both.
void match_unit(sd_journal* journal, const std::string& unit) {
  match(journal, "_SYSTEMD_UNIT=" + unit);
  sd_journal_add_disjunction(journal);
  match(journal, "_PID=1");
  match(journal, "UNIT=" + unit);
  sd_journal_add_disjunction(journal);
  match(journal, "_UID=0");
  match(journal, "OBJECT_SYSTEMD_UNIT=" + unit);
  sd_journal_add_conjunction(journal);
}

// Sets `broken` if the field is there and cannot be read.
std::string data_of(sd_journal* journal, const std::string& name, bool& broken) {
  const void* data = nullptr;
  std::size_t size = 0;
  const int code = sd_journal_get_data(journal, name.c_str(), &data, &size);
  broken = broken || (code < 0 && code != -ENOENT);
  if (code < 0 || size <= name.size()) return {};
  return std::string(static_cast<const char*>(data) + name.size() + 1, size - name.size() - 1);
}

Json entry_of(sd_journal* journal, std::uint64_t at, bool& broken) {
  std::string message = data_of(journal, "MESSAGE", broken);
  const bool cut = message.size() > most_message;
  if (cut) message.resize(most_message);
  Json entry{{"at", utc(static_cast<std::int64_t>(at / 1'000'000))},
             {"message",
              berth::clean(std::string_view(message).substr(0, cut ? berth::whole_size(message) : message.size()))}};
  if (cut) entry["cut"] = true;
  for (const auto& [name, key] : {std::pair{"_SYSTEMD_UNIT", "unit"},
                                  {"SYSLOG_IDENTIFIER", "identifier"},
                                  {"_HOSTNAME", "hostname"},
                                  {"_TRANSPORT", "transport"}}) {
    if (const auto value = data_of(journal, name, broken); !value.empty()) entry[key] = shown(value);
  }
  if (const auto pid = number_of<std::int64_t>(data_of(journal, "_PID", broken))) entry["pid"] = *pid;
  const auto priority = number_of<std::size_t>(data_of(journal, "PRIORITY", broken));
  if (priority && *priority < names.size()) entry["priority"] = names[*priority];
  return entry;
}

void filter(sd_journal* journal, const JournalAsked& asked) {
  if (!asked.unit.empty()) match_unit(journal, unit_name(asked.unit));
  if (!asked.transport.empty()) match(journal, "_TRANSPORT=" + asked.transport);
  if (asked.priority.empty()) return;
  const auto [from, to] = priorities_of(asked.priority);
  for (int i = from; i <= to; ++i) match(journal, "PRIORITY=" + std::to_string(i));
}

// 0, or an error's number.
int open_all(const std::vector<std::string>& files, Journal& into) {
  std::vector<const char*> paths;
  for (const auto& one : files) paths.push_back(one.c_str());
  paths.push_back(nullptr);
  sd_journal* journal = nullptr;
  const int code = sd_journal_open_files(&journal, paths.data(), 0);
  if (code >= 0) into = Journal(journal, &sd_journal_close);
  return code < 0 ? -code : 0;
}

// One file that is broken, or that may not be read, spoils the opening of all: then the others are found one by one.
Journal open(std::vector<std::string>& files, std::size_t& left_out) {
  Journal journal(nullptr, &sd_journal_close);
  int problem = open_all(files, journal);
  if (problem == EMFILE || problem == ENFILE) throw Error(503, "busy", "too many files are open", "try again");
  if (problem == 0) return journal;
  std::vector<std::string> good;
  for (const auto& one : files) {
    Journal single(nullptr, &sd_journal_close);
    const int own = open_all({one}, single);
    if (own == 0) good.push_back(one);
    if (own == EACCES || own == EPERM) problem = own;
  }
  left_out = files.size() - good.size();
  files = good;
  if (!good.empty() && open_all(good, journal) == 0) return journal;
  if (problem == EACCES || problem == EPERM)
    throw Error(403, "journal_unreadable", "the journal may not be read by this process",
                "its user wants the group systemd-journal; a confined plugin reads none: plugin \"system\" { process = "
                "\"own\", confined = false }");
  throw Error(500, "journal_error", std::string("the journal cannot be opened: ") + std::strerror(problem));
}

// libsystemd lets go of a file that turns out to be broken while it is read, and does not say so; but what it then
// still has is less than what there is.
bool has_all(sd_journal* journal, const std::vector<std::string>& files) {
  std::uint64_t there = 0, held = 0;
  for (const auto& one : files) {
    struct stat facts;
    if (::stat(one.c_str(), &facts) == 0) there += static_cast<std::uint64_t>(facts.st_blocks) * 512;
  }
  return sd_journal_get_usage(journal, &held) >= 0 && held >= there;
}

std::int64_t begin_of(const std::string& since) {
  if (since.empty()) return 0;
  const auto at = since_of(since, static_cast<std::int64_t>(::time(nullptr)));
  if (!at || *at < 0)
    throw Error(422, "bad_since", "\"" + shown(since) + "\" is no time that can be understood",
                "2026-01-31 12:00 (UTC), 2026-01-31T12:00:00Z, \"2 hours ago\", -30min, today, yesterday");
  return *at;
}

// Backwards from the end: the latest first.
struct Reading {
  Json entries = Json::array();
  bool whole = true, more = false;
  void read(sd_journal* journal, const JournalAsked& asked, std::int64_t since, const std::function<bool()>& gone) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    std::size_t text = 0;
    int step = sd_journal_seek_tail(journal);
    if (step >= 0) step = sd_journal_previous(journal);
    for (; step > 0; step = sd_journal_previous(journal)) {
      std::uint64_t at = 0;
      if ((step = sd_journal_get_realtime_usec(journal, &at)) < 0) break;
      if (at < static_cast<std::uint64_t>(since) * 1'000'000) return;
      if ((more = entries.size() == asked.lines || text > most_told)) return;
      if (gone() || std::chrono::steady_clock::now() > end) break;
      bool broken = false;
      entries.push_back(entry_of(journal, at, broken));
      whole = whole && !broken;
      text += entries.back().at("message").get_ref<const std::string&>().size();
    }
    whole = whole && step == 0;
  }
};

}  // namespace

std::pair<int, int> priorities_of(const std::string& text) {
  const auto dots = text.find("..");
  if (dots == std::string::npos) return {0, priority_of(text)};
  const int one = priority_of(text.substr(0, dots)), other = priority_of(text.substr(dots + 2));
  return {std::min(one, other), std::max(one, other)};
}

Json read_journal(std::vector<std::string> files, const JournalAsked& asked, const std::function<bool()>& gone) {
  const std::int64_t since = begin_of(asked.since);
  const std::size_t older = keep_newest(files, most_journals);
  std::size_t left_out = 0;
  const Journal journal = open(files, left_out);
  filter(journal.get(), asked);
  Reading reading;
  reading.read(journal.get(), asked, since, gone);
  if (!has_all(journal.get(), files) || !std::all_of(files.begin(), files.end(), has_its_entries))
    reading.whole = false;
  std::reverse(reading.entries.begin(), reading.entries.end());
  Json answer{
      {"entries", std::move(reading.entries)}, {"truncated", reading.more || !reading.whole}, {"whole", reading.whole}};
  if (left_out + older > 0) answer["files_left_out"] = left_out + older;
  return answer;
}

Json JournalDesk::read(const std::vector<std::string>& files, const JournalAsked& asked,
                       const std::function<bool()>& gone) {
  std::unique_lock<std::mutex> lock(m_mutex);
  if (!m_changed.wait_for(lock, m_patience, [this] { return !m_reading; }))
    throw Error(503, "busy", "the journal is being read for another, and takes its time", "try again");
  m_reading = true;
  lock.unlock();
  const auto leave = [this](void*) {
    const std::lock_guard<std::mutex> own(m_mutex);
    m_reading = false;
    m_changed.notify_one();
  };
  const std::unique_ptr<JournalDesk, decltype(leave)> turn(this, leave);
  return read_journal(files, asked, gone);
}

bool in_a_process_of_its_own(std::string_view command_line) {
  const auto end = command_line.find('\0');
  constexpr std::string_view word = "plugin-host";
  const auto second = command_line.substr(end == std::string_view::npos ? command_line.size() : end + 1);
  return second.substr(0, second.find('\0')) == word;
}

}  // namespace machine
