// Answers kept by key: given again, bounded, and never an answer to another request.
#include "edge/idempotency.hpp"

#include <gtest/gtest.h>

namespace berth::edge {
namespace {

using namespace std::chrono_literals;

struct IdempotencyTest : testing::Test {
  service::ManualClock clock;
  Idempotency keys{clock, 10s, 3};

  std::string verdict(const std::string& slot, const std::string& print = "p", const std::string& session = "main") {
    const auto got = keys.claim(slot, print, session);
    return got.error ? got.error->code : got.again ? got.again->body : "ours";
  }
};

TEST_F(IdempotencyTest, GivesAnAnswerAgainForAWhile) {
  EXPECT_EQ(verdict("a"), "ours");
  EXPECT_EQ(verdict("a"), "idempotency_in_progress");
  keys.keep("a", {200, "", "answer"});
  EXPECT_EQ(verdict("a"), "answer");
  EXPECT_EQ(verdict("a", "other"), "idempotency_mismatch");
  clock.advance(10s);
  EXPECT_EQ(verdict("a"), "answer");
  clock.advance(1s);
  EXPECT_EQ(verdict("a"), "ours");
}

TEST_F(IdempotencyTest, ForgetsASessionWhoseNameAnotherTakes) {
  EXPECT_EQ(verdict("helper\n1", "print", "a"), "ours");
  keys.keep("helper\n1", {200, "", "answer"});
  EXPECT_EQ(verdict("session.a\n2", "print", "a"), "ours");
  EXPECT_EQ(verdict("helper\n3", "print", "ab"), "ours");
  keys.forget_session("a");
  EXPECT_EQ(verdict("helper\n3", "print", "ab"), "idempotency_in_progress");
  EXPECT_EQ(verdict("helper\n1", "print", "a"), "ours");
  EXPECT_EQ(verdict("session.a\n2", "print", "a"), "ours");
}

// What was answered before is in no line any more: its age is not that of what has its slot now.
TEST_F(IdempotencyTest, ASlotThatIsTakenAgainIsNotTakenForTheOldOne) {
  EXPECT_EQ(verdict("helper\n1", "print", "a"), "ours");
  keys.keep("helper\n1", {200, "", "answer"});
  keys.forget_session("a");
  EXPECT_EQ(verdict("helper\n1", "print", "a"), "ours");
  clock.advance(11s);
  EXPECT_EQ(verdict("helper\n1", "print", "a"), "idempotency_in_progress") << "it runs";
}

TEST_F(IdempotencyTest, NeverLetsGoOfWhatRuns) {
  EXPECT_EQ(verdict("slow"), "ours");
  clock.advance(11s);
  EXPECT_EQ(verdict("slow", "other"), "idempotency_mismatch");
  EXPECT_EQ(verdict("b"), "ours");
  EXPECT_EQ(verdict("c"), "ours");
  EXPECT_EQ(verdict("d"), "busy");
  keys.keep("b", {200, "", "b's"});
  EXPECT_EQ(verdict("d"), "ours");  // in the place of the oldest answer
  EXPECT_EQ(verdict("b"), "busy");
  keys.keep("slow", {200, "", "at last"});
  EXPECT_EQ(verdict("slow"), "at last");  // its time begins with its answer
  clock.advance(10s);
  EXPECT_EQ(verdict("slow"), "at last");
}

TEST_F(IdempotencyTest, FreesAKeyThatIsForgotten) {
  EXPECT_EQ(verdict("a"), "ours");
  keys.forget("a");
  EXPECT_EQ(verdict("a", "other"), "ours");
  keys.keep("a", {200, "", "answer"});
  keys.forget("a");
  EXPECT_EQ(verdict("a", "other"), "answer") << "what has its answer is not forgotten";
}

TEST_F(IdempotencyTest, KnowsThatALargeAnswerWasGiven) {
  EXPECT_EQ(verdict("a"), "ours");
  keys.keep("a", {200, "", std::string(300u << 10, 'x')});
  EXPECT_EQ(verdict("a"), "idempotency_answer_gone");
  EXPECT_EQ(verdict("a", "other"), "idempotency_mismatch");
}

TEST_F(IdempotencyTest, BoundsWhatItKeeps) {
  Idempotency many(clock, 10s, 1000);
  for (int i = 0; i < 400; ++i) {
    many.claim(std::to_string(i), "p", "main");
    many.keep(std::to_string(i), {200, "", std::string(256u << 10, 'x')});
  }
  EXPECT_EQ(many.claim("0", "p", "main").again, nullptr);
  EXPECT_NE(many.claim("399", "p", "main").again, nullptr);
}

}  // namespace
}  // namespace berth::edge
