// Policies in their own process, asked as the dispatcher asks them, without a host around.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../service/folder.hpp"
#include "../service/turning.hpp"
#include "ledger_kit.hpp"
#include "policy/engine.hpp"

namespace berth::policy {

class EngineTest : public testing::Test {
 protected:
  explicit EngineTest(std::chrono::milliseconds longest_errand = std::chrono::seconds(30))
      : m_longest_errand(longest_errand) {
    m_loop.adopt();
  }
  ~EngineTest() override {
    m_engine.end();
    m_loop.context().restart();
    m_loop.context().poll();
  }

  static Chosen chosen(std::string name, std::string text, std::string settings = "{}") {
    return {{std::move(name), std::move(text), std::move(settings)}, session::Scope::run, "berth.lua:1"};
  }
  // Empty: they are in force.
  std::string use(std::vector<Chosen> all) {
    Policies policies;
    policies.all = std::move(all);
    policies.memory = 4u << 20;
    std::optional<std::string> said;
    m_engine.replace(std::move(policies),
                     [&](const std::optional<service::Error>& error) { said = error ? error->message : ""; });
    EXPECT_TRUE(test::turn_until(m_loop, [&] { return said.has_value(); }));
    return said.value_or("nothing was heard");
  }
  std::string use(std::string text) { return use({chosen("rule", std::move(text))}); }

  struct Call {
    std::string operation = "a.b", input = "{}", session = "main";
    session::Scope scope = session::Scope::run;
  };
  std::uint64_t begin(const Call& call, std::optional<Verdict>& to) {
    session::Asker asker;
    asker.who = {"alice", session::Scope::run, std::nullopt};
    asker.session = call.session;
    const Asked asked{call.operation, call.scope, asker, call.input};
    if (!m_engine.asks_before(asked)) {
      to = Verdict{};
      return 0;
    }
    return m_engine.before(asked, [&to](Verdict verdict) { to = std::move(verdict); });
  }
  Verdict before(const Call& call) {
    std::optional<Verdict> verdict;
    begin(call, verdict);
    EXPECT_TRUE(test::turn_until(m_loop, [&] { return verdict.has_value(); }));
    return std::move(verdict).value_or(Verdict{});
  }
  Verdict before(const std::string& operation = "a.b", session::Scope scope = session::Scope::run) {
    Call call;
    call.operation = operation;
    call.scope = scope;
    return before(call);
  }
  Verdict after(const std::string& output, session::Scope scope = session::Scope::run) {
    session::Asker asker;
    asker.who = {"alice", session::Scope::run, std::nullopt};
    const Asked asked{"a.b", scope, asker, "{}"};
    EXPECT_TRUE(m_engine.asks_after(asked));
    std::optional<Verdict> verdict;
    m_engine.after(asked, {200, output, std::chrono::milliseconds(5)},
                   [&](Verdict said) { verdict = std::move(said); });
    EXPECT_TRUE(test::turn_until(m_loop, [&] { return verdict.has_value(); }));
    return std::move(verdict).value_or(Verdict{});
  }
  static std::string words(const Verdict& verdict) { return verdict.refusal ? verdict.refusal->message : "allowed"; }
  bool turn(const std::function<bool()>& holds) { return test::turn_until(m_loop, holds); }

  const test::Folder m_folder;
  service::Clock m_clock;
  service::EventLoop m_loop;
  std::vector<std::string> m_logged;
  std::map<std::string, std::string> m_fields;  // of lines of the log, each as it was last said
  service::Log m_log{
      [this](service::Level, std::string_view who, std::string_view message, const service::Log::Fields& fields) {
        m_logged.push_back(std::string(who) + ": " + std::string(message));
        for (const auto& field : fields) m_fields[std::string(field.name)] = field.value;
      }};
  service::EventBus m_events{m_loop, m_clock, {}};
  service::Pool m_pool{{2, 100}};
  std::vector<Engine::Errand> m_errands;
  std::set<std::string> m_there, m_ended_sessions;
  std::uint64_t m_turn = 0;
  const std::chrono::milliseconds m_longest_errand;
  Engine m_engine{{m_loop, m_log, m_clock, m_events, m_pool, BERTH_BUILD_DIR "/bin/berth",
                   [this](Engine::Errand errand) { m_errands.push_back(std::move(errand)); },
                   [this](const std::string& operation) { return m_there.contains(operation); },
                   [this](const std::string& session) {
                     return m_ended_sessions.contains(session) ? std::nullopt : std::optional(m_turn);
                   },
                   m_longest_errand}};
};

}  // namespace berth::policy
