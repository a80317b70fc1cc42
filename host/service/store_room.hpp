// How much a store holds, and whether more fits: counted once, kept up to date, and counted again before anybody is
// refused, since files may come and go without it.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <utility>

namespace berth::service {

class StoreRoom {
 public:
  StoreRoom(std::string folder, std::uint64_t limit) : m_folder(std::move(folder)), m_limit(limit) {}

  // What a file of so many bytes takes: whole blocks, so that many empty ones are not free.
  static std::uint64_t weight_of(std::uint64_t size) { return (size / block + 1) * block; }

  // Any thread; reads the folder now and then. False: it does not fit.
  bool take(std::uint64_t weight);
  void give_back(std::uint64_t weight);
  std::uint64_t limit() const { return m_limit; }
  std::uint64_t held() const;

 private:
  static constexpr std::uint64_t block = 4096;
  void count();  // under the lock

  const std::string m_folder;
  const std::uint64_t m_limit;
  mutable std::mutex m_mutex;  // guards what follows
  bool m_counted = false;
  std::uint64_t m_held = 0, m_since = 0;  // all; taken since it was counted
};

}  // namespace berth::service
