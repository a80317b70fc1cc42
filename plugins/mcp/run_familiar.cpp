// A tool that clients of another server know: one operation of ours after the other, until there is what it answers.
#include <utility>

#include "content.hpp"
#include "run.hpp"

namespace mcp {

void Run::begin_familiar() {
  const Familiar& tool = *m_order.offer->familiar;
  try {
    check(tool, m_order.input);
    if (!tool.next) m_inputs = tool.inputs(m_order.input);
  } catch (const berth::Error& error) {
    return succeed(tool_failure(error));
  }
  next_of_familiar();
}

void Run::next_of_familiar() {
  const Familiar& tool = *m_order.offer->familiar;
  try {
    const auto step = step_of(tool, m_order.input, m_inputs, m_all);
    if (!step) return succeed(with_left_out(tool, m_order.input, tool.result(m_order.input, m_all)));
    if (m_all.size() >= most_steps)
      throw berth::Error(422, "too_much", "that is more than one tool does", "do it in several calls");
    if (step->operation == "ask") return ask_about_script(step->input);
    if (step->operation.rfind("script.", 0) == 0)
      return one_of_familiar(m_around.script(step->operation, step->input, *this));
    const Offer* operation = m_order.catalogue->operation(step->operation);
    if (!operation)
      throw berth::Error(404, "no_operation", "there is no operation " + step->operation + " here, which this needs");
    call_operation(*operation, step->input);
  } catch (const berth::Error& error) {
    succeed(tool_failure(error));
  }
}

void Run::one_of_familiar(Json answer) {
  m_all.push_back(std::move(answer));
  next_of_familiar();
}

// Of several things that are asked for at once each is told by itself, and some failures are answers. False: it is the
// tool that has failed.
bool Run::goes_on_without(const berth::Error& error) {
  const Familiar& tool = *m_order.offer->familiar;
  if (m_number == 0 || !(m_inputs.size() > 1 || (tool.unless && error.code() == tool.unless))) return false;
  one_of_familiar({{"failed", error.message()}});
  return true;
}

}  // namespace mcp
