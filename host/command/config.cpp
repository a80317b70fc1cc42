// The statements of berth.lua.
#include "command/config.hpp"

#include <algorithm>
#include <lua.hpp>
#include <utility>

#include "command/config_statements.hpp"
#include "command/lua_sandbox.hpp"
#include "command/setting.hpp"
#include "service/files.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;

namespace {

constexpr std::size_t most_mistakes = 100;

class Reader {
 public:
  Reader(std::string_view text, std::string file) : m_text(text), m_file(std::move(file)) {}

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
      lua_pushcclosure(state, &apply == plugin_statement() ? &Reader::plugin : &Reader::called, 2);
      lua_setglobal(state, name.c_str());
    }
    lua_pushglobaltable(state);
    lua_newtable(state);
    lua_pushlightuserdata(state, this);
    lua_pushcclosure(state, &Reader::unknown, 1);
    lua_setfield(state, -2, "__index");
    lua_setmetatable(state, -2);
    cover(state);
  }

  // The chunk gets an empty table in place of the globals on top of the stack, so that every assignment is seen.
  void cover(lua_State* state) {
    lua_newtable(state);
    lua_newtable(state);
    lua_pushvalue(state, -3);
    lua_setfield(state, -2, "__index");
    lua_pushlightuserdata(state, this);
    lua_pushcclosure(state, &Reader::assigned, 1);
    lua_setfield(state, -2, "__newindex");
    lua_setmetatable(state, -2);
    lua_rawseti(state, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    lua_pop(state, 1);
  }

  static Reader& self_of(lua_State* state) { return *static_cast<Reader*>(lua_touserdata(state, lua_upvalueindex(1))); }

  // Lua raises errors by a jump, so in these functions nothing with a destructor may be alive where Lua is called.
  static int called(lua_State* state) {
    Reader& self = self_of(state);
    self.apply(state, *static_cast<const StatementFunction*>(lua_touserdata(state, lua_upvalueindex(2))));
    if (self.enough()) return luaL_error(state, "this is more than anybody can mend at once; reading stops here");
    return 0;
  }

  // plugin "name" { … } is two calls: what plugin "name" returns takes the table.
  static int plugin(lua_State* state) {
    called(state);
    if (lua_gettop(state) != 1 || lua_type(state, 1) != LUA_TSTRING) return 0;
    lua_pushvalue(state, lua_upvalueindex(1));
    lua_pushvalue(state, 1);
    lua_pushcclosure(state, &Reader::plugin_body, 2);
    return 1;
  }

  static int plugin_body(lua_State* state) {
    lua_settop(state, 1);
    lua_pushvalue(state, lua_upvalueindex(2));
    lua_insert(state, 1);
    lua_pushboolean(state, 1);  // its name was taken by the first call
    self_of(state).apply(state, *plugin_statement());
    return 0;
  }

  // An unknown name is noted, and what it is called with is let pass, so that the mistakes after it are found, too.
  static int unknown(lua_State* state) {
    const char* asked = lua_type(state, 2) == LUA_TSTRING ? lua_tostring(state, 2) : "?";
    self_of(state).complain_unknown(state, asked);
    if (self_of(state).enough())
      return luaL_error(state, "this is more than anybody can mend at once; reading stops here");
    lua_pushcfunction(state, [](lua_State*) { return 0; });
    return 1;
  }

  // `auth = false` would change nothing, and nobody would know.
  static int assigned(lua_State* state) {
    Reader& self = self_of(state);
    self.complain_assigned(state, lua_type(state, 2) == LUA_TSTRING ? lua_tostring(state, 2) : "?");
    if (self.enough()) return luaL_error(state, "this is more than anybody can mend at once; reading stops here");
    lua_settop(state, 3);
    lua_rawset(state, 1);  // as a variable, so that what uses it is no mistake of its own
    return 0;
  }

  void complain_assigned(lua_State* state, const std::string& name) {
    const Statement statement(m_text, m_file, line_of(state), m_out.errors);
    const auto& statements = config_statements();
    const bool setting =
        std::any_of(statements.begin(), statements.end(), [&](const auto& one) { return one.first == name; });
    statement.complain(setting ? name + " is set without \"=\": write " + name + " … or " + name + "(…)"
                               : "\"" + name + " = …\" sets nothing; for a variable of your own write: local " + name);
  }

  void apply(lua_State* state, const StatementFunction& statement_function) {
    const Statement statement(m_text, m_file, line_of(state), m_out.errors);
    LuaValues values(state);
    std::vector<json> arguments;
    const int count = lua_gettop(state);
    for (int i = 1; i <= count && values.problem().empty(); ++i) arguments.push_back(values.read(i));
    std::string problem = values.problem();
    if (problem.empty()) problem = statement_function(m_out.config, statement, arguments);
    if (!problem.empty()) statement.complain(problem);
  }

  void complain_unknown(lua_State* state, const std::string& asked) {
    std::vector<std::string> names = LuaSandbox::names();
    for (const auto& [name, apply] : config_statements()) names.push_back(name);
    const auto near = service::near_names(asked, names);
    const Statement statement(m_text, m_file, line_of(state), m_out.errors);
    statement.complain("unknown setting \"" + asked + "\"" +
                       (near.empty() ? "" : "; did you mean \"" + near.front() + "\"?"));
  }

  bool enough() const { return m_out.errors.size() >= most_mistakes; }

  static int line_of(lua_State* state) {
    lua_Debug where{};
    const bool known = lua_getstack(state, 1, &where) == 1 && lua_getinfo(state, "l", &where) != 0;
    return known ? std::max(where.currentline, 1) : 1;
  }

  const std::string_view m_text;
  const std::string m_file;
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
