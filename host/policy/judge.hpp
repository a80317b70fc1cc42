// What is asked of the policies about a call, and what they say. The path of a call knows this and nothing of Lua.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "service/error.hpp"
#include "session/asker.hpp"
#include "session/tokens.hpp"

namespace berth::policy {

struct Asked {  // read before before() and after() return
  std::string_view operation;
  session::Scope scope;  // of the operation
  const session::Asker& asker;
  std::string_view input;
};

struct Outcome {
  int status = 200;
  std::string_view output;  // empty: none that could be shown
  std::chrono::microseconds took{};
  std::uint64_t bytes = 0;  // of all that was answered
};

struct Verdict {
  std::optional<service::Error> refusal;
  std::string rewritten;  // JSON in place of the input, or of the output; empty: as it was
  std::string by;         // whose words that is
  std::string remaining;  // for the header Berth-Budget-Remaining; empty: nothing
};

// Everything on the I/O thread.
class Judge {
 public:
  using Heard = std::function<void(Verdict)>;  // once, perhaps at once; not after forget()
  virtual ~Judge() = default;
  virtual bool asks_before(const Asked& asked) = 0;
  virtual bool asks_after(const Asked& asked) = 0;
  virtual std::uint64_t before(const Asked& asked, Heard heard) = 0;  // a ticket for forget()
  virtual std::uint64_t after(const Asked& asked, const Outcome& outcome, Heard heard) = 0;
  virtual void forget(std::uint64_t ticket) = 0;  // nobody waits for it any more
};

}  // namespace berth::policy
