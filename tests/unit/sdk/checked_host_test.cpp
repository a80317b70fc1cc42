// CheckedHost and Trial: what is right passes unseen, each breach is noted once and by its name.
#include <berth/check/trial.hpp>
#include <gtest/gtest.h>

#include <functional>
#include <thread>

namespace berth::check {
namespace {

using Host = const berth_host*;

// A plugin whose operations do what the test says.
struct Puppet {
  static inline std::function<void(Host, const berth_request&)> act;
  static inline std::function<void(Host, berth_call)> on_cancel;
  static inline Host host = nullptr;

  static const berth_plugin* api() {
    static const std::string manifest = R"({"name":"puppet","operations":[{"name":"puppet.call","kind":"call"},
      {"name":"puppet.stream","kind":"stream"},{"name":"puppet.slow","kind":"stream","blocking":true},
      {"name":"puppet.download","kind":"download"},{"name":"puppet.http","kind":"http"},
      {"name":"puppet.socket","kind":"socket"}]})";
    static const berth_plugin plugin{sizeof(berth_plugin),
                                     BERTH_ABI_MAJOR,
                                     BERTH_ABI_MINOR,
                                     {manifest.data(), manifest.size()},
                                     [](Host from, berth_text) { return host = from, static_cast<void*>(&act); },
                                     [](void*) {},
                                     [](void*, const berth_request* request) { act(host, *request); },
                                     [](void*, berth_call, const berth_chunk*) {},
                                     [](void*, berth_call) {},
                                     [](void*, berth_call call) {
                                       if (on_cancel) on_cancel(host, call);
                                     },
                                     [](void*, berth_text) -> const void* { return nullptr; }};
    return &plugin;
  }
};

struct CheckedHostTest : testing::Test {
  void SetUp() override { Puppet::on_cancel = {}; }
  static std::string breaches(const Trial& trial) {
    std::string all;
    for (const Breach& one : trial.breaches()) all += (all.empty() ? "" : " ") + one.rule;
    return all;
  }
  static std::string of(const std::string& operation, std::function<void(Host, berth_call)> act) {
    Puppet::act = [&](Host host, const berth_request& request) { act(host, request.call); };
    Trial trial(Puppet::api());
    trial.call("puppet." + operation, Json::object(), nullptr, Milliseconds(20));
    trial.end();
    return breaches(trial);
  }
  static berth_flow say(Host host, berth_call call, std::string_view bytes, std::uint32_t binary = 0) {
    const berth_chunk raw{sizeof raw, binary, {bytes.data(), bytes.size()}, {}, {}};
    return host->chunk(host, call, &raw);
  }
  static void send(Host host, berth_call call, std::string_view json) {
    host->send(host, call, {json.data(), json.size()});
  }
  static void end(Host host, berth_call call) { host->finish(host, call, 0, {}); }
};

TEST_F(CheckedHostTest, WhatIsRightPassesUnseen) {
  EXPECT_EQ(of("call", [](Host host, berth_call call) { send(host, call, R"({"ü":[1,null]})"); }), "");
  EXPECT_EQ(of("stream", [](Host host, berth_call call) { say(host, call, "1"), end(host, call); }), "");
  EXPECT_EQ(
      of("socket", [](Host host, berth_call call) { say(host, call, "\xff", 1), host->finish(host, call, 4000, {}); }),
      "");
  EXPECT_EQ(of("download",
               [](Host host, berth_call call) {
                 const berth_head head{sizeof head, {}, {}, {}, 0, 0, {}, 0, 0};
                 host->begin(host, call, &head), say(host, call, "\xff"), end(host, call);
               }),
            "");
}

TEST_F(CheckedHostTest, AnHttpAnswerIsBegunAndFinished) {
  EXPECT_EQ(of("http",
               [](Host host, berth_call call) {
                 const berth_head head{sizeof head, {}, {}, {}, 0, 202, {}, 1, 0};
                 host->begin(host, call, &head), say(host, call, "\xff"), end(host, call);
               }),
            "");
  EXPECT_EQ(of("http", [](Host host, berth_call call) { say(host, call, "1"), end(host, call); }), "no_begin no_begin");
  EXPECT_EQ(of("http", [](Host host, berth_call call) { send(host, call, "1"); }), "wrong_answer");
}

