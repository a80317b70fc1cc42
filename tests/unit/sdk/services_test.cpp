// The guest against a stand-in: an author's tests see the services without a host.
#include <berth/check/given.hpp>
#include <berth/check/trial.hpp>

#include <dlfcn.h>
#include <gtest/gtest.h>

namespace berth::check {
namespace {

const berth_plugin* guest() {
  void* library = ::dlopen(BERTH_BUILD_DIR "/tests/guests/guest.so", RTLD_NOW | RTLD_LOCAL);
  if (!library) throw std::runtime_error(::dlerror());
  return reinterpret_cast<berth_plugin_entry_fn>(::dlsym(library, "berth_plugin_entry"))();
}

class StandInServices : public testing::Test {
 protected:
  Trial m_trial{guest(), {{"listen", "guest.* other.*"}, {"colour", "red"}}, [](StandIn& host) {
                  host.services().secret("api_key", "s3cr3t-0123456789");
                }};
  Services& m_services = m_trial.host().services();
};

TEST_F(StandInServices, ConfigAndSecretsAreRead) {
  const auto facts = Json::parse(m_trial.call("guest.facts").body);
  EXPECT_EQ(facts["config"]["colour"], "red");
  EXPECT_EQ(facts["right"], true);
  EXPECT_EQ(facts["other"], false);
}

TEST_F(StandInServices, EventsGoBothWaysOnceTheyAreRun) {
  m_trial.call("guest.publish", {{"topic", "guest.one"}, {"data", 1}});
  m_services.event("other.two", {{"n", 2}}, "alice");
  m_services.event("elsewhere.three");
  EXPECT_EQ(m_services.published().at(0).topic, "guest.one");
  EXPECT_EQ(Json::parse(m_trial.call("guest.heard").body)["heard"].size(), 0u);
  EXPECT_EQ(m_services.run(), 2u);
  const auto heard = Json::parse(m_trial.call("guest.heard").body)["heard"];
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_EQ(heard[1]["session"], "alice");
  EXPECT_EQ(heard[1]["data"]["n"], 2);
}

TEST_F(StandInServices, AJobAnswersItsCallAndCanBeCancelled) {
  EXPECT_EQ(m_trial.call("guest.job").how, "job");
  m_trial.call("guest.step", {{"percent", 30}, {"text", "so far"}});
  EXPECT_EQ(m_services.jobs().at(0).percent, 30);
  m_trial.call("guest.step", {{"result", {{"n", 1}}}});
  EXPECT_EQ(m_services.jobs().at(0).state, "done");
  m_trial.call("guest.job");
  m_services.cancel_job(3);  // the second number after the subscription's
  m_services.run();
  EXPECT_EQ(m_services.jobs().at(1).state, "cancelled");
  EXPECT_EQ(Json::parse(m_trial.call("guest.facts").body)["cancelled"], 1);
}

TEST_F(StandInServices, AJobWhoseResultIsTooLargeHasFailed) {
  m_trial.call("guest.job");
  m_trial.call("guest.step", {{"result", std::string(5u << 20, 'x')}});
  EXPECT_EQ(m_services.jobs().at(0).state, "failed");
  EXPECT_EQ(m_services.jobs().at(0).problem, "result_too_large");
}

TEST_F(StandInServices, CallsAreAnsweredByTheTest) {
  m_services.operation("clock.now", [](const Json& input) { return Json{{"zone", input.value("zone", "")}}; });
  const auto good = m_trial.start("guest.call", {{"operation", "clock.now"}, {"input", {{"zone", "utc"}}}});
  const auto bad = m_trial.start("guest.call", {{"operation", "clock.never"}});
  m_services.run();
  EXPECT_EQ(Json::parse(m_trial.answer(good).body)["answer"]["zone"], "utc");
  EXPECT_EQ(m_trial.answer(bad).status, 404);
  EXPECT_EQ(m_services.asked().at(0).as, good);
}

TEST_F(StandInServices, NumbersAreSeen) {
  m_trial.call("guest.count");
  EXPECT_EQ(m_services.metric("counted", {{"kind", "a\"b"}}), 2);
  EXPECT_EQ(m_services.metric("level"), -1.5);
  EXPECT_EQ(m_services.metric("sizes"), 5);
  m_trial.end();
  EXPECT_TRUE(m_trial.breaches().empty());
}

}  // namespace
}  // namespace berth::check
