// One value out of berth.lua and where it stands, so that every mistake can be named with its line.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

struct lua_State;

namespace berth::command {

// The Lua value at `index` as JSON; a table with keys 1…n is an array, one with both kinds of keys an object whose
// array part is under "" (a listen's address). Text that explains what cannot be taken, otherwise empty.
nlohmann::json lua_to_json(lua_State* state, int index, std::string& problem, int depth = 0);

class Statement {
 public:
  Statement(const std::vector<std::string>& lines, std::string file, int line, std::vector<std::string>& errors)
      : m_lines(lines), m_file(std::move(file)), m_line(line), m_errors(errors) {}

  std::string where() const { return m_file + ":" + std::to_string(m_line); }
  // At the line of `key` if it can be found from the statement's line on, otherwise at the statement's.
  void complain(const std::string& why, std::string_view key = {}) const;
  // Complains of every key that is not known, with the nearest one.
  void check_keys(const nlohmann::json& object, const std::vector<std::string>& known) const;

  bool boolean(const nlohmann::json& object, const char* key, bool otherwise) const;
  std::string text(const nlohmann::json& object, const char* key) const;  // empty if absent

 private:
  const std::vector<std::string>& m_lines;
  const std::string m_file;
  const int m_line;
  std::vector<std::string>& m_errors;
};

}  // namespace berth::command
