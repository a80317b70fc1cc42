// One theme of Word's rules, while one part is read.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "look.hpp"
#include "word/facts.hpp"

namespace ooxml::word {

// A name as one number, for `switch`.
constexpr std::uint32_t key(Name name) { return static_cast<std::uint32_t>(name.space) << 16 | name.local; }

class Check {
 public:
  virtual ~Check() = default;
  // The elements that it wants to be told of.
  virtual std::vector<Name> wants() const = 0;
  virtual void start(const Start& element) = 0;
  virtual void end(const Start& element) { (void)element; }
  // The part has been read.
  virtual void finish() {}
};

// The elements that are open.
class Parents {
 public:
  void open(Name name) { m_open.push_back(name); }
  void close() { m_open.pop_back(); }
  // 0: the element that is open, 1: its parent, …; no name where there is none.
  Name up(std::size_t steps) const { return steps < m_open.size() ? m_open[m_open.size() - 1 - steps] : Name{}; }
  bool inside(Name name) const;  // of an element with the name, however far up; the element itself does not count

 private:
  std::vector<Name> m_open;
};

// What a check works with.
struct Work {
  Reading reading;
  Facts& facts;
  const Parents& parents;

  // The judge objects, too: layer `semantic`.
  void object(Severity severity, std::string code, std::string message, std::string name = "",
              std::string expected = "", std::string remedy = "") const;
  // What only Office minds, or what is lost: layer `rule`.
  void mind(Severity severity, std::string code, std::string message, std::string name = "", std::string expected = "",
            std::string remedy = "") const;
  // The same of an element that was left some time ago.
  void mind_at(std::string path, std::size_t line, Severity severity, std::string code, std::string message,
               std::string remedy) const;
};

// The themes. Each belongs to one part of the package.
std::unique_ptr<Check> unique_check(const Work& work);     // ids that may be there once
std::unique_ptr<Check> reference_check(const Work& work);  // comments, notes, styles, numberings
std::unique_ptr<Check> relation_check(const Work& work);   // relationships of the right type
std::unique_ptr<Check> value_check(const Work& work);      // values that the grammar cannot judge
std::unique_ptr<Check> range_check(const Work& work);      // bookmarks, comments, permissions, moves: begun and ended
std::unique_ptr<Check> field_check(const Work& work);      // fields: begun, separated, ended
std::unique_ptr<Check> table_check(const Work& work);      // grid, rows, cells
std::unique_ptr<Check> place_check(const Work& work);      // what may not be inside of what
std::unique_ptr<Check> style_check(const Work& work);      // the part of the styles
std::unique_ptr<Check> numbering_check(const Work& work);  // the part of the numberings
std::unique_ptr<Check> gathering_check(const Work& work);  // ids of comments and notes, for the others

}  // namespace ooxml::word
