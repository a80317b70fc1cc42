// Tools of other servers as steps of ours, pages as their clients read them, and scripts that wait for a yes.
#include <berth/call_parts.hpp>
#include <gtest/gtest.h>

#include <functional>

#include "familiar_pages.hpp"
#include "scripts.hpp"

namespace mcp {
namespace {

const Familiar& tool(const std::string& group, const std::string& name) {
  for (const auto& one : familiar_tools())
    if (one.group == group && one.name == name) return one;
  throw std::runtime_error("no tool " + name);
}

std::string code_of(const std::function<void()>& what) {
  try {
    what();
  } catch (const berth::Error& error) {
    return error.code();
  }
  return {};
}

TEST(Familiar, APageIsAnOutlineWithRefs) {
  const std::string page =
      "heading \"Order\" 1\nform\n button \"Go [e7]\" [e5] disabled\n \"a text\"\nlink \"x\" [e6] -> http://a/[e]\n";
  const std::string outline = for_pages::outline(page);
  EXPECT_EQ(outline,
            "- heading \"Order\" 1\n- form\n  - button \"Go [ref=e7]\" [ref=e5] disabled\n  - text: \"a text\"\n"
            "- link \"x\" [ref=e6] -> http://a/[e]\n");
  EXPECT_EQ(for_pages::part_of_outline(outline, "e5"), "- button \"Go [ref=e7]\" [ref=e5] disabled\n");
  EXPECT_EQ(for_pages::part_of_outline(outline, "e99"), "");
  EXPECT_EQ(for_pages::less_deep(outline, 1), "- heading \"Order\" 1\n- form\n- link \"x\" [ref=e6] -> http://a/[e]\n");
}

TEST(Familiar, AnElementIsARefOrASelector) {
  EXPECT_EQ(for_pages::element({{"target", "e5"}}, "target"), (Json{{"ref", "e5"}}));
  EXPECT_EQ(for_pages::element({{"target", "ref=e5"}}, "target"), (Json{{"ref", "e5"}}));
  EXPECT_EQ(for_pages::element({{"target", "e5 > a"}}, "target"), (Json{{"selector", "e5 > a"}}));
  EXPECT_EQ(code_of([] { for_pages::element({{"target", 5}}, "target"); }), "invalid_input");
}

TEST(Familiar, ATabIsLookedUpBeforeItIsClosed) {
  const Familiar& tabs = tool("playwright", "browser_tabs");
  const Json close{{"action", "close"}, {"index", 1}}, some{{"tabs", {{{"tab", "t4"}}, {{"tab", "t9"}}}}};
  EXPECT_EQ(step_of(tabs, close, Json::array())->operation, "browser.tabs");
  const auto step = step_of(tabs, close, Json::array({some}));
  EXPECT_EQ(step->operation, "browser.close_tab");
  EXPECT_EQ(step->input, (Json{{"tab", "t9"}}));
  EXPECT_EQ(step_of(tabs, close, Json::array({some, {{"closed", true}}}))->operation, "browser.tabs");
  EXPECT_FALSE(step_of(tabs, close, Json::array({some, {{"closed", true}}, some})));
  EXPECT_EQ(code_of([&] { step_of(tabs, {{"action", "close"}, {"index", 2}}, Json::array({some})); }), "no_tab");
}

TEST(Familiar, AScriptIsNotRunBeforeItIsAskedAbout) {
  const Familiar& run = tool("linux", "run_script");
  const Json token{{"token", "a"}},
      waiting{{"id", "a"}, {"state", "waiting"}, {"script_type", "bash"}, {"script", "ls"}};
  EXPECT_EQ(step_of(run, token, Json::array())->operation, "script.find");
  EXPECT_EQ(step_of(run, token, Json::array({waiting}))->operation, "ask");
  EXPECT_EQ(step_of(run, token, Json::array({waiting, true}))->operation, "script.take");
  const auto step = step_of(run, token, Json::array({waiting, true, true}));
  EXPECT_EQ(step->operation, "shell.run");
  EXPECT_EQ(step->input["argv"], (Json{"bash", "-c", "ls"}));
  Json approved = waiting;
  approved["state"] = "approved";
  EXPECT_EQ(step_of(run, token, Json::array({approved}))->operation, "script.take");
}

TEST(Scripts, AreTheirSessions) {
  Scripts scripts;
  const std::string id =
      scripts.step("script.keep", {{"script", "ls"}, {"script_type", "bash"}}, "main", nullptr)["id"];
  EXPECT_EQ(code_of([&] { scripts.step("script.find", {{"id", id}}, "other", nullptr); }), "no_script");
  EXPECT_EQ(code_of([&] { scripts.approve(id, "other", true); }), "no_script");
  EXPECT_EQ(code_of([&] { scripts.step("script.take", {{"id", id}}, "main", nullptr); }), "not_approved");
  scripts.approve(id, "main", true);
  const auto* run = reinterpret_cast<const mcp::Run*>(&scripts);  // some address
  scripts.step("script.take", {{"id", id}}, "main", run);
  EXPECT_EQ(code_of([&] { scripts.step("script.take", {{"id", id}}, "main", run); }), "not_approved");
  scripts.left(run);
  EXPECT_EQ(scripts.list("main")["scripts"][0]["state"], "ended");
  EXPECT_TRUE(scripts.list("other")["scripts"].empty());
  scripts.forget_session("main");
  EXPECT_TRUE(scripts.list("main")["scripts"].empty());
}

TEST(Scripts, OfOneSessionTakeNoneOfAnothersPlaces) {
  Scripts scripts;
  const auto keep = [&](const char* seat) {
    scripts.step("script.keep", {{"script", "ls"}, {"script_type", "bash"}}, seat, nullptr);
  };
  keep("quiet");
  for (int i = 0; i < 300; ++i) keep("loud");
  EXPECT_EQ(scripts.list("quiet")["scripts"].size(), 1u);
  EXPECT_EQ(scripts.list("loud")["scripts"].size(), 64u);
  scripts.forget(Scripts::Clock::now() + std::chrono::hours(2));
  EXPECT_TRUE(scripts.list("loud")["scripts"].empty());
}

}  // namespace
}  // namespace mcp
