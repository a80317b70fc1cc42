// The text is the host's own, canonical and valid; still nothing is read past its end.
#include "policy/inside/lua_json.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <lua.hpp>

#include "service/text.hpp"

namespace berth::policy {

namespace {

constexpr int most_levels = 64, around = 8;      // of what is read; what was read may be written inside of something
constexpr std::size_t most_written = 32u << 20;  // tables that share their parts are small in Lua only
const char list_key = 0;                         // its address names the metatable of lists

struct Reading {
  lua_State* state;
  const char *at, *end;
  int levels;
};

[[noreturn]] void broken(const Reading& in) {
  luaL_error(in.state, "broken JSON");
  std::abort();  // never reached
}

void skip(Reading& in) {
  while (in.at < in.end && (*in.at == ' ' || *in.at == '\n' || *in.at == '\t' || *in.at == '\r')) ++in.at;
}

bool take(Reading& in, char c) {
  skip(in);
  if (in.at == in.end || *in.at != c) return false;
  ++in.at;
  return true;
}

unsigned hex_digits(Reading& in) {
  unsigned value = 0;
  if (in.end - in.at < 4) broken(in);
  const auto [after, failed] = std::from_chars(in.at, in.at + 4, value, 16);
  if (failed != std::errc() || after != in.at + 4) broken(in);
  in.at += 4;
  return value;
}

void add_character(Reading& in, luaL_Buffer& to) {
  unsigned code = hex_digits(in);
  if (code >= 0xd800 && code < 0xdc00 && in.end - in.at >= 6 && in.at[0] == '\\' && in.at[1] == 'u') {
    in.at += 2;
    code = 0x10000 + ((code - 0xd800) << 10) + (hex_digits(in) - 0xdc00);
  }
  char bytes[4];
  int size = 0;
  if (code < 0x80) {
    bytes[size++] = static_cast<char>(code);
  } else if (code < 0x800) {
    bytes[size++] = static_cast<char>(0xc0 | (code >> 6));
    bytes[size++] = static_cast<char>(0x80 | (code & 0x3f));
  } else {
    if (code >= 0x10000) bytes[size++] = static_cast<char>(0xf0 | ((code >> 18) & 7));
    bytes[size++] = static_cast<char>(code >= 0x10000 ? 0x80 | ((code >> 12) & 0x3f) : 0xe0 | (code >> 12));
    bytes[size++] = static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    bytes[size++] = static_cast<char>(0x80 | (code & 0x3f));
  }
  luaL_addlstring(&to, bytes, static_cast<std::size_t>(size));
}

void add_escape(Reading& in, luaL_Buffer& to) {
  const char c = *in.at++;
  switch (c) {
    case 'n': luaL_addchar(&to, '\n'); return;
    case 't': luaL_addchar(&to, '\t'); return;
    case 'r': luaL_addchar(&to, '\r'); return;
    case 'b': luaL_addchar(&to, '\b'); return;
    case 'f': luaL_addchar(&to, '\f'); return;
    case 'u': return add_character(in, to);
    default: luaL_addchar(&to, c);
  }
}

void push_string(Reading& in) {
  const char* begin = ++in.at;
  while (in.at < in.end && *in.at != '"' && *in.at != '\\') ++in.at;
  if (in.at < in.end && *in.at == '"') {
    lua_pushlstring(in.state, begin, static_cast<std::size_t>(in.at++ - begin));
    return;
  }
  luaL_Buffer text;
  luaL_buffinit(in.state, &text);
  luaL_addlstring(&text, begin, static_cast<std::size_t>(in.at - begin));
  while (in.at < in.end && *in.at != '"') {
    const char* plain = in.at;
    while (in.at < in.end && *in.at != '"' && *in.at != '\\') ++in.at;
    luaL_addlstring(&text, plain, static_cast<std::size_t>(in.at - plain));
    if (in.at < in.end && *in.at == '\\' && ++in.at < in.end) add_escape(in, text);
  }
  if (in.at == in.end) broken(in);
  ++in.at;
  luaL_pushresult(&text);
}

void push_number(Reading& in) {
  const char* begin = in.at;
  lua_Integer whole = 0;
  const auto [after, failed] = std::from_chars(begin, in.end, whole);
  const bool real = after < in.end && (*after == '.' || *after == 'e' || *after == 'E');
  if (failed == std::errc() && !real) {
    in.at = after;
    lua_pushinteger(in.state, whole);
    return;
  }
  double value = 0;
  const auto [behind, wrong] = std::from_chars(begin, in.end, value);
  if (behind == begin || (wrong != std::errc() && wrong != std::errc::result_out_of_range)) broken(in);
  in.at = behind;
  lua_pushnumber(in.state, value);
}

void word(Reading& in, std::string_view text) {
  if (std::string_view(in.at, static_cast<std::size_t>(in.end - in.at)).substr(0, text.size()) != text) broken(in);
  in.at += text.size();
}

void push_value(Reading& in);

void push_list(Reading& in) {
  ++in.at;
  lua_newtable(in.state);
  mark_list(in.state, -1);
  if (take(in, ']')) return;
  lua_Integer place = 0;
  do {
    push_value(in);
    lua_rawseti(in.state, -2, ++place);
  } while (take(in, ','));
  if (!take(in, ']')) broken(in);
}

void push_object(Reading& in) {
  ++in.at;
  lua_newtable(in.state);
  if (take(in, '}')) return;
  do {
    skip(in);
    if (in.at == in.end || *in.at != '"') broken(in);
    push_string(in);
    if (!take(in, ':')) broken(in);
    push_value(in);
    lua_rawset(in.state, -3);
  } while (take(in, ','));
  if (!take(in, '}')) broken(in);
}

void push_value(Reading& in) {
  skip(in);
  if (in.at == in.end || --in.levels < 0) broken(in);
  luaL_checkstack(in.state, 8, "JSON is nested too deeply");
  switch (*in.at) {
    case '{': push_object(in); break;
    case '[': push_list(in); break;
    case '"': push_string(in); break;
    case 't':
      word(in, "true");
      lua_pushboolean(in.state, 1);
      break;
    case 'f':
      word(in, "false");
      lua_pushboolean(in.state, 0);
      break;
    case 'n':
      word(in, "null");
      push_null(in.state);
      break;
    default: push_number(in);
  }
  ++in.levels;
}

void write_value(lua_State* state, int index, std::string& to, int levels);

void write_number(lua_State* state, int index, std::string& to) {
  char text[40];
  if (lua_isinteger(state, index)) {
    const auto done = std::to_chars(text, text + sizeof text, static_cast<long long>(lua_tointeger(state, index)));
    to.append(text, done.ptr);
    return;
  }
  const auto number = static_cast<double>(lua_tonumber(state, index));
  if (!std::isfinite(number)) luaL_error(state, "a number that is infinite or none is no JSON");
  const auto done = std::to_chars(text, text + sizeof text, number);
  to.append(text, done.ptr);
}

// With all its places and nothing besides: what would be left out is an error.
bool check_list(lua_State* state, int index) {
  std::size_t count = 0;
  lua_pushnil(state);
  for (; lua_next(state, index) != 0; ++count) lua_pop(state, 1);
  if (count != lua_rawlen(state, index)) luaL_error(state, "a list that has gaps, or names besides, is no JSON");
  return true;
}

bool is_list(lua_State* state, int index) {
  if (lua_rawlen(state, index) > 0) return check_list(state, index);
  if (lua_getmetatable(state, index) == 0) return false;
  lua_rawgetp(state, LUA_REGISTRYINDEX, &list_key);
  const bool marked = lua_rawequal(state, -1, -2) != 0;
  lua_pop(state, 2);
  lua_pushnil(state);
  const bool empty = lua_next(state, index) == 0;
  if (!empty) lua_pop(state, 2);
  return marked && empty;
}

void write_list(lua_State* state, int index, std::string& to, int levels) {
  const auto size = static_cast<lua_Integer>(lua_rawlen(state, index));
  to += '[';
  for (lua_Integer place = 1; place <= size; ++place) {
    if (place > 1) to += ',';
    lua_rawgeti(state, index, place);
    write_value(state, lua_gettop(state), to, levels - 1);
    lua_pop(state, 1);
  }
  to += ']';
}

void write_object(lua_State* state, int index, std::string& to, int levels) {
  to += '{';
  bool first = true;
  lua_pushnil(state);
  while (lua_next(state, index) != 0) {
    if (lua_type(state, -2) != LUA_TSTRING) luaL_error(state, "a table with gaps or keys that are no names is no JSON");
    if (!first) to += ',';
    first = false;
    std::size_t size = 0;
    const char* name = lua_tolstring(state, -2, &size);
    service::append_json(to, {name, size});
    to += ':';
    write_value(state, lua_gettop(state), to, levels - 1);
    lua_pop(state, 1);
  }
  to += '}';
}

void write_value(lua_State* state, int index, std::string& to, int levels) {
  luaL_checkstack(state, 8, "tables are nested too deeply");
  if (to.size() > most_written) luaL_error(state, "this is too large for JSON");
  if (levels < 0) luaL_error(state, "tables are nested too deeply for JSON, or in themselves");
  switch (lua_type(state, index)) {
    case LUA_TNIL: to += "null"; return;
    case LUA_TBOOLEAN: to += lua_toboolean(state, index) != 0 ? "true" : "false"; return;
    case LUA_TNUMBER: return write_number(state, index, to);
    case LUA_TSTRING: {
      std::size_t size = 0;
      const char* text = lua_tolstring(state, index, &size);
      return service::append_json(to, {text, size});
    }
    case LUA_TTABLE:
      return is_list(state, index) ? write_list(state, index, to, levels) : write_object(state, index, to, levels);
    case LUA_TLIGHTUSERDATA:
      if (!lua_touserdata(state, index)) {
        to += "null";
        return;
      }
      [[fallthrough]];
    default: luaL_error(state, "a %s is no JSON", luaL_typename(state, index));
  }
}

}  // namespace

void push_null(lua_State* state) { lua_pushlightuserdata(state, nullptr); }

void mark_list(lua_State* state, int index) {
  index = lua_absindex(state, index);
  if (lua_rawgetp(state, LUA_REGISTRYINDEX, &list_key) != LUA_TTABLE) {
    lua_pop(state, 1);
    lua_newtable(state);
    lua_pushvalue(state, -1);
    lua_rawsetp(state, LUA_REGISTRYINDEX, &list_key);
  }
  lua_setmetatable(state, index);
}

void push_json(lua_State* state, std::string_view text) {
  Reading in{state, text.data(), text.data() + text.size(), most_levels};
  push_value(in);
  skip(in);
  if (in.at != in.end) broken(in);
}

void write_json(lua_State* state, int index, std::string& to) {
  write_value(state, lua_absindex(state, index), to, most_levels + around - 1);
}

}  // namespace berth::policy
