// A plugin that fails or takes too long has no part in the answer, and holds up nobody's for longer than a bound.
#include "command/status_parts.hpp"

#include <berth/json_reader.hpp>
#include <chrono>
#include <cstddef>
#include <utility>

namespace berth::command {

using nlohmann::json;

namespace {

constexpr std::chrono::seconds patience{3};
constexpr std::size_t most_text = 64u << 10;  // of an answer: what is larger or deeper is left out
constexpr unsigned most_levels = 16;

}  // namespace

class StatusParts::Ears : public loader::Caller::Ears {
 public:
  Ears(std::shared_ptr<StatusParts> whole, std::vector<std::string> wanted)
      : m_whole(std::move(whole)), m_wanted(std::move(wanted)) {}
  void send(std::string answer) override {
    m_whole->came(m_wanted, answer);
    m_whole->one_less();
  }
  void fail(service::Error) override { m_whole->one_less(); }
  void file(service::UniqueFd, loader::Head) override { m_whole->one_less(); }
  void begin(loader::Head) override {}
  void chunk(loader::Chunk) override {}
  void finish(std::uint32_t, std::string) override { m_whole->one_less(); }

 private:
  const std::shared_ptr<StatusParts> m_whole;
  const std::vector<std::string> m_wanted;
};

void StatusParts::gather(const routing::Table& table, loader::Caller& caller, service::EventLoop& loop,
                         const session::Asker& asker, Done done) {
  std::vector<const loader::Operation*> all;
  for (const auto& route : table.routes()) {
    if (!route->operation.in_status.empty()) all.push_back(&route->operation);
  }
  const auto parts = std::make_shared<StatusParts>(loop, std::move(done));
  parts->m_deadline.expires_after(patience);
  parts->m_deadline.async_wait([parts](const boost::system::error_code& failed) {
    if (!failed) parts->finish();
  });
  parts->ask(all, caller, asker);
}

void StatusParts::add(json& shown, const json& parts, const json& own) {
  for (const auto& [name, value] : parts.items()) {
    if (!own.contains(name) && !shown.contains(name)) shown[name] = value;
  }
}

// Each may answer before start() returns; one more is open until all are asked.
void StatusParts::ask(const std::vector<const loader::Operation*>& all, loader::Caller& caller,
                      const session::Asker& asker) {
  const auto inner = std::make_shared<session::Asker>(asker);
  ++inner->depth;
  m_open = all.size() + 1;
  for (const auto* operation : all) {
    auto ears = std::make_shared<Ears>(shared_from_this(), operation->in_status);
    if (auto call = caller.start({operation->name, "{}", inner}, std::move(ears))) m_calls.push_back(std::move(call));
  }
  one_less();
}

// On the I/O thread, of a stranger's text.
void StatusParts::came(const std::vector<std::string>& wanted, const std::string& answer) {
  if (answer.size() > most_text) return;
  auto found = read_json(answer, most_levels);
  if (!found || !found->is_object()) return;
  for (const auto& name : wanted) {
    if (const auto at = found->find(name); at != found->end()) m_fields.emplace(name, std::move(*at));
  }
}

void StatusParts::one_less() {
  if (m_open > 0 && --m_open == 0) finish();
}

void StatusParts::finish() {
  const auto done = std::exchange(m_done, nullptr);
  if (!done) return;
  m_open = 0;
  m_deadline.cancel();
  for (const auto& call : std::exchange(m_calls, {})) call->cancel();
  done(m_fields);
}

}  // namespace berth::command
