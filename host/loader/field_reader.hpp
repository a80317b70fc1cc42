// Reads the fields of one JSON object that a stranger wrote. The first thing that is wrong is kept, with its place, and
// reading goes on harmlessly, so that a reader is a list of what it wants and not of what may fail.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace berth::loader {

class FieldReader {
 public:
  // `place` is "operations[2]", or empty for the outermost object. What is wrong goes to `wrong` unless something is
  // there already.
  FieldReader(const nlohmann::json& from, std::string place, std::string& wrong);

  FieldReader within(const nlohmann::json& from, std::string_view field) const;  // of one of its fields
  void refuse(std::string_view field, std::string_view why) const;               // "operations[2].path: must …"
  bool good() const { return m_wrong.empty(); }
  std::string place_of(std::string_view field) const;

  void only(const std::vector<std::string>& known) const;  // refuses other fields, naming the nearest known one
  const nlohmann::json* find(const char* field) const;     // null if it is not there
  std::string text(const char* field, std::size_t most = 200) const;    // must be there, one line, not empty
  std::string text_or_none(const char* field, std::size_t most) const;  // may lack or be empty, may have lines
  bool flag(const char* field) const;                                   // false if it lacks
  std::uint64_t size(const char* field) const;                          // 0 if it lacks
  const nlohmann::json::array_t& list(const char* field, std::size_t most) const;  // empty if it lacks
  std::vector<std::string> texts(const char* field, std::size_t most, std::size_t most_bytes) const;

 private:
  const nlohmann::json& m_from;
  const std::string m_place;
  std::string& m_wrong;
};

bool is_word(std::string_view text);  // of a-z 0-9 _, beginning with a letter

}  // namespace berth::loader
