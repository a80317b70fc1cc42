// What a workspace takes: counted rightly, and not more often than needed.
#include "usage.hpp"

#include "seat.hpp"
#include "write.hpp"

namespace workspace {
namespace {

class UsageTest : public SeatTest {
 protected:
  std::string fits(std::uint64_t more, std::uint64_t instead_of = 0) {
    return refusal([&] {
      const auto promise = m_usage.demand(*m_root, more, instead_of);
      return std::string();
    });
  }
  std::string hint(std::uint64_t more) {
    try {
      const auto promise = m_usage.demand(*m_root, more);
      return "";
    } catch (const berth::Error& error) {
      return error.hint();
    }
  }
};

TEST_F(UsageTest, HardLinksCountOnceAndHolesNothing) {
  const auto empty = bytes_taken(*m_root);
  put("output/a", std::string(100'000, 'x'));
  const auto one = bytes_taken(*m_root);
  EXPECT_GE(one, empty + 100'000);
  ASSERT_EQ(::link(at("output/a").c_str(), at("output/b").c_str()), 0);
  EXPECT_EQ(bytes_taken(*m_root), one);
  put("output/sparse", "");
  ASSERT_EQ(::truncate(at("output/sparse").c_str(), 5ll << 30), 0);
  EXPECT_LT(bytes_taken(*m_root), one + 100'000);
  link("/usr", "output/out");
  EXPECT_LT(bytes_taken(*m_root), one + 100'000);
}

TEST_F(UsageTest, ManyWritesAreCountedAsTheyCome) {
  reopen(10u << 20);
  const std::string piece(10'000, 'x');
  for (int i = 0; i < 300; ++i) run(&write_file, {{"path", "output/" + std::to_string(i)}, {"content", piece}});
  EXPECT_LT(m_usage.walks(), 100u);
  EXPECT_EQ(fits((10u << 20) - 300 * 10'000), "507 quota_exceeded");
  EXPECT_EQ(fits((10u << 20) - bytes_taken(*m_root)), "");
}

TEST_F(UsageTest, WhatIsPromisedToOneIsNobodyElses) {
  reopen(1'000'000);
  {
    const auto promise = m_usage.demand(*m_root, 600'000);
    EXPECT_EQ(fits(600'000), "507 quota_exceeded");
    EXPECT_EQ(fits(200'000), "");
    const auto other = m_usage.demand(*m_root, 200'000);
    EXPECT_EQ(fits(200'001), "507 quota_exceeded");
    EXPECT_EQ(fits(200'000, 100'000), "");
  }
  EXPECT_EQ(fits(900'000), "");  // nobody wrote anything
}

TEST_F(UsageTest, AFileThatIsWrittenOnAPromiseCountsOnce) {
  reopen(1'000'000);
  auto promise = m_usage.demand(*m_root, 400'000);
  put("output/half", std::string(400'000, 'x'));
  promise.covers(berth::Fd(::open(at("output/half").c_str(), O_RDONLY)).get());
  m_usage.forget();
  EXPECT_EQ(fits(500'000), "");
  EXPECT_EQ(fits(600'001), "507 quota_exceeded");
  promise.became(400'000);
  EXPECT_EQ(fits(600'001), "507 quota_exceeded");
  m_usage.forget();
  EXPECT_EQ(fits(500'000), "");
  EXPECT_EQ(fits(600'001), "507 quota_exceeded");
}

TEST_F(UsageTest, WhatGrowsHasNoMoreThanItNeedsNext) {
  reopen(1'000'000);
  {
    Usage::Growing growing(m_usage, *m_root);
    growing.to(0, 300'000);
    EXPECT_EQ(fits(600'000), "");
    put("output/grown", std::string(300'000, 'x'));
    growing.to(300'000, 300'000);
    EXPECT_EQ(fits(600'000), "");
    EXPECT_EQ(fits(700'001), "507 quota_exceeded");
    m_usage.forget();
    EXPECT_EQ(fits(600'000), "");
    EXPECT_EQ(refusal([&] { return growing.to(300'000, 1'100'000), ""; }), "507 quota_exceeded");
    growing.to(300'000, 800'000);
    EXPECT_EQ(fits(200'001), "507 quota_exceeded");
    std::filesystem::remove(at("output/grown"));  // by the agent: counted again before anything is refused
    growing.to(300'000, 1'100'000);
  }
  EXPECT_EQ(fits(900'000), "");  // nothing came of it
}

TEST_F(UsageTest, WhoeverIsRefusedLearnsWhatHelps) {
  reopen(1'000'000);
  put("output/a", std::string(300'000, 'x'));
  EXPECT_EQ(hint(800'000), "delete what is not needed any more");
  const auto promise = m_usage.demand(*m_root, 400'000);
  EXPECT_EQ(hint(500'000), "try again when that has ended");
  EXPECT_EQ(hint(800'000), "delete what is not needed any more");
}

TEST_F(UsageTest, WithoutAQuotaNobodyCounts) {
  for (int i = 0; i < 10; ++i) run(&write_file, {{"path", "output/a"}, {"content", "x"}});
  EXPECT_EQ(m_usage.walks(), 0u);
}

}  // namespace
}  // namespace workspace
