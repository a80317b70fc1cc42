// Where sessions' files are, for one plugin: looked up on a thread that may wait for the disk, and opened there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "loader/services/note.hpp"
#include "service/loop.hpp"
#include "service/pool.hpp"
#include "session/workspace.hpp"

namespace berth::loader {

class WorkspacesDesk {
 public:
  using Tell = std::function<void(Note)>;
  WorkspacesDesk(service::Loop& loop, service::Pool* pool, session::Workspaces* workspaces)
      : m_loop(loop), m_pool(pool), m_workspaces(workspaces) {}

  // `tell` may outlive the desk. I/O thread, as the other.
  void open(const Note& note, const Tell& tell);
  void reset();

 private:
  struct Book {  // of one instance
    std::size_t open = 0;
    bool over = false;  // what it asked is not answered to the next
  };
  service::Loop& m_loop;
  service::Pool* const m_pool;
  session::Workspaces* const m_workspaces;
  std::shared_ptr<Book> m_book = std::make_shared<Book>();
};

}  // namespace berth::loader
