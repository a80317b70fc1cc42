// Only our own end never blocks: the other one is the program's, which expects nothing of that.
#include "service/process/ends.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace berth::service {

namespace {

bool has(const Order& order, int number) {
  return std::any_of(order.files.begin(), order.files.end(),
                     [number](const Order::File& file) { return file.number == number; });
}

int make_pipe(UniqueFd& reads, UniqueFd& writes) {
  int both[2] = {-1, -1};
  if (::pipe2(both, O_CLOEXEC) != 0) return errno;
  reads = UniqueFd(both[0]);
  writes = UniqueFd(both[1]);
  return 0;
}

}  // namespace

int Child::Ends::make(Plan& plan) { return plan.terminal ? make_terminal(plan) : make_pipes(plan); }

int Child::Ends::make_pipes(Plan& plan) {
  Order& order = plan.order;
  UniqueFd theirs;
  if (plan.input && !has(order, 0)) {
    if (const int why = make_pipe(theirs, in)) return why;
    order.files.push_back({std::move(theirs), 0});
  }
  if (!has(order, 1)) {
    if (const int why = make_pipe(out, theirs)) return why;
    UniqueFd second(plan.together && !has(order, 2) ? ::fcntl(theirs.get(), F_DUPFD_CLOEXEC, 3) : -1);
    if (second) order.files.push_back({std::move(second), 2});
    order.files.push_back({std::move(theirs), 1});
  }
  if (!has(order, 2)) {
    UniqueFd last;
    if (const int why = make_pipe(errors, last)) return why;
    order.files.push_back({std::move(last), 2});
  }
  return 0;
}

void Child::Ends::replace(UniqueFd other) {
  winsize size{};
  if (::ioctl(out.get(), TIOCGWINSZ, &size) == 0) ::ioctl(other.get(), TIOCSWINSZ, &size);
  UniqueFd second(::fcntl(other.get(), F_DUPFD_CLOEXEC, 3));
  if (!second) return;  // then it hears nothing, and its end tells
  in = std::move(second);
  out = std::move(other);
}

// Its other side the launcher opens (terminal.hpp).
int Child::Ends::make_terminal(Plan& plan) {
  out = UniqueFd(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!out || ::unlockpt(out.get()) != 0) return errno;
  const winsize size{plan.terminal->rows, plan.terminal->columns, 0, 0};
  ::ioctl(out.get(), TIOCSWINSZ, &size);
  in = UniqueFd(::fcntl(out.get(), F_DUPFD_CLOEXEC, 3));
  UniqueFd master(::fcntl(out.get(), F_DUPFD_CLOEXEC, 3));
  if (!in || !master) return errno;
  std::erase_if(plan.order.files, [](const Order::File& file) { return file.number == 0; });
  plan.order.files.push_back({std::move(master), 0});
  terminal = plan.order.terminal = true;
  return 0;
}

}  // namespace berth::service
