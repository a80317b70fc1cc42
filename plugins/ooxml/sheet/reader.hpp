// What reads one part of an Excel file along: keeps the elements that are open, and hands each to the checks of its
// kind.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "look.hpp"
#include "sheet/constraints.hpp"
#include "sheet/facts.hpp"

namespace ooxml::sheet {

// A name as one number, for `switch`.
constexpr std::uint32_t key(Name name) { return static_cast<std::uint32_t>(name.space) << 16 | name.local; }

// What was seen, and how it is told. The layer says who minds: `object` the judge too, `mind` Office alone.
class Teller {
 public:
  explicit Teller(const Reading& reading) : m_reading(reading) {}
  void object(Severity severity, std::string code, std::string message, std::string name = "", std::string remedy = "",
              std::string expected = "") const;
  void mind(Severity severity, std::string code, std::string message, std::string name = "", std::string remedy = "",
            std::string expected = "") const;
  // Of an element that was left some time ago.
  void at(std::string path, std::size_t line, Layer layer, Severity severity, std::string code, std::string message,
          std::string name = "", std::string remedy = "") const;
  const Reading& reading() const { return m_reading; }

 private:
  Reading m_reading;
};

// One theme of one part.
class PartReader : public Handler {
 public:
  PartReader(const Reading& reading, Facts& facts);
  void start(const Start& element) override;
  void text(std::string_view text) override;
  void end(const Start& element) override;

 protected:
  virtual void open(const Start& element) { (void)element; }
  virtual void words(std::string_view text) { (void)text; }
  virtual void close(const Start& element) { (void)element; }
  // Name of the element `steps` above the one that is open; none: an empty name.
  Name up(std::size_t steps) const;
  std::uint32_t& local(Counted what) { return m_local[static_cast<std::size_t>(what)]; }
  void constraints(const Start& element);
  // Which of `Facts::elements` this part's elements are counted in; -1: in none.
  virtual int home_here() const { return -1; }
  // Names that may be there once in the part; true: it was there before.
  bool again(std::uint32_t which, std::string_view value, bool whatever_case = false);

  Teller tell;
  Facts& facts;

 private:
  struct Late {
    Counted what;
    std::uint32_t index;
    std::string element, attribute, path;
    std::size_t line;
    bool exact;
  };
  void count(Counted what);
  void relation(const RelationRule& rule, const Start& element);
  void index(const IndexRule& rule, const Start& element);
  void condition(const ConditionRule& rule, const Start& element);
  void unique(const UniqueRule& rule, const Start& element);
  void missing(const Late& late);
  void finish();

  static constexpr std::size_t deepest = 300;
  std::array<Name, deepest> m_open;
  std::size_t m_depth = 0;
  std::uint32_t m_elements = 0;
  std::uint32_t m_local[static_cast<std::size_t>(Counted::count)] = {};
  std::vector<Late> m_late;  // indexes of what comes later in the part
  std::unordered_map<std::uint32_t, std::unordered_set<std::string>> m_seen;
};

// What reads each kind of part along.
std::unique_ptr<Handler> workbook_reader(const Reading& reading, Facts& facts);
std::unique_ptr<Handler> styles_reader(const Reading& reading, Facts& facts);
std::unique_ptr<Handler> strings_reader(const Reading& reading, Facts& facts);
std::unique_ptr<Handler> sheet_reader(const Reading& reading, Facts& facts);
std::unique_ptr<Handler> table_reader(const Reading& reading, Facts& facts);
std::unique_ptr<Handler> chain_reader(const Reading& reading, Facts& facts);
std::unique_ptr<Handler> cache_reader(const Reading& reading, Facts& facts);
std::unique_ptr<Handler> pivot_reader(const Reading& reading, Facts& facts);
std::unique_ptr<Handler> other_reader(const Reading& reading, Facts& facts);

// What only shows when all has been read.
void finish(const Package& package, const Facts& facts, Findings& findings);

}  // namespace ooxml::sheet
