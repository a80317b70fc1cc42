// Publishers drop what does not fit into their queues, an `idle` as well as anything else: so after a reply without one
// something harmless is asked, whose trace on iopub comes behind all that belonged to the request.
#include "foreign/exchange.hpp"

#include <utility>

#include "fields.hpp"
#include "foreign/words.hpp"

namespace kernel::foreign {

using namespace std::chrono_literals;
using berth::Json;

namespace {

constexpr std::chrono::milliseconds idle_time = 1s, again_time = 20ms, begin_time = 200ms;
constexpr int most_tries = 50;  // of what a kernel breaks off, since something before it failed

}  // namespace

Exchange::Exchange(Loop& loop, Out out) : m_loop(loop), m_out(std::move(out)), m_later(loop), m_begins(loop) {}

// The one before it nobody waits for any more.
void Exchange::ask(const Json& frame) {
  if (frame.contains("answer")) return answer(frame);
  m_later.cancel();
  m_begins.cancel();
  m_question.reset();
  m_fence.clear();
  const Json name = field(frame, "request");
  m_request = Request{frame, field(frame, "id"), name.is_string() ? name.get<std::string>() : std::string()};
  m_request->stdin_allowed = field(frame, "allow_stdin") == true;
  if (!request_of(frame)) return refuse();
  if (!has_reply(m_request->name)) m_request->done = Json{{"status", "ok"}};
  send();
}

// Again, if the kernel broke it off: then that one's end on iopub is not this one's.
void Exchange::send() {
  m_request->idle = !puts_out(m_request->name);
  m_request->number = m_out.shell(*request_of(m_request->frame));
  if (m_request->done) m_later.set(idle_time, [this] { fence(); });
}

// What no kernel of Jupyter's can be asked; whoever asked hears of it later, as of all others.
void Exchange::refuse() {
  if (m_request->name == "status") {
    m_request->done = Json{{"status", "ok"}};
  } else {
    m_request->done = failure("NotSupported", "a kernel of Jupyter's cannot be asked for " + m_request->name +
                                                  "; a cell of its own language can look");
  }
  m_request->idle = true;
  m_loop.post([this, weak = std::weak_ptr(m_alive), id = m_request->id] {
    if (!weak.expired() && m_request && m_request->id == id) look();
  });
}

void Exchange::answer(const Json& frame) {
  if (!m_question || frame["answer"] != m_question->number) return;
  const Json value = field(frame, "value");
  const Json text = value.is_string() ? value : Json("\x04");  // the end of input, as clients of Jupyter's say it
  m_out.input({"input_reply", {{"value", text}, {"status", "ok"}}, std::exchange(m_question, std::nullopt)->header});
}

void Exchange::interrupt() {
  if (!m_request || m_request->begun) return m_out.interrupt();
  m_request->interrupted = true;
}

// `busy` comes first, and ipykernel heeds no signal yet: `execute_input` says that it does. Not all kernels send that.
void Exchange::begins(const wire::Message& message) {
  if (m_request->name != "execute" || message.type != "status") return begin();
  if (!m_request->begun)
    m_begins.set(begin_time, [this] {
      if (m_request) begin();
    });
}

void Exchange::begin() {
  m_begins.cancel();
  if (!std::exchange(m_request->begun, true) && m_request->interrupted) m_out.interrupt();
}

void Exchange::replied(const wire::Message& message) {
  if (!m_fence.empty() && message.parent == m_fence) return m_later.set(idle_time, [this] { fence(); });
  if (!m_request || m_request->done || message.parent != m_request->number) return;
  if (field(message.content, "status") == "aborted" && ++m_request->tries < most_tries)
    return m_later.set(again_time, [this] { send(); });
  m_request->done = done_of(m_request->name, message.content);
  if (!m_request->idle) m_later.set(idle_time, [this] { fence(); });
  look();
}

void Exchange::fence() { m_fence = m_out.shell({"kernel_info_request", Json::object()}); }

void Exchange::published(const wire::Message& message) {
  const bool ours = m_request && message.parent == m_request->number;
  if (ours) begins(message);
  if (auto told = told_of(message, ours ? m_request->id : Json())) return m_out.tell(std::move(*told));
  const bool behind = m_request && !m_fence.empty() && message.parent == m_fence;
  if (!behind && !(ours && is_idle(message))) return;
  m_request->idle = true;
  look();
}

void Exchange::look() {
  if (!m_request->done || !m_request->idle) return;
  m_later.cancel();
  m_begins.cancel();
  m_question.reset();
  m_fence.clear();
  Json event = std::move(*m_request->done);
  event["event"] = "done";
  event["id"] = m_request->id;
  m_request.reset();
  m_out.tell({Told::What::event, {}, {std::move(event), {}, 0}});
}

// What nobody may be asked is answered all the same: the kernel would wait for ever.
void Exchange::asked(const wire::Message& message) {
  if (message.type != "input_request") return;
  const bool wanted = m_request && m_request->stdin_allowed && message.parent == m_request->number;
  if (!wanted) return m_out.input({"input_reply", {{"value", "\x04"}, {"status", "ok"}}, message.header});
  m_question = Question{++m_questions, message.header};
  m_out.tell({Told::What::event,
              {},
              {{{"event", "input_request"},
                {"id", m_request->id},
                {"question", m_questions},
                {"prompt", field(message.content, "prompt", "")},
                {"password", field(message.content, "password", false)}},
               {},
               message.bytes}});
}

void Exchange::reply_lost() {
  if (!m_request || m_request->done) return;
  m_request->done = failure("TooLong", "the kernel's reply was more than a message may be");
  m_later.set(idle_time, [this] { fence(); });
  look();
}

void Exchange::output_lost() {
  const std::weak_ptr alive = m_alive;
  if (m_request) m_out.tell({Told::What::event, {}, {{{"event", "left_out"}, {"id", m_request->id}}, {}, 0}});
  if (alive.expired()) return;
  m_out.tell({Told::What::err, "[an output was more than a message may be, and is left out]\n", {}});
}

}  // namespace kernel::foreign
