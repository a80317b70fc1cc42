// Between the worker's words and those of Jupyter's kernels: fields of any shape are looked at, and none throws.
#include "foreign/words.hpp"

#include <berth/base64.hpp>
#include <gtest/gtest.h>

namespace kernel::foreign {
namespace {

using berth::Json;

wire::Message message(const char* type, Json content) {
  wire::Message made;
  made.type = type;
  made.content = std::move(content);
  made.parent = "7";
  return made;
}

Json event(const char* type, Json content) {
  const auto told = told_of(message(type, std::move(content)), 5);
  return told ? told->frame.json : Json();
}

TEST(WordsTest, ACellIsAskedForAndHoldsNothingUp) {
  const auto saying = request_of({{"request", "execute"}, {"code", "1"}, {"silent", true}, {"allow_stdin", true}});
  ASSERT_TRUE(saying);
  EXPECT_EQ(saying->type, "execute_request");
  EXPECT_EQ(saying->content, (Json{{"code", "1"},
                                   {"silent", true},
                                   {"store_history", true},
                                   {"user_expressions", Json::object()},
                                   {"allow_stdin", true},
                                   {"stop_on_error", false}}));
}

TEST(WordsTest, QuestionsAreAskedFor) {
  EXPECT_EQ(request_of({{"request", "complete"}, {"code", "a"}, {"cursor_pos", 1}})->type, "complete_request");
  EXPECT_EQ(request_of({{"request", "inspect"}, {"code", "a"}, {"detail_level", 1}})->content.at("detail_level"), 1);
  EXPECT_EQ(request_of({{"request", "is_complete"}, {"code", "a"}})->content, (Json{{"code", "a"}}));
  EXPECT_EQ(request_of({{"request", "history"}, {"count", 3}})->content.at("n"), 3);
  EXPECT_EQ(request_of({{"request", "comm_info"}, {"target_name", "x"}})->content, (Json{{"target_name", "x"}}));
  EXPECT_EQ(request_of({{"request", "ping"}})->type, "kernel_info_request");
  for (const char* none : {"variables", "status", "freeze", "shutdown", ""})
    EXPECT_FALSE(request_of({{"request", none}})) << none;
  EXPECT_FALSE(request_of(Json::object()));
}

TEST(WordsTest, AWidgetsMessageTravelsWithItsBuffers) {
  const auto saying = request_of(
      {{"request", "comm"}, {"type", "comm_msg"}, {"content", {{"comm_id", "c"}}}, {"buffers", {berth::base64("ab")}}});
  EXPECT_EQ(saying->type, "comm_msg");
  EXPECT_EQ(saying->buffers, (wire::Frames{"ab"}));
  auto back = message("comm_msg", {{"comm_id", "c"}});
  back.buffers = {"cd"};
  const Json told = told_of(back, 5)->frame.json;
  EXPECT_EQ(told.at("type"), "comm_msg");
  EXPECT_EQ(told.at("buffers"), Json::array({berth::base64("cd")}));
}

TEST(WordsTest, WhatIsPublishedIsToldAsAWorkerTellsIt) {
  auto told = told_of(message("stream", {{"name", "stderr"}, {"text", "x"}}), {});
  EXPECT_EQ(told->what, Told::What::err);
  EXPECT_EQ(told->text, "x");
  EXPECT_EQ(told_of(message("stream", {{"text", "x"}}), {})->what, Told::What::out);
  EXPECT_EQ(event("execute_result", {{"data", {{"text/plain", "2"}}}, {"execution_count", 3}}).at("event"), "result");
  const Json shown = event("display_data", {{"data", {{"a", "b"}}}, {"transient", {{"display_id", "d"}}}});
  EXPECT_EQ(shown.at("event"), "display");
  EXPECT_EQ(shown.at("id"), 5);
  EXPECT_EQ(shown.at("transient").at("display_id"), "d");
  EXPECT_EQ(event("update_display_data", Json::object()).at("event"), "update_display");
  EXPECT_EQ(event("clear_output", {{"wait", true}}).at("wait"), true);
  EXPECT_TRUE(event("execute_input", {{"code", "1"}}).is_null());
  EXPECT_TRUE(event("status", {{"execution_state", "idle"}}).is_null());
  EXPECT_TRUE(is_idle(message("status", {{"execution_state", "idle"}})));
  EXPECT_FALSE(is_idle(message("status", {{"execution_state", "busy"}})));
}

TEST(WordsTest, AReplySaysHowItEnded) {
  const Json well = done_of("execute", {{"status", "ok"}, {"execution_count", 4}, {"payload", Json::array({1})}});
  EXPECT_EQ(well.at("status"), "ok");
  EXPECT_EQ(well.at("execution_count"), 4);
  const Json bad = done_of(
      "execute", {{"status", "error"}, {"ename", "E"}, {"evalue", "v"}, {"traceback", {"\x1b[0;31mE\x1b[0m: v", 7}}});
  EXPECT_EQ(bad.at("status"), "error");
  EXPECT_EQ(bad.at("error").at("plain"), Json::array({"E: v"}));
  EXPECT_EQ(bad.at("error").at("traceback"), Json::array({"\x1b[0;31mE\x1b[0m: v"}));
  EXPECT_EQ(done_of("execute", {{"status", "error"}, {"ename", "KeyboardInterrupt"}}).at("status"), "interrupted");
  EXPECT_EQ(done_of("execute", {{"status", "aborted"}}).at("status"), "error");
  EXPECT_EQ(done_of("complete", {{"status", "ok"}, {"matches", {"a"}}, {"cursor_end", 1}}).at("matches"),
            Json::array({"a"}));
  EXPECT_EQ(done_of("is_complete", {{"status", "incomplete"}, {"indent", "  "}}),
            (Json{{"status", "ok"}, {"complete", "incomplete"}, {"indent", "  "}}));
}

TEST(WordsTest, AKernelMayReplyWithAnything) {
  const Json all = Json::array({1, "a", nullptr, Json::array(), Json::object(), true});
  for (const char* request : {"execute", "complete", "inspect", "is_complete", "history", "comm_info", "ping"}) {
    for (const auto& value : all) {
      Json content = Json::object();
      for (const char* name : {"status", "execution_count", "payload", "ename", "traceback", "matches", "cursor_start",
                               "found", "data", "metadata", "history", "comms", "indent", "user_expressions"})
        content[name] = value;
      EXPECT_TRUE(done_of(request, content).at("status").is_string()) << request << value;
    }
  }
  for (const char* type : {"stream", "display_data", "update_display_data", "execute_result", "error", "clear_output",
                           "comm_open", "status"}) {
    for (const auto& value : all) {
      Json content = Json::object();
      for (const char* name : {"name", "text", "data", "metadata", "transient", "traceback", "wait", "execution_state"})
        content[name] = value;
      told_of(message(type, content), 1);
    }
  }
  for (const auto& value : all)
    EXPECT_EQ(about("n", {{"language_info", value}, {"implementation", value}}).at("name"), "n");
}

TEST(WordsTest, ColoursGo) {
  EXPECT_EQ(plain("\x1b[1;31ma\x1b[0mb"), "ab");
  EXPECT_EQ(plain("a\x1b["), "a");
  EXPECT_EQ(plain("\x1b"
                  "a"),
            "\x1b"
            "a");
}

}  // namespace
}  // namespace kernel::foreign
