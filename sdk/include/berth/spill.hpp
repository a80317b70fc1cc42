// What does not fit into an answer goes into a file in the session's workspace, output/FOLDER/NAME.STREAM.txt. Files
// are slow, so a thread of its own writes them; it is started when it is first needed.
//
//   berth::Spiller m_spiller{m_workspaces, "cells"};          // BERTH_WORKSPACE; goes before what it calls
//   const auto spill = m_spiller.spill(call.session(), "c1", "stdout");
//   berth::Kept kept(most, spill->taker());
//   m_spiller.after([=] { call.send({{"stdout", kept.text(spill->note())}}); });
//
// The agent owns the folder and may put links there at any time: everything is opened beneath the workspace, and no
// link is followed.
#ifndef BERTH_SPILL_HPP
#define BERTH_SPILL_HPP

#include <berth/beneath.hpp>
#include <berth/fd.hpp>
#include <berth/output.hpp>
#include <berth/service/workspace.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace berth {

namespace detail {

inline Fd open_inside(int folder, const std::string& path, int flags, mode_t mode = 0) {
  return Fd(open_beneath(folder, path, flags, false, mode));
}

// Where the host is not root, what it makes there is the agent's already, or nobody's to give away.
inline void give_to(int fd, uid_t user) {
  if (::fchown(fd, user, user) != 0) return;
}

inline Fd spill_folder(const Workspace& workspace, const std::string& name) {
  const Fd output = open_inside(workspace.folder(), "output", O_RDONLY | O_DIRECTORY);
  if (!output) return {};
  const bool made = ::mkdirat(output.get(), name.c_str(), 0755) == 0;
  if (!made && errno != EEXIST) return {};
  Fd folder = open_inside(output.get(), name, O_RDONLY | O_DIRECTORY);
  if (made && folder) give_to(folder.get(), workspace.user());
  return folder;
}

}  // namespace detail

class Spiller;

// One stream of one program. The file comes into being with the first byte.
class Spill : public std::enable_shared_from_this<Spill> {
 public:
  static constexpr std::uint64_t most = 64u << 20;  // of one file; less if a tenth of the session's quota is
  Spill(Spiller& spiller, std::string session, std::string name)
      : m_spiller(spiller), m_session(std::move(session)), m_name(std::move(name)) {}
  Kept::Out taker();
  bool used() const { return m_used; }  // any thread
  void end();                           // nothing more comes: it holds no file open any more
  // For Kept::text(): where it is, or that it is lost, and why. After Spiller::after() only.
  std::string note() const;

 private:
  friend class Spiller;
  void write(std::string_view bytes);
  bool open();
  bool put(std::string_view bytes);
  void lose(std::string why) {
    m_lost = std::move(why);
    m_over = true;
    m_file.close();
  }

  Spiller& m_spiller;
  const std::string m_session, m_name;
  std::atomic<bool> m_used{false}, m_over{false};
  Fd m_file;  // the rest: the spiller's thread, and read after it
  std::uint64_t m_size = 0, m_room = 0;
  std::string m_lost;  // why not all of it is there
};

