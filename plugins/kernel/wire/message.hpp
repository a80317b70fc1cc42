// Messages of Jupyter's protocol as they travel: frames, the envelope of whom they are from first, each signed.
#pragma once

#include <berth/call.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wire/signer.hpp"

namespace kernel::wire {

using Frames = std::vector<std::string>;

struct Message {
  Frames from;                                  // the envelope: an answer goes back to it
  std::string type = {}, id = {}, parent = {};  // parent: the id of what it is about, if it says
  std::string header = "{}";                    // as it came: what answers it repeats it
  berth::Json content = berth::Json::object(), metadata = berth::Json::object();
  Frames buffers = {};
  std::size_t bytes = 0;
  bool control = false;  // by which channel it came: that one, or shell
};

// What is said to one client, or, with an empty `to`, published under a topic.
struct Saying {
  std::string type;
  berth::Json content;
  std::string parent = "{}";  // the header of what it is about, as that came
  berth::Json metadata = berth::Json::object();
  Frames buffers = {};
};

class Codec {
 public:
  static constexpr std::size_t most_bytes = 32u << 20, most_frames = 512, most_header = 64u << 10;
  static constexpr std::size_t most_signed = 10u << 20;  // by one of many, of all but buffers: it is signed, and read
  static constexpr std::size_t most_envelope = 8, longest_name = 256;

  // Many may hear what is said on some connections, and say it again: nothing is heard twice there, and nothing that
  // was said here. On one of two, who repeats something has the key, kernels name the session of whom they answer, and
  // what they print in a hurry comes in one piece.
  enum class Between { many, two };
  explicit Codec(const std::string& key, Between between = Between::many);

  // Null reason: `to` is a message from somebody who has the key, and a new one.
  const char* read(Frames frames, Message& to);
  Frames write(Frames to, const Saying& saying);
  std::string last_id() const { return m_session + "_" + std::to_string(m_last); }  // of what was written

 private:
  Signer m_signer;
  const Between m_between;
  const std::string m_session;
  std::uint64_t m_last = 0;
};

}  // namespace kernel::wire
