// Messages of MCP out of bytes, however they are cut on their way.
#include "command/mcp_lines.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace berth::command {
namespace {

std::vector<std::string> lines_of(const std::vector<std::string>& blocks, std::size_t longest = 10) {
  std::vector<std::string> all;
  McpLines lines(longest);
  const McpLines::Take take = [&](const McpLine& line) {
    all.push_back(line.too_long ? "TOO LONG " + line.id.dump() : line.text);
  };
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
  EXPECT_EQ(lines_of({"0123456789\n", "0123456789", "a\nb\n"}), (Strings{"0123456789", "TOO LONG null", "b"}));
  EXPECT_EQ(lines_of({"0123456789a", "0123456789a", "b"}), Strings{"TOO LONG null"});
}

TEST(McpLines, TellWhoseRequestWasTooLong) {
  const std::string one = R"({"id":"a","method":"x"})", two = R"({"method":"x","params":{"id":1},"id":7})";
  EXPECT_EQ(lines_of({one + "\n" + two + "\n" + std::string(11, 'x') + "\n"}),
            (Strings{R"(TOO LONG "a")", "TOO LONG 7", "TOO LONG null"}));
  EXPECT_EQ(lines_of({one.substr(0, 8), one.substr(8)}), Strings{R"(TOO LONG "a")"});
}

TEST(McpLine, HasNoLineEndInIt) { EXPECT_EQ(one_line("{\r\n\"a\": 1\n}\n"), "{  \"a\": 1 }"); }

}  // namespace
}  // namespace berth::command
