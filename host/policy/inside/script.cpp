// A hook runs as a coroutine of ours, so that it can wait. Whatever may fail in Lua runs inside of that, or of a
// protected call; what has a destructor lives in the script and not in those functions, which an error jumps out of.
#include "policy/inside/script.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <lua.hpp>
#include <utility>

#include "policy/inside/library.hpp"
#include "policy/inside/lua_json.hpp"

namespace berth::policy {

namespace {

int open_all(lua_State* state) {
  open_globals(state);
  open_verdicts(state);
  open_hooks(state);
  open_berth(state);
  if (Script::of(state).testing()) open_tests(state);
  return 0;
}

int make_thread(lua_State* state) {
  lua_newthread(state);
  lua_pushinteger(state, luaL_ref(state, LUA_REGISTRYINDEX));
  return 1;
}

int forget_tables(lua_State* state) {
  Memory::forget(state, Script::of(state).work()->question.session);
  return 0;
}

// With what it has to say, which may still go wrong.
int leave(lua_State* state) {
  Script& script = Script::of(state);
  read_verdict(state, -1, script);
  script.memory().settle(state, script.work()->question.session, script.scratch());
  return 0;
}

int left(lua_State* state, int, lua_KContext) { return leave(state); }

int resumed(lua_State* state, int, lua_KContext) {
  const bool good = lua_toboolean(state, -2) != 0;
  const auto& json = *static_cast<const std::string_view*>(lua_touserdata(state, -1));
  lua_settop(state, 0);
  if (!good) lua_pushnil(state);
  push_json(state, json);
  return lua_gettop(state);
}

}  // namespace

int begin_wait(lua_State* state, Script& script) {
  if (!lua_isyieldable(state))
    return luaL_error(state, "berth.call cannot wait within table.sort, string.gsub, a metamethod or a finalizer");
  script.memory().settle(state, script.work()->question.session, script.scratch());
  script.work()->waiting = true;
  return lua_yieldk(state, 0, 0, resumed);
}

Script::Script(std::uint64_t number, Source source, std::uint64_t most_memory, Where& where)
    : m_number(number),
      m_source(std::move(source)),
      m_most_memory(most_memory),
      m_where(where),
      m_state(lua_newstate(&Script::allocate, this)) {
  if (!m_state) std::abort();
  *static_cast<Script**>(lua_getextraspace(m_state)) = this;  // its threads inherit it, and the hook as well
  lua_sethook(m_state, on_line, LUA_MASKLINE, 0);
}

Script& Script::of(lua_State* state) { return **static_cast<Script**>(lua_getextraspace(state)); }

void* Script::allocate(void* self, void* block, std::size_t before, std::size_t after) {
  auto& script = *static_cast<Script*>(self);
  const std::size_t old = block ? before : 0;
  if (after == 0) {
    std::free(block);
    script.m_used -= old;
    return nullptr;
  }
  if (after > old && script.m_used + (after - old) > script.m_most_memory) return nullptr;
  void* fresh = std::realloc(block, after);
  if (fresh) script.m_used = script.m_used - old + after;
  return fresh;
}

void Script::on_line(lua_State* state, lua_Debug* at) {
  of(state).m_where.line.store(static_cast<std::uint64_t>(std::max(at->currentline, 0)), std::memory_order_relaxed);
}

bool Script::lacks(std::string_view operation) const {
  const auto& needs = m_facts.needs;
  return !has(operation) &&
         std::any_of(needs.begin(), needs.end(), [&](const Need& need) { return need.operation == operation; });
}

double Script::now() const {
  if (m_now > 0) return m_now;
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// ---- being read

Facts Script::load(bool testing) {
  m_testing = testing;
  m_loading = true;
  publish(being_read, 0);
  lua_pushcfunction(m_state, open_all);
  int how = lua_pcall(m_state, 0, 0, 0);
  if (how == LUA_OK) how = read("=" + m_source.name + ".lua", m_source.text);
  if (how == LUA_OK && testing) how = read("=" + m_source.name + "_test.lua", m_source.tests);
  m_loading = false;
  if (how != LUA_OK) {
    m_facts = {};
    m_facts.failed = words_of(m_state, how);
  }
  lua_settop(m_state, 0);
  return m_facts;
}

int Script::read(const std::string& name, const std::string& text) {
  const int how = luaL_loadbufferx(m_state, text.data(), text.size(), name.c_str(), "t");
  return how == LUA_OK ? lua_pcall(m_state, 0, 0, 0) : how;
}

std::string Script::words_of(lua_State* state, int how) const {
  if (how == LUA_ERRMEM) return m_source.name + ".lua: it wants more memory than it may have";
  if (lua_type(state, -1) == LUA_TSTRING) return lua_tostring(state, -1);
  return m_source.name + ".lua: an error that is a " + luaL_typename(state, -1);
}

// ---- hooks

// 0: there is no memory for one.
int Script::take_thread() {
  if (m_idle != 0) return std::exchange(m_idle, 0);
  lua_pushcfunction(m_state, make_thread);
  const bool made = lua_pcall(m_state, 0, 1, 0) == LUA_OK;
  const int thread = made ? static_cast<int>(lua_tointeger(m_state, -1)) : 0;
  lua_settop(m_state, 0);
  return thread;
}

int Script::enter(lua_State* state) {
  const Script& script = of(state);
  lua_settop(state, 0);
  push_hook(state, script.m_work->place().hook);
  const int arguments = push_arguments(state, script);
  lua_callk(state, arguments, 1, 0, left);
  return leave(state);
}

// Wherever memory is taken a finalizer may run, and not come to its end: so it is said first who is at work.
void Script::begin(Work& work) {
  arrive(work);
  const int thread = take_thread();
  if (thread == 0) return fail(work, LUA_ERRMEM);
  go_to(thread);
  lua_pushcfunction(m_thread, enter);
  run(work, thread, 0);
}

void Script::resume(Work& work, bool good, std::string_view json) {
  arrive(work);
  go_to(work.thread);
  work.waiting = false;
  lua_pushboolean(m_thread, good);
  lua_pushlightuserdata(m_thread, &json);
  run(work, work.thread, 2);
}

void Script::drop(const Work& work) { luaL_unref(m_state, LUA_REGISTRYINDEX, work.thread); }

void Script::forget(const std::string& session) {
  m_memory.drop(session);
  Work nothing;
  nothing.question.session = session;
  m_work = &nothing;
  publish(being_forgotten, 0);
  lua_pushcfunction(m_state, forget_tables);
  if (lua_pcall(m_state, 0, 0, 0) != LUA_OK) lua_settop(m_state, 0);
  m_work = nullptr;
}

void Script::arrive(Work& work) {
  m_work = &work;
  take_back();
  m_step = {};
  m_step.place = work.place();
  publish(work.question.id, m_facts.hooks[work.place().hook].line);
}

void Script::publish(std::uint64_t question, std::uint64_t line) {
  m_where.script.store(m_number, std::memory_order_relaxed);
  m_where.line.store(line, std::memory_order_relaxed);
  m_where.stage.store(m_where.stage.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  m_where.question.store(question, std::memory_order_release);
}

void Script::go_to(int thread) {
  lua_rawgeti(m_state, LUA_REGISTRYINDEX, thread);
  m_thread = lua_tothread(m_state, -1);
  lua_settop(m_state, 0);
}

void Script::run(Work& work, int thread, int arguments) {
  int results = 0;
  const int how = lua_resume(m_thread, m_state, arguments, &results);
  if (how == LUA_YIELD && work.waiting) {
    work.thread = thread;
    lua_pop(m_thread, results);
    give_on(work);
  } else if (how == LUA_OK) {
    lua_settop(m_thread, 0);
    if (m_idle == 0)
      m_idle = thread;
    else
      luaL_unref(m_state, LUA_REGISTRYINDEX, thread);
    keep_step(work);
  } else {
    fail(work, how);
    luaL_unref(m_state, LUA_REGISTRYINDEX, thread);
  }
  m_work = nullptr;
  m_thread = nullptr;
}

// The stack of a thread that has failed still stands.
void Script::fail(Work& work, int how) {
  m_step = {};
  m_step.place = work.place();
  m_step.kind = StepKind::failed;
  m_step.line = m_where.line.load(std::memory_order_relaxed);
  m_step.words = how == LUA_YIELD ? "a hook waits for nothing but berth.call"
                 : m_thread       ? words_of(m_thread, how)
                                  : "there is no memory for it";
  work.waiting = false;
  work.answer.steps.push_back(std::move(m_step));
  take_back();
  lua_pushcfunction(m_state, forget_tables);  // they hold what is not to be
  if (lua_pcall(m_state, 0, 0, 0) != LUA_OK) lua_settop(m_state, 0);
  m_work = nullptr;
  m_thread = nullptr;
}

void Script::take_back() {
  m_said = {};
  m_memory.take_back();
}

void Script::keep_step(Work& work) {
  work.answer.steps.push_back(std::move(m_step));
  give_on(work);
}

void Script::give_on(Work& work) {
  const auto append = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  Said& to = work.answer.said;
  append(to.charges, m_said.said.charges);
  append(to.events, m_said.said.events);
  append(to.lines, m_said.said.lines);
  m_memory.give_on(m_number, work.question.session, to.changes);
  if (!m_said.rewritten.empty()) work.answer.rewritten = std::move(m_said.rewritten);
  if (!m_said.remaining.empty())
    work.answer.remaining += (work.answer.remaining.empty() ? "" : ", ") + m_said.remaining;
  m_said = {};
}

void Script::stand_in(Work* work) {
  m_work = work;
  take_back();
  m_step = {};
}

}  // namespace berth::policy
