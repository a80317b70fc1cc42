// Which request a message is that cannot be read: too long to be kept, or no JSON to its end. Who asked waits for an
// answer by that id.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace berth::command {

class McpId {
 public:
  void add(std::string_view bytes);
  // Null if the message had none so far, or is no request: then that id may be one of somebody else's.
  nlohmann::json id() const { return m_has_method ? m_id : nlohmann::json(); }

 private:
  void step(char c);
  void text(char c);
  void keep(char c);
  void member();  // a member of the message is over

  std::string m_key, m_value;  // of the member; without what is nested in it
  std::size_t m_depth = 0;
  bool m_in_text = false, m_escaped = false, m_has_method = false;
  nlohmann::json m_id;
};

}  // namespace berth::command
