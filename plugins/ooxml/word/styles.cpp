// The part of the styles: what is there for the others to name, and how styles name each other.
#include <algorithm>
#include <iterator>
#include <unordered_set>

#include "names.hpp"
#include "word/check.hpp"
#include "word/numbers.hpp"

namespace ooxml::word {

namespace {

namespace w = names::w;

// What Word has by itself, and what it says as good as nothing of.
constexpr std::string_view built_in[] = {"DefaultParagraphFont", "Normal", "TableNormal", "NoList"};

// A style that another one names.
struct NamedStyle {
  Name element;
  std::string id, by, by_type, path;
  std::size_t line = 0;
};

class StyleCheck : public Check {
 public:
  explicit StyleCheck(const Work& work) : m_work(work) {}

  std::vector<Name> wants() const override { return {w::styles, w::style, w::name, w::basedOn, w::next, w::link}; }

  void start(const Start& element) override {
    if (element.name == w::styles) {
      m_work.facts.has_styles = true;
    } else if (element.name == w::style) {
      begin(element);
    } else if (m_work.parents.up(1) == w::style) {
      std::string_view value = element.value(w::val);
      if (element.name == w::name) return name(value);
      if (value.data() == nullptr || m_named.size() >= most_ids || value.size() > longest_id) return;
      if (element.name == w::basedOn) m_style.based_on = value;
      m_named.push_back({element.name, std::string(value), m_id, m_style.type,
                         m_work.reading.findings.full() ? "" : m_work.reading.position.path(),
                         m_work.reading.position.line()});
    }
  }

  void end(const Start& element) override {
    if (element.name != w::style) return;
    if (!m_has_name) {
      m_work.mind(Severity::hint, "style-without-name", "A style has no name.", "w:style", "w:name",
                  "Give the style a w:name.");
    }
    if (m_id.empty() || m_work.facts.styles.size() >= most_ids || m_id.size() > longest_id) return;
    m_work.facts.styles.emplace(m_id, m_style);
  }

  void finish() override {
    for (const NamedStyle& named : m_named) look(named);
  }

 private:
  void begin(const Start& element) {
    m_id = element.value(w::styleId).data() == nullptr ? "" : element.value(w::styleId);
    m_style = {.type = element.value(w::type).data() == nullptr ? "paragraph" : std::string(element.value(w::type)),
               .based_on = ""};
    m_has_name = false;
    std::string_view usual = element.value(w::default_);
    if (usual.data() == nullptr || !is_on(usual) || m_defaults.insert(m_style.type).second) return;
    m_work.mind(Severity::hint, "two-default-styles",
                "More than one style of the type " + m_style.type + " is the usual one; Word takes the last.",
                "w:default", "", "Keep w:default at one style of each type.");
  }

  void name(std::string_view value) {
    m_has_name = true;
    std::string same;
    for (char c : value.substr(0, longest_id)) same += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    if (value.data() == nullptr || m_names.add(same)) return;
    m_work.mind(Severity::hint, "duplicate-style-name",
                "There is more than one style with the name \"" + std::string(value.substr(0, longest_id)) + "\".",
                "w:val", "", "Give each style a name of its own.");
  }

  void look(const NamedStyle& named) const {
    const auto& styles = m_work.facts.styles;
    auto found = styles.find(named.id);
    bool base = named.element == w::basedOn;
    if (found == styles.end()) {
      if (styles.size() >= most_ids) return;
      bool lost = base && std::find(std::begin(built_in), std::end(built_in), named.id) == std::end(built_in);
      return m_work.mind_at(named.path, named.line, lost ? Severity::repaired : Severity::hint, "undefined-style",
                            "The style \"" + named.id + "\" is not defined.", "Define it, or name one that is there.");
    }
    if (!base) return;
    if (found->second.type != named.by_type) {
      m_work.mind_at(
          named.path, named.line, Severity::repaired, "wrong-style-type",
          "A style of the type " + named.by_type + " is based on one of the type " + found->second.type + ".",
          "Base it on a style of its own type.");
    } else if (circle(named.by)) {
      m_work.mind_at(named.path, named.line, Severity::repaired, "style-circle",
                     "The style \"" + named.by + "\" is based on itself.", "Break the circle of w:basedOn.");
    }
  }

  bool circle(const std::string& from) const {
    std::unordered_set<std::string> seen;
    const std::string* id = &from;
    // Word follows no more than eleven or so; a circle is shorter or it is none that matters.
    for (int steps = 0; steps < 64; ++steps) {
      auto found = m_work.facts.styles.find(*id);
      if (found == m_work.facts.styles.end() || found->second.based_on.empty()) return false;
      id = &found->second.based_on;
      if (*id == from) return true;
      if (!seen.insert(*id).second) return false;
    }
    return false;
  }

  Work m_work;
  std::string m_id;
  Style m_style;
  bool m_has_name = false;
  std::unordered_set<std::string> m_defaults;
  Ids m_names;
  std::vector<NamedStyle> m_named;
};

}  // namespace

std::unique_ptr<Check> style_check(const Work& work) { return std::make_unique<StyleCheck>(work); }

}  // namespace ooxml::word
