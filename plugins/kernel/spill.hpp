// What does not fit into a cell's answer goes into a file in the session's workspace. Files are slow, so a thread of
// its own writes them; it is started when it is first needed.
#pragma once

#include <berth/service/workspace.hpp>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include <berth/fd.hpp>
#include <berth/output.hpp>

namespace kernel {

class Spiller;

// One stream of one cell. The file comes into being with the first byte.
class Spill : public std::enable_shared_from_this<Spill> {
 public:
  static constexpr std::uint64_t most = 64u << 20;  // of one file
  Spill(Spiller& spiller, std::string session, std::string name);
  berth::Kept::Out taker();
  bool used() const { return m_used; }  // on the thread that spills
  // Where it is, as the agent sees it; empty: there is no such file, or it is not whole. After Spiller::after() only.
  std::string path() const;

 private:
  friend class Spiller;
  void write(const berth::Workspaces& workspaces, std::string_view bytes);
  bool open(const berth::Workspaces& workspaces);

  Spiller& m_spiller;
  const std::string m_session, m_name;
  bool m_used = false;
  berth::Fd m_file;  // the rest: the spiller's thread, and read after it
  std::uint64_t m_size = 0, m_room = 0;
  bool m_failed = false;
};

class Spiller {
 public:
  static constexpr std::size_t most_waiting = 64u << 20;  // bytes
  explicit Spiller(const berth::Workspaces& workspaces) : m_workspaces(workspaces) {}
  ~Spiller();
  std::shared_ptr<Spill> spill(const std::string& session, const std::string& cell, const char* stream);
  // Runs when all that was spilled before is written; on the spiller's thread.
  void after(std::function<void()> then);
  // Returns when all that was added before has been done.
  void wait();

 private:
  friend class Spill;
  void add(std::size_t bytes, std::function<void()> work);
  bool full() const;
  void run();

  const berth::Workspaces& m_workspaces;
  mutable std::mutex m_mutex;  // guards what follows
  std::condition_variable m_changed;
  std::deque<std::pair<std::size_t, std::function<void()>>> m_work;
  std::size_t m_waiting = 0;
  bool m_ending = false, m_working = false;
  std::thread m_thread;
};

}  // namespace kernel
