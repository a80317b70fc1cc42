// The rules of one Lua text, while a document is read.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/lua_rules.hpp"
#include "rules/lua_state.hpp"

namespace docx {

struct LuaRule {
  std::string name{};
  Level level = Level::error;
  std::set<std::string, std::less<>> on{};  // empty: all
  int start = LUA_NOREF, text = LUA_NOREF, part = LUA_NOREF, finish = LUA_NOREF;
  bool broken = false;
  bool wants(std::string_view element) const { return on.empty() || on.contains(element); }
};

class LuaRules : public MoreRules {
 public:
  LuaRules(const std::string& text, const std::string& name, const LuaLimits& limits);
  void add_checks(Checks& checks, Scene& scene, const ooxml::Reading& reading) override;
  void finish(Scene& scene) override;
  bool has(std::string_view rule) const override {
    return std::any_of(m_rules.begin(), m_rules.end(), [&](const LuaRule& one) { return one.name == rule; });
  }

  std::vector<LuaRule>& rules() { return m_rules; }
  const LuaLimits& limits() const { return m_limits; }
  lua_State* lua() const { return m_state.get(); }
  bool wanted(std::string_view element) const;
  void push_element(const ooxml::Start& element, const std::string& name, const ooxml::Reading& reading,
                    std::string_view parent);
  void push(std::string_view text) const { lua_pushlstring(lua(), text.data(), text.size()); }
  // With what lies on the stack as arguments, the function below them.
  void run(LuaRule& rule, int arguments, Scene& scene, const Ruler::Place& place);

 private:
  int offer(const char* name);
  std::string take_rules();
  std::string take_rule(int table);
  void take_reports(const LuaRule& rule, Scene& scene, const Ruler::Place& place);

  const LuaLimits m_limits;
  LuaState m_state;
  std::vector<LuaRule> m_rules;
  int m_made = LUA_NOREF, m_said = LUA_NOREF;  // the lists that rule{…} and report(…) fill
};

}  // namespace docx
