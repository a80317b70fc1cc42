// Makes the tables of a model: names become numbers, values and types rows.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "automaton.hpp"
#include "compiled.hpp"
#include "cursor.hpp"

namespace ooxml::compiler {

class Builder {
 public:
  Builder(const Model& model, Problems& problems) : m_model(model), m_problems(problems) {}
  Compiled build();

 private:
  // What a type's content is made of while it is compiled.
  struct Contents {
    std::vector<SymbolRow> symbols;
    std::vector<WildRow> wilds;
    std::vector<std::string> types;  // of each symbol
    bool repeated = false;           // what is looked at may occur again
    int depth = 0;                   // of groups in groups
  };

  void complain(const Place& place, const std::string& text) { m_problems.push_back({place, text}); }
  void spaces();
  void collect_names();
  void collect_names(const Particle& particle);
  void collect_names(const std::vector<AttributeUse>& attributes);
  std::uint16_t space_of(const std::string& prefix, const Place& place);
  bool qualified(const std::string& prefix) const;
  Name element_name(const Called& called, const Place& place);
  Name attribute_name(const Called& called, const Place& place);
  Name name(std::uint16_t space, const std::string& local);
  std::uint16_t type_of(const std::string& type, const Place& place);

  std::uint16_t value(const ValueUse& use);
  std::uint16_t value_row(const ValueUse& use, const std::string& name);
  void words(const Enumeration& from, ValueRow& row);
  void pattern(const ValueUse& use, ValueRow& row);

  void type(const std::string& name, const Type& type);
  void attributes(const std::vector<AttributeUse>& from, std::vector<AttributeRow>& rows, int depth);
  Node node(const Particle& particle, Contents& contents);
  Node element(const Particle& particle, Contents& contents);
  Node wildcard(const Particle& particle, Contents& contents);
  void all(const Type& type, Contents& contents, TypeRow& row);
  void extensions(const std::string& type, Contents& contents);
  void put(Contents& contents, const Automaton& automaton, TypeRow& row);
  void roots();

  const Model& m_model;
  Problems& m_problems;
  Compiled m_made;
  std::map<std::string, std::uint16_t> m_spaces;  // prefix → number
  std::map<std::string, bool> m_qualified;        // prefix
  std::map<std::string, std::uint16_t> m_locals;  // local name → number
  std::map<std::string, std::uint16_t> m_types;   // name → number
  std::map<std::string, std::uint16_t> m_named;   // value or enumeration → number
  std::map<std::string, int> m_naming;            // values on the way
  std::set<std::string> m_used;                   // types and groups, for a word on those nobody names
  std::set<std::string> m_local_names;
  std::set<Name> m_elements;
};

}  // namespace ooxml::compiler
