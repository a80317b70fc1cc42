// Reads and writes block: there is nothing else to do. A host that is gone is seen by the end of the socket.
#include "policy/inside/program.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "service/files.hpp"

namespace berth::policy {

namespace {

constexpr std::size_t room = 64u << 10;

}  // namespace

// As read(), and not asleep at once.
ssize_t Program::next(char* to, std::size_t size) {
  while (m_lookout.lasts()) {
    const ssize_t got = ::recv(m_socket.get(), to, size, MSG_DONTWAIT);
    if (got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) return got;
    m_lookout.pause();
  }
  return ::read(m_socket.get(), to, size);
}

void Program::run() {
  std::string bytes;
  char piece[room];
  while (!m_gone) {
    const ssize_t got = next(piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    m_lookout.came();
    bytes.append(piece, static_cast<std::size_t>(got));
    std::size_t at = 0;
    std::uint32_t size = 0;
    while (bytes.size() - at >= sizeof size) {
      std::memcpy(&size, bytes.data() + at, sizeof size);
      if (size > most_frame) return;
      if (bytes.size() - at - sizeof size < size) break;
      hear(std::string_view(bytes).substr(at + sizeof size, size));
      at += sizeof size + size;
    }
    bytes.erase(0, at);
    m_lookout.begin();
  }
}

void Program::say(const std::string& frame) {
  const auto size = static_cast<std::uint32_t>(frame.size());
  std::string bytes(reinterpret_cast<const char*>(&size), sizeof size);
  bytes += frame;
  m_gone = m_gone || frame.size() > most_frame || service::write_all(m_socket.get(), bytes) != 0;
}

void Program::hear(std::string_view frame) {
  switch (kind_of(frame)) {
    case FrameKind::load: return load(frame, false);
    case FrameKind::test: return load(frame, true);
    case FrameKind::ask: return ask(frame);
    case FrameKind::resume: return resume(frame);
    case FrameKind::keep: return keep(unpack_kept(frame).value_or(std::vector<Kept>()));
    case FrameKind::drop: return drop(unpack_number(frame).value_or(0));
    case FrameKind::forget:
      for (const auto& session : unpack_texts(frame).value_or(std::vector<std::string>())) forget(session);
      return say(pack(Answer{being_forgotten, {}, {}, {}, {}}));
    case FrameKind::there: {
      const auto names = unpack_texts(frame).value_or(std::vector<std::string>());
      for (const auto& script : m_scripts) script->there({names.begin(), names.end()});
      return;
    }
    default: m_gone = true;
  }
}

void Program::load(std::string_view frame, bool testing) {
  auto loading = unpack_loading(frame);
  if (!loading) {
    m_gone = true;
    return;
  }
  Loaded all{{}, m_layers};
  for (auto& source : loading->sources) {
    m_scripts.push_back(std::make_unique<Script>(m_scripts.size(), std::move(source), loading->memory, m_where));
    all.facts.push_back(m_scripts.back()->load(testing));
  }
  m_where.question.store(0);
  keep(std::move(loading->kept));
  say(pack(all));
  for (std::size_t script = 0; testing && script < m_scripts.size(); ++script) {
    for (std::size_t test = 0; test < all.facts[script].tests; ++test) say(pack({m_scripts[script]->test(test)}));
  }
}

void Program::keep(std::vector<Kept> all) {
  for (auto& kept : all) {
    if (Script* script = at(kept.script)) script->memory().keep(std::move(kept));
  }
}

void Program::ask(std::string_view frame) {
  auto question = unpack_question(frame);
  if (!question) {
    m_gone = true;
    return;
  }
  auto work = std::make_unique<Work>();
  work->question = std::move(*question);
  work->answer.id = work->question.id;
  go_on(std::move(work));
}

void Program::resume(std::string_view frame) {
  const auto resumed = unpack_resumed(frame);
  const auto found = resumed ? m_waiting.find(resumed->id) : m_waiting.end();
  if (found == m_waiting.end()) return;
  auto work = std::move(found->second);
  m_waiting.erase(found);
  at(work->place().script)->resume(*work, resumed->good, resumed->json);
  go_on(std::move(work));
}

// From hook to hook, until one waits or all have spoken.
void Program::go_on(std::unique_ptr<Work> work) {
  while (step(*work)) {
  }
  m_where.question.store(0, std::memory_order_release);
  if (!work->waiting) return say(pack(work->answer));
  Waiting waiting{work->question.id, work->place().script, std::move(work->operation), std::move(work->input),
                  std::exchange(work->answer.said, {})};
  say(pack(waiting));
  m_waiting[work->question.id] = std::move(work);
}

// Whether there is another.
bool Program::step(Work& work) {
  if (work.waiting) return false;
  if (work.answer.steps.size() > work.next) {  // it has come to its end
    const Step& said = work.answer.steps.back();
    if (said.kind == StepKind::deny || (said.kind == StepKind::failed && work.question.closed)) return false;
    if (said.kind == StepKind::rewrite)
      (work.question.kind == HookKind::before ? work.question.input : work.question.output) = work.answer.rewritten;
    ++work.next;
  }
  if (work.next >= work.question.hooks.size()) return false;
  Script* script = at(work.place().script);
  if (script && work.place().hook < script->hooks()) {
    script->begin(work);
    return true;
  }
  work.answer.steps.push_back({work.place(), StepKind::failed, 0, "there is no such hook", 0, 0});
  return true;
}

void Program::drop(std::uint64_t id) {
  const auto found = m_waiting.find(id);
  if (found == m_waiting.end()) return;
  at(found->second->place().script)->drop(*found->second);
  m_waiting.erase(found);
}

void Program::forget(const std::string& session) {
  for (const auto& script : m_scripts) script->forget(session);
  m_where.question.store(0, std::memory_order_release);
}

}  // namespace berth::policy
