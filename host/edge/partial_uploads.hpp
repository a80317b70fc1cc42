// Resumable uploads that are under way, on disk, so that they outlive a lost connection and a restart of the host. Of
// each there is ID.part, the bytes so far, and ID.json, what it is for; once it is complete and answered, the answer
// takes the bytes' place.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "service/clock.hpp"
#include "service/error.hpp"
#include "service/unique_fd.hpp"

namespace berth::edge {

struct PartialUpload {
  std::string id, operation, session, caller, type, name;
  std::uint64_t length = 0;
  std::uint64_t offset = 0;           // how much of it is on disk
  nlohmann::json input;               // for the operation, once the bytes are here
  std::optional<std::string> answer;  // the operation's, once it has run
};

class PartialUploads {
 public:
  PartialUploads(std::string folder, const service::Clock& clock, std::chrono::seconds lives);

  const std::string& folder() const { return m_folder; }
  service::Result<PartialUpload> create(PartialUpload upload);
  service::Result<PartialUpload> find(const std::string& id, const std::string& caller) const;
  service::Result<service::UniqueFd> open(const std::string& id) const;
  void answered(const PartialUpload& upload, const std::string& answer);
  void remove(const std::string& id);
  void limit(std::chrono::seconds lives) { m_lives = lives; }
  void sweep();                             // forgets what is older than it may be
  void forget(const std::string& session);  // all that is for it

  // One writer at a time.
  bool lock(const std::string& id) { return m_locked.insert(id).second; }
  void unlock(const std::string& id) { m_locked.erase(id); }

 private:
  std::string path(const std::string& id, const char* ending) const { return m_folder + "/" + id + ending; }
  std::optional<service::Error> store(const PartialUpload& upload) const;

  const std::string m_folder;
  const service::Clock& m_clock;
  std::chrono::seconds m_lives;
  std::set<std::string> m_locked;
};

}  // namespace berth::edge
