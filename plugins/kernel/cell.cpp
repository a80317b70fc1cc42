// Questions of the worker are answered here: input() by whoever listens to a stream, runtime.call() by Berth itself.
#include "cell.hpp"

#include <iterator>
#include <utility>

#include "fields.hpp"

namespace kernel {

using berth::Error;
using berth::Json;

namespace {

constexpr std::size_t most_result = 4u << 20;  // of a job
constexpr std::size_t most_calls = 8;          // a worker waits for one before it asks for the next

Json failure(const Error& error) {
  return {{"ok", false},
          {"error",
           {{"status", error.status()}, {"code", error.code()}, {"message", error.message()}, {"hint", error.hint()}}}};
}

}  // namespace

Cell::Cell(const CellTools& tools, Ask ask, const std::shared_ptr<Kernel>& kernel)
    : m_tools(tools), m_ask(std::move(ask)), m_kernel(kernel) {}

void Cell::told(Told told) {
  if (told.what == Told::What::event) {
    const Json name = field(told.frame.json, "event");
    if (name == "call") return call(told.frame.json);
    const Json question = field(told.frame.json, "question");
    if (name == "input_request" && question.is_number_integer()) m_question = question;
    if (name == "withdrawn" && !withdraw(question)) return;
  }
  heard(told);
}

bool Cell::answer(const std::optional<std::string>& value) {
  const auto kernel = m_kernel.lock();
  if (!m_question || !kernel) return false;
  Json frame{{"answer", *std::exchange(m_question, std::nullopt)}};
  if (value)
    frame["value"] = *value;
  else
    frame["eof"] = true;
  kernel->say(this, frame);
  return true;
}

void Cell::drop() {
  if (const auto kernel = m_kernel.lock()) kernel->drop(this);
}

void Cell::answer_call(const Json& question, const Json& outcome) {
  const auto kernel = m_kernel.lock();
  if (!kernel) return;
  Json frame = outcome;
  frame["answer"] = question;
  kernel->say(this, frame);
}

void Cell::call(const Json& event) {
  const Json question = field(event, "question"), operation = field(event, "operation"), input = field(event, "input");
  if (!question.is_number_integer()) return;  // no worker asks so, and an answer repeats it
  if (!operation.is_string() || !input.is_object())
    return answer_call(question, failure({400, "bad_call", "an operation is a name, its input an object"}));
  if (m_calls.size() >= most_calls)
    return answer_call(question, failure({503, "busy", "too many calls of this cell are under way"}));
  start_call(question, operation.get<std::string>(), input);
}

void Cell::start_call(const Json& question, const std::string& operation, const Json& input) {
  const auto number = std::make_shared<std::uint64_t>(0);
  const auto back = [weak = weak_from_this(), &loop = m_tools.loop, question, number](const Json& outcome) {
    loop.post([weak, question, number, outcome] {
      const auto self = weak.lock();
      if (!self || self->m_calls.erase(*number) == 0) return;
      self->m_tools.calls.cancel(*number);  // what is not over would go on
      self->answer_call(question, outcome);
    });
  };
  const auto no_call = [back](const char* what) {
    back(failure({422, "no_call", std::string("this operation answers with ") + what, "ask for one that is a call"}));
  };
  *number = m_tools.calls.start(as_caller(berth::Ask(operation, input).as_session()),
                                {[back](const Json& value) {
                                   back({{"ok", true}, {"value", value}});
                                 },
                                 [back](const Error& error) { back(failure(error)); },
                                 [no_call](std::string_view, std::string_view) {
                                   no_call("a stream");
                                   return berth::Flow::full;
                                 },
                                 [no_call] { no_call("a stream"); },
                                 [no_call](int fd, const berth::Head&) {
                                   ::close(fd);
                                   no_call("a file");
                                 }});
  if (*number != 0) return void(m_calls.emplace(*number, question));
  answer_call(question, failure({503, "busy", "no more calls can be made now, or berth.lua grants none"}));
}

// The user's code was interrupted where it waited for the answer, and may go on without it. True: it was input()'s.
bool Cell::withdraw(const Json& question) {
  if (m_question && *m_question == question) {
    m_question.reset();
    return true;
  }
  for (auto at = m_calls.begin(); at != m_calls.end();) {
    if (at->second == question) m_tools.calls.cancel(at->first);
    at = at->second == question ? m_calls.erase(at) : std::next(at);
  }
  return false;
}

void Cell::forget_calls() {
  for (const auto& [number, question] : std::exchange(m_calls, {})) m_tools.calls.cancel(number);
}

void Cell::stop_others(const Ending& ending) const {
  const auto kernel = m_kernel.lock();
  const bool well = ending.how == Ending::How::done && field(ending.done, "status") == "ok";
  if (!kernel || well || !m_ask.stop_on_error) return;
  kernel->refuse_cells({409, "stopped", "it did not run: the cell " + m_ask.id + " before it failed",
                        "that one had `stop_on_error`; send it again if it is to run all the same"});
}

GatheringCell::GatheringCell(const CellTools& tools, Ask ask, const std::shared_ptr<Kernel>& kernel)
    : Cell(tools, ask, kernel), m_record(ask, &tools.spiller) {}

void GatheringCell::ended(const Ending& ending) {
  forget_calls();
  stop_others(ending);
  if (!m_record.spilled()) return tell(ending);
  m_tools.spiller.after(
      [self = shared_from_this(), this, ending] { m_tools.loop.post([self, this, ending] { tell(ending); }); });
}

void GatheringCell::tell(const Ending& ending) {
  set_over();
  give(m_record.answer(ending));
}

CallCell::CallCell(const CellTools& tools, Ask ask, const std::shared_ptr<Kernel>& kernel, berth::Call call)
    : GatheringCell(tools, std::move(ask), kernel), m_call(std::move(call)) {}

JobCell::JobCell(const CellTools& tools, Ask ask, const std::shared_ptr<Kernel>& kernel, berth::Job job)
    : GatheringCell(tools, std::move(ask), kernel), m_job(std::move(job)) {}

// A job whose result is still too large without its outputs has failed: done() says so.
void JobCell::give(const Json& answer) {
  if (berth::json_text(answer).size() <= most_result) return void(m_job.done(answer));
  Json smaller = answer;
  smaller["outputs"] = Json::array();
  smaller["truncated"] = true;
  smaller["reason"] = "the outputs are more than a job's result may hold; POST /exec or /exec/stream gives them";
  m_job.done(smaller);
}

}  // namespace kernel
