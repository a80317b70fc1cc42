// ZeroMQ's threads and the folder are there once somebody wants a wire, and not before.
#include "wires.hpp"

#include <algorithm>
#include <utility>

namespace kernel::wire {

using berth::Error;
using berth::Json;

zmq::context_t& Wires::context() {
  if (m_context) return *m_context;
  try {
    return m_context.emplace(1);
  } catch (const zmq::error_t& error) {
    throw Error(503, "no_wire", std::string("ZeroMQ does not start: ") + error.what());
  }
}

Place& Wires::place() { return m_place ? *m_place : m_place.emplace(m_folder); }

Wires::Opened Wires::make(const CellTools& tools, const std::shared_ptr<Kernel>& kernel, const std::string& session,
                          const std::string& transport, const std::string& key, Server::Owner owner) {
  const auto gone = [](const std::weak_ptr<Server>& one) { return one.expired(); };
  m_bridges.erase(std::remove_if(m_bridges.begin(), m_bridges.end(), gone), m_bridges.end());
  if (m_all.size() + m_bridges.size() >= most)
    throw Error(503, "too_many_wires", std::to_string(most) + " wires are open already",
                "DELETE /kernel/connection closes one that nobody uses");
  const std::string& by = transport.empty() ? m_transport : transport;
  const std::string name = "w" + std::to_string(++m_last);
  const std::string base = by == "ipc" ? place().base(name) : std::string();
  Opened opened{std::make_shared<Server>(tools, context(), kernel, session, key, std::move(owner)), {}, name, {}};
  opened.connection = opened.server->bind(by, base);
  opened.connection["key"] = key;
  opened.connection["signature_scheme"] = "hmac-sha256";
  opened.connection["kernel_name"] = "berth";
  opened.server->begin();
  return opened;
}

const Wires::Opened& Wires::open(const CellTools& tools, const std::shared_ptr<Kernel>& kernel,
                                 const std::string& session, const std::string& transport, Server::Owner owner) {
  const auto at = m_all.find(kernel.get());
  if (at != m_all.end()) {
    if (transport.empty() || at->second.connection.at("transport") == transport) return at->second;
    throw Error(409, "other_transport", "this kernel's wire is open already, with another transport",
                "DELETE /kernel/connection closes it");
  }
  owner.over = [this, kernel = kernel.get(), over = std::move(owner.over)] {
    if (over) over();
    const auto gone = m_all.extract(kernel);
    if (gone && m_place) m_place->remove(gone.mapped().name + ".json");
  };
  auto opened = make(tools, kernel, session, transport, new_key(), std::move(owner));
  const std::string file = opened.name + ".json";
  place().write(file, opened.connection);
  opened.file = place().path(file);
  return m_all[kernel.get()] = std::move(opened);
}

const Wires::Opened* Wires::find(const Kernel& kernel) const {
  const auto at = m_all.find(&kernel);
  return at == m_all.end() ? nullptr : &at->second;
}

bool Wires::close(const Kernel& kernel) {
  const auto at = m_all.find(&kernel);
  if (at == m_all.end()) return false;
  const auto gone = std::move(at->second);
  m_all.erase(at);
  place().remove(gone.name + ".json");
  gone.server->close();
  return true;
}

Wires::Opened Wires::bridge(const CellTools& tools, const std::shared_ptr<Kernel>& kernel, const std::string& session,
                            const std::string& transport, const std::string& key, Server::Owner owner) {
  auto opened = make(tools, kernel, session, transport, key, std::move(owner));
  m_bridges.push_back(opened.server);
  return opened;
}

void Wires::close_all() {
  for (auto& [kernel, one] : std::exchange(m_all, {})) one.server->close();
  m_place.reset();
}

}  // namespace kernel::wire
