// A shared formula as its other cells have it.
#include "formula/shift.hpp"

#include <gtest/gtest.h>

namespace xlsx::formula {

TEST(Shift, MovesWhatIsNotHeld) {
  EXPECT_EQ(shift("A1+$A1+A$1+$A$1", 2, 1), "B3+$A3+B$1+$A$1");
  EXPECT_EQ(shift("SUM(A:A,$B:C,1:3,$2:4)", 1, 1), "SUM(B:B,$B:D,2:4,$2:5)");
  EXPECT_EQ(shift("'A1 B2'!A1&\"A1\"&LOG10(A1)&A1_name&T1[A1]", 1, 0), "'A1 B2'!A2&\"A1\"&LOG10(A2)&A1_name&T1[A1]");
  EXPECT_EQ(shift("A1:B2", -1, 0), "#REF!:B1");
  EXPECT_EQ(shift("XFD1+A1048576", 1, 1), "#REF!+#REF!");
  EXPECT_EQ(shift("", 1, 1), "");
}

}  // namespace xlsx::formula
