// Operations about checkpoints. A worker is thawed first, and only then takes the old one's place: if that fails,
// nothing is lost.
#include <utility>

#include "plugin.hpp"
#include "shell_state.hpp"

namespace kernel {

using berth::Call;
using berth::Error;
using berth::Json;
using Clock = std::chrono::steady_clock;

namespace {

double since(Clock::time_point began) {
  return std::chrono::duration<double, std::milli>(Clock::now() - began).count();
}

Checkpoints::Wish wish_of(const Json& input, const Json& shell) {
  Checkpoints::Wish wish;
  wish.name = input.value("name", "");
  wish.strict = input.value("strict", false);
  wish.wait = input.value("wait", true);
  wish.automatic = input.value("automatic", false);
  wish.shell = std::make_shared<Json>(shell);
  return wish;
}

std::string checkpoint_of(const Call& call) { return call.input().at("checkpoint"); }

}  // namespace

void Plugin::checkpoint(Call call) {
  const auto began = Clock::now();
  with_kernel(call, [this, call, began](Seat& seat, const std::shared_ptr<Kernel>& kernel) {
    shell_state::take(
        tools(), shell_state::as(call), [this, call, began, kernel, weak = seat.weak_from_this()](const Json& shell) {
          const auto self = weak.lock();
          if (!self) return void(call.fail({410, "kernel_ended", "the session has ended"}));
          const auto tell = [call, began](const Checkpoint* made, const std::optional<Error>& error) {
            if (!made) return void(call.fail(*error));
            Json facts = Checkpoints::facts(*made);
            facts["timing_ms"] = since(began);
            call.send(facts);
          };
          try {
            drop_if_left(call, kernel, self->checkpoints().make(kernel, wish_of(call.input(), shell), {}, tell));
          } catch (const Error& error) {
            call.fail(error);
          }
        });
  });
}

void Plugin::checkpoints(Call call) {
  with_seat(call, [call](Seat& seat) {
    const auto tell = [call, weak = seat.weak_from_this()] {
      const auto self = weak.lock();
      if (!self) return void(call.fail({410, "kernel_ended", "the session has ended"}));
      Json now = Json::object();
      for (const Json& kernel : self->list()) now[kernel["kernel"].get<std::string>()] = kernel["checkpoint"];
      call.send({{"checkpoints", self->checkpoints().list()}, {"now", now}});
    };
    call.input().value("sizes", false) ? seat.checkpoints().measure(tell) : tell();
  });
}

// A fresh worker comes from where all come from; the others from their checkpoint.
void Plugin::thaw(const Call& call, Seat& seat, const std::string& kernel, const Thawed& then) {
  const std::string what = checkpoint_of(call);
  if (what == Kernel::fresh) return then(Checkpoint{Kernel::fresh, "", kernel, Kernel::fresh}, nullptr);
  const Checkpoint one = seat.checkpoints().find(what, kernel);
  const auto born = [call, one, then](const std::shared_ptr<Worker>& worker, const std::optional<Error>& error) {
    if (!worker) return void(call.fail(*error));
    try {
      then(one, worker);
    } catch (const Error& no) {
      call.fail(no);
    }
  };
  seat.checkpoints().thaw(one, seat.fork_config(call.input().value("random", "new")), born);
}

void Plugin::restore(Call call) {
  const auto began = Clock::now();
  with_seat(call, [this, call, began](Seat& seat) {
    const std::string asked = call.input().value("kernel", "");
    const std::string known = asked.empty() ? std::string(Seat::usual) : asked;
    thaw(call, seat, known,
         [this, call, began, asked, weak = seat.weak_from_this()](const Checkpoint& one, const auto& worker) {
           const auto self = weak.lock();
           if (!self) throw Error(410, "kernel_ended", "the session has ended");
           const auto kernel = self->kernel(asked.empty() ? one.kernel : asked);
           restored(call, began, kernel, one, worker);
         });
  });
}

void Plugin::restored(const Call& call, Clock::time_point began, const std::shared_ptr<Kernel>& kernel,
                      const Checkpoint& one, const std::shared_ptr<Worker>& worker) {
  const auto tell = [call, began, kernel, one](Kernel::Pids pids, const std::string& shell) {
    Json answer{{"success", true},
                {"message", "the kernel has the variables of the checkpoint " + one.id},
                {"checkpoint", one.id},
                {"kernel", kernel->id()},
                {"timing_ms", since(began)},
                {"data", {{"old_pid", pids.old == 0 ? Json() : Json(pids.old)}, {"new_pid", pids.now}}}};
    if (!shell.empty()) answer["shell"] = shell;
    call.send(answer);
  };
  if (!worker)
    return kernel->reset([call, tell](Kernel::Pids pids, const std::optional<Error>& error) {
      error ? void(call.fail(*error)) : tell(pids, "");
    });
  if (kernel->engine() != Seat::python)
    throw Error(422, "no_checkpoints", "a kernel of the engine " + kernel->engine() + " has no checkpoints");
  const auto pids = kernel->replace(worker, {one.id, one.cells, one.line});
  shell_state::put_back(tools(), shell_state::as(call), *one.shell,
                        [tell, pids](const std::string& why) { tell(pids, why); });
}

void Plugin::branch(Call call) {
  with_seat(call, [this, call](Seat& seat) {
    const std::string of = call.input().value("kernel", std::string(Seat::usual));
    thaw(call, seat, of, [call, weak = seat.weak_from_this()](const Checkpoint& one, const auto& worker) {
      const auto self = weak.lock();
      if (!self) throw Error(410, "kernel_ended", "the session has ended");
      const auto kernel = self->add(call.input().value("name", ""));
      worker ? void(kernel->replace(worker, {one.id, one.cells, one.line})) : kernel->warm();
      Json facts = kernel->facts();
      facts["path"] = "/kernels/" + kernel->id();
      call.send(facts);
    });
  });
}

void Plugin::forget_checkpoint(Call call) {
  with_seat(call, [call](Seat& seat) {
    const std::string id = seat.checkpoints().find(checkpoint_of(call), std::string(Seat::usual)).id;
    seat.checkpoints().remove(id);
    call.send({{"checkpoint", id}, {"deleted", true}});
  });
}

// What `checkpoint: true` of a cell asks for: whoever runs it has what was before it. The shell is asked before the
// cell can ask it for anything.
void Plugin::run_behind_checkpoint(const std::shared_ptr<Cell>& cell, const std::shared_ptr<Kernel>& kernel) {
  const auto note = [cell](const std::string& id, const std::optional<Error>& error) {
    error ? (*cell->ask().beside)["checkpoint_error"] = error->message() : (*cell->ask().beside)["checkpoint"] = id;
  };
  Checkpoints::Wish wish;
  wish.automatic = true;
  shell_state::take(
      tools(), [cell](berth::Ask ask) { return cell->as_session(std::move(ask)); },
      [shell = wish.shell](const Json& state) { *shell = state; });
  try {
    const auto at = m_seats.find(cell->ask().session);
    if (at != m_seats.end()) at->second->checkpoints().make(kernel, wish, note, {});
  } catch (const Error& error) {
    note({}, error);
  }
  kernel->run(cell);
}

}  // namespace kernel
