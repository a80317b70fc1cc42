// Sections: where sectPr stands, and in which order what is in it.
#include <algorithm>
#include <iterator>

#include "read/keys.hpp"
#include "rules/rule.hpp"

namespace docx {

namespace n = ooxml::names;
using ooxml::Start;

namespace {

constexpr std::uint32_t order[] = {key(n::w::headerReference),
                                   key(n::w::footnotePr),
                                   key(n::w::endnotePr),
                                   key(n::w::type),
                                   key(n::w::pgSz),
                                   key(n::w::pgMar),
                                   key(n::w::paperSrc),
                                   key(n::w::pgBorders),
                                   key(n::w::lnNumType),
                                   key(n::w::pgNumType),
                                   key(n::w::cols),
                                   key(n::w::formProt),
                                   key(n::w::vAlign),
                                   key(n::w::noEndnote),
                                   key(n::w::titlePg),
                                   key(n::w::textDirection),
                                   key(n::w::bidi),
                                   key(n::w::rtlGutter),
                                   key(n::w::docGrid),
                                   key(n::w::printerSettings),
                                   key(n::w::sectPrChange)};

// Its place in the order; 0: it is none of these.
std::size_t rank(std::uint32_t name) {
  if (name == key(n::w::footerReference)) name = key(n::w::headerReference);
  for (std::size_t i = 0; i < std::size(order); ++i) {
    if (order[i] == name) return i + 1;
  }
  return 0;
}

class Sections : public Check {
 public:
  using Check::Check;

  void start(const Start& element, const Open& open) override {
    const auto name = key(element.name), parent = outer(open);
    if (parent == key(n::w::sectPr)) look_at_order(element);
    if (parent == key(n::w::body)) {
      if (m_body_section)
        m_scene.ruler.find("section-position", m_reading,
                           {"there is something behind the last sectPr of the body", std::string(element.local),
                            "sectPr as the body's last child", "move sectPr to the end of the body"});
      m_body_section = name == key(n::w::sectPr);
    }
    if (name != key(n::w::sectPr)) return;
    m_rank = 0;
    const bool old = parent == key(n::w::sectPrChange);  // what it was before
    if (!old && parent != key(n::w::body) && parent != key(n::w::pPr))
      m_scene.ruler.find("section-position", m_reading,
                         {"sectPr stands where no section ends", "w:sectPr", "in the body, or in a paragraph's pPr",
                          "move it to the pPr of the section's last paragraph"});
  }

 private:
  void look_at_order(const Start& element) {
    const std::size_t its = rank(key(element.name));
    if (its != 0 && its < m_rank)
      m_scene.ruler.find("section-order", m_reading,
                         {std::string(element.local) + " comes too late in sectPr", std::string(element.local),
                          "headerReference, footerReference, footnotePr, endnotePr, type, pgSz, pgMar, …",
                          "berth docx fix puts them into their order"});
    m_rank = std::max(m_rank, its);
  }

  std::size_t m_rank = 0;
  bool m_body_section = false;
};

}  // namespace

void add_section_checks(Checks& checks, Scene& scene, const ooxml::Reading& reading) {
  checks.push_back(std::make_unique<Sections>(scene, reading));
}

}  // namespace docx
