// ZeroMQ's messages as bytes on one connection (ZMTP 3.0, https://rfc.zeromq.org/spec/23), for the end that dialled.
// libzmq keeps a message until its last frame has come, however many there are, and takes over no connection that
// somebody else has made: so what comes from a jail is read here, and never more of it is kept than a message may have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "wire/message.hpp"

namespace kernel::foreign {

class Zmtp {
 public:
  static constexpr std::size_t most_bytes = wire::Codec::most_bytes, most_frames = wire::Codec::most_frames;

  // `type` is DEALER or SUB; a DEALER's identity is what it is known by to whoever answers.
  Zmtp(std::string type, std::string identity);

  // False: it speaks no ZMTP 3, and nothing more is taken.
  bool feed(std::string_view bytes);
  struct Came {
    wire::Frames frames = {};
    bool left_out = false;  // it was more than a message may be
  };
  std::optional<Came> next();
  bool up() const { return m_up; }            // both have said who they are
  void put(const wire::Frames& frames);       // waits until then
  std::string& unsent() { return m_unsent; }  // whoever has sent some of it takes that away

 private:
  bool step();
  bool greet();
  bool begin_frame();
  bool end_frame();
  bool command(std::string_view body);
  void skip();
  static void append(std::string& to, std::string_view frame, unsigned flags);
  std::string_view waiting() const { return std::string_view(m_bytes).substr(m_at); }

  const std::string m_type, m_identity;
  std::string m_bytes, m_unsent;
  std::string m_early;   // to be sent once it is up
  std::size_t m_at = 0;  // what of m_bytes is done with
  bool m_greeted = false, m_up = false, m_broken = false, m_in_frame = false;
  unsigned m_flags = 0;      // of the frame that is coming
  std::uint64_t m_size = 0;  // of it, or what is still to be thrown away
  bool m_skipping = false;
  Came m_coming;
  std::size_t m_coming_bytes = 0;
  std::deque<Came> m_ready;
};

}  // namespace kernel::foreign
