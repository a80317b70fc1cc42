// From an operation's name and a text to a call, and its answers back.
#include "routing/plugin_calls.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "routing/json_input.hpp"
#include "service/text.hpp"

namespace berth::routing {

using service::Error;

namespace {

class EarSink : public Sink {
 public:
  explicit EarSink(std::shared_ptr<loader::Caller::Ears> ears) : m_ears(std::move(ears)) {}
  void send(std::string json) override { m_ears->send(std::move(json)); }
  void fail(Error error) override { m_ears->fail(std::move(error)); }
  void file(service::UniqueFd fd, loader::Head head) override { m_ears->file(std::move(fd), std::move(head)); }
  void begin(loader::Head head) override { m_ears->begin(std::move(head)); }
  void chunk(loader::Chunk chunk) override { m_ears->chunk(std::move(chunk)); }
  void finish(std::uint32_t code, std::string reason) override { m_ears->finish(code, std::move(reason)); }

 private:
  const std::shared_ptr<loader::Caller::Ears> m_ears;
};

class Handle : public loader::Caller::Call {
 public:
  explicit Handle(std::shared_ptr<routing::Call> call) : m_call(std::move(call)) {}
  void cancel() override { m_call->cancel(); }
  void consumed(std::size_t bytes) override { m_call->consumed(bytes); }

 private:
  const std::shared_ptr<routing::Call> m_call;
};

Error no_operation(const Table& table, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& route : table.routes()) names.push_back(route->operation.name);
  const auto near = service::near_names(name, names);
  return {404, "not_found", "there is no operation " + name.substr(0, 200),
          near.empty() ? "GET /operations lists what there is" : "did you mean " + near.front() + "?"};
}

bool may_be_called(loader::Kind kind) {
  return kind == loader::Kind::call || kind == loader::Kind::stream || kind == loader::Kind::download;
}

}  // namespace

std::shared_ptr<loader::Caller::Call> PluginCalls::start(loader::Caller::Ask ask, std::shared_ptr<Ears> ears) {
  const auto refuse = [&](Error error) -> std::shared_ptr<loader::Caller::Call> {
    ears->fail(std::move(error));
    return nullptr;
  };
  const auto table = m_dispatcher.table();
  if (!table) return refuse({503, "starting", "the host is still starting", "try again in a moment"});
  const auto route = table->find(ask.operation);
  if (!route) return refuse(no_operation(*table, ask.operation));
  if (!may_be_called(route->operation.kind))
    return refuse({400, "wrong_kind",
                   ask.operation + " is of kind " + std::string(name_of(route->operation.kind)) +
                       ", and plugins call operations of the kinds call, stream and download",
                   "an upload's body, a socket's other end and a client's own HTTP are what only a client has"});
  auto input = parse_json(ask.input);
  if (!input) return refuse(input.error());
  if (!input->is_object()) return refuse({422, "invalid_input", "the input must be a JSON object"});
  routing::Ask wanted;
  wanted.route = route;
  wanted.asker = std::move(ask.asker);
  wanted.input = std::move(*input);
  auto call = m_dispatcher.start(std::move(wanted), std::make_shared<EarSink>(std::move(ears)));
  if (!call) return nullptr;
  return std::make_shared<Handle>(std::move(call));
}

}  // namespace berth::routing
