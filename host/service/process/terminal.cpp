// TIOCGPTPEER: the other side, whatever /dev/pts is where we are.
#include "service/process/terminal.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace berth::service {

namespace {

auto find(Order& order, int number) {
  return std::find_if(order.files.begin(), order.files.end(),
                      [number](const Order::File& file) { return file.number == number; });
}

}  // namespace

int give_terminal(Order& order) {
  const auto first = find(order, 0);
  if (first == order.files.end()) return ENOTTY;
  const UniqueFd master = std::move(first->fd);
  order.files.erase(first);
  for (int number = 0; number <= 2; ++number) {
    if (find(order, number) != order.files.end()) continue;
    UniqueFd theirs(::ioctl(master.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!theirs) return errno;
    order.files.push_back({std::move(theirs), number});
  }
  return 0;
}

}  // namespace berth::service
