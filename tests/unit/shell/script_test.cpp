// With a real bash: whatever a command does, the next one begins where it left off, or where it began.
#include "script.hpp"

#include <gtest/gtest.h>

#include "bash.hpp"

namespace shell {
namespace {

using bash::Ran;

class ScriptTest : public testing::Test {
 protected:
  // A session's shell: its state, merged as the plugin does it.
  Ran run(const std::string& command) {
    const auto begin = m_state.begin();
    Ask ask;
    ask.command = command;
    const auto ran = bash::run(errand_of(ask, m_state), begin.snapshot ? begin.snapshot->folder : "/tmp");
    m_state.learn(begin, ran.told, ran.code >= 0);
    return ran;
  }
  std::string variable(const char* name) const {
    const auto at = m_state.now()->variables.find(name);
    return at == m_state.now()->variables.end() ? "(unset)" : at->second;
  }
  std::string folder() const { return m_state.now()->folder; }
  State m_state;
};

TEST_F(ScriptTest, TheFirstCommandTellsWhatItBeganWith) {
  const auto ran = run("cd / && export A=1");
  ASSERT_EQ(ran.told.size(), 2u);
  EXPECT_EQ(ran.told[0].folder, "/tmp");
  EXPECT_EQ(ran.told[0].variables.count("A"), 0u);
  EXPECT_EQ(ran.told[0].variables.at("LANG"), "C.UTF-8");
  EXPECT_EQ(folder(), "/");
  EXPECT_EQ(variable("A"), "1");
  EXPECT_EQ(variable("HOME"), "/tmp");
}

TEST_F(ScriptTest, FolderAndVariablesStay) {
  run("cd /usr && export A='x\ny' B=2");
  const auto ran = run("pwd; echo \"$A$B\"; unset B");
  EXPECT_EQ(ran.out, "/usr\nx\ny2\n");
  EXPECT_EQ(run("echo ${B-gone}; cd -").out, "gone\n/tmp\n");
  EXPECT_EQ(run("pwd").out, "/tmp\n");
}

TEST_F(ScriptTest, OfLaterCommandsOneSnapshotComes) {
  run(":");
  EXPECT_EQ(run("cd /").told.size(), 1u);
}

TEST_F(ScriptTest, HoweverItEndsTheStateIsKept) {
  const std::pair<const char*, int> all[] = {
      {"cd /usr; exit 7", 7},       {"cd /usr; false", 1},     {"set -e; cd /usr; false; cd /", 1},
      {"cd /usr; exit", 0},         {"cd /usr\n((", 2},        {"set -u; cd /usr; echo $NOT_THERE", 127},
      {"cd /usr; nonsense_x", 127}, {"cd /usr; (exit 3)", 3},  {"trap 'echo mine' EXIT; cd /usr; false", 1},
      {"set -x; cd /usr", 0},       {"cd /usr; exec 2>&-", 0}, {"cd /usr; set -o noclobber; set -f", 0}};
  for (const auto& [command, code] : all) {
    m_state = State();
    const auto ran = run(command);
    EXPECT_EQ(ran.code, code) << command << ran.err;
    EXPECT_EQ(folder(), "/usr") << command;
  }
}

TEST_F(ScriptTest, WhatNeverReachesItsEndChangesNothing) {
  for (const char* command : {"cd /usr; kill -9 $$", "cd /usr; exec true", "cd /usr; exec 250>&-"}) {
    m_state = State();
    run(command);
    EXPECT_EQ(folder(), "/tmp") << command;
    run(":");
    run(command);
    EXPECT_EQ(folder(), "/tmp") << command;
  }
}

TEST_F(ScriptTest, ItLooksLikeAPlainShell) {
  EXPECT_EQ(run("echo $? $# \"$0\" $-").out, "0 0 bash hBc\n");
  EXPECT_EQ(run("echo out; echo err >&2").err, "err\n");
  EXPECT_EQ(run("cat").out, "");
  EXPECT_EQ(run("cat <<E\nhello\nE").out, "hello\n");
  EXPECT_EQ(run("nonsense_x").err.substr(0, 6), "bash: ");
  EXPECT_EQ(run("echo $SHLVL").out, "1\n");
  EXPECT_EQ(run("echo $SHLVL").out, "1\n");
  EXPECT_EQ(run("env | grep -c -i berth").out, "0\n");
  EXPECT_EQ(run("set -x; :").err, "++ :\n");
}

TEST_F(ScriptTest, SubshellsTellNothing) {
  const auto ran = run("(cd /usr; exit 3); x=$(cd /; pwd); cd /var");
  EXPECT_EQ(ran.told.size(), 2u);
  EXPECT_EQ(folder(), "/var");
}

TEST_F(ScriptTest, ABrokenPathBreaksNoShell) {
  run("export PATH=/nowhere");
  const auto ran = run("ls; echo still here; export PATH=/usr/bin");
  EXPECT_EQ(ran.out, "still here\n");
  EXPECT_EQ(run("ls -d /").out, "/\n");
}

TEST_F(ScriptTest, ACommandMayBeLarge) {
  const std::string text(3u << 20, 'x');
  const auto ran = run("cat <<'E' | wc -c\n" + text + "\nE");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, std::to_string(text.size() + 1) + "\n");
}

TEST_F(ScriptTest, FunctionsThatAreExportedStay) {
  run("f() { echo from f; }; export -f f");
  EXPECT_EQ(run("f").out, "from f\n");
}

TEST_F(ScriptTest, ExportingEverythingLeavesNothingOfOurs) {
  run("set -a; A=1");
  EXPECT_EQ(variable("A"), "1");
  for (const auto& [name, value] : m_state.now()->variables) EXPECT_NE(name.substr(0, 7), "__berth");
}

TEST_F(ScriptTest, AnEnvironmentThatIsTooLargeIsNotKept) {
  run("export KEPT=1");
  run("export A=$(head -c 120000 /dev/zero | tr '\\0' x); for i in {1..40}; do export A$i=$A; done");
  EXPECT_EQ(variable("KEPT"), "1");
  EXPECT_EQ(variable("A"), "(unset)");
  EXPECT_EQ(run("echo fine").out, "fine\n");
}

TEST_F(ScriptTest, WhatIsForgedIsNotBelieved) {
  run(":");
  const auto ran = run("printf 'garbage' >&250; cd /usr");
  EXPECT_TRUE(ran.told.empty());
  EXPECT_EQ(folder(), "/tmp");
  run("truncate -s 1T /proc/$$/fd/250; cd /usr");
  EXPECT_EQ(run("echo fine").out, "fine\n");
  // Nor is more of it read than a shell would tell: it is the host's thread that reads.
  EXPECT_EQ(run("head -c 4M /dev/zero | sed 's/\\x00\\x00\\x00\\x00/\\/\\n\\x00\\x00/g' >&250").told.size(), 3u);
  EXPECT_TRUE(run("{ printf '/\\n\\0'; seq -f 'A%.0f=' 600000 | tr '\\n' '\\0'; printf '\\0'; } >&250").told.empty());
  EXPECT_EQ(variable("A1"), "(unset)");
  EXPECT_EQ(run("echo fine").out, "fine\n");
}

TEST_F(ScriptTest, FoldersWithStrangeNames) {
  const auto ran = run("d=$(mktemp -d) && mkdir \"$d/a'\n b\" && cd \"$d/a'\n b\" && pwd");
  EXPECT_EQ(folder() + "\n", ran.out);
  EXPECT_EQ(run("pwd").out, ran.out);
  EXPECT_EQ(run("cd / && rm -r \"${OLDPWD%/*}\"").code, 0);
}

TEST_F(ScriptTest, ALinkStaysALink) {
  run("d=$(mktemp -d) && mkdir \"$d/real\" && ln -s real \"$d/link\" && cd \"$d/link\"");
  EXPECT_EQ(run("basename \"$PWD\"; basename \"$(pwd -P)\"").out, "link\nreal\n");
  EXPECT_EQ(run("cd .. && rm -r real link && d=$PWD && cd / && rmdir \"$d\"").code, 0);
}

TEST_F(ScriptTest, ProgramsWithoutAShell) {
  run("export A=1; cd /usr");
  Ask ask;
  ask.argv = {"/usr/bin/env", "--", "sh", "-c", "echo \"$1 $A $PWD\"", "sh", "a  b; $A"};
  const auto ran = bash::run(errand_of(ask, m_state), folder());
  EXPECT_EQ(ran.out, "a  b; $A 1 /usr\n");
  EXPECT_TRUE(ran.told.empty());
}

TEST(ScriptPlanTest, PlansSayWhereAndHow) {
  State state;
  Ask ask;
  ask.command = ":";
  ask.input = "x";
  const auto first = errand_of(ask, state);
  EXPECT_TRUE(first.plan.inherit && first.plan.input && first.plan.leader);
  EXPECT_EQ(first.plan.folder, "/workspace");
  state.learn({"/", {}}, {"/x", {{"A", "1"}}});
  ask.folder = "/elsewhere";
  const auto second = errand_of(ask, state);
  EXPECT_FALSE(second.plan.inherit);
  EXPECT_EQ(second.plan.folder, "/elsewhere");
  EXPECT_EQ(second.plan.environment, std::vector<std::string>{"A=1"});
  const auto terminal = terminal_plan(state, 10, 20);
  EXPECT_TRUE(terminal.terminal);
  EXPECT_EQ(terminal.rows, 10);
  EXPECT_EQ(terminal.columns, 20);
  EXPECT_EQ(terminal.folder, "/x");
}

TEST(ScriptPlanTest, WordsAreQuoted) {
  EXPECT_EQ(as_word(""), "''");
  EXPECT_EQ(as_word("a b"), "'a b'");
  EXPECT_EQ(as_word("it's; $(x) \\"), "'it'\\''s; $(x) \\'");
}

}  // namespace
}  // namespace shell
