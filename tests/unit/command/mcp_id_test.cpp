// Which request a message is that cannot be read.
#include "command/mcp_id.hpp"

#include <gtest/gtest.h>

namespace berth::command {
namespace {

nlohmann::json id_of(const std::string& bytes) {
  McpId whole, cut;
  whole.add(bytes);
  for (const char one : bytes) cut.add({&one, 1});
  EXPECT_EQ(whole.id(), cut.id()) << bytes;
  return whole.id();
}

TEST(McpId, IsFoundWhereverItStands) {
  EXPECT_EQ(id_of(R"({"id":7,"method":"x"})"), 7);
  EXPECT_EQ(id_of(R"( { "method" : "x" , "params" : {"id":1,"a":[{"id":2}]} , "id" : "a b" } )"), "a b");
  EXPECT_EQ(id_of(R"({"params":"\"id\":1,{[\\","method":"x","id":"a\"]\\"})"), R"(a"]\)");
  EXPECT_EQ(id_of(R"({"method":"x","id":-1.5,"params":)"), -1.5);
}

TEST(McpId, IsNoneWhereThereIsNone) {
  for (const char* bytes :
       {"", "[", "}}", R"({"id":7)", R"({"id":7,"result":{}})", R"({"method":"x"})", R"({"method":"x","id":{},"a":1})",
        R"({"method":"x","id":[1]})", R"([{"id":7,"method":"x"}])", R"({"method":"x","params":{"id":7}})",
        R"("id":7,"method":"x")"})
    EXPECT_EQ(id_of(bytes), nullptr) << bytes;
}

TEST(McpId, KeepsNothingThatIsLong) {
  const std::string text(5000, 'x');
  EXPECT_EQ(id_of(R"({"id":")" + text + R"(","method":"x"})"), nullptr);
  EXPECT_EQ(id_of(R"({"fill":")" + text + R"(","method":"x","id":7})"), 7);
  EXPECT_EQ(id_of(R"({"id":7,"method":"x","params":)" + std::string(5000, '[')), 7);
}

}  // namespace
}  // namespace berth::command
