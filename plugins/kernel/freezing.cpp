// What the worker says of what it would not keep is told, within bounds, and not believed.
#include "freezing.hpp"

#include <sys/socket.h>

#include <utility>

#include "channel.hpp"
#include "fields.hpp"

namespace kernel {

using berth::Error;
using berth::Json;
using How = Ending::How;

namespace {

constexpr std::size_t most_warnings = 100, most_text = 300;

Json warnings_of(const Json& done) {
  Json some = Json::array();
  for (const Json& one : typed(done, "warnings", Json::array())) {
    if (!one.is_object() || some.size() >= most_warnings) continue;
    some.push_back(
        {{"kind", text(one, "kind").substr(0, most_text)}, {"what", text(one, "what").substr(0, most_text)}});
  }
  return some;
}

Error refusal_of(const Json& warnings) {
  std::string all;
  for (const Json& one : warnings) all += (all.empty() ? "" : "; ") + text(one, "kind") + ": " + text(one, "what");
  return {409, "cannot_be_kept", "a checkpoint would not keep all of it: " + all.substr(0, 2000),
          "end or close it first, or do without `strict`: then it is a warning"};
}

Error failure_of(const Ending& ending) {
  if (ending.how == How::timeout) return {504, "kernel_timeout", "the kernel did not freeze in time"};
  if (ending.how == How::interrupted) return {409, "interrupted", "the checkpoint was interrupted"};
  if (ending.how == How::died) return {503, "kernel_died", "the kernel ended while it froze: " + ending.reason};
  const Json error = typed(ending.done, "error", Json::object());
  return {503, "cannot_freeze", "the kernel could not freeze: " + text(error, "value").substr(0, 1000),
          "the session may be at its limit of processes or memory: DELETE /checkpoints/{checkpoint} gives some back"};
}

}  // namespace

Freezing::Freezing(bool strict, bool waits, Then then) : m_strict(strict), m_waits(waits), m_then(std::move(then)) {
  auto pair = socket_pair(SOCK_SEQPACKET);
  m_mine = std::move(pair.mine);
  m_theirs = std::move(pair.theirs);
}

std::vector<berth::Fd> Freezing::files() {
  std::vector<berth::Fd> one;
  one.push_back(std::move(m_theirs));
  return one;
}

void Freezing::ended(const Ending& ending) {
  const std::string status = ending.done.is_object() ? text(ending.done, "status") : "";
  if (ending.how != How::done || (status != "ok" && status != "refused"))
    return m_then(std::nullopt, failure_of(ending));
  Json warnings = warnings_of(ending.done);
  if (status == "refused") return m_then(std::nullopt, refusal_of(warnings));
  m_then(Outcome{std::move(m_mine), std::move(warnings), ending.count}, std::nullopt);
}

}  // namespace kernel
