// What a client of MCP sends: any bytes as a message, the fields that repeat it, a URI, arguments of tools
// that clients of other servers know; and operations as a host lists them.
#include <berth/call_parts.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "catalogue.hpp"
#include "content.hpp"
#include "era.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  mcp::Json json;
  if (!mcp::parse(text, json)) return 0;
  const auto message = mcp::read_message(json);
  if (message.kind == mcp::Message::Kind::request && message.id.is_null()) std::abort();
  const std::string name = message.params.is_object() ? message.params.value("name", mcp::Json()).dump() : "";
  mcp::Client client;
  const auto wrong = mcp::read_modern(message, {mcp::modern_version, message.method, name}, client);
  if (!wrong && client.version != mcp::modern_version) std::abort();
  mcp::fit(text, name);
  mcp::fit(name, text);
  for (const auto& one : mcp::familiar_tools()) {
    mcp::Json all = mcp::Json::array();
    try {
      mcp::check(one, json);
      const auto inputs = one.next ? std::vector<mcp::Json>() : one.inputs(json);
      while (all.size() < 4 && mcp::step_of(one, json, inputs, all)) all.push_back(json);
      if (!all.empty()) mcp::with_left_out(one, json, one.result(json, all));
    } catch (const berth::Error& error) {
      if (error.status() >= 500) std::abort();
    }
  }
  if (!json.is_array()) return 0;
  for (const auto& one : json)
    if (!one.is_object()) return 0;
  const mcp::Catalogue catalogue(json);
  for (const auto& offer : catalogue.offers()) mcp::tool_result(offer, json);
  return 0;
}
