// A session's checkpoints: frozen workers, and what is known of them. They form a tree, whose root is the fresh
// namespace of the zygote's. One that ends by itself, or has to make room, is out of it.
#pragma once

#include <berth/call.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "freezing.hpp"
#include "frozen.hpp"
#include "kernel.hpp"

namespace kernel {

struct CheckpointOptions {
  std::size_t most = 128;      // all of a session's
  std::size_t automatic = 10;  // of those, that nobody asked for by himself; the oldest makes room
  std::uint64_t most_own = 0;  // bytes that those may hold by themselves; 0: no bound
};

struct Checkpoint {
  std::string id, name, kernel, parent;
  bool automatic = false;
  std::int64_t cells = 0;
  History::Line line = {};
  std::chrono::system_clock::time_point made = {};
  berth::Json warnings = {};
  std::shared_ptr<const berth::Json> shell = {};  // the session's: folder and variables, or null
  Frozen::Size size = {};
  std::shared_ptr<Frozen> frozen = {};
};

class Checkpoints : public std::enable_shared_from_this<Checkpoints> {
 public:
  struct Wish {
    std::string name;
    std::shared_ptr<berth::Json> shell = std::make_shared<berth::Json>();  // known now, or soon
    bool strict = false, wait = true, automatic = false;
  };
  // One of the two: its id, or why there is none.
  using Begun = std::function<void(const std::string& id, const std::optional<berth::Error>&)>;
  using Made = std::function<void(const Checkpoint*, const std::optional<berth::Error>&)>;

  using Gone = std::function<void(const std::string& id, const std::string& parent)>;

  // All on the loop's thread. `look`: who counts what the session runs into; `gone`: hears of each that is forgotten.
  Checkpoints(Loop& loop, const CheckpointOptions& options, Frozen::Look look, Gone gone);
  ~Checkpoints();

  // `begun`: when the namespace is kept, and before anything else runs in that kernel; `then`: when it has proved
  // itself. Either may be empty. What is given back waits in the kernel's queue. Throws Error.
  std::shared_ptr<Task> make(const std::shared_ptr<Kernel>& kernel, const Wish& wish, const Begun& begun,
                             const Made& then);
  // By id, by name, or the `last` of that kernel. Throws Error(404).
  const Checkpoint& find(const std::string& what, const std::string& kernel) const;
  void thaw(const Checkpoint& one, const berth::Json& config, const Worker::Born& then);
  void remove(const std::string& id);
  // The sizes as they are now, where one answers.
  void measure(const std::function<void()>& then);
  berth::Json list() const;
  static berth::Json facts(const Checkpoint& one);

 private:
  using At = std::list<Checkpoint>::iterator;
  At at(const std::string& id);
  void check_room(const Wish& wish);
  void arrived(const Wish& wish);
  std::string keep(const std::shared_ptr<Kernel>& kernel, const Wish& wish, Freezing::Outcome outcome,
                   const Made& then);
  void proven(const std::string& id, Frozen::Size size, const std::optional<berth::Error>& error, const Made& then);
  void make_room();
  void spare_memory();
  At oldest_automatic();
  void forget(At one);

  Loop& m_loop;
  const CheckpointOptions m_options;
  const Frozen::Look m_look;
  const Gone m_gone;
  std::list<Checkpoint> m_all;  // the oldest first
  std::size_t m_coming = 0;     // that are being made
  std::multiset<std::string> m_names_coming;
  std::uint64_t m_last = 0;  // number that was given
};

}  // namespace kernel
