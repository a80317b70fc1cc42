// Messages of MCP out of bytes, however they are cut on their way.
#include "command/mcp_lines.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace berth::command {
namespace {

std::vector<std::string> lines_of(const std::vector<std::string>& blocks, std::size_t longest = 10) {
  std::vector<std::string> all;
  McpLines lines(longest);
  const McpLines::Take take = [&](const std::optional<std::string>& line) { all.push_back(line.value_or("TOO LONG")); };
  for (const auto& block : blocks) lines.add(block, take);
  lines.end(take);
  return all;
}

using Strings = std::vector<std::string>;

TEST(McpLines, AreWholeHoweverTheyCome) {
  EXPECT_EQ(lines_of({"one\ntw", "o\r\n", "\nlast"}), (Strings{"one", "two", "", "last"}));
  EXPECT_EQ(lines_of({}), Strings{});
  EXPECT_EQ(lines_of({"one\n"}), Strings{"one"});
}

TEST(McpLines, TellOfOneThatIsTooLongOnceAndGoOn) {
  EXPECT_EQ(lines_of({"0123456789\n", "0123456789", "a\nb\n"}), (Strings{"0123456789", "TOO LONG", "b"}));
  EXPECT_EQ(lines_of({"0123456789a", "0123456789a", "b"}), Strings{"TOO LONG"});
}

std::vector<McpEvent> events_of(const std::vector<std::string>& blocks) {
  std::vector<McpEvent> all;
  McpEvents events;
  for (const auto& block : blocks) EXPECT_TRUE(events.add(block, [&](McpEvent one) { all.push_back(std::move(one)); }));
  return all;
}

TEST(McpEvents, HaveDataAndIdAndTheTimeToWait) {
  const auto all =
      events_of({"id: 1-1\nda", "ta: {\"a\":\ndata:1}\n", "\n: beat\n\nretry: 300\r\n\r\n", "data: cut off"});
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].id, "1-1");
  EXPECT_EQ(all[0].data, "{\"a\":\n1}");
  EXPECT_FALSE(all[0].retry);
  EXPECT_EQ(all[1].retry, std::chrono::milliseconds(300));
  EXPECT_EQ(all[1].data, "");
}

TEST(McpEvents, WaitNoLongerThanIsReasonable) {
  EXPECT_EQ(events_of({"retry: 99999999\n\n"}).at(0).retry, std::chrono::milliseconds(60'000));
  EXPECT_FALSE(events_of({"retry: -1\n\n"}).at(0).retry);
  EXPECT_FALSE(events_of({"retry: soon\n\n"}).at(0).retry);
}

TEST(McpEvents, AreBounded) {
  McpEvents events(10);
  const auto none = [](const McpEvent&) { FAIL(); };
  EXPECT_TRUE(events.add("data: 012345\n", none));
  EXPECT_FALSE(events.add("data: 012345\n", none));
}

TEST(McpLine, HasNoLineEndInIt) { EXPECT_EQ(one_line("{\r\n\"a\": 1\n}\n"), "{  \"a\": 1 }"); }

}  // namespace
}  // namespace berth::command
