// One child process: started, its output read line by line, its end seen and put into words. Everything on the I/O
// thread.
#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/error.hpp"
#include "service/event_loop.hpp"
#include "service/unique_fd.hpp"

namespace berth::loader {

class Child : public std::enable_shared_from_this<Child> {
 public:
  struct Plan {
    std::string program;
    std::vector<std::string> arguments;    // the first is the program's name for itself
    std::vector<std::string> environment;  // all of it, "NAME=value"
    service::UniqueFd link;                // becomes its descriptor 3
  };
  struct Ears {
    std::function<void(std::string_view line)> line;  // of its standard output or error
    std::function<void(std::string how)> ended;       // once: "was killed by signal 11 (Segmentation fault)"
  };

  static service::Result<std::shared_ptr<Child>> spawn(service::EventLoop& loop, Plan plan, Ears ears);
  ~Child();
  Child(const Child&) = delete;

  pid_t pid() const { return m_pid; }
  void kill();                                  // at once; how it ended is heard as always
  std::optional<std::uint64_t> memory() const;  // bytes that it holds for itself and has touched; null: unknown

 private:
  using Descriptor = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;
  Child(service::EventLoop& loop, pid_t pid, service::UniqueFd handle, service::UniqueFd output, Ears ears);
  void listen();
  void on_output(std::size_t count);
  void watch();
  void reap();
  void drain_output();

  const pid_t m_pid;
  Descriptor m_handle;  // a pidfd: readable once the process has ended
  Descriptor m_output;
  Ears m_ears;
  std::string m_line;
  std::vector<char> m_room;
  bool m_ended = false;
};

}  // namespace berth::loader
