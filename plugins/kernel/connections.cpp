// The operations about Jupyter's wire: who may have a connection file, the bridge under `berth kernel -f`, and what
// there is to see when something is wrong.
#include "plugin.hpp"
#include "schemas.hpp"

#include <optional>
#include <utility>

namespace kernel {

using namespace berth;

namespace {

constexpr const char* about_file = "Its path on the host's machine, mode 0600. The wire is opened if it is not open.";
constexpr const char* about_connection =
    "What a Jupyter connection file says: `transport`, `ip`, five ports, `key`, `signature_scheme`; and where the file "
    "is, on the host's machine. The wire is opened when it is first asked for, and stays open until the kernel ends or "
    "DELETE closes it. Whoever has the key may run cells, with the rights of this session alone.";

Field transport() {
  return berth::optional(
      "transport", berth::string()
                       .one_of({"ipc", "tcp"})
                       .describe("Unix sockets in a folder of the host's user, or TCP on the loopback address, where "
                                 "every user of the machine may listen to what cells put out. berth.lua says which may "
                                 "be had, usually ipc alone, and which it is without this; 403 `no_transport`"));
}

// Without what is gone already.
void forget(const std::weak_ptr<Seat>& from, const std::string& kernel) {
  const auto seat = from.lock();
  if (!seat) return;
  try {
    seat->remove(kernel);
  } catch (const Error&) {
    return;
  }
}

}  // namespace

void Plugin::declare_wires(Declaration& d) {
  const auto connection = [](Operation<Plugin> operation, const char* summary, const char* about, const Field& kernel,
                             auto handler) {
    operation.summary(summary)
        .description(about)
        .input(object({kernel, transport()}))
        .scope(berth::run)
        .concurrent()
        .handle(handler);
  };
  const char *how = "How Jupyter clients connect to the kernel", *where = "Where the kernel's connection file is";
  connection(d.get("connection", "/kernel/connection"), how, about_connection, in_body(), &Plugin::connection);
  connection(d.get("connection_in", "/kernels/{kernel}/connection"), how, about_connection, at_path(),
             &Plugin::connection);
  connection(d.get("connection_file", "/kernel/connection-file"), where, about_file, in_body(),
             &Plugin::connection_file);
  connection(d.get("connection_file_in", "/kernels/{kernel}/connection-file"), where, about_file, at_path(),
             &Plugin::connection_file);
  const auto disconnect = [](Operation<Plugin> operation, const Field& kernel) {
    operation.summary("Closes the kernel's wire; its key is good for nothing any more, the kernel lives on")
        .input(object({kernel}))
        .destructive()
        .concurrent()
        .handle(&Plugin::disconnect);
  };
  disconnect(d.del("disconnect", "/kernel/connection"), in_body());
  disconnect(d.del("disconnect_in", "/kernels/{kernel}/connection"), at_path());
  d.stream("bridge", "/kernel/bridge", "POST")
      .summary("Serves Jupyter's wire with a key of the caller's, as long as the call lasts")
      .description(
          "For `berth kernel -f FILE`. Events: `connection` (as GET /kernel/connection, without `key` and "
          "`connection_file`), and "
          "`shutdown` before the end, if a client asked for that. The addresses are the host's choice.")
      .input(object(
          {berth::optional("kernel",
                           kernel_id().describe("One that there is, and that lives on; without it one is made, and "
                                                "ended with the call")),
           transport(),
           field("key", berth::string().min_length(16).max_length(256).describe("What messages are signed with"))}))
      .concurrent()
      .handle(&Plugin::bridge);
  d.get("debug", "/kernel/debug")
      .summary("All that is known of the session's zygote, workers and wires")
      .scope(berth::admin)
      .read_only()
      .concurrent()
      .handle(&Plugin::debug);
}

wire::Server::Owner Plugin::owner_of(Seat& seat, const std::string& kernel) {
  const auto weak = seat.weak_from_this();
  return {[weak, kernel] {
            const auto known = weak.lock();
            return known ? known->engine(kernel) : Json::object();
          },
          [weak, kernel](bool restart) {
            if (!restart) return forget(weak, kernel);
            if (const auto known = weak.lock()) known->kernel(kernel)->reset([](auto, const auto&) {});
          },
          {},
          [this](const char* what, const Json& more) { m_log.info(what, more); }};
}

const wire::Wires::Opened& Plugin::opened(const Call& call, Seat& seat, const std::shared_ptr<Kernel>& kernel) {
  return m_wires.open(tools(), kernel, seat.session(), call.input().value("transport", ""),
                      owner_of(seat, kernel->id()));
}

void Plugin::connection(Call call) {
  with_kernel(call, [this, call](Seat& seat, const std::shared_ptr<Kernel>& kernel) {
    const auto& wire = opened(call, seat, kernel);
    Json answer = wire.connection;
    answer["kernel"] = kernel->id();
    answer["connection_file"] = wire.file;
    call.send(answer);
  });
}

void Plugin::connection_file(Call call) {
  with_kernel(call, [this, call](Seat& seat, const std::shared_ptr<Kernel>& kernel) {
    call.send({{"kernel", kernel->id()}, {"connection_file", opened(call, seat, kernel).file}});
  });
}

void Plugin::disconnect(Call call) {
  with_kernel(call, [this, call](Seat&, const std::shared_ptr<Kernel>& kernel) {
    call.send({{"kernel", kernel->id()}, {"closed", m_wires.close(*kernel)}});
  });
}

Json Plugin::file_of(const Kernel& kernel) const {
  const auto* wire = m_wires.find(kernel);
  return wire ? Json(wire->file) : Json();
}

void Plugin::bridge(Call call) {
  with_seat(call, [this, call](Seat& seat) {
    const std::string wanted = call.input().value("kernel", "");
    const bool own = wanted.empty();
    const auto kernel = own ? seat.add("") : seat.kernel(wanted);
    try {
      join(call, seat, kernel, own);
    } catch (const Error&) {
      if (own) seat.remove(kernel->id());
      throw;
    }
  });
}

// A kernel of its own ends with the bridge. One that lives on is a new one after a restart: Jupyter takes another
// bridge to it then, and expects an empty namespace.
void Plugin::join(const Call& call, Seat& seat, const std::shared_ptr<Kernel>& kernel, bool own) {
  const auto held = std::make_shared<std::optional<wire::Wires::Opened>>();  // it holds itself, until the end
  const auto end = [call, held, own, weak = seat.weak_from_this(), id = kernel->id()] {
    const auto wire = std::exchange(*held, std::nullopt);
    if (!wire) return;
    wire->server->close();
    if (own) forget(weak, id);
    call.finish();
  };
  auto owner = owner_of(seat, kernel->id());
  owner.over = end;
  owner.shut_down = [call, end, own, weak = std::weak_ptr(kernel)](bool restart) {
    call.push({{"restart", restart}}, "shutdown");
    const auto kept = own || !restart ? nullptr : weak.lock();
    if (kept) kept->reset([](auto, const auto&) {});
    end();
  };
  *held = m_wires.bridge(tools(), kernel, seat.session(), call.input().value("transport", ""), call.input().at("key"),
                         std::move(owner));
  Json facts = (*held)->connection;
  facts.erase("key");
  facts["kernel"] = kernel->id();
  call.push(facts, "connection");
  call.on_cancel([this, end] { m_loop.post(end); });
}

void Plugin::debug(Call call) {
  with_seat(call, [this, call](Seat& seat) {
    Json all = seat.debug();
    all["kernels"] = seat.list();
    for (auto& one : all["kernels"]) {
      const auto kernel = seat.kernel(one.at("kernel"));
      const auto* wire = m_wires.find(*kernel);
      one["worker"] = kernel->debug();
      one["wire"] = wire ? wire->server->facts() : Json();
      one["connection_file"] = wire ? Json(wire->file) : Json();
    }
    call.send(all);
  });
}

}  // namespace kernel
