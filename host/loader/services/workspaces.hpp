// berth.workspace/1, on the plugin's side: who waits for which workspace.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "loader/services/note.hpp"
#include "service/error.hpp"
#include "service/unique_fd.hpp"

namespace berth::loader {

class Lent;

class WorkspacesLent {
 public:
  struct Given {
    service::UniqueFd folder;
    uid_t user = 0;
    std::uint64_t quota = 0;
    std::vector<std::string> aliases;
  };
  explicit WorkspacesLent(const Lent& lent) : m_lent(lent) {}

  service::Result<Given> open(std::string session);  // waits; any thread but the I/O thread, where it fails
  void hear(Note note);                              // I/O thread
  bool has_ended();
  void end();  // whoever waits is told, and whoever comes, too; any thread

 private:
  service::Result<Given> wait_for(std::uint64_t number);

  const Lent& m_lent;
  std::mutex m_mutex;  // guards what follows
  std::condition_variable m_changed;
  std::map<std::uint64_t, std::optional<Note>> m_open;  // with what was answered
  std::uint64_t m_last = 0;
  bool m_ended = false;
};

}  // namespace berth::loader
