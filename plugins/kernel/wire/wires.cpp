// ZeroMQ's threads and the folder are there once somebody wants a wire, and not before.
#include "wires.hpp"

#include <algorithm>
#include <utility>

namespace kernel::wire {

using berth::Error;

namespace {

constexpr int most_sockets = 6 * static_cast<int>(Wires::most);  // each wire has five

}  // namespace

zmq::context_t& Wires::context() {
  if (m_context) return *m_context;
  try {
    m_context.emplace(1).set(zmq::ctxopt::max_sockets, most_sockets);
    return *m_context;
  } catch (const zmq::error_t& error) {
    throw Error(503, "no_wire", std::string("ZeroMQ does not start: ") + error.what());
  }
}

const std::shared_ptr<const Place>& Wires::place() {
  if (!m_place) m_place = std::make_shared<const Place>(m_folder);
  return m_place;
}

const std::string& Wires::allowed(const std::string& transport) const {
  if (transport.empty()) return m_transports.front();
  const auto at = std::find(m_transports.begin(), m_transports.end(), transport);
  if (at == m_transports.end())
    throw Error(403, "no_transport", "this host serves no wires by " + transport,
                "in berth.lua: plugin \"kernel\" { config = { transports = { \"" + m_transports.front() + "\", \"" +
                    transport + "\" } } }");
  return *at;
}

void Wires::check_room(const std::string& session) {
  const auto gone = [](const Living& one) { return one.server.expired(); };
  const auto same = [&session](const Living& one) { return one.session == session; };
  m_living.erase(std::remove_if(m_living.begin(), m_living.end(), gone), m_living.end());
  const char* hint = "DELETE /kernel/connection closes one that nobody uses";
  if (m_living.size() >= most)
    throw Error(503, "too_many_wires", std::to_string(most) + " wires are open already", hint);
  if (std::count_if(m_living.begin(), m_living.end(), same) >= static_cast<std::ptrdiff_t>(most_of_session))
    throw Error(429, "too_many_wires", "the session has " + std::to_string(most_of_session) + " wires open already",
                hint);
  const Descriptors files = descriptors();
  if (files.left <= files.all / 4)
    throw Error(503, "few_descriptors", "the host has few descriptors left, and a wire takes many",
                "raise its limit of open files (ulimit -n, or LimitNOFILE= of its unit)");
}

Wires::Opened Wires::make(const CellTools& tools, const std::shared_ptr<Kernel>& kernel, const std::string& session,
                          const std::string& transport, const std::string& key, Server::Owner owner) {
  const std::string& by = allowed(transport);
  Opened opened;
  opened.name = "w" + std::to_string(++m_last);
  const std::string base = by == "ipc" ? place()->base(opened.name) : std::string();
  if (m_place) opened.files = std::make_unique<const Clearing>(m_place, opened.name);
  opened.server = std::make_shared<Server>(tools, context(), kernel, session, key, std::move(owner));
  opened.connection = opened.server->bind(by, base);
  opened.connection["key"] = key;
  opened.connection["signature_scheme"] = "hmac-sha256";
  opened.connection["kernel_name"] = "berth";
  opened.server->begin();
  m_living.push_back({opened.server, session});
  return opened;
}

const Wires::Opened& Wires::open(const CellTools& tools, const std::shared_ptr<Kernel>& kernel,
                                 const std::string& session, const std::string& transport, Server::Owner owner) {
  const std::string& by = allowed(transport);
  const auto at = m_all.find(kernel.get());
  if (at != m_all.end()) {
    if (transport.empty() || at->second.connection.at("transport") == by) return at->second;
    throw Error(409, "other_transport", "this kernel's wire is open already, with another transport",
                "DELETE /kernel/connection closes it");
  }
  owner.over = [this, kernel = kernel.get()] { m_all.erase(kernel); };
  check_room(session);
  const auto& folder = place();
  auto opened = make(tools, kernel, session, transport, new_key(), std::move(owner));
  const std::string file = opened.name + ".json";
  folder->write(file, opened.connection);
  opened.file = folder->path(file);
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
  gone.server->close();
  return true;
}

Wires::Opened Wires::bridge(const CellTools& tools, const std::shared_ptr<Kernel>& kernel, const std::string& session,
                            const std::string& transport, const std::string& key, Server::Owner owner) {
  check_room(session);
  return make(tools, kernel, session, transport, key, std::move(owner));
}

void Wires::close_all() {
  for (auto& [kernel, one] : std::exchange(m_all, {})) one.server->close();
  m_place.reset();
}

}  // namespace kernel::wire
