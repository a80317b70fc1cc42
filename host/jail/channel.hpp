// The host's end of the socket to one process of a jail: whole messages, with descriptors, and never waited for without
// an end.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jail/inside/sheet.h"
#include "service/error.hpp"
#include "service/unique_fd.hpp"

namespace berth::jail {

struct Answer {
  berth_answer_kind kind = berth_answer_failed;
  int error = 0;
  std::string what;
  service::UniqueFd fd;
  // "cannot WHAT: No such file or directory"
  std::string in_words() const;
};

class Channel {
 public:
  Channel() = default;
  // This end, and the one for the other process.
  static service::Result<std::pair<Channel, service::UniqueFd>> make();

  int send(std::string_view message, const std::vector<int>& fds);  // 0, or errno
  // An error: the other side is gone or silent.
  service::Result<Answer> receive(std::chrono::milliseconds patience);
  void close() { m_socket = {}; }

 private:
  explicit Channel(service::UniqueFd socket) : m_socket(std::move(socket)) {}
  service::UniqueFd m_socket;
};

}  // namespace berth::jail
