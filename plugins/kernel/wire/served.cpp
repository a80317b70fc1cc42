// Each ends with one reply, whatever becomes of the kernel.
#include "served.hpp"

#include "fields.hpp"
#include "wire/requests.hpp"
#include "wire/server.hpp"

namespace kernel::wire {

using berth::Error;
using berth::Json;
using How = Ending::How;

ServedCell::ServedCell(const CellTools& tools, Ask ask, const std::shared_ptr<Kernel>& kernel,
                       std::weak_ptr<Server> server, Message message, Json comm)
    : Cell(tools, std::move(ask), kernel),
      m_server(std::move(server)),
      m_message(std::move(message)),
      m_comm(std::move(comm)) {}

void ServedCell::begun() {
  const auto kernel = m_kernel.lock();
  if (kernel && m_comm.is_null() && !m_ask.silent)
    publish({"execute_input", {{"code", m_ask.code}, {"execution_count", kernel->count() + 1}}});
}

void ServedCell::hold(bool held) {
  if (const auto kernel = m_kernel.lock()) kernel->hold(this, held);
}

void ServedCell::publish(Saying saying) {
  const auto server = m_server.lock();
  if (!server) return;
  saying.parent = m_message.header;
  server->publish(saying, saying.type == "error" ? Publisher::Kind::word : Publisher::Kind::output);
  if (server->full()) hold(true);
}

void ServedCell::text(bool out, const std::string& bytes) {
  if (!bytes.empty()) publish({"stream", {{"name", out ? "stdout" : "stderr"}, {"text", bytes}}});
}

void ServedCell::heard(const Told& told) {
  if (told.what != Told::What::event) {
    const bool out = told.what == Told::What::out;
    return text(out, (out ? m_out : m_err).add(told.text));
  }
  const Json& event = told.frame.json;
  if (field(event, "event") == "input_request") return ask_user(event);
  auto saying = saying_of(event);
  if (!saying) return;
  if (saying->type == "error") m_error_told = true;
  publish(std::move(*saying));
}

// A client that does not listen for questions would be waited for until the time is over.
void ServedCell::ask_user(const Json& event) {
  const auto server = m_server.lock();
  const Json prompt = field(event, "prompt");
  const bool asked =
      server && server->ask(m_message, prompt.is_string() ? prompt : Json(""), field(event, "password", false) == true);
  if (!asked) answer(std::nullopt);
}

void ServedCell::ended(const Ending& ending) {
  forget_calls();
  text(true, m_out.rest());
  text(false, m_err.rest());
  if (ending.restarted && ending.how == How::done)
    text(false, "[the kernel is a new one, and its variables are gone: " + ending.reason + "]\n");
  const bool stopped = ending.how == How::timeout || ending.how == How::died;
  end(execute_reply(ending_of(m_ask, ending), ending.done), stopped || !m_error_told);
}

void ServedCell::refused(const Error& why) {
  forget_calls();
  Json reply = failed_reply(why.code(), why.message());
  const auto kernel = m_kernel.lock();
  reply["execution_count"] = kernel ? kernel->count() : 0;
  end(reply, true);
}

void ServedCell::end(const Json& reply, bool tell_error) {
  set_over();
  const bool failed = reply.at("status") == "error";
  if (failed && tell_error)
    publish({"error",
             {{"ename", reply.at("ename")}, {"evalue", reply.at("evalue")}, {"traceback", reply.at("traceback")}}});
  if (const auto server = m_server.lock())
    server->finish(m_message, m_comm.is_null() ? reply : Json(), failed && m_comm.is_null() && m_ask.stop_on_error);
}

void ServedQuestion::finish(const Json& reply) {
  if (const auto server = m_server.lock()) server->finish(m_message, reply, false);
}

void ServedQuestion::ended(const Ending& ending) {
  const auto server = m_server.lock();
  if (server && m_message.type == "kernel_info_request") return finish(server->info());
  const bool well = ending.how == How::done && ending.done.is_object() && field(ending.done, "status") == "ok";
  if (well) return finish(reply_to(m_message.type, ending.done));
  finish(failed_reply("KernelError", ending.reason.empty() ? "the kernel could not answer" : ending.reason));
}

// A kernel that cannot start says why to the first cell: clients that wait for this reply know nothing of errors in it.
void ServedQuestion::refused(const Error& why) {
  const auto server = m_server.lock();
  if (server && m_message.type == "kernel_info_request") return finish(server->info());
  finish(failed_reply(why.code(), why.message()));
}

}  // namespace kernel::wire
