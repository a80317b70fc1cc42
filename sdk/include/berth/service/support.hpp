// What the C++ faces of the services share.
#ifndef BERTH_SERVICE_SUPPORT_HPP
#define BERTH_SERVICE_SUPPORT_HPP

#include <berth/plugin.hpp>

#include <string>

namespace berth::detail {

// The struct of a service, or an Error that says what is missing.
template <class Service>
const Service* lent(const berth_host* host, const char* id) {
  const auto* service = static_cast<const Service*>(host->service(host, text(id)));
  if (!service || service->size < sizeof(Service)) {
    throw Error(503, "no_service", std::string("the host does not lend this plugin ") + id,
                std::string("does its declare() say d.service(\"") + id + "\")?");
  }
  return service;
}

// No exception leaves what the host calls; it becomes a line of the log.
template <class Body>
void kept(const berth_host* host, const char* what, const Body& body) {
  try {
    body();
  } catch (const std::exception& error) {
    Log(host).error(std::string(what) + " threw", {{"what", error.what()}});
  } catch (...) {
    Log(host).error(std::string(what) + " threw something that is no exception");
  }
}

}  // namespace berth::detail

#endif
