// What a policy can try that Lua itself does not stop: each ends as a failure with a name and a line, and the next call
// is judged as if nothing had been.
#include <filesystem>
#include <fstream>
#include <regex>

#include "engine_kit.hpp"

namespace berth::policy {
namespace {

struct Crime {
  const char* name;
  const char* text;
  const char* reason;  // a part of it
};

void PrintTo(const Crime& crime, std::ostream* out) { *out << crime.name; }

class Hostile : public EngineTest, public testing::WithParamInterface<Crime> {};

TEST_P(Hostile, IsRefusedAndForgotten) {
  const std::string text = std::string("before('bad.*', function(call)\n") + GetParam().text +
                           "\nend)\nbefore('good.*', function() return deny 'well' end)";
  ASSERT_EQ(use(text), "");
  const auto verdict = before("bad.one");
  ASSERT_TRUE(verdict.refusal);
  EXPECT_EQ(verdict.refusal->status, 503);
  EXPECT_NE(words(verdict).find("the policy rule failed at rule.lua:"), std::string::npos) << words(verdict);
  EXPECT_NE(words(verdict).find(GetParam().reason), std::string::npos) << words(verdict);
  EXPECT_NE(words(before("good.one")).find("denies good.one: well"), std::string::npos);
}

constexpr Crime crimes[] = {
    {"rep", "local s = string.rep('x', 1 << 40)", ""},
    {"rep_by_and_by", "local s = 'x' for i = 1, 60 do s = s .. s end", "memory"},
    {"backtracking", "string.find(string.rep('a', 40), string.rep('a*', 40) .. 'b')", "longer than 20 ms"},
    {"gsub", "string.gsub(string.rep('a', 30000), '.-.-.-.-b', '')", "longer than 20 ms"},
    {"finalizer", "setmetatable({}, { __gc = function() while true do end end }) for i = 1, 1e7 do local t = {} end",
     "longer than 20 ms"},
    {"loop_behind_pcall", "while true do pcall(function() while true do end end) end", "longer than 20 ms"},
    {"coroutines", "local function f() while true do coroutine.wrap(f)() end end f()", ""},
    {"coroutine_loop", "coroutine.wrap(function() while true do end end)()", "longer than 20 ms"},
    {"recursion", "local function f() return 1 + f() end f()", ""},
    {"recursion_in_c", "local t = {} t.__index = function(a, k) return a[k .. 'x'] end local v = setmetatable({}, t).a",
     ""},
    {"error_object", "error(setmetatable({}, { __tostring = function() while true do end end }))",
     "an error that is a table"},
    {"error_nil", "error(nil)", "an error that is a nil"},
    {"huge_table", "local t = {} for i = 1, 1e9 do t[i] = i end", "memory"},
    {"sparse_table", "local t = table.pack(table.unpack({}, 1, 1e7))", ""},
    {"bytecode", "local f, why = load('\\27Lua\\x54\\0') error(why)", "attempt to load a binary chunk"},
    {"no_dump", "string.dump(function() end)", "'dump'"},
    {"no_io", "io.open('/etc/passwd')", "'io'"},
    {"no_os", "os.exit()", "'os'"},
    {"no_debug", "debug.sethook()", "'debug'"},
    {"no_require", "require 'x'", "'require'"},
    {"no_http", "berth.http.get('http://127.0.0.1/')", "'http'"},
    {"shared_json", "local t = {} for i = 1, 30 do t = { t, t } end return rewrite { input = t }", ""},
    {"cycle", "local t = {} t.t = t return rewrite { input = t }", "nested too deeply"},
    {"large_event", "berth.emit('x', string.rep('x', 70000))", "at most 64 KiB"},
    {"list_with_names", "return rewrite { input = { a = { 1, 2, name = 'a' } } }", "names besides"},
    {"list_with_gaps", "berth.state.x = { 1, nil, nil, 4 }", "gaps"},
    {"endless_state", "setmetatable(berth.state, nil)", "protected"},
    {"sort",
     "local t = {} for i = 1, 2e4 do t[i] = i end while true do table.sort(t, function(a, b) return a > b end) end",
     "longer than 20 ms"},
};

INSTANTIATE_TEST_SUITE_P(Crimes, Hostile, testing::ValuesIn(crimes),
                         [](const auto& crime) { return std::string(crime.param.name); });

TEST_F(EngineTest, AHangInOneCallDoesNotTouchAnApprovalOrTheStateOfOthers) {
  EXPECT_EQ(use("before('count.*', function() berth.state.n = (berth.state.n or 0) + 1 return "
                "deny(tostring(berth.state.n)) end)\n"
                "before('bad.*', function() berth.state.n = 100 while true do end end)"),
            "");
  EXPECT_NE(words(before("count.one")).find(": 1"), std::string::npos);
  before("bad.one");
  EXPECT_NE(words(before("count.one")).find(": 2"), std::string::npos);
}

// Memory is taken without a look at what can be freed: so the next to ask for some runs the finalizer, and that is what
// comes before a hook, or is no hook at all.
constexpr const char* trap =
    "before(function() end)\nlocal t = {}\nsetmetatable({}, { __gc = function() while true do end end })\n"
    "for i = 1, 1 << 16 do t[i] = i end";

TEST_F(EngineTest, AFinalizerThatRunsBeforeTheHookIsBlamed) {
  EXPECT_EQ(use(trap), "");
  EXPECT_NE(words(before()).find("the policy rule failed at rule.lua:"), std::string::npos);
  EXPECT_EQ(m_engine.facts()["restarts"], 1);
}

TEST_F(EngineTest, AFinalizerThatRunsWhenASessionIsForgottenIsBlamed) {
  ASSERT_FALSE(m_engine.open(m_folder.file("policies")));
  EXPECT_EQ(use(trap), "");
  m_events.publish({0, "session.deleted", "s1", "{}"});
  ASSERT_TRUE(turn([&] { return m_engine.facts()["restarts"] == 1; }));
  EXPECT_EQ(m_engine.facts()["policies"][0]["failures"], 1);
}

TEST_F(EngineTest, TheProcessIsConfined) {
  EXPECT_EQ(use("before(function() end)"), "");
  EXPECT_EQ(m_engine.facts()["layers"][0], "no_new_privs");
  EXPECT_EQ(m_engine.facts()["layers"][1], "capabilities");
  const std::string folder = "/proc/" + std::to_string(m_engine.facts()["pid"].get<int>());
  const auto text_of = [&](const char* name) {
    std::ifstream file(folder + name);
    return std::string((std::istreambuf_iterator<char>(file)), {});
  };
  const std::string status = text_of("/status");
  EXPECT_NE(status.find("NoNewPrivs:\t1"), std::string::npos);
  for (const char* set : {"CapEff", "CapPrm", "CapBnd", "CapInh", "CapAmb"})
    EXPECT_NE(status.find(std::string(set) + ":\t0000000000000000"), std::string::npos) << set;
  const auto descriptors = std::filesystem::directory_iterator(folder + "/fd");
  for (const auto& one : descriptors) EXPECT_LE(std::stoi(one.path().filename()), 3) << one.path();
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which need what is refused otherwise
  EXPECT_NE(status.find("Seccomp:\t2"), std::string::npos);          // it starts no program and makes no process
  // No file is opened and no socket made: neither has a descriptor to be.
  EXPECT_TRUE(std::regex_search(text_of("/limits"), std::regex("Max open files +0 +0 ")));
#endif
}

}  // namespace
}  // namespace berth::policy
