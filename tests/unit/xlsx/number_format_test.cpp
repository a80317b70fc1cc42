// Which formats show dates, and what date a number is.
#include "number_format.hpp"

#include <gtest/gtest.h>

namespace xlsx {

TEST(NumberFormat, TellsDatesFromNumbers) {
  for (const auto* code : {"yyyy-mm-dd", "d/m/yy", "mmm-yy", "[$-409]mmmm d, yyyy;@", "dddd",
                           "yyyy\"年\"m\"月\"d\"日\"", "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "ge.m.d", "mm"})
    EXPECT_EQ(shown_by(code), Shown::date) << code;
  for (const auto* code : {"h:mm", "hh:mm:ss AM/PM", "mm:ss.0"}) EXPECT_EQ(shown_by(code), Shown::time) << code;
  EXPECT_EQ(shown_by("yyyy-mm-dd hh:mm"), Shown::moment);
  EXPECT_EQ(shown_by("[h]:mm:ss"), Shown::duration);
  EXPECT_EQ(shown_by("[mm]:ss"), Shown::duration);
  for (const auto* code :
       {"General", "0.00", "#,##0;[Red]-#,##0", "\"days: \"0", "0.00E+00", "\\d0", "_(* #,##0_)", "[Red]0", "0 \"h\"",
        "[$€-407]0.00", "[DBNum1]0", "general", "GeNeRaL;-0", "", "\"", "[", "\\"})
    EXPECT_EQ(shown_by(code), Shown::number) << code;
  EXPECT_EQ(shown_by("0%"), Shown::percent);
  EXPECT_EQ(shown_by("@"), Shown::text);
}

TEST(NumberFormat, KnowsThoseOfExcel) {
  EXPECT_EQ(shown_by(14U), Shown::date);
  EXPECT_EQ(shown_by(22U), Shown::moment);
  EXPECT_EQ(shown_by(46U), Shown::duration);
  EXPECT_EQ(shown_by(0U), Shown::number);
  EXPECT_EQ(shown_by(31U), Shown::date);
}

TEST(NumberFormat, WritesMoments) {
  EXPECT_EQ(moment(1, Shown::date, false), "1900-01-01");
  EXPECT_EQ(moment(59, Shown::date, false), "1900-02-28");
  EXPECT_EQ(moment(60, Shown::date, false), "1900-02-29");  // as Excel has it
  EXPECT_EQ(moment(61, Shown::date, false), "1900-03-01");
  EXPECT_EQ(moment(45352.5, Shown::moment, false), "2024-03-01T12:00:00");
  EXPECT_EQ(moment(45352, Shown::moment, false), "2024-03-01T00:00:00");
  EXPECT_EQ(moment(0, Shown::date, true), "1904-01-01");
  EXPECT_EQ(moment(43890, Shown::date, true), "2024-03-01");
  EXPECT_EQ(moment(0.999999999, Shown::moment, false), "1900-01-01T00:00:00");
  EXPECT_EQ(moment(0.5, Shown::time, false), "12:00:00");
  EXPECT_EQ(moment(1.0 / 86'400'000 * 1500, Shown::time, false), "00:00:01.500");
  EXPECT_EQ(moment(1.104513889, Shown::duration, false), "PT26H30M30S");
  EXPECT_EQ(moment(-1, Shown::date, false), "");
  EXPECT_EQ(moment(2'958'466, Shown::date, false), "");
  EXPECT_EQ(moment(2'958'465, Shown::date, false), "9999-12-31");
  EXPECT_EQ(moment(1e300, Shown::duration, false), "");
}

TEST(NumberFormat, ReadsMoments) {
  for (const long day : {1L, 59L, 60L, 61L, 366L, 367L, 36'585L, 45'352L, 2'958'465L})
    EXPECT_EQ(serial(moment(static_cast<double>(day), Shown::date, false), false), day) << day;
  for (const long day : {0L, 59L, 43'890L})
    EXPECT_EQ(serial(moment(static_cast<double>(day), Shown::date, true), true), day) << day;
  EXPECT_EQ(serial("2024-03-01T06:00:00.000", false), 45352.25);
  EXPECT_EQ(serial("18:00:00Z", false), 0.75);
  for (const auto* text :
       {"", "2024", "2024-3-1", "2024-02-30", "2023-02-29", "2024-13-01", "1899-12-31", "2024-03-01T",
        "2024-03-01 06:00", "24:00:00", "06:60", "-024-01-01", "2024-03-01x", "12:00:00+01:00"})
    EXPECT_FALSE(serial(text, false)) << text;
  EXPECT_FALSE(serial("1903-12-31", true));
}

}  // namespace xlsx
