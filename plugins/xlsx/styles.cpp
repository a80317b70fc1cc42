// Formats of cells and shared strings: the two parts that cells point into by number.
#include <map>

#include "book.hpp"
#include "gather.hpp"
#include "names.hpp"
#include "reading.hpp"

namespace xlsx {

namespace s = ooxml::names::s;
namespace none = ooxml::names::none;

namespace {

class StyleReader : public Gather {
 public:
  explicit StyleReader(Styles& styles) : m_styles(styles) {}

 private:
  void begun(const ooxml::Start& element) override {
    if (element.depth == 2) m_list = element.name;
    if (element.depth != 3) return;
    if (element.name == s::numFmt)
      format(element);
    else if (element.name == s::xf && m_list == s::cellXfs)
      cell(element);
    else if (element.name == s::cellStyle && m_styles.named.size() < most_styles)
      m_styles.named.push_back(clipped(element.value(none::name), 300));
    else if (element.name == s::font)
      ++m_styles.fonts;
    else if (element.name == s::fill)
      ++m_styles.fills;
    else if (element.name == s::border)
      ++m_styles.borders;
    else if (element.name == s::dxf)
      ++m_styles.differences;
  }
  void format(const ooxml::Start& element) {
    if (m_codes.size() >= most_styles) return;
    const auto code = element.value(none::formatCode);
    m_codes[number_of(element.value(none::numFmtId))] = shown_by(code);
    m_styles.formats.push_back(clipped(code));
  }
  void cell(const ooxml::Start& element) {
    if (m_styles.shown.size() >= most_styles) return;
    const std::size_t id = number_of(element.value(none::numFmtId));
    const auto at = m_codes.find(id);
    m_styles.shown.push_back(at == m_codes.end() ? shown_by(static_cast<std::uint32_t>(id)) : at->second);
  }

  Styles& m_styles;
  ooxml::Name m_list;
  std::map<std::size_t, Shown> m_codes;
};

class StringsReader : public ooxml::Handler {
 public:
  explicit StringsReader(Strings& strings) : m_strings(strings) {}
  void start(const ooxml::Start& element) override {
    if (element.name == s::rPh) ++m_aside;
    m_reads = element.name == s::t && m_aside == 0;
    if (element.name == s::si) m_text.clear();
  }
  void text(std::string_view text) override {
    if (m_reads && m_text.size() < most_text * 4) m_text += text;
  }
  void end(const ooxml::Start& element) override {
    m_reads = false;
    if (element.name == s::rPh && m_aside > 0) --m_aside;
    if (element.name == s::si) m_strings.add(m_text.find("_x") == std::string::npos ? m_text : plain(m_text));
  }

 private:
  Strings& m_strings;
  std::string m_text;
  std::size_t m_aside = 0;  // how a text is pronounced
  bool m_reads = false;
};

}  // namespace

Styles read_styles(const ooxml::Package& package) {
  Styles styles;
  const auto* const part = related(package, *package.main(), "styles");
  if (!part) return styles;
  StyleReader reader(styles);
  read_part(package, *part, reader);
  return styles;
}

void read_strings(const ooxml::Package& package, Strings& strings) {
  const auto* const part = related(package, *package.main(), "sharedStrings");
  if (!part) return;
  StringsReader reader(strings);
  read_part(package, *part, reader);
}

}  // namespace xlsx
