// A plugin in its seat: one instance of it on a fake host, called as the host would.
#pragma once

#include <berth/check/stand_in.hpp>
#include <berth/plugin.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace berth::test {

using check::Answer;

class Seat {
 public:
  explicit Seat(const berth_plugin* api, std::string_view config = "{}")
      : m_api(api),
        m_manifest(Json::parse(api->manifest.data, api->manifest.data + api->manifest.size)),
        m_self(api->create(host.api(), {config.data(), config.size()})) {}
  ~Seat() {
    if (m_self) m_api->destroy(m_self);
  }
  Seat(const Seat&) = delete;

  bool started() const { return m_self != nullptr; }
  const Json& manifest() const { return m_manifest; }
  const berth_plugin& api() const { return *m_api; }
  void* self() const { return m_self; }

  std::uint32_t index(const std::string& operation) const {
    const Json& all = m_manifest.at("operations");
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      if (all[i].at("name") == operation) return i;
    }
    throw std::out_of_range("no operation " + operation);
  }
  berth_request request(const std::string& operation, std::string_view input = "{}") {
    berth_request raw{};
    raw.size = sizeof raw;
    raw.operation = index(operation);
    raw.call = host.open();
    raw.input = {input.data(), input.size()};
    raw.session = {"main", 4};
    raw.caller = {"tester", 6};
    raw.scope = {"run", 3};
    raw.request_id = {"r-1", 3};
    raw.body_fd = -1;
    return raw;
  }
  berth_call start(const std::string& operation, std::string_view input = "{}") {
    const auto raw = request(operation, input);
    m_api->invoke(m_self, &raw);
    return raw.call;
  }
  Answer call(const std::string& operation, std::string_view input = "{}") {
    return host.answer(start(operation, input));
  }
  Json json(const std::string& operation, std::string_view input = "{}") {
    return Json::parse(call(operation, input).body);
  }
  void message(berth_call call, std::string_view bytes, bool binary = false) {
    const berth_chunk raw{sizeof raw, binary ? 1u : 0u, {bytes.data(), bytes.size()}, {}, {}};
    m_api->message(m_self, call, &raw);
  }
  void drained(berth_call call) {
    host.read_on(call);
    m_api->drained(m_self, call);
  }
  void cancel(berth_call call) {
    host.leave(call);
    m_api->cancel(m_self, call);
  }

  check::StandIn host;

 private:
  const berth_plugin* const m_api;
  const Json m_manifest;
  void* const m_self;
};

}  // namespace berth::test
