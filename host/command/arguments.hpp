// A command's arguments: --name value, --name=value, --flag, and the rest in order. What is not declared is refused
// with the nearest name.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace berth::command {

struct Option {
  std::string name;   // "--listen"
  std::string value;  // "ADDR"; empty: a flag
  std::string help;
};

class Arguments {
 public:
  // An error in words, or nullopt.
  std::optional<std::string> parse(const std::vector<std::string>& given, const std::vector<Option>& known);

  bool has(const std::string& name) const { return m_options.contains(name); }
  std::string value(const std::string& name, const std::string& otherwise = {}) const;  // the last one given
  std::vector<std::string> values(const std::string& name) const;
  const std::vector<std::string>& rest() const { return m_rest; }

 private:
  std::map<std::string, std::vector<std::string>> m_options;
  std::vector<std::string> m_rest;
};

}  // namespace berth::command
