// What becomes of a call that a plugin answers, refuses, drops, answers twice or throws out of: always exactly one
// answer.
#include <berth/plugin.hpp>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>

#include "seat.hpp"

namespace berth {
namespace {

using test::Seat;

struct Plain {
  static void declare(Declaration<Plain>& d) {
    d.plugin("plain", "1.0.0", "Answers");
    d.post("echo", "/plain/echo").handle(&Plain::echo);
    d.post("sure", "/plain/sure").handle(&Plain::sure);
    d.post("calm", "/plain/calm").handle(&Plain::calm);
    d.post("free", "/plain/free").handle([](const Json& in) { return Json{{"free", in.size()}}; });
    d.post("who", "/plain/who").handle(&Plain::who);
    d.post("mine", "/plain/mine").handle([](const Call& call) { return Json{{"id", call.request_id()}}; });
    d.post("later", "/plain/later").handle(&Plain::later);
    d.post("apart", "/plain/apart").handle(&Plain::apart);
    d.post("twice", "/plain/twice").handle([](Call call) {
      call.send(1);
      call.send(2);
    });
    d.post("drop", "/plain/drop").handle([](Call) {});
    d.post("keep", "/plain/keep").handle([](Call) {});
    d.post("refuse", "/plain/refuse").handle([](const Json&) -> Json {
      throw Error(418, "teapot", "this is a teapot", "ask for tea");
    });
    d.post("break", "/plain/break").handle([](const Json&) -> Json { throw std::runtime_error("secret words"); });
    d.post("number", "/plain/number").handle([](const Json&) -> Json { throw 42; });
    d.post("answer_and_throw", "/plain/both").handle([](Call call) {
      call.send("fine");
      throw Error(400, "late", "too late");
    });
    d.post("bytes", "/plain/bytes").handle([](const Json&) { return Json("\xff\xfe"); });
  }
  Json echo(const Json& input) { return input; }
  Json sure(const Json& input) const noexcept { return input; }
  Json calm(const Call& call) noexcept { return call.input(); }
  Json who(const Call& call) {
    return {{"session", call.session()}, {"caller", call.caller()}, {"scope", call.scope()}};
  }
  void later(Call call) {
    thread = std::thread([call] { call.send(call.input()); });
  }
  void apart(Call call) {
    if (thread.joinable()) thread.join();
    thread = std::thread([call] {
      call.guard([&call] {
        const std::string what = call.input().at("throw");
        if (what == "error") throw Error(418, "teapot", "this is a teapot");
        if (what == "exception") throw std::runtime_error("secret words");
        if (what == "number") throw 42;
        call.send(what);
      });
    });
  }
  ~Plain() {
    if (thread.joinable()) thread.join();
  }
  std::thread thread;
};

struct PluginCallTest : testing::Test {
  Seat seat{detail::entry<Plain>()};
};

TEST_F(PluginCallTest, EveryShapeOfHandlerAnswers) {
  EXPECT_EQ(seat.json("plain.echo", R"({"a":1})"), (Json{{"a", 1}}));
  EXPECT_EQ(seat.json("plain.sure", R"({"a":2})"), (Json{{"a", 2}}));
  EXPECT_EQ(seat.json("plain.calm", R"({"a":3})"), (Json{{"a", 3}}));
  EXPECT_EQ(seat.json("plain.free", R"({"a":1,"b":2})"), (Json{{"free", 2}}));
  EXPECT_EQ(seat.json("plain.mine"), (Json{{"id", "r-1"}}));
  EXPECT_EQ(seat.json("plain.who"), (Json{{"session", "main"}, {"caller", "tester"}, {"scope", "run"}}));
}

TEST_F(PluginCallTest, AnAnswerMayComeLaterFromAnotherThread) {
  const auto call = seat.start("plain.later", R"({"late":true})");
  ASSERT_TRUE(seat.host.until_over(call));
  EXPECT_EQ(Json::parse(seat.host.answer(call).body), (Json{{"late", true}}));
}

TEST_F(PluginCallTest, WhatAThreadOfItsOwnThrowsIsTheAnswerToo) {
  const auto apart = [&](const std::string& what) {
    const auto call = seat.start("plain.apart", Json{{"throw", what}}.dump());
    EXPECT_TRUE(seat.host.until_over(call)) << what;
    return seat.host.answer(call);
  };
  EXPECT_EQ(apart("nothing").body, "\"nothing\"");
  EXPECT_EQ(apart("error").problem, "teapot");
  EXPECT_TRUE(seat.host.log().empty());
  for (const char* what : {"exception", "number"}) {
    const auto answer = apart(what);
    EXPECT_EQ(answer.problem, "plugin_error") << what;
    EXPECT_EQ((answer.message + answer.hint).find("secret"), std::string::npos);
  }
  const auto log = seat.host.log();
  ASSERT_EQ(log.size(), 2u);
  EXPECT_EQ(log[0].fields, (Json{{"what", "secret words"}, {"request_id", "r-1"}}));
}

TEST_F(PluginCallTest, AnErrorIsTheAnswer) {
  const auto answer = seat.call("plain.refuse");
  EXPECT_EQ(answer.how, "fail");
  EXPECT_EQ(answer.status, 418);
  EXPECT_EQ(answer.problem, "teapot");
  EXPECT_EQ(answer.message, "this is a teapot");
  EXPECT_EQ(answer.hint, "ask for tea");
  EXPECT_TRUE(seat.host.log().empty());
}

TEST_F(PluginCallTest, AnExceptionsWordsGoToTheLogAndNotToTheClient) {
  const auto answer = seat.call("plain.break");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.problem, "plugin_error");
  EXPECT_EQ((answer.message + answer.hint).find("secret"), std::string::npos);
  const auto log = seat.host.log();
  ASSERT_EQ(log.size(), 1u);
  EXPECT_EQ(log[0].level, BERTH_ERROR);
  EXPECT_EQ(log[0].fields, (Json{{"what", "secret words"}, {"request_id", "r-1"}}));
}

TEST_F(PluginCallTest, WhatIsNoExceptionIsCaughtToo) {
  const auto answer = seat.call("plain.number");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.problem, "plugin_error");
  ASSERT_EQ(seat.host.log().size(), 1u);
}

