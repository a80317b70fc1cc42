// STATE/sessions: a folder for each session, with its record and its workspace. A session is there or it is not: it is
// made beside and takes its name in one step, and loses it in one, so that a host that was killed in between leaves
// nothing half.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/error.hpp"
#include "session/record.hpp"

namespace berth::session {

class SeatFiles {
 public:
  explicit SeatFiles(std::string folder) : m_folder(std::move(folder)) {}

  // Makes the folder, and ends what a host that was killed had begun. How much that was.
  // `open`: agents have users of their own and the machine's paths, so that these must lead them through.
  service::Result<std::size_t> prepare(bool open);

  struct Found {
    std::string id;
    service::Result<Record> record;
  };
  std::vector<Found> all() const;
  std::vector<std::string> strange() const;  // names in the folder that no session can have

  std::optional<service::Error> make(const Record& record) const;
  // Makes what is missing of its workspace, and gives it to its user.
  std::optional<service::Error> mend(const Record& record) const;
  std::optional<service::Error> save(const Record& record) const;
  // With its record and its workspace. An Error says what is left.
  std::optional<service::Error> remove(const std::string& id) const;

  std::string workspace(const std::string& id) const { return seat(id) + "/workspace"; }
  std::string record_file(const std::string& id) const { return seat(id) + "/session.json"; }
  std::string seat(const std::string& id) const { return m_folder + "/" + id; }

 private:
  std::optional<service::Error> furnish(const std::string& seat, uid_t user) const;

  const std::string m_folder;
  bool m_open = false;
};

// Of the sessions whose records are in STATE/sessions, as far as they can be read: for commands beside the host. Null:
// no host has kept sessions there yet.
std::optional<std::vector<Record>> recorded_sessions(const std::string& state);

}  // namespace berth::session
