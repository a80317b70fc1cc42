// How a worker ended: what its forker says, and what the session's memory limit has to do with it.
#include <csignal>
#include <cstring>
#include <utility>

#include "forked_worker.hpp"

namespace kernel {

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds look_time{500};
constexpr int no_memory_left = 74;  // the exit code of a worker that has none for its answer

std::string words_of(const Forker::Death& death) {
  if (death.signal > 0)
    return "it was ended by signal " + std::to_string(death.signal) + " (" +
           ::strsignal(static_cast<int>(death.signal)) + ")";
  const std::string code = "it ended by itself, with exit code " + std::to_string(death.code);
  return death.code == no_memory_left ? code + ", as one does that has no memory left for its answer" : code;
}

// A shortage of memory ends a process without a word to anybody, but it is counted.
bool was_short(const std::optional<berth::Hits>& before, const std::optional<berth::Hits>& now) {
  return before && now && now->memory_counted && now->memory > before->memory;
}

}  // namespace

// How it ended its forker knows, and says so a moment later; one that is gone itself says nothing.
void ForkedWorker::tell_end(int tries) {
  if (!m_broken.empty()) return tell(m_broken);
  const auto death = m_forker->death(m_inner);
  if (!death && tries < 10 && !m_forker->over()) {
    m_patience.set(20ms, [self = shared_from_this(), tries] { self->tell_end(tries + 1); });
    return;
  }
  const std::string words = death ? words_of(*death) : "its process ended, and nobody knows how";
  !death || death->signal == SIGKILL ? look_after(words) : tell(words);
}

// What others ran into before is no matter of this worker's: so it is looked again whenever it has done something, and
// before it is given the next if that was a while ago. What is not known in time is not blamed.
void ForkedWorker::look() {
  m_looked = std::chrono::steady_clock::now();
  m_before.reset();
  m_forker->look([weak = weak_from_this(), number = ++m_looks](const auto& hits) {
    const auto self = weak.lock();
    if (self && self->m_looks == number && !self->m_over && !self->m_gone) self->m_before = hits;
  });
}

// Whether the session's memory limit killed it, or somebody did.
void ForkedWorker::look_after(const std::string& words) {
  m_patience.set(look_time, [self = shared_from_this(), words] { self->tell(words); });
  m_forker->look([weak = weak_from_this(), words](const auto& now) {
    const auto self = weak.lock();
    if (self) self->tell(was_short(self->m_before, now) ? "killed: " + now->memory_limit : words);
  });
}

void ForkedWorker::tell(const std::string& why) {
  m_patience.cancel();
  const auto ears = std::exchange(m_ears, {});
  if (ears.ended) ears.ended(why);
}

}  // namespace kernel
