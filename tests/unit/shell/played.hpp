// The plugin as a whole, played as the host plays it, with programs that are the test's: no rule of the boundary may be
// broken meanwhile.
#pragma once

#include <berth/check/trial.hpp>
#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace shell {

using namespace std::chrono_literals;
using berth::Json;
using berth::check::Answer;
using berth::check::PlayedProgram;
using berth::check::SeenProgram;
using berth::check::StandIn;
using berth::check::Trial;

class Played : public testing::Test {
 protected:
  Played(const Json& config, const std::function<void(StandIn&)>& play)
      : m_trial(berth::check::load(BERTH_PLUGIN_FILE), config, play) {}
  Answer call(const char* name, const Json& input = Json::object()) {
    const Answer answer = m_trial.call(std::string("shell.") + name, input);
    if (answer.how == "fail") {
      EXPECT_NE(answer.hint, "") << name << " " << answer.problem;
    }
    return answer;
  }
  Json json(const char* name, const Json& input = Json::object()) {
    const Answer answer = call(name, input);
    EXPECT_EQ(answer.how, "send") << name << answer.problem << answer.message;
    return answer.how == "send" ? Json::parse(answer.body) : Json::object();
  }
  void TearDown() override {
    m_trial.end();
    for (const auto& one : m_trial.breaches()) ADD_FAILURE() << one.rule << ": " << one.what;
  }
  Trial m_trial;
};

}  // namespace shell
