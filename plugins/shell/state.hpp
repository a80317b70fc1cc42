// What one command leaves to the next: the folder and the environment.
#pragma once

#include <cstddef>
#include <cstdint>
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
// The agent can write there, too: what is not whole is left out, and so is what comes behind something too large, or
// behind the third.
std::vector<Snapshot> read_snapshots(std::string_view bytes);

class State {
 public:
  static constexpr std::size_t most = 1u << 20;        // bytes of it all
  static constexpr std::size_t most_variables = 4000;  // what one command may set is bounded in time, too
  struct Begin {                                       // what a command begins with
    std::uint64_t generation = 0;
    std::shared_ptr<const Snapshot> snapshot;  // null: it was not known
  };

  State() : m_now(std::make_shared<Snapshot>(Snapshot{home, {}})) {}

  // What the session's jail gives everybody is not known before bash has been asked.
  bool known() const { return m_known; }
  // Stays as it is, whatever comes later.
  std::shared_ptr<const Snapshot> now() const { return m_now; }
  Begin begin() const { return {m_generation, m_known ? m_now : nullptr}; }
  std::uint64_t generation() const { return m_generation; }
  void forget();  // a new shell's: what began before brings nothing back

  // What a command told, which began so. `whole`: all that it changed counts; otherwise it only says what a shell
  // begins with, where nobody knew that. False: what it changed is not kept.
  bool learn(const Begin& begin, const std::vector<Snapshot>& told, bool whole);

  // What a command changed between these two is put on top of what is here: others may have changed something
  // meanwhile. False: it is too much, and nothing is changed.
  bool learn(const Snapshot& before, const Snapshot& after);
  bool set(const std::string& name, const std::optional<std::string>& value);  // null: unset. False: too much

 private:
  bool take(Snapshot next);
  std::shared_ptr<const Snapshot> m_now;
  std::uint64_t m_generation = 0;
  bool m_known = false;
};

}  // namespace shell
