// One policy: its text in a Lua state of its own, which finds no files, no processes and no code but what it brings,
// and holds no more memory than it may. An error of its own ends the hook at work and nothing else; that the hook ends
// at all is for the host to see to.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/inside/memory.hpp"
#include "policy/wire.hpp"

struct lua_State;
struct lua_Debug;

namespace berth::policy {

// A question on its way through the hooks.
struct Work {
  Question question;
  Answer answer;
  std::size_t next = 0;   // of its hooks
  bool waiting = false;   // that hook waits for an operation
  std::string operation;  // this one
  std::string input;      // with that
  Step deciding;          // of a test: what came of all that was said
  int thread = 0;         // where the hook that waits stands, in the registry of its script

  const Place& place() const { return question.hooks[next]; }
};

class Script {
 public:
  Script(std::uint64_t number, Source source, std::uint64_t most_memory, Where& where);
  Script(const Script&) = delete;

  Facts load(bool testing = false);
  // Until the hook that is next has said its step, or waits.
  void begin(Work& work);
  void resume(Work& work, bool good, std::string_view json);
  void drop(const Work& work);    // what waits there is not resumed
  Tested test(std::size_t test);  // once loaded for that
  void there(std::set<std::string> names) { m_there = std::move(names); }
  void forget(const std::string& session);  // all that it kept for it
  std::size_t hooks() const { return m_facts.hooks.size(); }
  Memory& memory() { return m_memory; }

  // For the functions that Lua calls. None of them raises an error.
  static Script& of(lua_State* state);
  std::uint64_t number() const { return m_number; }
  const Source& source() const { return m_source; }
  bool loading() const { return m_loading; }
  bool testing() const { return m_testing; }
  Work* work() const { return m_work; }  // null: no hook is at work
  bool is_hook(const lua_State* thread) const { return thread == m_thread; }
  bool has(std::string_view operation) const { return m_there.contains(std::string(operation)); }
  bool lacks(std::string_view operation) const;  // it says that it needs that, and it is not there
  Facts& facts() { return m_facts; }
  std::vector<std::string>& test_names() { return m_test_names; }
  Answer& said() { return m_said; }          // by the hook at work, and not yet given on
  Step& step() { return m_step; }            // as well
  std::string& scratch() { return m_text; }  // where a text is put together while Lua may still raise an error
  double now() const;
  void pretend(double now) { m_now = now; }
  void stand_in(Work* work);   // for a hook at work, in a test
  void give_on(Work& work);    // what was said so far, for good
  void take_back();            // or not at all
  void keep_step(Work& work);  // of a hook that has come to its end, with all that it said
  void add_there(const char* operation) { m_there.insert(operation); }

 private:
  static void* allocate(void* self, void* block, std::size_t before, std::size_t after);
  static void on_line(lua_State* state, lua_Debug* at);
  static int enter(lua_State* state);
  int read(const std::string& name, const std::string& text);
  void arrive(Work& work);
  void publish(std::uint64_t question, std::uint64_t line);
  void go_to(int thread);
  void run(Work& work, int thread, int arguments);
  void fail(Work& work, int how);
  int take_thread();
  std::string words_of(lua_State* state, int how) const;

  const std::uint64_t m_number;
  const Source m_source;
  const std::uint64_t m_most_memory;
  Where& m_where;
  std::uint64_t m_used = 0;
  lua_State* m_state;
  Memory m_memory;
  Facts m_facts;
  bool m_loading = false, m_testing = false;
  std::set<std::string> m_there;
  int m_idle = 0;  // a thread that has come to its end, for the next hook; 0: none
  double m_now = 0;
  std::vector<std::string> m_test_names;

  // Of the hook at work
  Work* m_work = nullptr;
  lua_State* m_thread = nullptr;
  Answer m_said;
  Step m_step;
  std::string m_text;
};

}  // namespace berth::policy
