// The close of its socket ends it; the signal is for one that was spoiled before it froze, and does not listen. Whom
// that goes to is said by the operating system alone: whoever wrote into our socket, and wrote again when we held a
// handle.
#include "frozen.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "channel.hpp"
#include "fields.hpp"

namespace kernel {

using berth::Error;
using berth::Json;

Frozen::Frozen(Loop& loop, Json about, Look look) : Forker(loop), m_look(std::move(look)) {
  m_about = std::move(about);
}

void Frozen::begin(berth::Fd orders, const std::function<void(Size, const std::optional<Error>&)>& then, Ended ended) {
  open(std::move(orders), std::move(ended));
  get_ready();
  order("ping", Json::object(), [this, then](const Answer& answer) {
    if (!answer.ended) prove(answer.sender);
    then(size_in(answer), answer.ended);
  });
}

void Frozen::prove(pid_t sender) {
  if (sender <= 0) return;
  const auto handle = std::make_shared<berth::Fd>(static_cast<int>(::syscall(SYS_pidfd_open, sender, 0)));
  order("ping", Json::object(), [this, handle, sender](const Answer& again) {
    if (again.sender == sender) m_handle = std::move(*handle);
  });
}

Frozen::Size Frozen::size_in(const Answer& answer) {
  const auto bytes = [&answer](const char* name) {
    const Json value = answer.message.is_object() ? field(answer.message, name) : Json();
    return value.is_number_unsigned() ? std::optional(value.get<std::uint64_t>()) : std::nullopt;
  };
  return {bytes("whole").value_or(0), bytes("own")};
}

void Frozen::measure(Measured then) {
  order("ping", {{"size", true}}, [then = std::move(then)](const Answer& answer) {
    if (answer.ended || !answer.refusal.empty()) return then(std::nullopt);
    then(size_in(answer));
  });
}

void Frozen::give_up(const std::string& why) {
  m_stillborn = 0;
  m_patience.cancel();
  fail_all({504, "checkpoint_timeout", "the checkpoint gave no worker: " + why, "it is still there: try again"});
}

void Frozen::let_go() {
  if (m_handle) signal_pidfd(m_handle.get(), SIGKILL);
  m_handle.close();
}

Error Frozen::end_of(const std::string& what) const {
  return {410, "checkpoint_gone", "the checkpoint's process has ended: " + what,
          "GET /checkpoints lists those that there are; the session's memory limit may have ended it"};
}

}  // namespace kernel
