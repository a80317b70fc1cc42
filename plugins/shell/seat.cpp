// What ends takes itself out; what the session's end interrupts is told as any other end.
#include "seat.hpp"

#include <algorithm>
#include <utility>

namespace shell {

using berth::Error;
using berth::Json;

void Seat::check_room() const {
  if (m_runs.size() + m_terminals.size() < most_running) return;
  throw Error(429, "too_many_commands",
              "this session runs " + std::to_string(most_running) + " commands and terminals already",
              "GET /processes and GET /terminals list those that nobody waits for");
}

std::shared_ptr<Background> Seat::start(const Ask& ask, std::function<void(Background&)> over) {
  const auto number = m_last + 1;
  const auto tell = [weak = weak_from_this(), over = std::move(over)](Background& ended) {
    if (const auto seat = weak.lock()) seat->forget_ended(most_ended);
    over(ended);
  };
  const auto one = Background::begin(m_tools, shared_from_this(), ask, m_tools.ids.next(), tell);
  m_last = number;
  m_processes[number] = one;
  return one;
}

void Seat::forget_ended(std::size_t most) {
  const auto ended = [](const auto& one) { return one.second->ended(); };
  auto count = std::count_if(m_processes.begin(), m_processes.end(), ended);
  for (auto at = m_processes.begin(); at != m_processes.end() && count > static_cast<std::ptrdiff_t>(most);) {
    if (!at->second->ended()) {
      ++at;
      continue;
    }
    at = m_processes.erase(at);
    --count;
  }
}

std::shared_ptr<Background> Seat::process(const std::string& id) const {
  for (const auto& [number, one] : m_processes)
    if (one->id() == id) return one;
  throw Error(404, "no_such_process", "this session has no process " + id, "GET /processes lists them");
}

void Seat::remove_process(const std::string& id) {
  const auto gone = process(id);
  gone->remove();
  for (auto at = m_processes.begin(); at != m_processes.end();)
    at = at->second == gone ? m_processes.erase(at) : std::next(at);
}

Json Seat::processes() const {
  Json all = Json::array();
  for (const auto& [number, one] : m_processes) all.push_back(one->facts());
  return all;
}

std::shared_ptr<Terminal> Seat::open_terminal(const std::string& id, Terminal::Size size) {
  const auto at = m_terminals.find(id);
  if (at != m_terminals.end()) return at->second;
  check_room();
  const auto one =
      Terminal::begin(m_tools.processes, m_state, {m_session, id, size}, [weak = weak_from_this()](Terminal& terminal) {
        if (const auto seat = weak.lock()) seat->forget(terminal);
      });
  const auto named = [&id](const auto& ended) { return ended.first == id; };
  m_ended.erase(std::remove_if(m_ended.begin(), m_ended.end(), named), m_ended.end());
  m_terminals[id] = one;
  return one;
}

std::shared_ptr<Terminal> Seat::terminal(const std::string& id) const {
  const auto at = m_terminals.find(id);
  if (at != m_terminals.end()) return at->second;
  const auto named = [&id](const auto& one) { return one.first == id; };
  const auto ended = std::find_if(m_ended.rbegin(), m_ended.rend(), named);
  const bool was = ended != m_ended.rend();
  const std::string how = was ? " any more: its shell " + ended->second.words : "";
  const bool began = !was || ended->second.cause != "not_started";
  throw Error(404, "no_such_terminal", "this session has no terminal " + id + how,
              began ? "GET /terminals lists them; GET /terminal and POST /terminals make one"
                    : not_started(true, ended->second.words).hint());
}

// Another one may have its id by now.
void Seat::forget(const Terminal& terminal) {
  const auto at = m_terminals.find(terminal.id());
  if (at == m_terminals.end() || at->second.get() != &terminal) return;
  m_ended.emplace_back(terminal.id(), terminal.last());
  if (m_ended.size() > most_ended) m_ended.pop_front();
  m_terminals.erase(at);
}

void Seat::remove_terminal(const std::string& id) {
  const auto gone = terminal(id);
  gone->kill();
  m_terminals.erase(id);
}

Json Seat::terminals() const {
  Json all = Json::array();
  for (const auto& [id, one] : m_terminals) all.push_back(one->facts());
  return all;
}

void Seat::forget_past() {
  m_state.forget();
  forget_ended(0);
  m_ended.clear();
}

void Seat::close() {
  for (const auto& [raw, weak] : m_runs)
    if (const auto run = weak.lock()) run->kill(Why::session);
  for (const auto& [id, one] : m_terminals) one->kill();
}

}  // namespace shell