TEST_F(CheckedHostTest, AnswersOfTheWrongKindOrTooLate) {
  EXPECT_EQ(of("call", [](Host host, berth_call call) { send(host, call, "1"), send(host, call, "2"); }),
            "late_answer");
  EXPECT_EQ(of("call", &end), "wrong_answer");
  EXPECT_EQ(of("stream", [](Host host, berth_call call) { send(host, call, "1"); }), "wrong_answer");
  EXPECT_EQ(of("call", [](Host host, berth_call call) { say(host, call, "1"), send(host, call, "1"); }),
            "wrong_answer");
  EXPECT_EQ(of("download", [](Host host, berth_call call) { say(host, call, "1"), end(host, call); }),
            "no_begin no_begin");
}

TEST_F(CheckedHostTest, TextsThatAreNone) {
  EXPECT_EQ(of("call", [](Host host, berth_call call) { send(host, call, "\"\xff\""); }), "bad_json");
  EXPECT_EQ(
      of("call", [](Host host, berth_call call) { send(host, call, std::string(65, '[') + std::string(65, ']')); }),
      "bad_json");
  EXPECT_EQ(of("stream", [](Host host, berth_call call) { say(host, call, "\xc0\x80"), end(host, call); }), "bad_text");
  EXPECT_EQ(of("socket", [](Host host, berth_call call) { host->finish(host, call, 1001, {}); }), "bad_close_code");
  EXPECT_EQ(of("call", [](Host host, berth_call call) { host->fail(host, call, nullptr); }), "bad_struct");
}

TEST_F(CheckedHostTest, WaitingIsForBlockingOperations) {
  const auto wait = [](Host host, berth_call call) { host->wait(host, call), end(host, call); };
  EXPECT_EQ(of("stream", wait), "wait_outside");
  EXPECT_EQ(of("slow", wait), "");
}

TEST_F(CheckedHostTest, GoingOnAfterFullOrGone) {
  const auto many = [](Host host, berth_call call) {
    for (int i = 0; i < 100; ++i) say(host, call, "1");
    end(host, call);
  };
  EXPECT_EQ(of("stream", many), "past_full");
  Puppet::act = [&](Host host, const berth_request& request) { many(host, request.call); };
  Trial trial(Puppet::api());
  const berth_call call = trial.start("puppet.stream", Json::object(), nullptr, true);
  EXPECT_EQ(trial.answer(call).late, 100u);
  EXPECT_EQ(breaches(trial), "after_gone");
}

TEST_F(CheckedHostTest, OnceNobodyWaitsEveryAnswerWillDo) {
  Puppet::act = [](Host, const berth_request&) {};
  Puppet::on_cancel = &end;
  Trial trial(Puppet::api());
  trial.cancel(trial.start("puppet.call"));
  trial.end();
  EXPECT_EQ(breaches(trial), "");
}

TEST_F(CheckedHostTest, WhatIsThrownIsCaughtAndNamed) {
  EXPECT_EQ(of("call", [](Host, berth_call) { throw std::runtime_error("oops"); }), "threw");
  EXPECT_EQ(of("call", [](Host, berth_call) { throw 1; }), "threw");
}

TEST_F(CheckedHostTest, NothingOfTheHostMayBeUsedAfterDestroy) {
  Puppet::act = [](Host host, const berth_request& request) { send(host, request.call, "1"); };
  Trial trial(Puppet::api());
  const berth_call call = trial.start("puppet.call");
  trial.end();
  EXPECT_EQ(Puppet::host->cancelled(Puppet::host, call), 1);
  EXPECT_EQ(Puppet::host->service(Puppet::host, {"berth.log/1", 11}), nullptr);
  EXPECT_EQ(breaches(trial), "after_destroy after_destroy");
}

TEST_F(CheckedHostTest, EachRuleHasAdvice) {
  for (const char* rule : {"late_answer", "past_full", "left_open", "threw", "after_destroy"})
    EXPECT_NE(advice_for(rule), "");
  EXPECT_EQ(advice_for("no_such_rule"), "");
}

}  // namespace
}  // namespace berth::check
