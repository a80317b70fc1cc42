// What the rules see of a part: an element is a table, by the names that are usual.
#include <utility>

#include "read/keys.hpp"
#include "rules/lua_set.hpp"

namespace docx {

namespace n = ooxml::names;
using ooxml::Reading;
using ooxml::Start;

namespace {

// Elements and attributes by the prefixes that are usual, whatever the file writes.
std::string usual_name(ooxml::Name name, std::string_view prefix, std::string_view local) {
  constexpr std::pair<std::uint16_t, std::string_view> known[] = {
      {n::w::p.space, "w"},    {n::w14::paraId.space, "w14"}, {n::r::id.space, "r"},
      {n::a::blip.space, "a"}, {n::wp::docPr.space, "wp"},    {n::m::t.space, "m"}};
  for (const auto& [space, usual] : known) {
    if (space == name.space) prefix = usual;
  }
  return prefix.empty() ? std::string(local) : std::string(prefix) + ":" + std::string(local);
}

void set(lua_State* state, std::string_view name, std::string_view value) {
  lua_pushlstring(state, name.data(), name.size());
  lua_pushlstring(state, value.data(), value.size());
  lua_rawset(state, -3);
}

class LuaCheck : public Check {
 public:
  LuaCheck(Scene& scene, const Reading& reading, LuaRules& rules) : Check(scene, reading), m_rules(rules) {}

  void start(const Start& element, const Open&) override {
    std::string name = usual_name(element.name, element.prefix, element.local);
    if (m_rules.wanted(name)) tell(element, name);
    m_open.push_back({std::move(name), {}});
  }

  void text(std::string_view text, const Open&) override {
    if (m_open.empty() || !m_rules.wanted(m_open.back().name)) return;
    std::string& all = m_open.back().text;
    if (all.size() + text.size() <= m_rules.limits().text) all += text;
  }

  void end(const Start&, const Open&) override {
    const auto one = std::move(m_open.back());
    m_open.pop_back();
    for (auto& rule : m_rules.rules()) {
      if (rule.broken || rule.text == LUA_NOREF || !rule.wants(one.name)) continue;
      lua_rawgeti(m_rules.lua(), LUA_REGISTRYINDEX, rule.text);
      m_rules.push(one.name);
      m_rules.push(one.text);
      m_rules.run(rule, 2, m_scene, Ruler::here(m_reading));
    }
  }

  void finish() override {
    for (auto& rule : m_rules.rules()) {
      if (rule.broken || rule.part == LUA_NOREF) continue;
      lua_rawgeti(m_rules.lua(), LUA_REGISTRYINDEX, rule.part);
      m_rules.push(m_reading.part.name);
      m_rules.run(rule, 1, m_scene, {m_reading.part.name, "", 0});
    }
  }

 private:
  struct One {
    std::string name{}, text{};
  };
  void tell(const Start& element, const std::string& name) {
    for (auto& rule : m_rules.rules()) {
      if (rule.broken || rule.start == LUA_NOREF || !rule.wants(name)) continue;
      lua_rawgeti(m_rules.lua(), LUA_REGISTRYINDEX, rule.start);
      m_rules.push_element(element, name, m_reading, m_open.empty() ? std::string_view() : m_open.back().name);
      m_rules.run(rule, 1, m_scene, Ruler::here(m_reading));
    }
  }

  LuaRules& m_rules;
  std::vector<One> m_open;
};

}  // namespace

bool LuaRules::wanted(std::string_view element) const {
  for (const auto& rule : m_rules) {
    if (!rule.broken && rule.wants(element)) return true;
  }
  return false;
}

void LuaRules::push_element(const Start& element, const std::string& name, const Reading& reading,
                            std::string_view parent) {
  lua_State* state = lua();
  lua_createtable(state, 0, static_cast<int>(element.attributes.size()) + 5);
  for (const auto& one : element.attributes) set(state, usual_name(one.name, one.prefix, one.local), one.value);
  set(state, "element", name);
  set(state, "parent", parent);
  set(state, "part", reading.part.name);
  lua_pushinteger(state, static_cast<lua_Integer>(element.line));
  lua_setfield(state, -2, "line");
  lua_pushinteger(state, static_cast<lua_Integer>(element.depth));
  lua_setfield(state, -2, "depth");
}

void LuaRules::add_checks(Checks& checks, Scene& scene, const Reading& reading) {
  checks.push_back(std::make_unique<LuaCheck>(scene, reading, *this));
}

void LuaRules::finish(Scene& scene) {
  for (auto& rule : m_rules) {
    if (rule.broken || rule.finish == LUA_NOREF) continue;
    lua_rawgeti(lua(), LUA_REGISTRYINDEX, rule.finish);
    run(rule, 0, scene, {});
  }
}

}  // namespace docx
