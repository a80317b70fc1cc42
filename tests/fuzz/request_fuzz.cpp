// Bytes of a client: parsed in pieces as a socket would bring them, then judged as far as that needs no host.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "edge/byte_range.hpp"
#include "edge/guard.hpp"
#include "edge/request_reader.hpp"
#include "edge/target.hpp"
#include "edge/trace.hpp"
#include "edge/upload_name.hpp"
#include "routing/json_input.hpp"

#include <nlohmann/json.hpp>

namespace {

void judge(const berth::edge::RequestReader& reader) {
  using namespace berth::edge;
  const RequestHead& head = reader.head();
  const auto target = parse_target(head.method, head.target);
  if (target && !target->asterisk && !target->path.starts_with('/')) std::abort();
  if (target && (target->path.find("//") != std::string::npos || target->path.find("/../") != std::string::npos))
    std::abort();
  check_host(head.value("Host"), {"berth.example"});
  check_origin(head.value("Origin"), head.value("Host"), false, {"https://app.example"});
  bearer_of(head);
  request_id_of(head.value("X-Request-Id"));
  traceparent_of(head.value("traceparent"));
  upload_name(head.value("Content-Disposition"));
  tus_metadata(head.value("Upload-Metadata"), "filename");
  const Wanted wanted = wanted_of(
      1000, "tag", {head.value("Range"), head.value("If-Range"), head.value("If-Match"), head.value("If-None-Match")});
  if (wanted.end > 1000 || wanted.begin > wanted.end) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace berth::edge;
  if (size == 0) return 0;
  const std::size_t piece = 1 + data[0] % 64;
  const std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  RequestReader reader({});
  std::string waiting, body;
  bool broken = false;
  for (std::size_t at = 0; at < bytes.size() && !broken; at += piece) {
    waiting += bytes.substr(at, piece);
    for (bool forward = true; forward && !broken;) {
      const auto before = reader.stage();
      const auto step = reader.feed(waiting);
      if (step.used > waiting.size()) std::abort();
      waiting.erase(0, step.used);
      broken = step.error.has_value();
      body += reader.take_body();
      forward = step.used > 0 || reader.stage() != before;
      if (!broken && before == RequestReader::Stage::head && reader.stage() != before) judge(reader);
      if (reader.stage() == RequestReader::Stage::done) {
        berth::routing::parse_json(body);
        body.clear();
        reader.next({});
      }
    }
  }
  return 0;
}
