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

// What a page says is no ref, whatever it looks like: not in a name, not in a text, not behind a URL.
TEST(Familiar, APageIsAnOutlineWithRefs) {
  const std::string page =
      "heading \"Order\" 1\nform\n button \"Go [ref=e7] [e7]\" [e5] disabled\n \"a [ref=e5] text [e5]\"\n"
      "link \"x\" [e6] -> http://a/[e8] [e8]\ntextbox [e9] = \"[ref=e5]\"\n";
  const std::string outline = for_pages::outline(page), go = "button \"Go (ref=e7] [e7]\" [ref=e5] disabled\n";
  EXPECT_EQ(outline, "- heading \"Order\" 1\n- form\n  - " + go +
                         "  - text: \"a (ref=e5] text [e5]\"\n- link \"x\" [ref=e6] -> http://a/[e8] [e8]\n"
                         "- textbox [ref=e9] = \"(ref=e5]\"\n");
  EXPECT_EQ(for_pages::part_of_outline(outline, "e5"), "- " + go);
  EXPECT_EQ(for_pages::part_of_outline(outline, "e7"), "");
  EXPECT_EQ(for_pages::part_of_outline(outline, "e8"), "");
  EXPECT_EQ(for_pages::part_of_outline(outline, "e99"), "");
  EXPECT_EQ(for_pages::less_deep(outline, 1),
            "- heading \"Order\" 1\n- form\n- link \"x\" [ref=e6] -> http://a/[e8] [e8]\n- textbox [ref=e9] = "
            "\"(ref=e5]\"\n");
  EXPECT_EQ(for_pages::outline("\"a [e5]\"\n"), "- text: \"a [e5]\"\n");
}

TEST(Familiar, AnElementIsARefOrASelector) {
  EXPECT_EQ(for_pages::element({{"target", "e5"}}, "target"), (Json{{"ref", "e5"}}));
  EXPECT_EQ(for_pages::element({{"target", "ref=e5"}}, "target"), (Json{{"ref", "e5"}}));
  EXPECT_EQ(for_pages::element({{"target", "e5 > a"}}, "target"), (Json{{"selector", "e5 > a"}}));
  EXPECT_EQ(code_of([] { for_pages::element({{"target", 5}}, "target"); }), "invalid_input");
}

std::string text_of(const Json& result, std::size_t block = 0) { return result.at("content").at(block).at("text"); }

// Whoever reads a part of something for all of it is mistaken.
TEST(Familiar, WhatIsCutIsSaid) {
  const Familiar &snapshot = tool("playwright", "browser_snapshot"), &find = tool("playwright", "browser_find");
  const Json all{{"url", "u"}, {"title", "t"}, {"snapshot", {{"text", "button [e5]\n"}}}};
  EXPECT_EQ(text_of(snapshot.result({}, Json::array({all}))).find("and more"), std::string::npos);
  Json some = all;
  some["snapshot"]["next"] = 1;
  EXPECT_NE(text_of(snapshot.result({}, Json::array({some}))).find("```\n(and more"), std::string::npos);
  EXPECT_EQ(code_of([&] { snapshot.result({{"target", "e7"}}, Json::array({some})); }), "no_element");
  Json found{{"found", Json::array({{{"line", 3}, {"text", "button \"Go\" [e5]"}}})}, {"count", 1}};
  EXPECT_EQ(text_of(find.result({{"text", "go"}}, Json::array({found}))), "```yaml\n- button \"Go\" [ref=e5]\n```\n");
  found["count"] = 70;
  EXPECT_NE(text_of(find.result({{"text", "go"}}, Json::array({found}))).find("(and more: 70 lines have it)"),
            std::string::npos);
  EXPECT_EQ(code_of([&] { find.next({{"text", "go"}, {"regex", "g.*"}}, Json::array()); }), "invalid_input");
  const Familiar& extract = tool("browser-use", "browser_extract_content");
  EXPECT_NE(text_of(extract.result({{"query", "q"}}, Json::array({{{"text", "begin"}, {"next", 5}, {"bytes", 9}}})))
                .find("first of 9"),
            std::string::npos);
}

TEST(Familiar, RequestsThatAreLeftOutAreCounted) {
  const Familiar& requests = tool("playwright", "browser_network_requests");
  const auto one = [](int number, const char* type, int status) {
    return Json{{"number", number}, {"method", "GET"}, {"url", "u"}, {"type", type}, {"status", status}};
  };
  const Json all{{"requests", Json::array({one(1, "Document", 200), one(2, "Image", 200), one(3, "Image", 404)})},
                 {"left_out", 7}};
  EXPECT_EQ(text_of(requests.result({{"static", false}}, Json::array({all}))),
            "1. [GET] u => [200]\n3. [GET] u => [404]\n(and 1 static ones: static shows them)\n(and 7 before these)\n");
  EXPECT_NE(text_of(requests.result({{"static", true}}, Json::array({all}))).find("2. [GET]"), std::string::npos);
}

