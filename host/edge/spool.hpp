// The body of an upload on its way to disk: gathered in blocks, written by a pool thread, while reading waits.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "service/error.hpp"
#include "service/loop.hpp"
#include "service/pool.hpp"
#include "service/unique_fd.hpp"

namespace berth::edge {

class Spool : public std::enable_shared_from_this<Spool> {
 public:
  using Written = std::function<void(std::optional<service::Error>)>;  // on the I/O thread
  Spool(service::Loop& loop, service::Pool& pool, service::UniqueFd file, std::uint64_t size);

  // A file without a name in that folder: gone with the process, whatever happens to it.
  static service::Result<service::UniqueFd> nameless(const std::string& folder);

  // True: gathered, go on. False: a block is being written; `written` tells when to go on.
  bool add(std::string bytes, bool last, Written written);
  bool busy() const { return m_busy; }
  bool waiting() const { return !m_block.empty(); }
  std::uint64_t size() const { return m_size; }
  service::UniqueFd take() { return std::move(m_file); }
  int fd() const { return m_file.get(); }

 private:
  service::Loop& m_loop;
  service::Pool& m_pool;
  service::UniqueFd m_file;
  std::string m_block;
  std::uint64_t m_size;  // with what is gathered
  bool m_busy = false;
};

}  // namespace berth::edge
