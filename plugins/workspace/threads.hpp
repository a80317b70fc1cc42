// Threads for calls that last as long as their client wishes: a watch, a search or a download that is read slowly. They
// have threads of their own and none of the host's, which other operations wait for.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace workspace {

class Threads {
 public:
  struct Bounds {
    std::string what;  // "watches"
    std::size_t of_one_session, in_all;
    std::string hint;
  };
  explicit Threads(Bounds bounds) : m_bounds(std::move(bounds)) {}
  ~Threads();  // the calls have ended by then, and so the threads do
  Threads(const Threads&) = delete;

  // Throws an Error (503) if there are too many: before anything is opened in vain.
  void demand_room(const std::string& session);
  // As demand_room(), and then begins. `work` throws nothing: Call::guard sees to that. Once `leaving` is true its
  // client is gone and it is about to end, and others have its place; as many again may be so at a time, of one
  // session and in all.
  using Flag = std::shared_ptr<const std::atomic<bool>>;
  void start(const std::string& session, std::function<void()> work, Flag leaving = nullptr);

 private:
  struct One {
    std::string session;
    std::thread thread;
    Flag over, leaving;
    bool counts() const { return !leaving || !*leaving; }
  };
  struct Count {
    std::size_t staying = 0, leaving = 0;
    void add(const One& one);
    bool fills(std::size_t bound) const { return staying >= bound || staying + leaving >= 2 * bound; }
    std::string words(const std::string& what) const;
  };
  void join_those_that_are_over();
  void look_for_room(const std::string& session);

  const Bounds m_bounds;
  std::mutex m_mutex;  // guards what follows
  std::list<One> m_all;
};

}  // namespace workspace
