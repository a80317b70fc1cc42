// What the tests of a policy find: the hooks, asked as the host would ask them, and what they said. The same state, the
// same verdicts, the same limits; only the operations that a hook calls are answered by the test.
#include <lua.hpp>

#include "policy/inside/library.hpp"
#include "policy/inside/lua_json.hpp"
#include "policy/inside/script.hpp"
#include "service/text.hpp"

namespace berth::policy {

namespace {

void take_text(lua_State* state, const char* name, const char* otherwise, std::string& to) {
  to = otherwise;
  if (lua_getfield(state, 1, name) == LUA_TSTRING) to = lua_tostring(state, -1);
  lua_pop(state, 1);
}

// The question that a table describes; into the work that stands in for one, which outlives every error.
void read_question(lua_State* state, Work& work, HookKind kind) {
  Question& question = work.question;
  ++question.id;
  question.kind = kind;
  take_text(state, kind == HookKind::event ? "topic" : "operation", "", question.operation);
  take_text(state, "session", kind == HookKind::every ? "" : "main", question.session);
  take_text(state, "caller", "somebody", question.caller);
  take_text(state, "scope", "run", question.scope);
  question.turn = 0;
  if (lua_getfield(state, 1, "turn") == LUA_TNUMBER)
    question.turn = static_cast<std::uint64_t>(lua_tonumber(state, -1));
  lua_pop(state, 1);
  question.input.clear();
  question.output.clear();
  if (lua_getfield(state, 1, kind == HookKind::event ? "data" : "input") != LUA_TNIL)
    write_json(state, -1, question.input);
  lua_pop(state, 1);
  if (kind != HookKind::after) return;
  question.status = 200;
  if (lua_getfield(state, 2, "status") == LUA_TNUMBER)
    question.status = static_cast<std::uint64_t>(lua_tonumber(state, -1));
  if (lua_getfield(state, 2, "seconds") == LUA_TNUMBER)
    question.took_us = static_cast<std::uint64_t>(lua_tonumber(state, -1) * 1e6);
  if (lua_getfield(state, 2, "output") != LUA_TNIL) write_json(state, -1, question.output);
  question.bytes = question.output.size();
  if (lua_getfield(state, 2, "bytes") == LUA_TNUMBER)
    question.bytes = static_cast<std::uint64_t>(lua_tonumber(state, -1));
  lua_pop(state, 4);
}

void push_said(lua_State* state, const Answer& answer) {
  lua_pushlstring(state, answer.remaining.data(), answer.remaining.size());
  lua_setfield(state, -2, "remaining");
  lua_newtable(state);
  for (const auto& one : answer.said.charges) {
    lua_getfield(state, -1, one.name.c_str());
    lua_pushnumber(state, lua_tonumber(state, -1) + one.amount);
    lua_setfield(state, -3, one.name.c_str());
    lua_pop(state, 1);
  }
  lua_setfield(state, -2, "charges");
  lua_newtable(state);
  lua_Integer count = 0;
  for (const auto& one : answer.said.events) {
    lua_pushlstring(state, one.topic.data(), one.topic.size());
    lua_rawseti(state, -2, ++count);
  }
  lua_setfield(state, -2, "events");
}

// What decides among them, as the host has it: a refusal, else the first that asks for a person's word, else the
// longest delay, else the last rewriting, else the last word.
Step deciding(const std::vector<Step>& steps) {
  constexpr auto rank = [](const Step& step) {
    switch (step.kind) {
      case StepKind::deny: return 4;
      case StepKind::approve: return 3;
      case StepKind::delay: return 2;
      case StepKind::rewrite: return 1;
      default: return 0;
    }
  };
  Step found;
  for (const auto& step : steps) {
    const bool longer = step.kind == StepKind::delay && step.seconds > found.seconds;
    const bool later = step.kind != StepKind::approve && step.kind != StepKind::delay;
    if (rank(step) > rank(found) || (rank(step) == rank(found) && (longer || later))) found = step;
  }
  return found;
}

void push_step(lua_State* state, const Step& step, const Work& work) {
  lua_newtable(state);
  lua_pushstring(state, name_of(step.kind).data());
  lua_setfield(state, -2, "verdict");
  lua_pushlstring(state, step.words.data(), step.words.size());
  lua_setfield(state, -2, "reason");
  lua_pushnumber(state, step.seconds);
  lua_setfield(state, -2, "seconds");
  if (!work.answer.rewritten.empty()) {
    push_json(state, work.answer.rewritten);
    lua_setfield(state, -2, work.question.kind == HookKind::before ? "input" : "output");
  }
  push_said(state, work.answer);
}

bool fits(const Hook& hook, const Question& question, HookKind kind) {
  if (hook.kind != kind) return false;
  return kind > HookKind::event || hook.fits(question.operation);
}

// All hooks of that kind that match, in their order, until one refuses.
int ask_all(lua_State* state, HookKind kind) {
  Script& script = Script::of(state);
  if (!script.work()) return luaL_error(state, "this is for tests");
  if (kind != HookKind::every && kind != HookKind::start) luaL_checktype(state, 1, LUA_TTABLE);
  lua_settop(state, 2);
  for (int i = 1; i <= 2; ++i) {
    if (lua_istable(state, i)) continue;
    lua_newtable(state);
    lua_replace(state, i);
  }
  Work& work = *script.work();
  work.answer = {};
  read_question(state, work, kind);
  for (std::size_t i = 0; i < script.facts().hooks.size(); ++i) {
    if (!fits(script.facts().hooks[i], work.question, kind)) continue;
    work.question.hooks = {{script.number(), i}};
    script.stand_in(&work);
    push_hook(state, i);
    lua_call(state, push_arguments(state, script), 1);
    read_verdict(state, -1, script);
    script.memory().settle(state, work.question.session, script.scratch());
    lua_pop(state, 1);
    script.keep_step(work);
    if (work.answer.steps.back().kind == StepKind::deny) break;
    if (!work.answer.rewritten.empty())
      (kind == HookKind::before ? work.question.input : work.question.output) = work.answer.rewritten;
  }
  work.deciding = deciding(work.answer.steps);
  push_step(state, work.deciding, work);
  return 1;
}

int run_test(lua_State* state) {
  Memory::forget_all(state);
  forget_answers(state);
  push_test(state, static_cast<std::size_t>(lua_tointeger(state, 1)));
  lua_call(state, 0, 0);
  return 0;
}

template <HookKind kind>
int ask(lua_State* state) {
  return ask_all(state, kind);
}

}  // namespace

void open_tests(lua_State* state) {
  const luaL_Reg all[] = {{"before", ask<HookKind::before>}, {"after", ask<HookKind::after>},
                          {"event", ask<HookKind::event>},   {"every", ask<HookKind::every>},
                          {"start", ask<HookKind::start>},   {nullptr, nullptr}};
  luaL_newlib(state, all);
  lua_setglobal(state, "ask");
  open_answers(state);
}

Tested Script::test(std::size_t test) {
  Work nothing;
  m_memory.clear();
  m_now = 0;
  m_there.clear();
  stand_in(&nothing);
  publish(test + 1, 0);
  lua_pushcfunction(m_state, run_test);
  lua_pushinteger(m_state, static_cast<lua_Integer>(test));
  const int how = lua_pcall(m_state, 1, 0, 0);
  Tested tested{m_test_names[test], how == LUA_OK ? std::string() : words_of(m_state, how)};
  lua_settop(m_state, 0);
  m_where.question.store(0, std::memory_order_release);
  m_work = nullptr;
  return tested;
}

}  // namespace berth::policy
