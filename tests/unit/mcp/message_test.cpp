// Messages of JSON-RPC, whole and broken, and the two eras' rules of them.
#include "message.hpp"

#include <gtest/gtest.h>

#include "era.hpp"

namespace mcp {
namespace {

Message read(const std::string& text) {
  Json json;
  return parse(text, json) ? read_message(std::move(json)) : Message{};
}

TEST(Message, TellsRequestsNotificationsAndResponsesApart) {
  const auto request = read(R"({"jsonrpc":"2.0","id":"a","method":"m","params":{"x":1}})");
  EXPECT_EQ(request.kind, Message::Kind::request);
  EXPECT_EQ(request.id, "a");
  EXPECT_EQ(request.params["x"], 1);
  EXPECT_EQ(read(R"({"jsonrpc":"2.0","method":"m"})").kind, Message::Kind::notification);
  EXPECT_EQ(read(R"({"jsonrpc":"2.0","id":1,"result":{}})").kind, Message::Kind::response);
  EXPECT_EQ(read(R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}})").error["code"], 1);
}

TEST(Message, SaysWhatIsWrongUnderTheIdThatCanBeTold) {
  for (const char* text : {"[]", "1", "{}", R"({"jsonrpc":"1.0","id":1,"method":"m"})",
                           R"({"jsonrpc":"2.0","id":null,"method":"m"})", R"({"jsonrpc":"2.0","id":{},"method":"m"})",
                           R"({"jsonrpc":"2.0","id":1,"method":1})", R"({"jsonrpc":"2.0","id":1})",
                           R"({"jsonrpc":"2.0","id":1,"result":1,"error":1})", R"({"jsonrpc":"2.0","result":1})"}) {
    const auto message = read(text);
    EXPECT_EQ(message.kind, Message::Kind::wrong) << text;
    EXPECT_EQ(message.wrong.code, invalid_request) << text;
  }
  EXPECT_EQ(read(R"({"jsonrpc":"1.0","id":7,"method":"m"})").id, 7);
}

TEST(Message, IsBoundedInDepth) {
  Json json;
  EXPECT_FALSE(parse(std::string(100'000, '['), json));
  EXPECT_FALSE(parse(std::string(70, '[') + std::string(70, ']'), json));
  EXPECT_TRUE(parse(std::string(20, '[') + std::string(20, ']'), json));
  EXPECT_FALSE(parse("{\"a\":\xff}", json));
}

TEST(Message, AnErrorHasAnIdWhereThereIsOne) {
  EXPECT_EQ(error_text(nullptr, {parse_error, "no"}), R"({"error":{"code":-32700,"message":"no"},"jsonrpc":"2.0"})");
  EXPECT_EQ(error_text(1, {parse_error, "no", {{"x", 1}}}),
            R"({"error":{"code":-32700,"data":{"x":1},"message":"no"},"id":1,"jsonrpc":"2.0"})");
  EXPECT_EQ(result_text("a", Json::object()), R"({"jsonrpc":"2.0","id":"a","result":{}})");
}

struct Asked {
  Message message;
  Repeated fields{"2026-07-28", "tools/call", "x"};
  int code() const {
    Client client;
    const auto wrong = read_modern(message, fields, client);
    return wrong ? wrong->code : 0;
  }
};

Asked asked() {
  Asked one;
  one.message.method = "tools/call";
  one.message.params = {{"name", "x"},
                        {"_meta", {{meta_version, modern_version}, {meta_capabilities, Json::object()}}}};
  return one;
}

TEST(Era, WhatFieldsRepeatIsWhatTheBodySays) {
  EXPECT_EQ(asked().code(), 0);
  auto one = asked();
  one.fields.version = "2025-11-25";
  EXPECT_EQ(one.code(), header_mismatch);
  one.fields.version = "";
  EXPECT_EQ(one.code(), header_mismatch);
  one = asked();
  one.fields.method = "Tools/Call";
  EXPECT_EQ(one.code(), header_mismatch);
  one = asked();
  one.fields.name = "y";
  EXPECT_EQ(one.code(), header_mismatch);
  one.fields.name = "";
  EXPECT_EQ(one.code(), header_mismatch);
  one.fields.name = "=?base64?eA==?=";
  EXPECT_EQ(one.code(), 0);
  one.fields.name = "=?base64?e!==?=";
  EXPECT_EQ(one.code(), header_mismatch);
  one.fields.name = "=?base64?=";
  EXPECT_EQ(one.code(), header_mismatch);
}

TEST(Era, WhatIsMissingOrUnknownIsNamed) {
  auto one = asked();
  one.message.params["_meta"].erase(meta_version);
  EXPECT_EQ(one.code(), invalid_params);
  one.message.params.erase("_meta");
  EXPECT_EQ(one.code(), invalid_params);
  one = asked();
  one.message.params["_meta"].erase(meta_capabilities);
  EXPECT_EQ(one.code(), invalid_params);
  one = asked();
  one.message.params["_meta"] = 1;
  EXPECT_EQ(one.code(), invalid_params);
  one = asked();
  one.message.params["_meta"][meta_version] = "2031-01-01";
  one.fields.version = "2031-01-01";
  EXPECT_EQ(one.code(), unsupported_version);
}

TEST(Era, AnInitializeAgreesOnWhatBothKnow) {
  EXPECT_EQ(agreed("2024-11-05"), "2024-11-05");
  EXPECT_EQ(agreed("1999-01-01"), "2025-11-25");
  EXPECT_EQ(log_level_of("warning"), 3);
  EXPECT_FALSE(log_level_of("loud"));
}

}  // namespace
}  // namespace mcp
