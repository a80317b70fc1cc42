// Which downloads nobody should run.
#include "download.hpp"

#include <gtest/gtest.h>

namespace browser::test {

TEST(Download, ProgramsAreKnownByNameAndByTheirFirstBytes) {
  const auto endings = harmful_endings();
  for (const char* name : {"setup.exe", "SETUP.EXE", "report.pdf.scr", "x.sh", "a.desktop"})
    EXPECT_NE(harm_of(name, "", endings), "") << name;
  for (const char* begin : {"MZ\x90",
                            "\x7f"
                            "ELF\x02",
                            "#!/bin/sh", "\xcf\xfa\xed\xfe"})
    EXPECT_NE(harm_of("picture.png", begin, endings), "") << begin;
  for (const char* name : {"report.pdf", "table.xlsx", "exe", "a.exe.txt", ""})
    EXPECT_EQ(harm_of(name, "%PDF-1.7", endings), "") << name;
  EXPECT_EQ(harm_of("setup.exe", "", {"zip"}), "");
  EXPECT_NE(harm_of("a.zip", "", {"zip"}), "");
}

}  // namespace browser::test