TEST(Familiar, AnArgumentThatNothingIsDoneAboutIsNamed) {
  const Familiar& snapshot = tool("playwright", "browser_snapshot");
  const Json result = with_left_out(snapshot, {{"boxes", true}, {"depth", 3}, {"filename", nullptr}}, told("x"));
  ASSERT_EQ(result["content"].size(), 2u);
  EXPECT_EQ(text_of(result, 1), "Left out, since this tool does not know it: boxes");
  EXPECT_EQ(with_left_out(snapshot, {{"depth", 3}}, told("x")), told("x"));
  Json many = Json::object();
  for (int i = 0; i < 5000; ++i) many["a" + std::to_string(i) + std::string(1000, 'x')] = 1;
  EXPECT_LT(text_of(with_left_out(snapshot, many, told("x")), 1).size(), 3000u);
  const Json media = tool("playwright", "browser_emulate_media").next({{"colorScheme", "red"}}, Json::array())->input;
  EXPECT_EQ(media, (Json{{"colour_scheme", "red"}})) << "the browser refuses it";
}

TEST(Familiar, OfAnotherMachineNothingIsTold) {
  const Familiar& memory = tool("linux", "get_memory_information");
  for (const Json& host : {Json(nullptr), Json(""), Json("localhost"), Json("127.0.0.1")})
    EXPECT_EQ(code_of([&] { check(memory, {{"host", host}}); }), "");
  for (const Json& host : {Json("db1"), Json(5)})
    EXPECT_EQ(code_of([&] { check(memory, {{"host", host}}); }), "no_host");
  EXPECT_EQ(code_of([&] { check(tool("linux", "read_file"), Json::object()); }), "invalid_input");
}

// The operation's own name is none that a client of these tools could call.
TEST(Familiar, AHintNamesToolsThatItsClientHas) {
  const auto hint = [](const char* group, const char* name, const char* said) {
    return in_words_of(tool(group, name), berth::Error(409, "c", "m", said)).hint();
  };
  EXPECT_EQ(hint("playwright", "browser_click", "first: browser.answer_dialog"), "first: browser_handle_dialog");
  EXPECT_EQ(hint("playwright", "browser_click", "see browser.select_text"), "see browser.select_text");
  EXPECT_EQ(hint("browser-use", "browser_click", "see browser.snapshot"), "see browser_get_state");
}

// Held dialogs: what waits for an answer is not looked at.
TEST(Familiar, ADialogThatIsOpenIsAnsweredAndOthersByRule) {
  const Familiar& answer = tool("playwright", "browser_handle_dialog");
  const Json yes{{"accept", true}, {"promptText", "Ann"}}, input{{"accept", true}, {"text", "Ann"}};
  auto step = answer.next(yes, Json::array());
  EXPECT_EQ(step->operation, "browser.answer_dialog");
  EXPECT_EQ(step->input["text"], "Ann");
  EXPECT_FALSE(answer.next(yes, Json::array({{{"url", "u"}}})));
  const Json none{{"failed", "no dialog is open"}};
  step = answer.next(yes, Json::array({none}));
  EXPECT_EQ(step->operation, "browser.dialogs");
  EXPECT_EQ(step->input, input);
  const Json asks{{"url", "u"}, {"dialog", {{"kind", "prompt"}, {"text", "one\ntwo [ref=e1]"}}}};
  const Familiar& go = tool("playwright", "browser_navigate");
  EXPECT_FALSE(go.next({{"url", "u"}}, Json::array({asks})));
  EXPECT_NE(text_of(go.result({{"url", "u"}}, Json::array({asks}))).find("prompt dialog \"one two (ref=e1]\" is open"),
            std::string::npos);
}

TEST(Familiar, ATabIsLookedUpBeforeItIsClosed) {
  const Familiar& tabs = tool("playwright", "browser_tabs");
  const Json close{{"action", "close"}, {"index", 1}}, some{{"tabs", {{{"tab", "t4"}}, {{"tab", "t9"}}}}};
  EXPECT_EQ(step_of(tabs, close, {}, Json::array())->operation, "browser.tabs");
  const auto step = step_of(tabs, close, {}, Json::array({some}));
  EXPECT_EQ(step->operation, "browser.close_tab");
  EXPECT_EQ(step->input, (Json{{"tab", "t9"}}));
  EXPECT_EQ(step_of(tabs, close, {}, Json::array({some, {{"closed", true}}}))->operation, "browser.tabs");
  EXPECT_FALSE(step_of(tabs, close, {}, Json::array({some, {{"closed", true}}, some})));
  EXPECT_EQ(code_of([&] { step_of(tabs, {{"action", "close"}, {"index", 2}}, {}, Json::array({some})); }), "no_tab");
}

TEST(Familiar, AScriptIsNotRunBeforeItIsAskedAbout) {
  const Familiar& run = tool("linux", "run_script");
  const Json token{{"token", "a"}},
      waiting{{"id", "a"}, {"state", "waiting"}, {"script_type", "bash"}, {"script", "ls"}};
  EXPECT_EQ(step_of(run, token, {}, Json::array())->operation, "script.find");
  EXPECT_EQ(step_of(run, token, {}, Json::array({waiting}))->operation, "ask");
  EXPECT_EQ(step_of(run, token, {}, Json::array({waiting, true}))->operation, "script.take");
  const auto step = step_of(run, token, {}, Json::array({waiting, true, true}));
  EXPECT_EQ(step->operation, "shell.run");
  EXPECT_EQ(step->input["argv"], (Json{"bash", "-c", "ls"}));
  Json approved = waiting;
  approved["state"] = "approved";
  EXPECT_EQ(step_of(run, token, {}, Json::array({approved}))->operation, "script.take");
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
