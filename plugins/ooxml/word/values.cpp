// Values that the grammar allows by their type, and that are too big or too small for what they mean.
#include <optional>

#include "names.hpp"
#include "word/check.hpp"
#include "word/numbers.hpp"

namespace ooxml::word {

namespace {

namespace w = names::w;
namespace w14 = names::w14;

// A whole number, and between which others.
struct Bound {
  Name element;
  std::int64_t least, most;
  bool judged;  // the judge looks as well
  Severity severity;
  const char* code;
};

constexpr Bound bounds[] = {
    {w::outlineLvl, 0, 9, true, Severity::schema, "value-out-of-range"},
    {w::ilvl, 0, 8, false, Severity::repaired, "value-out-of-range"},
    {w::sz, 2, 3276, false, Severity::repaired, "value-out-of-range"},
    {w::szCs, 2, 3276, false, Severity::repaired, "value-out-of-range"},
    {w::gridSpan, 1, 63, false, Severity::repaired, "value-out-of-range"},
};

class ValueCheck : public Check {
 public:
  explicit ValueCheck(const Work& work) : m_work(work) {}

  std::vector<Name> wants() const override {
    std::vector<Name> names = {w::p, w::tr, w::compatSetting};
    for (const Bound& bound : bounds) names.push_back(bound.element);
    return names;
  }

  void start(const Start& element) override {
    if (element.name == w::p || element.name == w::tr) {
      paragraph_id(element, w14::paraId, "w14:paraId");
      paragraph_id(element, w14::textId, "w14:textId");
      return;
    }
    if (element.name == w::compatSetting) return mode(element);
    for (const Bound& bound : bounds) {
      if (bound.element == element.name) return look(bound, element);
    }
  }

 private:
  // Word's versions, as a file says which of them it is to look like.
  void mode(const Start& element) const {
    if (element.value(w::name) != "compatibilityMode") return;
    std::string_view value = element.value(w::val);
    if (value.data() == nullptr || value == "11" || value == "12" || value == "14" || value == "15") return;
    m_work.object(Severity::schema, "unknown-mode",
                  "There is no compatibility mode \"" + std::string(value.substr(0, longest_id)) + "\".", "w:val",
                  "11, 12, 14 or 15", "Say 15 for files of Word 2013 and later.");
  }

  void look(const Bound& bound, const Start& element) const {
    std::string_view value = element.value(w::val);
    std::optional<std::int64_t> number = value.data() == nullptr ? std::nullopt : number_of(value);
    if (!number || (*number >= bound.least && *number <= bound.most)) return;
    std::string expected = std::to_string(bound.least) + " to " + std::to_string(bound.most);
    std::string message = "The value " + std::string(value) + " is not within " + expected + ".";
    if (bound.judged) {
      m_work.object(bound.severity, bound.code, message, "w:val", expected, "Use a value within the bounds.");
    } else {
      m_work.mind(bound.severity, bound.code, message, "w:val", expected, "Use a value within the bounds.");
    }
  }

  // More than nothing, and less than 0x80000000.
  void paragraph_id(const Start& element, Name attribute, const char* called) const {
    std::string_view value = element.value(attribute);
    if (value.empty()) return;
    std::uint64_t number = 0;
    auto [end, wrong] = std::from_chars(value.data(), value.data() + value.size(), number, 16);
    if (end != value.data() + value.size()) return;
    if (wrong == std::errc() && number > 0 && number < 0x80000000) return;
    m_work.object(Severity::schema, "value-out-of-range",
                  "The id " + std::string(value.substr(0, longest_id)) + " is not within its bounds.", called,
                  "00000001 to 7FFFFFFF", "Use another id.");
  }

  Work m_work;
};

}  // namespace

std::unique_ptr<Check> value_check(const Work& work) { return std::make_unique<ValueCheck>(work); }

}  // namespace ooxml::word
