// Tells when files have come, gone or changed in some folders, once they have been quiet for a moment: a build writes
// many, one after the other. Everything on the I/O thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "service/error.hpp"
#include "service/event_loop.hpp"

namespace berth::service {

class FolderWatch : public std::enable_shared_from_this<FolderWatch> {
 public:
  struct Ears {
    std::function<bool(std::string_view file)> concerns;  // by its name
    std::function<void()> changed;
  };
  static Result<std::shared_ptr<FolderWatch>> open(EventLoop& loop, Ears ears);
  FolderWatch(EventLoop& loop, int inotify, Ears ears);

  bool add(const std::string& folder);  // false: it is none, or it cannot be watched
  // With every folder below it, but for hidden ones and those of these names.
  void add_below(const std::string& folder, const std::set<std::string>& but_for);

 private:
  using Descriptor = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;
  void listen();
  void on_events(std::size_t count);

  Descriptor m_inotify;
  boost::asio::steady_timer m_quiet;
  const Ears m_ears;
  std::vector<char> m_room;
};

}  // namespace berth::service
