// One request after the other to a kernel, each to its end. A request has ended when its reply has come and, if it may
// put something out, iopub says that it is idle again.
#pragma once

#include <berth/call.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "loop.hpp"
#include "sequence.hpp"
#include "wire/message.hpp"

namespace kernel::foreign {

using loop::Loop;
using loop::Timer;

class Exchange {
 public:
  struct Out {
    std::function<std::string(const wire::Saying&)> shell;  // returns the message's id
    std::function<void(const wire::Saying&)> input;
    std::function<void()> interrupt;
    std::function<void(Told)> tell;  // may be the end of the exchange
  };

  // All on the loop's thread.
  Exchange(Loop& loop, Out out);
  void ask(const berth::Json& frame);  // a request, or the answer to what was asked
  // What runs; what has not begun yet is interrupted as soon as it has, since no kernel heeds it before.
  void interrupt();
  // What came by shell, iopub and stdin.
  void replied(const wire::Message& message);
  void published(const wire::Message& message);
  void asked(const wire::Message& message);
  void reply_lost();   // it was more than a message may be
  void output_lost();  // the same

 private:
  struct Request {
    berth::Json frame, id;
    std::string name, number = {};  // the id that the kernel knows it by
    std::optional<berth::Json> done = {};
    bool begun = false, interrupted = false, idle = false, stdin_allowed = false;
    int tries = 0;
  };
  struct Question {
    std::uint64_t number = 0;
    std::string header;
  };
  void answer(const berth::Json& frame);
  void send();
  void refuse();
  void begins(const wire::Message& message);
  void begin();
  void fence();
  void look();

  Loop& m_loop;
  const Out m_out;
  const std::shared_ptr<int> m_alive = std::make_shared<int>();
  std::optional<Request> m_request;
  std::optional<Question> m_question;
  std::uint64_t m_questions = 0;
  std::string m_fence;  // the id of a request whose trace on iopub says that all before it was told
  Timer m_later, m_begins;
};

}  // namespace kernel::foreign
