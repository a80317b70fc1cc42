// What one session has: a zygote in its jail, workers that are spare, and its kernels.
#pragma once

#include <berth/plugin.hpp>
#include <berth/service/process.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "backoff.hpp"
#include "checkpoints.hpp"
#include "health.hpp"
#include "kept.hpp"
#include "kernel.hpp"
#include "zygote.hpp"

namespace kernel {

using loop::Backoff;
using loop::Loop;
using loop::Timer;

struct SeatOptions {
  Health* health = nullptr;  // is told whether kernels come up; null: nobody is
  Kept* kept = nullptr;      // remembers what was written by itself; null: nothing is
  EngineOptions engine;
  std::chrono::milliseconds grace{2000};
  std::size_t spares = 1;
  berth::Json figures;
  CheckpointOptions checkpoints;
  std::string usual_engine = "python";             // of the kernel that is there without being made
  bool any_engine = true;                          // all kernelspecs may be had, or these:
  std::vector<std::string> engines;                // jupyter:NAME
  berth::Json kernelspecs = berth::Json::array();  // folders of them, beside the usual ones
};

class Seat : public std::enable_shared_from_this<Seat> {
 public:
  static constexpr std::size_t most_kernels = 64, most_failed = 256;
  static constexpr std::string_view usual = "default";
  static constexpr std::string_view python = "python";     // the engine of our own
  static constexpr std::string_view foreign = "jupyter:";  // before the name of a kernelspec: any other

  // Whether there may be such an engine. Any thread. Throws Error(422).
  static void check(const SeatOptions& options, const std::string& engine);

  // All on the loop's thread.
  Seat(Loop& loop, const berth::Processes& processes, const SeatOptions& options, std::string session);
  ~Seat();

  // The usual one comes into being when it is first asked for. Throws Error(404).
  std::shared_ptr<Kernel> kernel(const std::string& id);
  // An empty name: one is made. Throws Error.
  std::shared_ptr<Kernel> add(const std::string& name, const std::string& engine = std::string(python));
  void remove(const std::string& id);  // Throws Error(404)
  void forget(const Kernel& one);      // the same, if it is still there
  berth::Json list() const;
  // What is known of what runs that kernel's cells; empty: nothing yet.
  berth::Json engine(const std::string& id) const;
  const std::string& session() const { return m_session; }
  Checkpoints& checkpoints();
  const History& history() const { return *m_history; }
  // What a worker is forked with; `random`: new, or kept, of one that is thawed.
  berth::Json fork_config(const std::string& random) const;
  berth::Json debug() const;  // for who looks for a fault

 private:
  std::shared_ptr<Kernel> make(const std::string& id, const std::string& engine);
  Worker::GiveUp acquire(const std::string& engine, const Worker::Born& then);
  void acquire_forked(const Worker::Born& then);
  Worker::GiveUp acquire_foreign(const std::string& kernelspec, const Worker::Born& then);
  void foreign_failed(const std::string& kernelspec, const berth::Error& why);
  void make_worker(const Worker::Born& then, bool again);
  void refill();
  void zygote_ended(const berth::Error& error);
  void tell_health(const std::string& engine, const berth::Error* error) const;
  void ensure_zygote();  // Throws Error
  void keep_later();
  void keep_all();
  void keep(const std::shared_ptr<Kernel>& kernel);
  void rebase(const std::string& gone, const std::string& parent);

  Loop& m_loop;
  const berth::Processes& m_processes;
  const SeatOptions& m_options;
  const std::string m_session;
  std::shared_ptr<Zygote> m_zygote;
  std::vector<std::shared_ptr<Worker>> m_spares;
  std::map<std::string, std::shared_ptr<Kernel>> m_kernels;
  const std::shared_ptr<History> m_history = std::make_shared<History>();
  std::shared_ptr<Checkpoints> m_checkpoints;  // once there may be one
  std::size_t m_coming = 0;                    // spares that are being made
  std::uint64_t m_last = 0;                    // name that was made
  Backoff m_backoff;
  std::map<std::string, Backoff> m_foreign_backoff;  // of those that do not come up, by kernelspec
  // Of kernels that were written by themselves: as what.
  std::map<std::string, std::pair<std::uint64_t, std::int64_t>> m_written;
  bool m_keeps = false;  // the timer is set
  Timer m_later, m_keeping;
};

}  // namespace kernel
