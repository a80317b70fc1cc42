// What a terminal showed before is shown again to whoever comes later, but what asked the terminal something must not
// be: it would answer, and the answer would be typed into a shell that never asked.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace shell {

class Replay {
 public:
  static constexpr std::size_t most_control = 256;        // bytes of a control sequence
  static constexpr std::size_t most_command = 16u << 10;  // of a command that may have a question in it

  // The same text without questions; it may be cut anywhere between its characters. What may become one is kept back
  // until its end.
  std::string add(std::string_view text);
  // Of what comes now: only the end of what is kept back is looked at, the rest is shown as it is.
  std::string finish(std::string_view text);
  bool within() const { return m_in != In::text; }  // of something that is kept back, or left out

 private:
  enum class In {
    text,
    escape,   // behind ESC
    control,  // CSI
    command,  // OSC, of those that may ask
    device,   // DCS, up to what says what it is
    lost_control,
    lost_command,
    lost_device
  };
  void step(std::string_view& text);
  void take(std::string_view symbol);
  bool interrupts(std::string_view symbol);
  void introduce(unsigned char c1, std::string_view symbol);
  void in_escape(unsigned char c, bool linked);
  void in_control(unsigned char c);
  void in_device(unsigned char c);
  void in_command(unsigned char c);
  void in_lost(unsigned char c);
  void hold(unsigned char c, std::size_t most, In otherwise);
  void begin(In in, std::string_view introducer);
  void end(bool shown);
  std::string_view body() const { return std::string_view(m_held).substr(m_begin); }

  In m_in = In::text;
  bool m_linked = true;     // false: the string is left out that the last ESC ended, so its `\` is, too
  std::size_t m_begin = 0;  // of what is held, behind its introducer
  std::string m_held, m_out;
};

}  // namespace shell
