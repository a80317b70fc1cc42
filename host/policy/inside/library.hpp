// What a policy finds when it is read: of Lua's own libraries what reaches nothing outside, and Berth's words. All of
// these may raise errors of Lua's, and are for protected calls.
#pragma once

#include <cstddef>

struct lua_State;

namespace berth::policy {

class Script;

void open_globals(lua_State* state);   // with an empty table of globals put in place first
void open_hooks(lua_State* state);     // before, after, event, every, start, stop, needs, test
void open_verdicts(lua_State* state);  // allow, deny, delay, rewrite, approve; charge, remaining
void open_berth(lua_State* state);     // berth.log, berth.state, …
void open_tests(lua_State* state);     // ask.before, ask.after, …, for tests alone
void forget_answers(lua_State* state);
void open_answers(lua_State* state);  // answers, clock: as well

std::size_t count_patterns(lua_State* state, int index);  // of a list; what has names instead is an error
void push_hook(lua_State* state, std::size_t hook);
void push_test(lua_State* state, std::size_t test);
int push_arguments(lua_State* state, const Script& script);  // of the hook at work; how many
void read_verdict(lua_State* state, int index, Script& script);
int begin_wait(lua_State* state, Script& script);  // from berth.call: does not return

}  // namespace berth::policy
