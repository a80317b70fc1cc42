// What one session has: a zygote in its jail, workers that are spare, and its kernels.
#pragma once

#include <berth/plugin.hpp>
#include <berth/service/process.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kernel.hpp"
#include "zygote.hpp"

namespace kernel {

struct SeatOptions {
  EngineOptions engine;
  std::chrono::milliseconds grace{2000};
  std::size_t spares = 1;
  berth::Json figures;
};

class Seat : public std::enable_shared_from_this<Seat> {
 public:
  static constexpr std::size_t most_kernels = 64;
  static constexpr std::string_view usual = "default";

  // All on the loop's thread.
  Seat(Loop& loop, const berth::Processes& processes, const SeatOptions& options, std::string session);
  ~Seat();

  // The usual one comes into being when it is first asked for. Throws Error(404).
  std::shared_ptr<Kernel> kernel(const std::string& id);
  std::shared_ptr<Kernel> add(const std::string& name);  // empty: a name is made. Throws Error
  void remove(const std::string& id);                    // Throws Error(404)
  berth::Json list() const;
  const berth::Json& engine() const;  // what the zygote said of itself
  const std::string& session() const { return m_session; }
  berth::Json debug() const;  // for who looks for a fault

 private:
  using Clock = std::chrono::steady_clock;
  std::shared_ptr<Kernel> make(const std::string& id);
  void acquire(const Worker::Born& then);
  void make_worker(const Worker::Born& then, bool again);
  void refill();
  void zygote_ended(const berth::Error& error);
  void ensure_zygote();  // Throws Error
  berth::Json fork_config() const;

  Loop& m_loop;
  const berth::Processes& m_processes;
  const SeatOptions& m_options;
  const std::string m_session;
  std::shared_ptr<Zygote> m_zygote;
  std::vector<std::shared_ptr<Worker>> m_spares;
  std::map<std::string, std::shared_ptr<Kernel>> m_kernels;
  std::size_t m_coming = 0;  // spares that are being made
  std::uint64_t m_last = 0;  // name that was made
  int m_failures = 0;
  Clock::time_point m_not_before;
  std::optional<berth::Error> m_why;
  Timer m_later;
};

}  // namespace kernel
