// HTTP services and programs that an author's test plays, and a plugin that gets only what it declares.
#include <berth/check/trial.hpp>
#include <berth/service/workspace.hpp>
#include <gtest/gtest.h>

namespace berth::check {
namespace {

struct Guard {
  explicit Guard(const Context& context) : m_http(context), m_processes(context) {}
  static void declare(Declaration<Guard>& d) {
    d.plugin("guard", "1.0.0", "Guards what is outside");
    d.service(BERTH_HTTP);
    d.service(BERTH_PROCESS);
    d.get("ask", "/guard/ask").blocking().handle(&Guard::ask);
    d.get("later", "/guard/later").handle(&Guard::later);
    d.get("run", "/guard/run").blocking().handle(&Guard::run);
    d.get("feed", "/guard/feed").handle(&Guard::feed);
    d.get("kill", "/guard/kill").handle(&Guard::kill);
    d.get("look", "/guard/look").handle(&Guard::look);
    d.get("unasked", "/guard/unasked").handle(&Guard::unasked);
    d.get("ask_at_once", "/guard/ask_at_once").handle(&Guard::ask);
    d.get("run_at_once", "/guard/run_at_once").handle(&Guard::run);
  }
  Json ask(const Json&) {
    const auto answer = m_http.ask({"http://127.0.0.1:9222", "/json"});
    return {{"status", answer.status}, {"size", answer.body.size()}};
  }
  // Takes each piece only once it has said so.
  void later(const Call& call) {
    call.on_cancel([call] { call.fail(Error(499, "cancelled", "nobody waits any more")); });
    const auto number = std::make_shared<std::uint64_t>(0);
    const auto pieces = std::make_shared<int>(0);
    *number = m_http.start({"http://127.0.0.1:9222", "/json"},
                           {{},
                            [this, number, pieces](std::string_view) {
                              ++*pieces;
                              m_http.resume(*number);
                              return Flow::full;
                            },
                            [call, pieces](const std::optional<Error>& failed) {
                              call.send({{"pieces", *pieces}, {"failed", failed ? failed->code() : ""}});
                            }});
  }
  Json run(const Json&) {
    Plan plan{"tectonic", "main.tex"};
    plan.session = "alice";
    const auto ran = m_processes.run(plan);
    return {{"output", ran.output}, {"code", ran.end.code}, {"cause", ran.end.cause}};
  }
  Process start(const Call& call) {
    Plan plan{"tectonic"};
    plan.input = true;
    const auto got = std::make_shared<std::string>();
    return m_processes.spawn(plan, {[got](Outlet, std::string_view bytes) {
                                      *got += bytes;
                                      return Flow::ok;
                                    },
                                    [call, got](const End& end) {
                                      call.send({{"got", *got}, {"cause", end.cause}});
                                    }});
  }
  void feed(const Call& call) {
    const auto process = start(call);
    process.write("fed");
    process.close_input();
  }
  void kill(const Call& call) { start(call).stop(std::chrono::seconds(1)); }
  void look(const Call& call) {
    call.on_cancel([call] { call.fail(Error(499, "cancelled", "nobody waits any more")); });
    Plan plan{"tectonic"};
    plan.input = true;
    const auto hear = [call](const Hits& hits) {
      call.send({{"counted", hits.memory_counted}, {"memory", hits.memory}, {"limit", hits.memory_limit}});
    };
    m_processes.spawn(plan, {{}, [](const End&) {}, {}, hear}).look();
  }
  void unasked(const Call& call) {
    call.on_cancel([call] { call.fail(Error(499, "cancelled", "nobody waits any more")); });
    start(call);
  }

