// The agent owns the folder and may put links there at any time: everything is opened beneath the workspace, and no
// link is followed.
#include "spill.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace kernel {

namespace {

constexpr const char* folder_name = "cells";  // in output/

berth::Fd open_beneath(int folder, const char* path, std::uint64_t flags, std::uint64_t mode = 0) {
  open_how how{};
  how.flags = flags | O_CLOEXEC;
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  return berth::Fd(static_cast<int>(::syscall(SYS_openat2, folder, path, &how, sizeof how)));
}

// Where the host is not root, what it makes there is the agent's already, or nobody's to give away.
void give(int fd, uid_t user) {
  if (::fchown(fd, user, user) != 0) return;
}

berth::Fd folder_in(const berth::Workspace& workspace) {
  const berth::Fd output = open_beneath(workspace.folder(), "output", O_RDONLY | O_DIRECTORY);
  if (!output) return {};
  const bool made = ::mkdirat(output.get(), folder_name, 0755) == 0;
  berth::Fd folder = open_beneath(output.get(), folder_name, O_RDONLY | O_DIRECTORY);
  if (made && folder) give(folder.get(), workspace.user());
  return folder;
}

}  // namespace

Spill::Spill(Spiller& spiller, std::string session, std::string name)
    : m_spiller(spiller), m_session(std::move(session)), m_name(std::move(name)) {}

berth::Kept::Out Spill::taker() {
  return [weak = weak_from_this()](std::string_view bytes) {
    const auto self = weak.lock();
    if (!self) return;
    self->m_used = true;
    auto& spiller = self->m_spiller;
    const bool lost = spiller.full();
    spiller.add(lost ? 0 : bytes.size(), [self, lost, text = lost ? std::string() : std::string(bytes)] {
      self->m_failed = self->m_failed || lost;
      self->write(self->m_spiller.m_workspaces, text);
    });
  };
}

std::string Spill::path() const {
  return m_used && !m_failed && m_size > 0 ? std::string("/workspace/output/") + folder_name + "/" + m_name : "";
}

bool Spill::open(const berth::Workspaces& workspaces) {
  const berth::Workspace workspace = workspaces.open(m_session);
  m_room = workspace.quota() == 0 ? most : std::min(most, workspace.quota() / 10);
  const berth::Fd folder = folder_in(workspace);
  if (!folder) return false;
  ::unlinkat(folder.get(), m_name.c_str(), 0);
  m_file = open_beneath(folder.get(), m_name.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0644);
  if (m_file) give(m_file.get(), workspace.user());
  return static_cast<bool>(m_file);
}

// A file that is not whole is not shown, and does not stay.
void Spill::write(const berth::Workspaces& workspaces, std::string_view bytes) {
  if (m_failed) return m_file.close();
  try {
    m_failed = !m_file && !open(workspaces);
  } catch (const berth::Error&) {
    m_failed = true;
  }
  if (m_failed || m_size + bytes.size() > m_room) m_failed = true;
  while (!m_failed && !bytes.empty()) {
    const ssize_t wrote = ::write(m_file.get(), bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    m_failed = wrote <= 0;
    if (m_failed) break;
    m_size += static_cast<std::uint64_t>(wrote);
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  if (m_failed && m_file) m_failed = ::ftruncate(m_file.get(), 0) == 0 || m_failed;
}

Spiller::~Spiller() {
  {
    const std::lock_guard lock(m_mutex);
    m_ending = true;
    m_changed.notify_all();
  }
  if (m_thread.joinable()) m_thread.join();
}

std::shared_ptr<Spill> Spiller::spill(const std::string& session, const std::string& cell, const char* stream) {
  return std::make_shared<Spill>(*this, session, cell + "." + stream + ".txt");
}

bool Spiller::full() const {
  const std::lock_guard lock(m_mutex);
  return m_waiting > most_waiting;
}

void Spiller::after(std::function<void()> then) { add(0, std::move(then)); }

void Spiller::wait() {
  std::unique_lock lock(m_mutex);
  m_changed.wait(lock, [this] { return m_work.empty() && !m_working; });
}

void Spiller::add(std::size_t bytes, std::function<void()> work) {
  const std::lock_guard lock(m_mutex);
  if (m_ending) return;
  m_waiting += bytes;
  m_work.emplace_back(bytes, std::move(work));
  if (!m_thread.joinable()) m_thread = std::thread([this] { run(); });
  m_changed.notify_all();
}

void Spiller::run() {
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

}  // namespace kernel
