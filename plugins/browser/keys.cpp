// The numbers are Windows' virtual keys, which pages read as `keyCode`.
#include "keys.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace browser {

namespace {

struct Key {
  const char *name, *code;
  int number;
  const char* text = "";
};

constexpr Key named[] = {{"Enter", "Enter", 13, "\r"},
                         {"Tab", "Tab", 9},
                         {"Backspace", "Backspace", 8},
                         {"Delete", "Delete", 46},
                         {"Escape", "Escape", 27},
                         {"Space", "Space", 32, " "},
                         {"ArrowLeft", "ArrowLeft", 37},
                         {"ArrowUp", "ArrowUp", 38},
                         {"ArrowRight", "ArrowRight", 39},
                         {"ArrowDown", "ArrowDown", 40},
                         {"Home", "Home", 36},
                         {"End", "End", 35},
                         {"PageUp", "PageUp", 33},
                         {"PageDown", "PageDown", 34},
                         {"Insert", "Insert", 45},
                         {"F1", "F1", 112},
                         {"F2", "F2", 113},
                         {"F3", "F3", 114},
                         {"F4", "F4", 115},
                         {"F5", "F5", 116},
                         {"F6", "F6", 117},
                         {"F7", "F7", 118},
                         {"F8", "F8", 119},
                         {"F9", "F9", 120},
                         {"F10", "F10", 121},
                         {"F11", "F11", 122},
                         {"F12", "F12", 123},
                         {"Shift", "ShiftLeft", 16},
                         {"Control", "ControlLeft", 17},
                         {"Alt", "AltLeft", 18},
                         {"Meta", "MetaLeft", 91}};

struct Modifier {
  const char* name;
  int bit;
};
constexpr Modifier modifiers[] = {{"Alt", 1}, {"Control", 2}, {"Ctrl", 2}, {"Meta", 4}, {"Shift", 8}};

Json event_of(const char* type, std::string key, std::string code, int number, int held, std::string text) {
  Json event = with("type", type, "key", std::move(key), "code", std::move(code), "windowsVirtualKeyCode", number,
                    "modifiers", held);
  if (!text.empty()) event["text"] = event["unmodifiedText"] = std::move(text);
  return event;
}

std::vector<Json> both(const std::string& key, const std::string& code, int number, int held, std::string text) {
  if ((held & 7) != 0) text.clear();  // with one of these it is a command
  const char* down = text.empty() ? "rawKeyDown" : "keyDown";
  std::vector<Json> all;
  all.push_back(event_of(down, key, code, number, held, text));
  all.push_back(event_of("keyUp", key, code, number, held, {}));
  return all;
}

std::vector<Json> of_character(std::string_view one, int held) {
  std::string code;
  int number = 0;
  if (one.size() == 1 && std::isalpha(static_cast<unsigned char>(one[0])) != 0) {
    const char large = static_cast<char>(std::toupper(static_cast<unsigned char>(one[0])));
    code = std::string("Key") + large;
    number = large;
  } else if (one.size() == 1 && std::isdigit(static_cast<unsigned char>(one[0])) != 0) {
    code = std::string("Digit") + one[0];
    number = one[0];
  }
  return both(std::string(one), code, number, held, std::string(one));
}

}  // namespace

std::vector<std::string> characters_of(std::string_view text) {
  std::vector<std::string> all;
  for (const char c : text) {
    if (all.empty() || (static_cast<unsigned char>(c) & 0xc0) != 0x80) all.emplace_back();
    all.back() += c;
  }
  return all;
}

std::vector<Json> typed(std::string_view character) {
  if (character == "\n" || character == "\r") return key_events("Enter");
  if (character == "\t") return key_events("Tab");
  return of_character(character, 0);
}

std::vector<Json> key_events(std::string_view combination) {
  int held = 0;
  std::string_view rest = combination;
  for (auto plus = rest.find('+'); plus != rest.npos && plus > 0 && plus + 1 < rest.size(); plus = rest.find('+')) {
    const auto name = rest.substr(0, plus);
    const auto at =
        std::find_if(std::begin(modifiers), std::end(modifiers), [&](const auto& one) { return name == one.name; });
    if (at == std::end(modifiers))
      throw berth::Error(422, "no_key", "\"" + std::string(name) + "\" is none of Alt, Control, Meta, Shift");
    held |= at->bit;
    rest.remove_prefix(plus + 1);
  }
  for (const Key& one : named)
    if (rest == one.name) return both(rest == "Space" ? " " : one.name, one.code, one.number, held, one.text);
  if (characters_of(rest).size() == 1) return of_character(rest, held);
  throw berth::Error(422, "no_key", "there is no key \"" + std::string(rest) + "\"",
                     "one character, or Enter, Tab, Escape, Backspace, Delete, ArrowDown, Home, PageDown, F1 …");
}

}  // namespace browser
