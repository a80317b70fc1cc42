// As terminals read: controls count inside of sequences; ESC and its like begin another one; CAN and SUB break off.
// What was broken off did nothing, and is left out, lest it go on with what stands behind the next question. Strings
// that ask nothing are text here: what ends them is the same.
#include "replay.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace shell {

namespace {

constexpr unsigned char enq = 0x05, bell = 0x07, can = 0x18, sub = 0x1a, esc = 0x1b, del = 0x7f;
constexpr unsigned char dcs = 0x90, decid = 0x9a, csi = 0x9b, st = 0x9c, osc = 0x9d;

bool is_last(unsigned char c) { return c >= 0x40 && c < del; }

template <class All>
bool is_one_of(std::string_view text, const All& all) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

std::string_view without_zeros(std::string_view number) {
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  return number;
}

// CSI … t: where a window is, how large, its title.
bool asks_window(std::string_view parameters) {
  constexpr std::array<std::string_view, 9> all{"11", "13", "14", "15", "16", "18", "19", "20", "21"};
  return is_one_of(without_zeros(parameters.substr(0, parameters.find_first_of(";:"))), all);
}

// CSI: a prefix, parameters, what stands between, and the last character.
bool asks(std::string_view control) {
  constexpr std::array<std::string_view, 10> simple{"c", ">c", "=c", "n", "?n", "?u", ">q", "x", "?S", "?m"};
  constexpr std::array<std::string_view, 8> special{"$p", "$w", "$u", "&u", "*y", "'|", "#R", "#|"};
  std::string kind(control.substr(0, control.front() >= '<' && control.front() <= '?' ? 1 : 0));
  control.remove_prefix(kind.size());
  const auto parameters = control.substr(0, control.find_first_not_of("0123456789;:<=>?"));
  control.remove_prefix(parameters.size());
  if (control.size() > 1) return is_one_of(control, special);
  if (kind.empty() && control == "t") return asks_window(parameters);
  kind += control;
  return is_one_of(kind, simple);
}

// OSC: `?` stands for the colour, or for what the clipboard holds.
bool may_ask(std::string_view command) {
  constexpr std::array<std::string_view, 13> all{"4",  "5",  "10", "11", "12", "13", "14",
                                                 "15", "16", "17", "18", "19", "52"};
  return is_one_of(without_zeros(command.substr(0, command.find(';'))), all);
}
bool asks_in(std::string_view command) {
  if (!may_ask(command)) return false;
  for (auto at = command.find(';'); at != std::string_view::npos; at = command.find(';', at + 1))
    if (command.substr(at + 1, command.find(';', at + 1) - at - 1) == "?") return true;
  return false;
}

}  // namespace

std::string Replay::add(std::string_view text) {
  while (!text.empty()) step(text);
  return std::exchange(m_out, {});
}

std::string Replay::finish(std::string_view text) {
  while (within() && !text.empty()) step(text);
  return std::exchange(m_out, {}).append(text);
}

// A C1 control is one symbol, of two bytes.
void Replay::step(std::string_view& text) {
  const bool two = text.size() > 1 && text[0] == '\xc2' && static_cast<unsigned char>(text[1]) < 0xa0;
  take(text.substr(0, two ? 2 : 1));
  text.remove_prefix(two ? 2 : 1);
}

void Replay::take(std::string_view symbol) {
  const auto c = static_cast<unsigned char>(symbol[0]);
  const bool linked = m_linked;
  if (c == enq || interrupts(symbol)) return;
  m_linked = true;
  const bool within_string = m_in == In::command || m_in == In::lost_command || m_in == In::lost_device;
  if (m_in == In::text || (c < 0x20 && !within_string)) return void(m_out += symbol);
  switch (m_in) {
    case In::escape: return in_escape(c, linked);
    case In::control: return in_control(c);
    case In::device: return in_device(c);
    case In::command: return in_command(c);
    default: return in_lost(c);
  }
}

// Whatever it is in, it ends here.
bool Replay::interrupts(std::string_view symbol) {
  const auto c = static_cast<unsigned char>(symbol[0]);
  const bool breaks = c == can || c == sub, introduces = c == esc || symbol.size() == 2;
  if (!breaks && !introduces) return false;
  const bool in_string = m_in == In::command || m_in == In::lost_command || m_in == In::lost_device;
  const bool shown = m_in == In::command && introduces && !asks_in(body());
  m_linked = !in_string || shown;
  end(shown);
  if (c == esc)
    begin(In::escape, symbol);
  else if (breaks)
    m_out += symbol;
  else
    introduce(static_cast<unsigned char>(symbol[1]), symbol);
  return true;
}

void Replay::introduce(unsigned char c1, std::string_view symbol) {
  const bool linked = std::exchange(m_linked, true);
  if (c1 == csi) return begin(In::control, symbol);
  if (c1 == osc) return begin(In::command, symbol);
  if (c1 == dcs) return begin(In::device, symbol);
  if (c1 != decid && (c1 != st || linked)) m_out += symbol;
}

void Replay::in_escape(unsigned char c, bool linked) {
  const bool alone = body().empty();
  if (alone && c == '[') return begin(In::control, "\x1b[");
  if (alone && c == ']') return begin(In::command, "\x1b]");
  if (alone && c == 'P') return begin(In::device, "\x1bP");
  if (alone && (c == 'Z' || (c == '\\' && !linked))) return end(false);
  hold(c, most_control, In::lost_control);
  if (c >= 0x30 && c < del) end(true);
}

void Replay::in_control(unsigned char c) {
  hold(c, most_control, In::lost_control);
  if (is_last(c)) end(!asks(body()));
}

// DCS $ q and DCS + q ask for settings.
void Replay::in_device(unsigned char c) {
  hold(c, most_control, In::lost_device);
  if (!is_last(c)) return;
  const auto what = body().substr(std::min(body().find_first_not_of("0123456789;:<=>?"), body().size()));
  const bool asks = what == "$q" || what == "+q";
  end(!asks);
  if (asks) m_in = In::lost_device;
}

void Replay::in_command(unsigned char c) {
  if (c == bell) {
    m_held += static_cast<char>(c);
    const bool asked = asks_in(body().substr(0, body().size() - 1));
    return end(!asked);
  }
  if (c < 0x20) return;
  m_held += static_cast<char>(c);
  if ((c < '0' || c > '9') && !may_ask(body())) return end(true);
  if (m_held.size() < most_command) return;
  end(false);
  m_in = In::lost_command;
}

void Replay::in_lost(unsigned char c) {
  if (m_in == In::lost_control ? is_last(c) : m_in == In::lost_command && c == bell) end(false);
}

// What no sequence has in it breaks it off.
void Replay::hold(unsigned char c, std::size_t most, In otherwise) {
  if (c == del) return;
  if (c > del) {
    end(false);
    m_out += static_cast<char>(c);
    return;
  }
  m_held += static_cast<char>(c);
  if (m_held.size() < most || is_last(c)) return;
  end(false);
  m_in = otherwise;
}

void Replay::begin(In in, std::string_view introducer) {
  m_in = in;
  m_held = introducer;
  m_begin = introducer.size();
}

void Replay::end(bool shown) {
  if (shown) m_out += m_held;
  m_held.clear();
  m_begin = 0;
  m_in = In::text;
}

}  // namespace shell
