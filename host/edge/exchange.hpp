// One request and its answer on a connection; one class for each kind of operation. Lives until its answer has left or
// its client has; a call that still runs by then keeps it as a sink that hears nothing more.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "edge/commons.hpp"
#include "edge/inbound.hpp"
#include "routing/dispatch.hpp"
#include "service/error.hpp"

namespace berth::edge {

class Connection;
class AnswerHead;

class Exchange : public routing::Sink, public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(Connection& connection, Inbound inbound);

  // Called by the connection, on the I/O thread.
  virtual void start() {}  // the head is in; the body, if any, follows
  virtual void body(std::string piece,
                    bool last) = 0;  // the next piece is read after resume_reading() if hungry() is false
  virtual bool hungry() const { return true; }
  virtual bool asking() const { return false; }  // whether the body is wanted: what comes of it meanwhile waits
  virtual void written(std::size_t) {}           // bytes of this answer have left
  virtual void tick(service::Clock::Moment) {}
  virtual void client_left();  // the connection is gone
  const Inbound& inbound() const { return m_inbound; }
  virtual bool endless() const { return false; }  // it has no end of its own that a draining host could wait for
  virtual bool closing_now();                     // the host drains and waits no longer: true if this ended

  void remaining(std::string text) override { m_remaining = std::move(text); }
  void fail(service::Error error) override;  // a whole problem answer, if none has begun

  // What a kind does not hear.
  void send(std::string) override {}
  void file(service::UniqueFd, loader::Head) override {}
  void begin(loader::Head) override {}
  void chunk(loader::Chunk) override {}
  void finish(std::uint32_t, std::string) override {}

 protected:
  Commons& commons() const { return m_commons; }
  using Fields = std::vector<std::pair<std::string, std::string>>;
  AnswerHead head(int status) const;  // with the fields that every answer has
  // A whole answer of one piece; nothing happens if another has begun.
  void whole(int status, std::string_view type, std::string body, const Fields& more = {});
  // Fails, at once or after a small body is out of the way, so that the connection stays usable.
  void refuse(service::Error error);
  bool swallows(std::size_t bytes, bool last);  // of the body; false: it is wanted
  void ended(int status);                       // all of the answer is queued
  routing::Ask ask(nlohmann::json input) const;
  void start_call(routing::Ask&& ask);
  std::string challenge(bool wrong) const;                         // of a 401
  void note(const service::Error& error);                          // in the audit: refused, or answered without a call
  service::Result<routing::Ask> wanted_by(std::string_view body);  // body: JSON text, or empty for none
  static std::optional<service::Error> coded_body(const RequestHead& request);  // nothing here unpacks bodies
  bool attached() const { return m_connection != nullptr; }

  Connection* m_connection;  // null once the client has left
  Inbound m_inbound;
  std::shared_ptr<routing::Call> m_call;
  bool m_head_sent = false;
  bool m_over = false;                      // the call has said its last
  bool m_tus = false;                       // every answer says so
  bool m_noted = false;                     // in the audit, or the dispatcher's to write there
  bool m_reusable = true;                   // the connection, for another request
  std::string m_remaining;                  // of a budget
  std::optional<service::Error> m_refusal;  // to be answered once the body is in

 private:
  Commons& m_commons;
  std::size_t m_swallowed = 0;
};

struct Judged;
std::shared_ptr<Exchange> make_exchange(Connection& connection, Judged judged);

}  // namespace berth::edge
