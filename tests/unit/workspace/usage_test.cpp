// What a workspace takes: counted rightly, and not more often than needed.
#include "usage.hpp"

#include "seat.hpp"
#include "write.hpp"

namespace workspace {
namespace {

using UsageTest = SeatTest;

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
  EXPECT_GE(m_usage.used(*m_root), 300u * 10'000);
  const auto known = m_usage.used(*m_root);
  m_usage.forget();
  EXPECT_NEAR(static_cast<double>(m_usage.used(*m_root)), static_cast<double>(known), 200'000);
}

TEST_F(UsageTest, WhatIsPromisedToOneIsNobodyElses) {
  reopen(1'000'000);
  const auto fits = [&](std::uint64_t more, std::uint64_t instead_of = 0) {
    return refusal([&] {
      const auto promise = m_usage.demand(*m_root, more, instead_of);
      return std::string();
    });
  };
  {
    const auto promise = m_usage.demand(*m_root, 600'000);
    EXPECT_EQ(fits(600'000), "507 quota_exceeded");
    EXPECT_EQ(fits(200'000), "");
    const auto other = m_usage.demand(*m_root, 200'000);
    EXPECT_EQ(fits(200'000), "507 quota_exceeded");
    EXPECT_LE(m_usage.rest(*m_root, 1'000'000).bytes(), 200'000u);
    const auto rest = m_usage.rest(*m_root, 1'000'000);
    EXPECT_EQ(fits(1), "507 quota_exceeded");
  }
  EXPECT_EQ(fits(600'000), "");  // nobody wrote anything
  EXPECT_EQ(m_usage.rest(*m_root, 1000).bytes(), 1000u);
}

TEST_F(UsageTest, WithoutAQuotaNobodyCounts) {
  for (int i = 0; i < 10; ++i) run(&write_file, {{"path", "output/a"}, {"content", "x"}});
  EXPECT_EQ(m_usage.walks(), 0u);
}

}  // namespace
}  // namespace workspace
