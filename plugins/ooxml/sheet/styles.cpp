// Styles, shared strings, and what else is counted for others to name.
#include "names.hpp"
#include "sheet/reader.hpp"

namespace ooxml::sheet {

namespace {

namespace n = names::none;
namespace s = names::s;

constexpr std::uint32_t first_own_format = 164;

class StylesReader : public PartReader {
 public:
  StylesReader(const Reading& reading, Facts& book) : PartReader(reading, book) { facts.has_styles = true; }

 private:
  int home_here() const override { return 0; }

  void open(const Start& element) override {
    switch (key(element.name)) {
      case key(s::numFmt): {
        std::uint32_t id = 0;
        if (up(1) == s::numFmts && read_number(element.value(n::numFmtId), id)) facts.number_formats.insert(id);
        break;
      }
      case key(s::xf): format(element); break;
      case key(s::tableStyle): facts.table_styles.emplace(element.value(n::name)); break;
      default: break;
    }
  }

  void format(const Start& element) const {
    std::uint32_t id = 0;
    if (!read_number(element.value(n::numFmtId), id) || id < first_own_format) return;
    if (facts.number_formats.count(id) == 0)
      tell.mind(Severity::hint, "missing-number-format", "There is no number format " + std::to_string(id) + ".",
                "numFmtId", "Add it to numFmts, or take 0.");
  }

  void close(const Start& element) override {
    struct Needed {
      Name name;
      Counted what;
    };
    static constexpr Needed all[] = {{s::fonts, Counted::fonts},
                                     {s::fills, Counted::fills},
                                     {s::borders, Counted::borders},
                                     {s::cellXfs, Counted::cell_formats}};
    for (const Needed& one : all) {
      if (element.name == one.name && facts.count(one.what) == 0)
        tell.mind(Severity::repaired, "empty-styles", "There is none of them, and Excel wants one at least.", "",
                  "Add one, or take the list away.");
    }
  }
};

class StringsReader : public PartReader {
 public:
  StringsReader(const Reading& reading, Facts& book) : PartReader(reading, book) { facts.has_strings = true; }

 private:
  void open(const Start& element) override {
    if (element.name == s::si) {
      m_hash = {};
      m_characters = 0;
    }
    m_wanted = element.name == s::t && up(1) != s::rPh;
  }

  void words(std::string_view text) override {
    if (!m_wanted) return;
    m_characters += characters(text);
    if (!facts.column_hashes.empty()) m_hash.add(text);
  }

  void close(const Start& element) override {
    m_wanted = false;
    if (element.name != s::si) return;
    if (m_characters > most_characters)
      tell.mind(Severity::repaired, "text-too-long",
                "A cell's text has up to 32,767 characters, and this one has " + std::to_string(m_characters) + ".", "",
                "Make it shorter.");
    std::uint32_t index = facts.count(Counted::shared_strings)++;
    if (facts.column_hashes.count(m_hash.value()) != 0) facts.column_strings[index] = m_hash.value();
  }

  Hash m_hash;
  std::size_t m_characters = 0;
  bool m_wanted = false;
};

// Parts whose constraints are all written as lines.
class OtherReader : public PartReader {
 public:
  using PartReader::PartReader;

 private:
  int home_here() const override { return m_metadata ? 2 : -1; }

  void open(const Start& element) override {
    std::uint32_t id = 0;
    m_metadata |= element.name == s::metadata;
    if (element.name == s::connection && read_number(element.value(n::id), id)) facts.connections.insert(id);
    if (element.name == s::Map && read_number(element.value(n::ID), id)) facts.maps.insert(id);
    if (element.name == s::comment) comment(element);
  }

  void comment(const Start& element) {
    std::string_view where = element.value(n::ref);
    Cell cell;
    if (where.data() == nullptr) return;
    if (!read_cell(where, cell))
      return tell.mind(Severity::repaired, "bad-reference", "\"" + std::string(where.substr(0, 40)) + "\" is no cell.",
                       "ref");
    if (again(key(element.name), where, true))
      tell.mind(Severity::repaired, "duplicate-comment", "The cell " + std::string(where) + " has a comment already.",
                "ref", "Keep one of them.");
  }

  bool m_metadata = false;
};

}  // namespace

std::unique_ptr<Handler> styles_reader(const Reading& reading, Facts& facts) {
  return std::make_unique<StylesReader>(reading, facts);
}

std::unique_ptr<Handler> strings_reader(const Reading& reading, Facts& facts) {
  return std::make_unique<StringsReader>(reading, facts);
}

std::unique_ptr<Handler> other_reader(const Reading& reading, Facts& facts) {
  return std::make_unique<OtherReader>(reading, facts);
}

}  // namespace ooxml::sheet
