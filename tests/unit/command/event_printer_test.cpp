// Server-sent events as lines, however they are cut on their way.
#include "command/event_printer.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace berth::command {
namespace {

std::string printed(const std::string& bytes) {
  std::ostringstream out;
  EventPrinter printer(out);
  EXPECT_TRUE(printer.take(bytes));
  return out.str();
}

TEST(EventPrinter, PrintsNameAndData) {
  EXPECT_EQ(printed("data: {\"n\":1}\n\n"), "{\"n\":1}\n");
  EXPECT_EQ(printed("event: tick\ndata: {}\n\n"), "tick {}\n");
  EXPECT_EQ(printed("event: tick\n\n"), "tick\n");
  EXPECT_EQ(printed("data: a\ndata: b\n\n"), "a\nb\n");
  EXPECT_EQ(printed("data: \n\n"), "\n");
}

TEST(EventPrinter, LeavesOutWhatIsForPrograms) {
  EXPECT_EQ(printed(": a comment\n\n"), "");
  EXPECT_EQ(printed("retry: 1000\n\n"), "");
  EXPECT_EQ(printed("id: 7\nretry: 1\n: c\ndata: x\n\n"), "x\n");
  EXPECT_EQ(printed("event: berth.end\ndata: {}\n\n"), "");
}

TEST(EventPrinter, PrintsNothingOfAnEventThatDidNotEnd) { EXPECT_EQ(printed("data: a\n\ndata: b\n"), "a\n"); }

TEST(EventPrinter, DoesNotCareHowBytesCome) {
  const std::string all =
      ": berth\n\nevent: tick\nid: 1\ndata: {\"n\":1}\n\ndata: a\ndata: b\n\nevent: berth.end\ndata: {}\n\n";
  std::ostringstream out;
  EventPrinter printer(out);
  for (const char one : all) EXPECT_TRUE(printer.take({&one, 1}));
  EXPECT_EQ(out.str(), "tick {\"n\":1}\na\nb\n");
}

TEST(EventPrinter, PrintsAnEventAsSoonAsItIsThere) {
  std::ostringstream out;
  EventPrinter printer(out);
  printer.take("data: 1\n\ndata: ");
  EXPECT_EQ(out.str(), "1\n");
  printer.take("2\n\n");
  EXPECT_EQ(out.str(), "1\n2\n");
}

TEST(EventPrinter, KeepsTheProblemThatEndedTheStream) {
  std::ostringstream out;
  EventPrinter printer(out);
  printer.take("data: 1\n\n");
  EXPECT_EQ(printer.problem(), "");
  printer.take("event: berth.problem\ndata: {\"code\":\"internal\"}\n\n");
  EXPECT_EQ(printer.problem(), "{\"code\":\"internal\"}");
  EXPECT_EQ(out.str(), "1\n");
}

TEST(EventPrinter, HasAProblemWithAnEventThatIsTooLong) {
  std::ostringstream out;
  EventPrinter printer(out, 20);
  EXPECT_FALSE(printer.take("data: 01234567890123456789\n\n"));
  EXPECT_NE(printer.problem().find("too long"), std::string::npos);
}

TEST(EventPrinter, SaysWhenNobodyReads) {
  std::ostringstream out;
  EventPrinter printer(out);
  out.setstate(std::ios::badbit);
  EXPECT_FALSE(printer.take("data: 1\n\n"));
}

}  // namespace
}  // namespace berth::command
