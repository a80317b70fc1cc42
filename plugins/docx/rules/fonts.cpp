// Fonts: what the text asks for, and what of it the file brings along.
#include <utility>

#include "read/keys.hpp"
#include "rules/rule.hpp"

namespace docx {

namespace n = ooxml::names;
using ooxml::Start;

namespace {

// Those that come with Office or with any system; a document that asks for no other needs none embedded.
bool is_usual(std::string_view name) {
  constexpr std::string_view usual[] = {
      "Aptos",       "Aptos Display", "Arial",           "Calibri", "Calibri Light", "Cambria",        "Cambria Math",
      "Candara",     "Consolas",      "Constantia",      "Corbel",  "Courier New",   "Georgia",        "Helvetica",
      "Symbol",      "Tahoma",        "Times New Roman", "Times",   "Trebuchet MS",  "Verdana",        "Wingdings",
      "Wingdings 2", "Wingdings 3",   "Segoe UI",        "Courier", "Arial Black",   "Comic Sans MS",  "Impact",
      "SimSun",      "MS Mincho",     "MS Gothic",       "Batang",  "Malgun Gothic", "Microsoft YaHei"};
  for (const auto one : usual) {
    if (one == name) return true;
  }
  return false;
}

class FontsAsked : public Check {
 public:
  using Check::Check;
  void start(const Start& element, const Open&) override {
    if (key(element.name) != key(n::w::rFonts)) return;
    for (const auto name : {n::w::ascii, n::w::hAnsi, n::w::eastAsia, n::w::cs}) {
      const auto font = element.value(name);
      if (!font.empty() && m_scene.fonts_used.size() < 500) ++m_scene.fonts_used[std::string(font)];
    }
  }
};

class Embedded : public Check {
 public:
  using Check::Check;
  void start(const Start& element, const Open& open) override {
    if (key(element.name) == key(n::w::font)) {
      m_name = element.value(n::w::name);
    } else if (outer(open) == key(n::w::font) && element.has(n::r::id)) {
      if (m_scene.fonts.size() < most_remembered) m_scene.fonts[m_name] += std::string(element.local) + " ";
    }
  }

 private:
  std::string m_name;
};

}  // namespace

void add_font_checks(Checks& checks, Scene& scene, const ooxml::Reading& reading) {
  if (!scene.ruler.on("fonts-embedded")) return;
  if (role_of(reading.package, reading.part) == Role::fonts)
    checks.push_back(std::make_unique<Embedded>(scene, reading));
  else
    checks.push_back(std::make_unique<FontsAsked>(scene, reading));
}

void finish_fonts(Scene& scene) {
  std::string names;
  for (const auto& [name, times] : scene.fonts_used) {
    if (!is_usual(name) && !scene.fonts.contains(name)) names += (names.empty() ? "" : ", ") + name;
  }
  if (names.empty()) return;
  scene.ruler.find("fonts-embedded", Ruler::Place{"/word/fontTable.xml", "", 0},
                   {"not embedded, and not on every machine: " + names, "w:font", "",
                    "embed them when the document is saved, or use others"});
}

}  // namespace docx
