// The operations about kernels and not about what they run: made, listed, ended, reset, interrupted.
#include "plugin.hpp"
#include "question.hpp"

#include <utility>

namespace kernel {

using berth::Call;
using berth::Error;
using berth::Json;

// One that takes its time to come up is nobody's, if whoever asked for it has left meanwhile.
void Plugin::create(Call call) {
  with_seat(call, [this, call](Seat& seat) {
    const std::string engine = call.input().value("engine", std::string(Seat::python));
    const auto kernel = seat.add(call.input().value("name", ""), engine);
    const auto tell = [call](const Kernel& made) {
      Json facts = made.facts();
      facts["path"] = "/kernels/" + made.id();
      call.send(facts);
    };
    kernel->warm();
    if (engine == Seat::python) return tell(*kernel);
    const auto forget = [seat = seat.weak_from_this(), one = std::weak_ptr(kernel)] {
      const auto known = seat.lock();
      const auto made = one.lock();
      if (known && made) known->forget(*made);
    };
    call.on_cancel([this, forget] { m_loop.post(forget); });
    kernel->run(std::make_shared<Arrival>([call, tell, forget, kernel](const std::optional<Error>& error) {
      if (!error) return tell(*kernel);
      call.fail(*error);
      forget();
    }));
  });
}

void Plugin::list(Call call) {
  with_seat(call, [call](Seat& seat) {
    seat.kernel("");
    call.send({{"kernels", seat.list()}});
  });
}

void Plugin::remove(Call call) {
  with_seat(call, [call](Seat& seat) {
    const std::string id = call.input().at("kernel");
    seat.remove(id);
    call.send({{"kernel", id}, {"deleted", true}});
  });
}

void Plugin::reset(Call call) {
  with_kernel(call, [this, call](Seat&, const std::shared_ptr<Kernel>& kernel) {
    kernel->reset([call, file = file_of(*kernel)](Kernel::Pids pids, const std::optional<Error>& error) {
      if (error) return void(call.fail(*error));
      call.send({{"success", true},
                 {"message", "the kernel has a new namespace"},
                 {"data",
                  {{"old_pid", pids.old == 0 ? Json() : Json(pids.old)},
                   {"new_pid", pids.now},
                   {"old_connection_file", file},
                   {"new_connection_file", file}}}});
    });
  });
}

void Plugin::interrupt(Call call) {
  with_kernel(call, [call](Seat&, const std::shared_ptr<Kernel>& kernel) {
    const bool ran = kernel->interrupt();
    call.send({{"success", true}, {"interrupted", ran}, {"message", ran ? "what ran was interrupted" : "nothing ran"}});
  });
}

}  // namespace kernel
