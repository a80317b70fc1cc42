// The file of the ledger: lines are added to it, each with one write(), and now and then it is written anew without
// what is outdated. That waits for the disk, on a thread that may, while lines go on coming. I/O thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "policy/accounts.hpp"
#include "service/error.hpp"
#include "service/loop.hpp"
#include "service/unique_fd.hpp"

namespace berth::policy {

class Journal {
 public:
  static constexpr std::uint64_t most = 256u << 20;  // bytes of the file
  struct Around {
    service::Loop& loop;
    std::function<bool(std::function<void()>)> wait;    // lets it run on a thread that may wait; false: not now
    std::function<void(const service::Error&)> failed;  // it could not be written anew, which is tried again later
  };
  explicit Journal(Around around) : m_around(std::move(around)) {}

  // What it holds, or nothing if it is not there; and writes it anew.
  service::Result<Accounts> open(std::string path);
  std::optional<service::Error> put(const std::string& line);  // it is in the file when this returns

 private:
  struct Renewal;
  std::optional<service::Error> write_whole(const Accounts& accounts);
  void begin_renewal();
  void made();
  void named();
  void give_up(const std::optional<service::Error>& why);
  void let_go();
  bool away(std::function<void(Renewal&)> job, void (Journal::*then)());

  const Around m_around;
  std::string m_path;
  service::UniqueFd m_file;  // none: it was never opened, and nothing is written
  bool m_torn = false;       // its last line has no end
  std::uint64_t m_size = 0, m_renew_at = 0;
  std::shared_ptr<Renewal> m_renewal;                             // under way
  const std::shared_ptr<int> m_alive = std::make_shared<int>(0);  // for what is posted
};

}  // namespace berth::policy
