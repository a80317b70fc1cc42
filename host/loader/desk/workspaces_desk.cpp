// A note comes, a thread looks, the I/O thread answers.
#include "loader/desk/workspaces_desk.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "loader/process/packed.hpp"
#include "loader/services/bounds.hpp"

namespace berth::loader {

using service::Error;

namespace {

Note refusal(std::uint64_t number, const Error& error) { return {Verb::workspace_refused, number, pack_error(error)}; }

Note look(session::Workspaces& workspaces, std::uint64_t number, const std::string& session) {
  const auto found = workspaces.workspace_of(session);
  if (!found) return refusal(number, found.error());
  service::UniqueFd folder(::open(found->folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder)
    return refusal(number, {503, "no_workspace", "the workspace cannot be opened: " + std::string(std::strerror(errno)),
                            "is its disk there?"});
  Packer fields;
  fields.number(found->user).number(found->quota).number(found->aliases.size());
  for (const auto& alias : found->aliases) fields.text(alias);
  return {Verb::workspace_given, number, fields.done(), {}, std::move(folder)};
}

}  // namespace

void WorkspacesDesk::reset() {
  m_book->over = true;
  m_book = std::make_shared<Book>();
}

void WorkspacesDesk::open(const Note& note, const Tell& tell) {
  Unpacker fields(note.fields);
  std::string session = fields.text();
  if (!fields.done() || session.empty() || session.size() > longest_session) return;
  if (!m_pool || !m_workspaces)
    return tell(refusal(note.number, {503, "no_service", "this host has no workspaces", {}}));
  const auto job = [&loop = m_loop, &all = *m_workspaces, book = m_book, number = note.number, tell, session] {
    auto answer = std::make_shared<Note>(look(all, number, session));
    loop.post([book, tell, answer] {
      --book->open;
      if (!book->over) tell(std::move(*answer));
    });
  };
  const bool taken = m_book->open < most_workspace_asks && m_pool->run(job);
  if (taken)
    ++m_book->open;
  else
    tell(refusal(note.number, {503, "not_now", "too many calls wait for a workspace", "try again in a moment"}));
}

}  // namespace berth::loader
