// How much a store holds, and whether more fits: counted once, kept up to date, and counted again before anybody is
// refused, since files may come and go without it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace berth::service {

class StoreRoom {
 public:
  StoreRoom(std::string folder, std::uint64_t limit) : m_folder(std::move(folder)), m_limit(limit) {}

  static constexpr std::string_view unfinished = ".new-";  // what Store::write() has begun
  // What a file of so many bytes takes: whole blocks, so that many empty ones are not free.
  static std::uint64_t weight_of(std::uint64_t size) { return (size / block + 1) * block; }

  // Any thread; reads the folder now and then, when nobody writes. False: it does not fit. True: done() follows when
  // what it was taken for lies in the folder, or will not; whoever has taken takes nothing more before that.
  bool take(std::uint64_t weight);
  void done();
  void give_back(std::uint64_t weight);
  std::uint64_t limit() const { return m_limit; }
  std::uint64_t held() const;

 private:
  static constexpr std::uint64_t block = 4096;
  void count();  // under the lock
  void count_alone(std::unique_lock<std::mutex>& lock);

  const std::string m_folder;
  const std::uint64_t m_limit;
  std::condition_variable m_changed;
  mutable std::mutex m_mutex;  // guards what follows
  bool m_counted = false, m_counting = false;
  unsigned m_under_way = 0;               // have taken, and are not done
  std::uint64_t m_held = 0, m_since = 0;  // all; taken since it was counted
};

}  // namespace berth::service
