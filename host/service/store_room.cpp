// Links are counted and not followed. What a write left behind that never ended goes on the way.
#include "service/store_room.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace berth::service {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::hours longest_write{1};
constexpr std::uint64_t most_counted = 4'000'000;

bool is_left_behind(const fs::directory_entry& entry) {
  std::error_code failed;
  const auto written = entry.last_write_time(failed);
  return !failed && entry.path().filename().string().starts_with(StoreRoom::unfinished) &&
         fs::file_time_type::clock::now() - written > longest_write;
}

}  // namespace

void StoreRoom::count() {
  m_held = m_since = 0;
  m_counted = true;
  std::error_code failed;
  std::uint64_t entries = 0;
  for (fs::recursive_directory_iterator at(m_folder, failed), end; !failed && at != end; at.increment(failed)) {
    std::error_code none;
    const bool file = fs::is_regular_file(at->symlink_status(none));
    if (file && is_left_behind(*at) && fs::remove(at->path(), none)) continue;
    const auto size = file ? at->file_size(none) : 0;
    m_held += weight_of(none ? 0 : size);
    if (++entries < most_counted) continue;
    m_held = m_limit;  // too many, whatever they hold
    return;
  }
}

// What is half written would be counted half.
void StoreRoom::count_alone(std::unique_lock<std::mutex>& lock) {
  m_counting = true;
  m_changed.wait(lock, [this] { return m_under_way == 0; });
  count();
  m_counting = false;
  m_changed.notify_all();
}

bool StoreRoom::take(std::uint64_t weight) {
  std::unique_lock lock(m_mutex);
  m_changed.wait(lock, [this] { return !m_counting; });
  const auto fits = [&] { return weight <= m_limit && m_held <= m_limit - weight; };
  const bool stale = !m_counted || m_since > m_limit / 4;
  if (stale || !fits()) count_alone(lock);
  if (!fits()) return false;
  m_held += weight;
  m_since += weight;
  ++m_under_way;
  return true;
}

void StoreRoom::done() {
  const std::lock_guard lock(m_mutex);
  if (--m_under_way == 0) m_changed.notify_all();
}

void StoreRoom::give_back(std::uint64_t weight) {
  const std::lock_guard lock(m_mutex);
  m_held -= std::min(m_held, weight);
}

std::uint64_t StoreRoom::held() const {
  const std::lock_guard lock(m_mutex);
  return m_held;
}

}  // namespace berth::service
