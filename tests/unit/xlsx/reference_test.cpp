// Cells and areas, both ways, and strict at a sheet's borders.
#include "formula/reference.hpp"

#include <gtest/gtest.h>

namespace xlsx::formula {

TEST(Reference, ReadsCells) {
  EXPECT_EQ(cell("A1"), (Cell{1, 1}));
  EXPECT_EQ(cell("$XFD$1048576"), (Cell{1048576, 16384}));
  EXPECT_EQ(cell("aa10"), (Cell{10, 27}));
  for (const char* text :
       {"", "A", "1", "A0", "A01", "XFE1", "A1048577", "A1 ", "AAAA1", "A$", "$$A1", "A1:B2", "A99999999999"})
    EXPECT_FALSE(cell(text)) << text;
}

TEST(Reference, ReadsAreas) {
  EXPECT_EQ(area("B2:A1"), (Area{{1, 1}, {2, 2}}));
  EXPECT_EQ(area("B:$A"), (Area{{1, 1}, {1048576, 2}}));
  EXPECT_EQ(area("$3:2"), (Area{{2, 1}, {3, 16384}}));
  EXPECT_EQ(area("C3"), (Area{{3, 3}, {3, 3}}));
  for (const char* text : {"A1:", ":A1", "A1:B", "A:1", "A1:B2:C3", "1:A1"}) EXPECT_FALSE(area(text)) << text;
}

TEST(Reference, WritesThem) {
  for (std::uint32_t number = 1; number <= most_columns; ++number) ASSERT_EQ(column(column_name(number)), number);
  EXPECT_EQ(column_name(16384), "XFD");
  EXPECT_EQ(name(Area{{1, 1}, {2, 28}}), "A1:AB2");
  EXPECT_EQ(name(Area{{5, 2}, {5, 2}}), "B5");
}

}  // namespace xlsx::formula
