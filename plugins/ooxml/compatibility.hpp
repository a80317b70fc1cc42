// Markup compatibility (ECMA-376 part 3): what a reader passes over, which alternative it takes. It stands between the
// text and those who read along: they see what is left.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "validator.hpp"

namespace ooxml {

class Compatibility : public Handler {
 public:
  // Either of the two that read along may be null. The validator sees the alternative that Office takes, and then the
  // fallback, too, where there is one: it must be right for those who take it.
  Compatibility(const Tables& tables, const Part& part, const Position& position, Era era, Findings& findings,
                Validator* validator, Handler* reader);

  void start(const Start& element) override;
  void text(std::string_view text) override;
  void end(const Start& element) override;

 private:
  enum class What : std::uint8_t {
    scope,         // an element that says what may be passed over
    alternatives,  // mc:AlternateContent
    choice,        // an alternative that is taken
    branch,        // the fallback that is taken
    aside,         // a fallback for the validator alone
    unwrapped      // gone, and its content stays
  };
  struct Open {
    What what = What::scope;
    std::size_t depth = 0;
    std::size_t ignorable = 0, process = 0;                                 // how many there were before
    bool chosen = false, choice = false, fallback = false, broken = false;  // of alternatives
  };
  struct Processed {
    std::string_view space;
    std::string local;
  };

  bool plain(const Start& element) const;
  bool ignorable(std::uint16_t space, std::string_view address) const;
  bool understood(std::uint16_t space) const;
  void slow(const Start& element);
  void forward(const Start& element);
  void forward_end(const Start& element);
  void filtered(const Start& element, bool marked);

  Open& open(What what, const Start& element);
  void directives(const Start& element);
  void name_ignorable(std::string_view prefixes, const Start& element);
  void name_processed(std::string_view names, const Start& element);
  void must_understand(std::string_view prefixes, const Start& element);
  bool processed(const Start& element) const;

  void alternatives(const Start& element);
  void alternative(const Start& element);
  void choice(Open& around, const Start& element);
  void fallback(Open& around, const Start& element);
  bool required(const Start& element);
  void plain_attributes(const Start& element, std::string_view allowed);
  void skip(const Start& element) { m_skip = element.depth; }
  void tell(std::string code, std::size_t depth, std::string message, std::string name, Severity severity);

  const Tables& m_tables;
  const Part& m_part;
  const Position& m_position;
  const Era m_era;
  Findings& m_findings;
  Validator* m_validator;
  Handler* m_reader;

  std::vector<Open> m_open;
  std::vector<std::string_view> m_ignorable;  // addresses
  std::vector<std::uint8_t> m_ignored;        // by a space's number: it is among them
  std::vector<Processed> m_processed;
  std::vector<Attribute> m_attributes;
  std::size_t m_skip = 0;    // depth of what is passed over; 0: nothing
  std::size_t m_depth = 0;   // of what is open
  std::size_t m_aside = 0;   // fallbacks that the validator alone sees
  std::size_t m_lifted = 0;  // elements that are open and gone
};

}  // namespace ooxml