TEST_F(PluginCallTest, ADroppedCallFails) {
  const auto answer = seat.call("plain.drop");
  EXPECT_EQ(answer.how, "fail");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.problem, "plugin_error");
  EXPECT_NE(answer.message.find("the plugin dropped the call"), std::string::npos);
}

TEST_F(PluginCallTest, TheHostIsToldOfASecondAnswerAndTheFirstHolds) {
  const auto answer = seat.call("plain.twice");
  EXPECT_EQ(answer.body, "1");
  EXPECT_EQ(answer.strays, 1);
}

TEST_F(PluginCallTest, ThrowingAfterTheAnswerIsNotASecondAnswerButIsSaid) {
  const auto answer = seat.call("plain.answer_and_throw");
  EXPECT_EQ(answer.body, "\"fine\"");
  EXPECT_EQ(answer.strays, 0);
  const auto log = seat.host.log();
  ASSERT_EQ(log.size(), 1u);
  EXPECT_EQ(log[0].fields.at("what"), "too late");
}

TEST_F(PluginCallTest, WhatIsNotUtf8BecomesAReplacementAndNotAnException) {
  EXPECT_EQ(seat.json("plain.bytes"), Json("\xEF\xBF\xBD\xEF\xBF\xBD"));
}

TEST_F(PluginCallTest, AnInputThatIsNoJsonFailsTheCall) {
  const auto answer = seat.call("plain.echo", "{");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.problem, "plugin_error");
}

}  // namespace
}  // namespace berth