class Spiller {
 public:
  static constexpr std::size_t most_waiting = 64u << 20;  // bytes; what comes on top is lost
  static constexpr std::size_t many_waiting = 4u << 20;   // who can hold a program back does so now
  Spiller(const Workspaces& workspaces, std::string folder) : m_workspaces(workspaces), m_folder(std::move(folder)) {}
  Spiller(const Spiller&) = delete;
  ~Spiller() {
    {
      const std::lock_guard lock(m_mutex);
      m_ending = true;
      m_changed.notify_all();
    }
    if (m_thread.joinable()) m_thread.join();
  }
  std::shared_ptr<Spill> spill(const std::string& session, const std::string& name, const char* stream) {
    return std::make_shared<Spill>(*this, session, name + "." + stream + ".txt");
  }
  // Any thread, all of what follows.
  bool behind() const { return waiting() > many_waiting; }
  // Runs when all that was spilled before is written; on the spiller's thread. Must not throw.
  void after(std::function<void()> then) { add(0, std::move(then)); }
  // Returns when all that was added before has been done.
  void wait() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_work.empty() && !m_working; });
  }

 private:
  friend class Spill;
  std::size_t waiting() const {
    const std::lock_guard lock(m_mutex);
    return m_waiting;
  }
  void add(std::size_t bytes, std::function<void()> work) {
    const std::lock_guard lock(m_mutex);
    if (m_ending) return;
    m_waiting += bytes;
    m_work.emplace_back(bytes, std::move(work));
    if (!m_thread.joinable()) m_thread = std::thread([this] { run(); });
    m_changed.notify_all();
  }
  void run() {
    std::unique_lock lock(m_mutex);
    for (;;) {
      m_changed.wait(lock, [this] { return m_ending || !m_work.empty(); });
      if (m_ending) return;
      auto [bytes, work] = std::move(m_work.front());
      m_work.pop_front();
      m_working = true;
      lock.unlock();
      work();
      work = nullptr;
      lock.lock();
      m_working = false;
      m_waiting -= bytes;
      if (m_work.empty()) m_changed.notify_all();
    }
  }

  const Workspaces& m_workspaces;
  const std::string m_folder;
  mutable std::mutex m_mutex;  // guards what follows
  std::condition_variable m_changed;
  std::deque<std::pair<std::size_t, std::function<void()>>> m_work;
  std::size_t m_waiting = 0;
  bool m_ending = false, m_working = false;
  std::thread m_thread;
};

inline Kept::Out Spill::taker() {
  return [weak = weak_from_this()](std::string_view bytes) {
    const auto self = weak.lock();
    if (!self) return;
    self->m_used = true;
    if (self->m_over) return;
    auto& spiller = self->m_spiller;
    if (spiller.waiting() <= Spiller::most_waiting)
      return spiller.add(bytes.size(), [self, text = std::string(bytes)] { self->write(text); });
    self->m_over = true;
    spiller.add(0, [self] {
      if (self->m_lost.empty()) self->lose("they came faster than they could be written");
    });
  };
}

inline void Spill::end() {
  if (m_over.exchange(true) || !m_used) return;
  m_spiller.after([self = shared_from_this()] { self->m_file.close(); });
}

inline std::string Spill::note() const {
  if (!m_used) return {};
  const std::string path = "/workspace/output/" + m_spiller.m_folder + "/" + m_name;
  if (m_lost.empty()) return ": they are in " + path;
  if (m_size == 0) return ": they are lost, since " + m_lost;
  return ": the first " + std::to_string(m_size) + " of them are in " + path + ", the rest is lost, since " + m_lost;
}

inline bool Spill::open() {
  try {
    const Workspace workspace = m_spiller.m_workspaces.open(m_session);
    m_room = workspace.quota() == 0 ? most : std::min(most, workspace.quota() / 10);
    const Fd folder = detail::spill_folder(workspace, m_spiller.m_folder);
    if (!folder) return false;
    ::unlinkat(folder.get(), m_name.c_str(), 0);
    m_file = detail::open_inside(folder.get(), m_name, O_WRONLY | O_CREAT | O_EXCL, 0644);
    if (m_file) detail::give_to(m_file.get(), workspace.user());
    return static_cast<bool>(m_file);
  } catch (const Error&) {
    return false;
  }
}

inline bool Spill::put(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(m_file.get(), bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    m_size += static_cast<std::uint64_t>(wrote);
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

// Of what is more than a file may have the begin stays. A full disk gets back what it gave.
inline void Spill::write(std::string_view bytes) {
  if (!m_lost.empty()) return;
  errno = 0;
  if (!m_file && !open())
    return lose(errno == ENOSPC || errno == EDQUOT ? "the workspace has no room for them"
                                                   : "/workspace/output/" + m_spiller.m_folder + " cannot be written");
  const auto fits = bytes.substr(0, m_room - m_size);
  if (!put(fits)) {
    if (::ftruncate(m_file.get(), 0) == 0) m_size = 0;
    return lose("the workspace has no room for them");
  }
  if (fits.size() < bytes.size()) lose("such a file has " + std::to_string(m_room) + " bytes at the most");
}

}  // namespace berth

#endif
