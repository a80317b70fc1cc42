// One value out of berth.lua and where it stands, so that every mistake can be named with its line.
#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

struct lua_State;

namespace berth::command {

// The values of one statement as JSON: a table with keys 1…n is an array, one with both kinds of keys an object whose
// array part is under "" (a listen's address). The first thing that cannot be taken is kept as a problem. What a
// statement may hold is bounded, since tables that share their parts are small in Lua only.
class LuaValues {
 public:
  explicit LuaValues(lua_State* state) : m_state(state) {}
  nlohmann::json read(int index);
  const std::string& problem() const { return m_problem; }

 private:
  nlohmann::json value_at(int index);
  nlohmann::json table_at(int index);
  nlohmann::json number_at(int index);
  std::string text_at(int index);
  void take_pair(std::map<std::size_t, nlohmann::json>& list, nlohmann::json& named);
  nlohmann::json refuse(const char* why);

  lua_State* m_state;
  std::string m_problem;
  std::size_t m_values = 0, m_bytes = 0;
  int m_depth = 0;
};

class Statement {
 public:
  Statement(std::string_view text, std::string file, int line, std::vector<std::string>& errors)
      : m_text(text), m_file(std::move(file)), m_line(line), m_errors(errors) {}

  std::string where() const { return m_file + ":" + std::to_string(m_line); }
  const std::string& file() const { return m_file; }
  // At the line of `key` if it is written in the statement, otherwise at the statement's.
  void complain(const std::string& why, std::string_view key = {}) const;
  // Complains of every key that is not known, with the nearest one.
  void check_keys(const nlohmann::json& object, const std::vector<std::string>& known) const;

  bool boolean(const nlohmann::json& object, const char* key, bool otherwise) const;
  std::string text(const nlohmann::json& object, const char* key) const;  // empty if absent or, complained of, no text

 private:
  const std::string_view m_text;
  const std::string m_file;
  const int m_line;
  std::vector<std::string>& m_errors;
};

}  // namespace berth::command