  Http m_http;
  Processes m_processes;
};

class Outside : public testing::Test {
 protected:
  Json call(const std::string& name) {
    const auto answer = m_trial.call("guard." + name);
    return answer.how == "send" ? Json::parse(answer.body) : Json(answer.problem);
  }
  void play() {
    m_trial.host().http().service("http://127.0.0.1:9222", [](const HttpRequest& asked) {
      return HttpAnswer{asked.path == "/json" ? 200 : 404, {}, std::string(40'000, 'x')};
    });
    m_trial.host().programs().program("tectonic", [](const SeenProgram& seen) {
      return PlayedProgram{"made of " + seen.input, "", 3};
    });
  }
  Trial m_trial{berth::detail::entry<Guard>()};
};

TEST_F(Outside, WhatIsPlayedAnswers) {
  play();
  EXPECT_EQ(call("ask"), (Json{{"status", 200}, {"size", 40'000}}));
  EXPECT_EQ(call("later"), (Json{{"pieces", 3}, {"failed", ""}}));
  EXPECT_EQ(call("run"), (Json{{"output", "made of "}, {"code", 3}, {"cause", "exited"}}));
  EXPECT_EQ(call("feed"), (Json{{"got", "made of fed"}, {"cause", "exited"}}));
  EXPECT_EQ(call("kill"), (Json{{"got", ""}, {"cause", "stopped"}}));
  EXPECT_EQ(m_trial.host().http().asked().size(), 2u);
  EXPECT_EQ(m_trial.host().programs().started().at(0).arguments.at(1), "main.tex");
  EXPECT_EQ(m_trial.host().programs().started().at(0).session, "alice");
  m_trial.end();
  EXPECT_TRUE(m_trial.breaches().empty());
}

TEST_F(Outside, LimitsAreHitAsOftenAsIsPlayed) {
  EXPECT_EQ(call("look"), (Json{{"counted", false}, {"memory", 0}, {"limit", ""}}));
  Hits hits;
  hits.memory_counted = true;
  hits.memory = 2;
  hits.memory_limit = "memory limit 5 MB";
  m_trial.host().programs().hits(hits);
  EXPECT_EQ(call("look"), (Json{{"counted", true}, {"memory", 2}, {"limit", "memory limit 5 MB"}}));
  m_trial.end();
  EXPECT_TRUE(m_trial.breaches().empty());
}

TEST_F(Outside, NothingIsWaitedForOnTheThreadForAll) {
  play();
  EXPECT_EQ(call("ask_at_once"), "would_block");
  EXPECT_EQ(call("run_at_once"), "would_block");
}

TEST_F(Outside, WhatIsNotPlayedIsNotThere) {
  EXPECT_EQ(call("ask"), "unreachable");
  EXPECT_EQ(call("later")["failed"], "unreachable");
  EXPECT_EQ(call("feed")["cause"], "not_started");
}

TEST_F(Outside, WhatIsUnderWayGoesWithTheInstance) {
  m_trial.start("guard.unasked");
  m_trial.start("guard.later");
  m_trial.end();  // a sanitizer would see what is not let go of
  m_trial.host().services().run();
}

struct Forgetful {
  explicit Forgetful(const Context& context) : m_http(context) {}
  static void declare(Declaration<Forgetful>& d) {
    d.plugin("forgetful", "1.0.0", "Forgets to say what it needs");
    d.get("ask", "/forgetful/ask").handle([](const Json&) { return Json::object(); });
  }
  Http m_http;
};

struct Homeless {
  explicit Homeless(const Context& context) : m_workspaces(context) {}
  static void declare(Declaration<Homeless>& d) {
    d.plugin("homeless", "1.0.0", "Does not say that it opens workspaces");
    d.get("ask", "/homeless/ask").handle([](const Json&) { return Json::object(); });
  }
  Workspaces m_workspaces;
};

// Asks for a workspace here and there.
struct Asker {
  explicit Asker(const Context& context) : m_workspaces(context) { m_early = ask(); }
  static void declare(Declaration<Asker>& d) {
    d.plugin("asker", "1.0.0", "Asks for workspaces");
    d.service(BERTH_WORKSPACE);
    d.get("early", "/asker/early").handle(&Asker::early);
    d.get("at_once", "/asker/at_once").handle(&Asker::now);
    d.get("ask", "/asker/ask").blocking().handle(&Asker::now);
  }
  Json early(const Json&) { return {{"was", m_early}}; }
  Json now(const Json&) { return {{"was", ask()}}; }
  std::string ask() const {
    try {
      return m_workspaces.open("").folder() >= 0 ? "open" : "none";
    } catch (const Error& error) {
      return error.code();
    }
  }
  Workspaces m_workspaces;
  std::string m_early;
};

TEST(Workspace, IsNotWaitedForWhereNothingMayWait) {
  Trial trial(berth::detail::entry<Asker>());
  EXPECT_EQ(trial.call("asker.early").body, R"({"was":"would_block"})");
  EXPECT_EQ(trial.call("asker.at_once").body, R"({"was":"would_block"})");
  EXPECT_EQ(trial.call("asker.ask").body, R"({"was":"open"})");
}

TEST(Undeclared, WorkspacesAreNotLent) {
  Trial trial(berth::detail::entry<Homeless>());
  EXPECT_FALSE(trial.started());
}

TEST(Undeclared, IsNotLent) {
  Trial trial(berth::detail::entry<Forgetful>());
  EXPECT_FALSE(trial.started());
  ASSERT_TRUE(trial.host().refusal());
  EXPECT_NE(std::string(trial.host().refusal()->message()).find("berth.http/1"), std::string::npos);
}

}  // namespace
}  // namespace berth::check
