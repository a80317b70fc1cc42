// That a plugin which shouts gets a part of the log, and that all lines are accounted for.
#include "loader/line_gate.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "loader/services/bounds.hpp"

namespace berth::loader {
namespace {

class LineGateTest : public testing::Test {
 protected:
  std::uint64_t said() const {
    std::uint64_t sum = 0;
    for (const auto& one : m_said) sum += one;
    return sum;
  }
  std::vector<std::uint64_t> m_said;
  std::string m_who;
  service::Log m_log{[this](service::Level, std::string_view who, std::string_view, const service::Log::Fields& more) {
    m_who = who;
    m_said.push_back(std::stoull(more.at(0).value));
  }};
};

TEST_F(LineGateTest, LetsABurstThroughAndCountsWhatItDoesNot) {
  constexpr std::uint64_t all = 100'000;
  std::uint64_t passed = 0;
  {
    LineGate gate(m_log, "loud");
    for (std::uint64_t i = 0; i < lines_at_once; ++i) EXPECT_TRUE(gate.lets(50));
    EXPECT_TRUE(m_said.empty());
    for (std::uint64_t i = lines_at_once; i < all; ++i) passed += gate.lets(50) ? 1 : 0;
    EXPECT_FALSE(m_said.empty()) << "it is said as it begins";
  }
  EXPECT_LT(passed, all - lines_at_once);
  EXPECT_EQ(lines_at_once + passed + said(), all);
  EXPECT_EQ(m_who, "loud");
}

TEST_F(LineGateTest, TheHostsHasTwiceTheRoomOfThePluginsOwn) {
  LineGate own(m_log, "near"), again(m_log, "near", 2);
  for (std::uint64_t i = 0; i < 2 * lines_at_once; ++i) EXPECT_TRUE(again.lets(50));
  std::uint64_t passed = 0;
  for (std::uint64_t i = 0; i < 2 * lines_at_once; ++i) passed += own.lets(50) ? 1 : 0;
  EXPECT_LT(passed, 2 * lines_at_once);
}

TEST_F(LineGateTest, LargeLinesCountByTheirBytes) {
  LineGate gate(m_log, "large");
  std::uint64_t passed = 0;
  for (int i = 0; i < 1000; ++i) passed += gate.lets(1u << 20) ? 1 : 0;
  EXPECT_GE(passed, line_bytes_at_once >> 20);
  EXPECT_LT(passed, 1000u);
}

TEST_F(LineGateTest, SaysNothingIfNothingIsLeftOut) {
  {
    LineGate gate(m_log, "quiet");
    EXPECT_TRUE(gate.lets(0));
    gate.look();
  }
  EXPECT_TRUE(m_said.empty());
}

}  // namespace
}  // namespace berth::loader
