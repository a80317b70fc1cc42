// Reads one part along and holds it against the grammar: what may stand where, and what values may be.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "look.hpp"
#include "value.hpp"

namespace ooxml {

class Validator : public Handler {
 public:
  // The part is of a content type that the grammar has a root for.
  Validator(const Tables& tables, const Part& part, const Position& position, Era era, Findings& findings);

  // The grammar has something to say of parts of this content type.
  static bool knows(const Tables& tables, std::string_view content_type);

  void start(const Start& element) override;
  void text(std::string_view text) override;
  void end(const Start& element) override;

  // Alternatives stand in the same place: before the first, before each other one, and behind the last. What follows
  // goes on from the first.
  void open_alternatives();
  void next_alternative();
  void close_alternatives();

  // What stands in an mc:Choice is what Office reads and Microsoft's validator never looks at: what is wrong there is
  // told as a rule of Office's own.
  void open_choice() { ++m_choices; }
  void close_choice() { --m_choices; }

 private:
  struct Frame {
    const TypeRow* type = nullptr;
    std::uint16_t state = 0;
    bool failed = false;              // one finding about an element's content is enough
    bool spoken = false;              // one about text where there may be none, too
    std::uint32_t last = UINT32_MAX;  // the symbol that came last
    std::uint64_t seen = 0;           // bits of all(…)
    std::size_t counted = 0;          // where its counts begin in m_counts
    std::size_t depth = 0;            // in the part
  };
  struct Count {
    std::uint32_t symbol;
    std::uint32_t count;
  };

  struct Alternatives {
    Frame before{}, after{};  // the element that they stand in
    std::vector<Count> counts_before{}, counts_after{};
    bool several = false;
  };
  std::vector<Count> counts() const;
  void put_back(const Frame& frame, const std::vector<Count>& counts);

  void root(const Start& element);
  void child(Frame& frame, const Start& element);
  const SymbolRow* symbol(const TypeRow& type, Name name) const;
  std::uint16_t step(const TypeRow& type, std::uint16_t state, std::uint16_t group) const;
  bool wild(const WildRow& row, std::uint16_t space) const;
  bool by_wildcard(Frame& frame, const Start& element);
  bool advance(Frame& frame, const SymbolRow& symbol);
  bool count(Frame& frame, const SymbolRow& symbol);
  void refuse(Frame& frame, const Start& element, const SymbolRow* symbol);
  void push(const TypeRow& type, const Start& element);
  void attributes(const TypeRow& type, const Start& element);
  void attribute(const AttributeRow& row, const Attribute& attribute);
  void undeclared(const TypeRow& type, const Start& element, const Attribute& attribute);
  void missing_attributes(const TypeRow& type, const Start& element);
  void finish(Frame& frame, const Start& element);
  std::string missing(const Frame& frame) const;
  std::string expected(const Frame& frame) const;
  Severity here(Severity severity) const;
  Layer layer_here() const;
  bool only_counted(Severity severity);
  std::string called(Name name) const;
  void tell(std::string code, std::size_t depth, std::string message, std::string name, std::string expected = "",
            Severity severity = Severity::schema);

  const Tables& m_tables;
  const Part& m_part;
  const Position& m_position;
  const Era m_era;
  Findings& m_findings;
  std::vector<Frame> m_frames;
  std::vector<Count> m_counts;
  std::vector<Alternatives> m_alternatives;
  std::size_t m_choices = 0;  // that are open
  std::size_t m_skipped = 0;  // elements that are open and that nobody looks at
  std::string m_text;         // of an element that is text with a value
};

}  // namespace ooxml
