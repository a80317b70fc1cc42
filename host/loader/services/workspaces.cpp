// A question to the host and a wait for its answer, which comes on the I/O thread.
#include "loader/services/workspaces.hpp"

#include <berth/service/workspace.h>

#include <chrono>
#include <utility>

#include "loader/host_side.hpp"
#include "loader/process/packed.hpp"
#include "loader/services/bounds.hpp"
#include "loader/services/tables.hpp"
#include "loader/services/texts.hpp"

namespace berth::loader {

using service::Error;
using service::Result;

namespace {

constexpr std::chrono::seconds patience{30};  // of a host whose disk hangs
static_assert(most_workspace_asks == BERTH_WORKSPACE_MOST);

Error not_now(std::string why) { return {503, "not_now", std::move(why), "try again in a moment"}; }

Result<WorkspacesLent::Given> given_by(Note note) {
  if (note.verb != Verb::workspace_given) return unpack_error(note.fields);
  WorkspacesLent::Given given;
  Unpacker fields(note.fields);
  given.user = static_cast<uid_t>(fields.number());
  given.quota = fields.number();
  for (auto left = fields.number(); left > 0 && fields.good(); --left) given.aliases.push_back(fields.text());
  if (!fields.done() || !note.fd) return not_now("there was no room for another descriptor in this process");
  given.folder = std::move(note.fd);
  return given;
}

}  // namespace

Result<WorkspacesLent::Given> WorkspacesLent::open(std::string session) {
  if (has_ended()) return not_now("the plugin is ending");  // and the loop with it, perhaps
  if (m_lent.place().loop.here() || m_lent.place().creating())
    return Error{500, "would_block", "a workspace was asked for where nothing may wait",
                 "ask in an operation that is blocking(), and not in a constructor"};
  if (session.empty()) session = "main";
  if (session.size() > longest_session)
    return Error{404, "no_session", "there is no such session", "GET /sessions lists those there are"};
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(m_mutex);
    if (m_ended) return not_now("the plugin is ending");
    if (m_open.size() >= most_workspace_asks) return not_now("too many calls wait for a workspace");
    number = ++m_last;
    m_open[number];
  }
  Packer fields;
  fields.text(session);
  m_lent.say({Verb::workspace_ask, number, fields.done()});
  return wait_for(number);
}

Result<WorkspacesLent::Given> WorkspacesLent::wait_for(std::uint64_t number) {
  std::unique_lock lock(m_mutex);
  const auto at = m_open.find(number);
  m_changed.wait_for(lock, patience, [&] { return at->second.has_value() || m_ended; });
  auto note = std::move(at->second);
  m_open.erase(at);
  lock.unlock();
  if (!note) return not_now("the host has not said where the workspace is");
  return given_by(std::move(*note));
}

void WorkspacesLent::hear(Note note) {
  {
    const std::lock_guard lock(m_mutex);
    const auto at = m_open.find(note.number);
    if (at == m_open.end() || at->second) return;
    at->second = std::move(note);
  }
  m_changed.notify_all();
}

bool WorkspacesLent::has_ended() {
  const std::lock_guard lock(m_mutex);
  return m_ended;
}

void WorkspacesLent::end() {
  {
    const std::lock_guard lock(m_mutex);
    m_ended = true;
  }
  m_changed.notify_all();
}

namespace {

int open_workspace(const berth_host* host, berth_text session, const berth_workspace_answer* answer) {
  if (!answer || answer->size < sizeof *answer || !answer->given) return 0;
  auto given = HostSide::of(host).lent().workspaces().open(copy(session));
  if (!given) {
    const auto why = failure_of(given.error());
    if (answer->fail) answer->fail(answer->with, &why);
    return 0;
  }
  std::vector<berth_text> aliases;
  for (const auto& one : given->aliases) aliases.push_back(text_of(one));
  const berth_workspace_given raw{sizeof raw,   given->user,    given->folder.release(), 0,
                                  given->quota, aliases.data(), aliases.size()};
  answer->given(answer->with, &raw);
  return 1;
}

}  // namespace

const void* workspace_table() {
  static constexpr berth_workspace table{sizeof(berth_workspace), &open_workspace};
  return &table;
}

}  // namespace berth::loader
