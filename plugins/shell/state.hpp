// What one command leaves to the next: the folder and the environment.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shell {

constexpr const char* home = "/workspace";  // where a shell begins

struct Snapshot {  // as bash told it
  std::string folder;
  std::map<std::string, std::string> variables;
  std::size_t size() const;  // bytes
};

// What a command's bash wrote down: its folder, its environment, at its begin if it was asked for that, and at its end.
// The agent can write there, too: what is not whole is left out.
std::vector<Snapshot> read_snapshots(std::string_view bytes);

class State {
 public:
  static constexpr std::size_t most = 1u << 20;  // bytes of it all

  State() : m_now(std::make_shared<Snapshot>(Snapshot{home, {}})) {}

  // What the session's jail gives everybody is not known before bash has been asked.
  bool known() const { return m_known; }
  // Stays as it is, whatever comes later.
  std::shared_ptr<const Snapshot> now() const { return m_now; }

  // What a command changed between these two is put on top of what is here: others may have changed something
  // meanwhile. False: it is too much, and nothing is changed.
  bool learn(const Snapshot& before, const Snapshot& after);
  bool set(const std::string& name, const std::optional<std::string>& value);  // null: unset. False: too much

 private:
  bool take(Snapshot next);
  std::shared_ptr<const Snapshot> m_now;
  bool m_known = false;
};

}  // namespace shell
