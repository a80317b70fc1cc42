// What a client of the wire has asked of the kernel, as its tasks: a cell (or a comm's message, which runs code as
// well), or a question.
#pragma once

#include <berth/output.hpp>

#include <memory>
#include <utility>

#include "cell.hpp"
#include "wire/message.hpp"

namespace kernel::wire {

class Server;

class ServedCell : public Cell {
 public:
  // `comm`: what the worker is asked in place of a cell; null: the cell.
  ServedCell(const CellTools& tools, Ask ask, const std::shared_ptr<Kernel>& kernel, std::weak_ptr<Server> server,
             Message message, berth::Json comm);
  berth::Json request() const override { return m_comm.is_null() ? Cell::request() : m_comm; }
  const Ask* asked() const override { return m_comm.is_null() ? Cell::asked() : nullptr; }
  void begun() override;
  void ended(const Ending& ending) override;
  void refused(const berth::Error& why) override;
  const Message& message() const { return m_message; }
  void hold(bool held);

 private:
  void heard(const Told& told) override;
  berth::Ask as_caller(berth::Ask ask) const override { return ask.session(m_ask.session); }
  void publish(Saying saying);
  void text(bool out, const std::string& bytes);
  void ask_user(const berth::Json& event);
  void end(const berth::Json& reply, bool tell_error);

  const std::weak_ptr<Server> m_server;
  const Message m_message;
  const berth::Json m_comm;
  berth::Whole m_out, m_err;
  bool m_error_told = false;
};

// Behind what runs, as Jupyter's clients expect it.
class ServedQuestion : public Task {
 public:
  ServedQuestion(std::weak_ptr<Server> server, Message message, berth::Json request)
      : m_server(std::move(server)), m_message(std::move(message)), m_request(std::move(request)) {}
  berth::Json request() const override { return m_request; }
  std::chrono::milliseconds timeout() const override { return std::chrono::seconds(10); }
  bool waits() const override { return true; }
  bool is_cell() const override { return false; }
  void ended(const Ending& ending) override;
  void refused(const berth::Error& why) override;

 private:
  void finish(const berth::Json& reply);
  const std::weak_ptr<Server> m_server;
  const Message m_message;
  const berth::Json m_request;
};

}  // namespace kernel::wire
