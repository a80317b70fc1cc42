// Reads a command line.
#include "command/arguments.hpp"

#include <algorithm>

#include "service/text.hpp"

namespace berth::command {

std::optional<std::string> Arguments::parse(const std::vector<std::string>& given, const std::vector<Option>& known) {
  bool options = true;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string& word = given[i];
    if (options && word == "--") {
      options = false;
      continue;
    }
    if (!options || word.size() < 2 || !word.starts_with('-')) {
      m_rest.push_back(word);
      continue;
    }
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto option = std::find_if(known.begin(), known.end(), [&](const Option& one) { return one.name == name; });
    if (option == known.end()) {
      std::vector<std::string> names;
      names.reserve(known.size());
      for (const auto& one : known) names.push_back(one.name);
      const auto near = service::near_names(name, names);
      return "unknown option " + name + (near.empty() ? "" : "; did you mean " + near.front() + "?");
    }
    if (option->value.empty()) {
      if (equals != std::string::npos) return name + " takes no value";
      m_options[name].emplace_back();
    } else if (equals != std::string::npos) {
      m_options[name].push_back(word.substr(equals + 1));
    } else if (i + 1 < given.size()) {
      m_options[name].push_back(given[++i]);
    } else {
      return name + " wants " + option->value;
    }
  }
  return std::nullopt;
}

std::string Arguments::value(const std::string& name, const std::string& otherwise) const {
  const auto at = m_options.find(name);
  return at == m_options.end() ? otherwise : at->second.back();
}

std::vector<std::string> Arguments::values(const std::string& name) const {
  const auto at = m_options.find(name);
  return at == m_options.end() ? std::vector<std::string>() : at->second;
}

}  // namespace berth::command
