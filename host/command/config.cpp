// The statements of berth.lua.
#include "command/config.hpp"

#include <lua.hpp>
#include <sstream>
#include <utility>

#include "command/config_statements.hpp"
#include "command/lua_sandbox.hpp"
#include "command/setting.hpp"
#include "service/files.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;

namespace {

class Reader {
 public:
  Reader(std::string_view text, std::string file) : m_text(text), m_file(std::move(file)) {
    std::istringstream all{std::string(text)};
    for (std::string line; std::getline(all, line);) m_lines.push_back(line);
  }

  Checked run() {
    declare();
    if (auto failed = m_lua.run(m_text, m_file)) m_out.errors.push_back(*failed);
    finish_config(m_out.config, m_file, m_out.errors);
    return std::move(m_out);
  }

 private:
  void declare() {
    lua_State* state = m_lua.state();
    for (const auto& [name, apply] : config_statements()) {
      lua_pushlightuserdata(state, this);
      lua_pushlightuserdata(state, const_cast<StatementFunction*>(&apply));
      lua_pushcclosure(state, &Reader::called, 2);
      lua_setglobal(state, name.c_str());
    }
    lua_pushglobaltable(state);
    lua_newtable(state);
    lua_pushlightuserdata(state, this);
    lua_pushcclosure(state, &Reader::unknown, 1);
    lua_setfield(state, -2, "__index");
    lua_setmetatable(state, -2);
    lua_pop(state, 1);
  }

  // No C++ object with a destructor may be alive where Lua raises its error, which jumps.
  static int called(lua_State* state) {
    auto* self = static_cast<Reader*>(lua_touserdata(state, lua_upvalueindex(1)));
    const auto* apply = static_cast<const StatementFunction*>(lua_touserdata(state, lua_upvalueindex(2)));
    return self->call(state, *apply);
  }

  int call(lua_State* state, const StatementFunction& apply) {
    const Statement statement(m_lines, m_file, line_of(state), m_out.errors);
    std::string problem;
    std::vector<json> arguments;
    const int count = lua_gettop(state);
    for (int i = 1; i <= count && problem.empty(); ++i) arguments.push_back(lua_to_json(state, i, problem));
    if (problem.empty()) problem = apply(m_out.config, statement, arguments);
    if (!problem.empty()) statement.complain(problem);
    lua_settop(state, 0);
    // plugin "name" { … } is two calls: what plugin "name" returns takes the table.
    if (arguments.size() == 1 && arguments[0].is_string() && &apply == plugin_statement()) {
      lua_pushvalue(state, lua_upvalueindex(1));
      lua_pushlstring(state, arguments[0].get_ref<const std::string&>().data(),
                      arguments[0].get_ref<const std::string&>().size());
      lua_pushcclosure(state, &Reader::plugin_body, 2);
      return 1;
    }
    return 0;
  }

  static int plugin_body(lua_State* state) {
    auto* self = static_cast<Reader*>(lua_touserdata(state, lua_upvalueindex(1)));
    lua_pushvalue(state, lua_upvalueindex(2));
    lua_insert(state, 1);
    return self->call(state, *plugin_statement());
  }

  // An unknown name is noted, and what it is called with is let pass, so that the mistakes after it are found, too.
  static int unknown(lua_State* state) {
    auto* self = static_cast<Reader*>(lua_touserdata(state, lua_upvalueindex(1)));
    const char* text = lua_tostring(state, 2);
    const std::string asked = text ? text : "?";
    std::vector<std::string> names;
    for (const auto& [name, apply] : config_statements()) names.push_back(name);
    const auto near = service::near_names(asked, names);
    Statement(self->m_lines, self->m_file, line_of(state), self->m_out.errors)
        .complain("unknown setting \"" + asked + "\"" +
                  (near.empty() ? "" : "; did you mean \"" + near.front() + "\"?"));
    lua_pushcfunction(state, [](lua_State*) { return 0; });
    return 1;
  }

  static int line_of(lua_State* state) {
    lua_Debug where{};
    const bool known = lua_getstack(state, 1, &where) == 1 && lua_getinfo(state, "l", &where) != 0;
    return known ? where.currentline : 0;
  }

  const std::string_view m_text;
  const std::string m_file;
  std::vector<std::string> m_lines;
  Checked m_out;
  LuaSandbox m_lua;
};

}  // namespace

Checked check_config(std::string_view text, const std::string& file_name) { return Reader(text, file_name).run(); }

Checked load_config(const std::string& path) {
  auto text = service::read_file(path, 1u << 20);
  if (!text) {
    Checked failed;
    failed.errors.push_back(path + ": " + text.error().message);
    return failed;
  }
  return check_config(*text, path);
}

}  // namespace berth::command
