// One client's connection: reads requests one after the other, has each answered, and keeps every deadline. All of it
// on the I/O thread.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "edge/commons.hpp"
#include "edge/exchange.hpp"
#include "edge/intake.hpp"
#include "edge/read_buffer.hpp"
#include "edge/reader_stock.hpp"
#include "edge/wire.hpp"

namespace berth::edge {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Ended = std::function<void(Connection*)>;
  Connection(Commons& commons, Wire wire, std::string peer, bool is_unix, Ended ended);
  ~Connection();

  void start();
  void sweep(service::Clock::Moment now);  // several times a second
  void drain(bool late);  // closes if nothing runs; asks what is endless, or if late whatever runs, to end
  void close();

  // For the exchange at hand.
  void write(std::string bytes, std::string more = {});
  void write_whole(std::string head, std::string body);  // of an answer that has no more
  std::size_t unsent() const { return m_unsent; }
  void end_answer(int status, bool reusable);
  void resume_reading();
  const RequestHead& head() const { return m_reader->head(); }
  Commons& commons() const { return m_commons; }
  bool keeps_alive() const;
  void renew_window();  // the body may take its time from now on
  void continue_100();
  // Gives the stream away to a WebSocket and forgets it. Only when nothing is unsent and there are no early bytes.
  Wire release();
  // Bytes behind the request are here, or a read is under way that would take them (and a stream that is given away).
  bool has_early_bytes() const { return m_reading || !m_input.empty(); }
  // Of a request behind which nothing is read: what its client did meanwhile.
  Wire::Next peek() { return m_wire.peek(); }
  void peer_left();
  // One line in the log for a request that is over.
  void log_request(const Inbound& inbound, int status, std::size_t bytes);

 private:
  enum class Phase { handshake, idle, head, body, busy, upgraded, lingering, closed };

  void no_handshake(const std::string& why);
  void set_phase(Phase phase, std::chrono::milliseconds time);
  void read();
  void read_later();
  void on_read(const boost::system::error_code& failed, std::size_t count);
  void advance();
  bool wants_bytes() const;
  bool is_asking() const;
  bool take_head();
  void on_head();
  bool take_body();
  void broken(const service::Error& error);
  void flush();
  void queue(std::string bytes);
  void on_written(const boost::system::error_code& failed, std::size_t count);
  void after_answer();
  void linger();
  bool body_too_slow(service::Clock::Moment now);
  bool may_say_goodbye() const;

  Commons& m_commons;
  Wire m_wire;
  const std::string m_peer;
  const bool m_is_unix;
  Ended m_ended;
  ReaderStock::Lent m_reader;  // from the first byte of a request to the end of its answer
  std::shared_ptr<Exchange> m_exchange;

  Phase m_phase = Phase::idle;
  service::Clock::Moment m_deadline{};
  service::Clock::Moment m_progress{};  // of writing
  service::Clock::Moment m_window{};    // of the body's rate
  std::size_t m_window_bytes = 0;

  ReadBuffer m_input;
  std::size_t m_lingered = 0;
  bool m_reading = false;
  bool m_advancing = false;
  bool m_eof = false;

  std::vector<std::string> m_sending, m_waiting;
  std::size_t m_sent_of_first = 0;
  std::size_t m_unsent = 0;
  std::size_t m_answer_bytes = 0;
  bool m_writing = false;
  bool m_answer_over = false;
  bool m_reusable = false;
  bool m_released = false;
  int m_status = 0;
  TokenMemory m_memory;
};

}  // namespace berth::edge
