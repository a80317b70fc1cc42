// Calls that wait for somebody's word.
#include "engine_kit.hpp"

#include <csignal>

namespace berth::policy {
namespace {

class ApprovalTest : public EngineTest {
 protected:
  void park(const std::string& options = "timeout = 60") {
    EXPECT_EQ(use("before(function() return approve { 'it deletes', " + options + " } end)"), "");
    m_ticket = begin({}, m_verdict);
    ASSERT_TRUE(turn([&] { return m_verdict || m_engine.approvals().all().size() == 1; }));
  }
  std::string id() { return m_engine.approvals().all().at(0)->id; }
  std::optional<Verdict> m_verdict;
  std::uint64_t m_ticket = 0;
};

TEST_F(ApprovalTest, ACallWaitsForSomebodysYes) {
  const auto listener = m_events.listen({{"approval.*"}, {}}, std::nullopt, [] {});
  park();
  EXPECT_FALSE(m_verdict);
  EXPECT_EQ(m_engine.approvals().all()[0]->reason, "it deletes");
  EXPECT_FALSE(m_engine.approvals().answer(id(), true, "", "bob"));
  ASSERT_TRUE(m_verdict);
  EXPECT_EQ(words(*m_verdict), "allowed");
  EXPECT_EQ(listener->next()->topic, "approval.asked");
  EXPECT_EQ(listener->next()->topic, "approval.granted");
}

TEST_F(ApprovalTest, ANoIsARefusalWithItsReason) {
  park();
  EXPECT_FALSE(m_engine.approvals().answer(id(), false, "not today", "bob"));
  ASSERT_TRUE(m_verdict);
  EXPECT_EQ(m_verdict->refusal->code, "not_approved");
  EXPECT_EQ(words(*m_verdict), "a.b was not approved: bob: not today");
}

TEST_F(ApprovalTest, NobodyAnswersInTime) {
  park("timeout = 1");
  ASSERT_TRUE(turn([&] { return m_verdict.has_value(); }));
  EXPECT_EQ(words(*m_verdict), "a.b was not approved: nobody answered in time");
}

TEST_F(ApprovalTest, OneSessionLeavesRoomForOthersAndLargeInputsForSmallOnes) {
  Approvals approvals(m_loop, m_clock, m_events);
  std::vector<std::string> codes;
  const auto park = [&](const std::string& session, std::size_t size) {
    Approval about;
    about.session = session;
    about.input.assign(size, 'x');
    approvals.park(codes.size() + approvals.all().size(), std::move(about), std::chrono::seconds(60),
                   [&](const std::optional<service::Error>& error) { codes.push_back(error ? error->code : "yes"); });
    return approvals.all().size();
  };
  for (std::size_t i = 1; i <= Approvals::most_of_session; ++i) EXPECT_EQ(park("one", 1), i);
  EXPECT_EQ(park("one", 1), Approvals::most_of_session);
  EXPECT_EQ(park("two", Approvals::most_bytes - 1000), Approvals::most_of_session + 1);
  EXPECT_EQ(park("two", 1000), Approvals::most_of_session + 1);
  EXPECT_EQ(codes, std::vector<std::string>({"busy", "busy"}));
}

TEST_F(ApprovalTest, WhoLeavesWaitsNoLonger) {
  park();
  m_engine.forget(m_ticket);
  EXPECT_TRUE(m_engine.approvals().all().empty());
  EXPECT_EQ(m_engine.approvals().answer("x", true, "", "bob")->status, 404);
  EXPECT_FALSE(m_verdict);
}

TEST_F(ApprovalTest, AWordThatIsAwaitedOutlivesTheProcess) {
  park();
  ::kill(m_engine.facts()["pid"].get<int>(), SIGKILL);
  ASSERT_TRUE(turn([&] { return m_engine.facts()["restarts"] == 1; }));
  EXPECT_FALSE(m_engine.approvals().answer(id(), true, "", "bob"));
  EXPECT_EQ(words(*m_verdict), "allowed");
}

}  // namespace
}  // namespace berth::policy
