// Only so many orders are under way at once, since each holds descriptors there; the others wait here.
#include "loader/services/desk_launcher.hpp"

#include <fcntl.h>

#include <deque>
#include <unordered_map>
#include <utility>
#include <vector>

#include "loader/process/frame.hpp"
#include "loader/process/packed.hpp"
#include "loader/services/bounds.hpp"
#include "loader/services/process_notes.hpp"
#include "service/text.hpp"

namespace berth::loader {

using service::Error;
using service::Order;
using service::Result;
using service::Running;

// Everything on the I/O thread.
struct DeskLauncher::Body {
  struct One {
    Ears ears = {};                 // empty once nobody has its handle any more
    std::vector<Note> order = {};   // until it is under way
    std::vector<int> signals = {};  // that came before
    std::size_t looks = 0;          // as well
    bool starting = false;          // under way, and not answered yet
  };

  void say(Verb verb, std::uint64_t number, std::string fields = {}) const {
    desk->take({verb, number, std::move(fields), {}, {}}, nullptr);
  }
  void say_signal(std::uint64_t number, int signal) const {
    Packer fields;
    fields.number(static_cast<std::uint64_t>(signal));
    say(Verb::process_signal, number, fields.done());
  }
  void pump();
  void signal(std::uint64_t number, int what);
  void look(std::uint64_t number);
  void drop(std::uint64_t number);
  void answered(One& one) {
    if (std::exchange(one.starting, false)) --starting;
  }

  std::shared_ptr<Desk> desk;
  std::unordered_map<std::uint64_t, One> all;
  std::deque<std::uint64_t> waiting;
  std::size_t starting = 0;
  std::uint64_t last = 0;
};

class DeskLauncher::Handle : public Running {
 public:
  Handle(std::shared_ptr<Body> body, std::uint64_t number) : m_body(std::move(body)), m_number(number) {}
  ~Handle() override { m_body->drop(m_number); }
  void signal(int number) override { m_body->signal(m_number, number); }
  void look() override { m_body->look(m_number); }

 private:
  const std::shared_ptr<Body> m_body;
  const std::uint64_t m_number;
};

void DeskLauncher::Body::pump() {
  while (starting < starts_under_way && !waiting.empty()) {
    const auto number = waiting.front();
    waiting.pop_front();
    const auto at = all.find(number);
    if (at == all.end()) continue;  // dropped meanwhile
    One& one = at->second;
    one.starting = true;
    ++starting;
    for (auto& note : std::exchange(one.order, {})) desk->take(std::move(note), nullptr);
    for (const int signal : std::exchange(one.signals, {})) say_signal(number, signal);
    for (; one.looks > 0; --one.looks) say(Verb::process_look, number);
  }
}

void DeskLauncher::Body::signal(std::uint64_t number, int what) {
  const auto at = all.find(number);
  if (at == all.end()) return;
  if (at->second.order.empty()) return say_signal(number, what);
  if (at->second.signals.size() < most_early_signals) at->second.signals.push_back(what);
}

void DeskLauncher::Body::look(std::uint64_t number) {
  const auto at = all.find(number);
  if (at == all.end()) return;
  if (at->second.order.empty()) return say(Verb::process_look, number);
  if (at->second.looks < most_early_looks) ++at->second.looks;
}

// One that is under way is kept until it is answered: until then it counts.
void DeskLauncher::Body::drop(std::uint64_t number) {
  const auto at = all.find(number);
  if (at == all.end()) return;
  at->second.ears = {};
  if (at->second.order.empty()) say(Verb::process_drop, number);
  if (!at->second.starting) all.erase(at);
}

DeskLauncher::DeskLauncher(std::shared_ptr<Desk> desk) : m_body(std::make_shared<Body>()) {
  m_body->desk = std::move(desk);
}

Result<std::unique_ptr<Running>> DeskLauncher::launch(Order order, Ears ears) {
  if (!m_body->desk) return Error{503, "no_service", "this host starts no programs"};
  const std::string cannot = "cannot start " + order.program.substr(0, 200) + ": ";
  for (const auto& file : order.files) {
    if (!file.fd) return Error{503, "not_started", cannot + "a descriptor that it is to inherit is not open"};
  }
  const auto number = ++m_body->last;
  auto notes = pack_order(number, std::move(order));
  if (notes.back().data.size() > most_order)
    return Error{400, "bad_plan",
                 cannot + "its arguments and its environment are larger than " + service::format_bytes(most_order)};
  m_body->all[number] = {std::move(ears), std::move(notes), {}, 0, false};
  m_body->waiting.push_back(number);
  m_body->pump();
  return std::unique_ptr<Running>(std::make_unique<Handle>(m_body, number));
}

// What hears it may drop it, and ask for the next.
void DeskLauncher::hear(const Note& note) {
  const auto body = m_body;
  const auto at = body->all.find(note.number);
  if (at == body->all.end()) return;
  const Ears ears = at->second.ears;
  if (note.verb == Verb::process_hits) return ears.hits ? ears.hits(unpack_hits(note.fields)) : void();
  body->answered(at->second);
  const bool goes_on = note.verb == Verb::process_started && ears.ended;
  if (!goes_on) body->all.erase(at);
  body->pump();
  if (note.verb == Verb::process_started && ears.started)
    ears.started(static_cast<pid_t>(Unpacker(note.fields).number()),
                 service::UniqueFd(note.fd ? ::fcntl(note.fd.get(), F_DUPFD_CLOEXEC, 3) : -1));
  if (note.verb == Verb::process_failed && ears.ended) ears.ended(unpack_error(note.fields));
  if (note.verb == Verb::process_ended && ears.ended) ears.ended(unpack_outcome(note.fields));
}

}  // namespace berth::loader
