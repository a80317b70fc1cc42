// Each bad end of a question is a problem, since there is nothing else to tell.
#include "question.hpp"

namespace kernel {

using berth::Error;
using How = Ending::How;

void Question::ended(const Ending& ending) {
  const auto status = ending.done.is_object() ? ending.done.value("status", berth::Json()) : berth::Json();
  if (ending.how == How::done && status == "ok") return m_then(ending.done);
  if (ending.how == How::timeout) return refused({504, "kernel_timeout", "the kernel did not answer in time"});
  if (ending.how == How::interrupted) return refused({409, "interrupted", "the question was interrupted"});
  if (ending.how == How::died)
    return refused({503, "kernel_died", "the kernel ended while it was asked: " + ending.reason});
  std::string why = "no reason given";
  const auto error = ending.done.find("error");
  if (error != ending.done.end() && error->is_object() && error->contains("value") && (*error)["value"].is_string())
    why = (*error)["value"].get<std::string>().substr(0, 1000);
  refused({422, "kernel_refused", "the kernel could not answer: " + why});
}

void Arrival::ended(const Ending& ending) {
  if (ending.how == How::done) return m_then(std::nullopt);
  m_then(berth::Error(503, "kernel_down", "the kernel came up, and did not stay: " + ending.reason));
}

}  // namespace kernel
