// Between Jupyter's words and the worker's: fields of any shape are looked at, and none throws.
#include "wire/requests.hpp"

#include <gtest/gtest.h>

namespace kernel::wire {
namespace {

using berth::Json;

Message message(const char* type, Json content) {
  Message one;
  one.type = type;
  one.content = std::move(content);
  return one;
}

TEST(RequestsTest, ACellIsAsked) {
  const auto ask =
      ask_of({{"code", "1"}, {"silent", true}, {"allow_stdin", false}, {"user_expressions", {{"a", "1"}}}});
  ASSERT_TRUE(ask);
  EXPECT_TRUE(ask->silent);
  EXPECT_FALSE(ask->store_history);  // what is silent leaves no trace
  EXPECT_TRUE(ask->stop_on_error);
  EXPECT_FALSE(ask->allow_stdin);
  EXPECT_TRUE(ask->wait);
  EXPECT_EQ(ask->request().at("user_expressions").at("a"), "1");
  EXPECT_EQ(ask->request().at("silent"), true);
  EXPECT_FALSE(ask_of({{"code", 1}}));
  EXPECT_FALSE(ask_of(Json::object()));
  const auto odd = ask_of({{"code", ""}, {"silent", "yes"}, {"stop_on_error", nullptr}, {"user_expressions", {1}}});
  ASSERT_TRUE(odd);
  EXPECT_FALSE(odd->silent);
  EXPECT_TRUE(odd->stop_on_error);
  EXPECT_EQ(odd->user_expressions, Json::object());
}

TEST(RequestsTest, QuestionsAreAsked) {
  EXPECT_EQ(question_of(message("complete_request", {{"code", "pri"}, {"cursor_pos", 3}}))->at("cursor_pos"), 3);
  EXPECT_EQ(question_of(message("inspect_request", {{"code", "p"}, {"detail_level", 1}}))->at("detail_level"), 1);
  EXPECT_EQ(question_of(message("is_complete_request", {{"code", "if"}}))->at("request"), "is_complete");
  const auto history =
      question_of(message("history_request", {{"hist_access_type", "range"}, {"n", 3}, {"stop", "x"}}));
  EXPECT_EQ(history->at("access"), "range");
  EXPECT_EQ(history->at("count"), 3);
  EXPECT_FALSE(history->contains("stop"));
  EXPECT_EQ(question_of(message("comm_info_request", Json::object()))->at("target_name"), "");
  EXPECT_FALSE(question_of(message("complete_request", {{"code", 7}})));
  EXPECT_FALSE(question_of(message("no_such_request", {{"code", ""}})));
}

TEST(RequestsTest, AnErrorIsNeverLarge) {
  std::string value;
  for (int i = 0; i < 1 << 19; ++i) value += "äx";
  const auto content =
      saying_of({{"event", "error"}, {"name", "E"}, {"value", value}, {"traceback", {value, value}}})->content;
  EXPECT_LT(content.dump().size(), (1u << 20) + 100u);
  const auto cut = content.at("evalue").get<std::string>();
  EXPECT_EQ(cut.substr(cut.size() - 3), "…");
  EXPECT_EQ(content.at("traceback").size(), 0u);
}

TEST(RequestsTest, RepliesHaveTheirFieldsWhateverTheWorkerSays) {
  EXPECT_EQ(reply_to("complete_request", {{"matches", 7}}), (Json{{"status", "ok"},
                                                                  {"matches", Json::array()},
                                                                  {"cursor_start", 0},
                                                                  {"cursor_end", 0},
                                                                  {"metadata", Json::object()}}));
  EXPECT_EQ(reply_to("is_complete_request", {{"complete", "incomplete"}, {"indent", "    "}}),
            (Json{{"status", "incomplete"}, {"indent", "    "}}));
  EXPECT_EQ(reply_to("history_request", Json::object()).at("history"), Json::array());
  EXPECT_EQ(reply_to("inspect_request", {{"found", true}}).at("found"), true);
}

TEST(RequestsTest, AnEndingIsAReply) {
  const Json well{{"status", "completed"}, {"execution_count", 3}, {"error", nullptr}};
  const Json reply = execute_reply(well, {{"user_expressions", {{"a", 1}}}});
  EXPECT_EQ(reply.at("status"), "ok");
  EXPECT_EQ(reply.at("payload"), Json::array());
  EXPECT_EQ(reply.at("user_expressions").at("a"), 1);
  const Json failed =
      execute_reply({{"status", "failed"},
                     {"execution_count", 3},
                     {"error", {{"name", "E"}, {"value", "v"}, {"traceback", {"a"}}, {"traceback_ansi", {"b", 7}}}}},
                    nullptr);
  EXPECT_EQ(failed.at("status"), "error");
  EXPECT_EQ(failed.at("ename"), "E");
  EXPECT_EQ(failed.at("traceback"), Json::array({"b"}));
}

TEST(RequestsTest, EventsArePublished) {
  const auto result = saying_of({{"event", "result"}, {"data", {{"text/plain", "1"}}}, {"execution_count", 2}});
  EXPECT_EQ(result->type, "execute_result");
  EXPECT_EQ(result->content.at("execution_count"), 2);
  EXPECT_EQ(saying_of({{"event", "update_display"}, {"transient", {{"display_id", "d"}}}})
                ->content.at("transient")
                .at("display_id"),
            "d");
  EXPECT_EQ(saying_of({{"event", "clear_output"}, {"wait", true}})->content.at("wait"), true);
  EXPECT_EQ(saying_of({{"event", "error"}, {"name", 7}, {"traceback", {1, "x"}}})->content,
            (Json{{"ename", ""}, {"evalue", ""}, {"traceback", {"x"}}}));
  const auto comm = saying_of({{"event", "comm"}, {"type", "comm_msg"}, {"buffers", {"eHk="}}});
  EXPECT_EQ(comm->buffers, (Frames{"xy"}));
  EXPECT_FALSE(saying_of({{"event", "comm"}, {"type", "shutdown_reply"}}));
  EXPECT_FALSE(saying_of({{"event", "comm"}, {"type", "comm_msg"}, {"buffers", {"*"}}}));
  EXPECT_FALSE(saying_of({{"event", 7}}));
}

TEST(RequestsTest, CommsGoToTheWorkerWithTheirBuffers) {
  auto one = message("comm_msg", {{"comm_id", "c"}});
  one.buffers = {"xy"};
  EXPECT_EQ(comm_of(one)->at("buffers"), Json::array({"eHk="}));
  EXPECT_FALSE(comm_of(message("comm_info_request", Json::object())));
}

TEST(RequestsTest, DebuggingIsRefusedInItsOwnWords) {
  const Json refusal = debug_refusal({{"seq", 5}, {"command", "attach"}});
  EXPECT_EQ(refusal.at("success"), false);
  EXPECT_EQ(refusal.at("request_seq"), 5);
  EXPECT_EQ(refusal.at("command"), "attach");
  EXPECT_EQ(kernel_info(nullptr).at("debugger"), false);
  const Json theirs = kernel_info(
      {{"kernel_info", {{"implementation", "other"}, {"debugger", true}, {"supported_features", {"debugger"}}}}});
  EXPECT_EQ(theirs.at("implementation"), "other");
  EXPECT_EQ(theirs.at("status"), "ok");
  EXPECT_EQ(theirs.at("debugger"), false);
  EXPECT_FALSE(theirs.contains("supported_features"));
}

}  // namespace
}  // namespace kernel::wire
