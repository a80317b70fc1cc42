// The words of `berth call`: each typed as the schema says, and put where the operation wants it.
#include "command/call_input.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <sstream>

#include "unit/service/folder.hpp"

namespace berth::command {
namespace {

using nlohmann::json;

const json schema = json::parse(R"({"type": "object", "properties": {
  "text": {"type": "string"}, "number": {"type": "integer"}, "half": {"type": "number"}, "flag": {"type": "boolean"},
  "tags": {"type": "array", "items": {"type": "string"}}, "counts": {"type": "array", "items": {"type": "integer"}},
  "maybe": {"type": ["integer", "null"]}, "either": {"type": ["integer", "string"]}, "thing": {"type": "object"},
  "any": {}}})");

std::string read(const std::vector<std::string>& words, json input = json::object()) {
  const auto got = read_words(words, schema, std::move(input));
  if (got) return got->dump();
  EXPECT_EQ(got.error().code, "bad_option");
  return got.error().message;
}

TEST(CallWords, AreTypedByTheSchema) {
  EXPECT_EQ(read({"text=5"}), R"({"text":"5"})");
  EXPECT_EQ(read({"number=5"}), R"({"number":5})");
  EXPECT_EQ(read({"half=0.5"}), R"({"half":0.5})");
  EXPECT_EQ(read({"flag=true"}), R"({"flag":true})");
  EXPECT_EQ(read({"maybe=null"}), R"({"maybe":null})");
  EXPECT_EQ(read({"either=5"}), R"({"either":"5"})");
  EXPECT_EQ(read({R"(thing={"a":[1]})"}), R"({"thing":{"a":[1]}})");
  EXPECT_EQ(read({"any=5"}), R"({"any":"5"})");
  EXPECT_EQ(read({"unheard=5"}), R"({"unheard":"5"})");
}

TEST(CallWords, LeaveWhatDoesNotFitToTheHost) {
  EXPECT_EQ(read({"number=five"}), R"({"number":"five"})");
  EXPECT_EQ(read({"number="}), R"({"number":""})");
  EXPECT_EQ(read({"flag=yes"}), R"({"flag":"yes"})");
  EXPECT_EQ(read({"number=1e999"}), R"({"number":"1e999"})");
}

TEST(CallWords, KeepEverythingAfterTheFirstEqualsSign) {
  EXPECT_EQ(read({"text=a=b"}), R"({"text":"a=b"})");
  EXPECT_EQ(read({"text="}), R"({"text":""})");
  EXPECT_EQ(read({"text=:=x"}), R"({"text":":=x"})");
}

TEST(CallWords, CollectLists) {
  EXPECT_EQ(read({"tags=a"}), R"({"tags":["a"]})");
  EXPECT_EQ(read({"tags=a", "tags=b", "number=1"}), R"({"number":1,"tags":["a","b"]})");
  EXPECT_EQ(read({R"(tags=["a","b"])", "tags=c"}), R"({"tags":["a","b","c"]})");
  EXPECT_EQ(read({"counts=1", "counts=2"}), R"({"counts":[1,2]})");
  EXPECT_EQ(read({"any:=[1]", "any:=[2]"}), R"({"any":[1,2]})");
  EXPECT_EQ(read({"text=a", "text=b"}), "text is given twice and takes one value");
}

TEST(CallWords, OfRawJsonPassByTheSchema) {
  EXPECT_EQ(read({"text:=5"}), R"({"text":5})");
  EXPECT_EQ(read({R"(any:={"a": null})"}), R"({"any":{"a":null}})");
  EXPECT_EQ(read({"any:={"}), "the value of any:= is not JSON");
  EXPECT_EQ(read({"any:="}), "the value of any:= is not JSON");
}

TEST(CallWords, AreRefusedWithoutANameOrUtf8) {
  EXPECT_EQ(read({"text"}), "\"text\" is not name=value");
  EXPECT_EQ(read({"=x"}), "\"=x\" is not name=value");
  EXPECT_EQ(read({":=1"}), "\":=1\" is not name=value");
  EXPECT_EQ(read({"text=\xff"}), "the value of text is not UTF-8");
}

TEST(CallWords, ReplaceWhatTheWholeInputSaid) {
  EXPECT_EQ(read({"number=2"}, {{"number", 1}, {"text", "kept"}}), R"({"number":2,"text":"kept"})");
  EXPECT_EQ(read({"tags=c"}, {{"tags", {"a", "b"}}}), R"({"tags":["c"]})");
}

TEST(CallWords, BearAnySchema) {
  for (const json& odd : {json(), json(5), json::array(), json{{"properties", 5}}, json{{"properties", {{"a", 5}}}},
                          json{{"properties", {{"a", {{"type", 5}}}}}}}) {
    const auto got = read_words({"a=1"}, odd, json::object());
    ASSERT_TRUE(got) << odd;
    EXPECT_TRUE(got->contains("a")) << odd;
  }
}

std::string whole(const std::string& given) {
  const auto got = read_whole_input(given);
  return got ? got->dump() : got.error().code;
}

TEST(WholeInput, IsAnObject) {
  EXPECT_EQ(whole(R"({"a": 1})"), R"({"a":1})");
  for (const char* bad : {"", "[]", "5", "{", R"({"a": 1} x)", "{\"a\": \"\xff\"}"})
    EXPECT_EQ(whole(bad), "bad_option");
}

TEST(WholeInput, ComesFromAFile) {
  const test::Folder folder;
  test::put(folder.file("input.json"), R"({"from": "a file"})");
  EXPECT_EQ(whole("@" + folder.file("input.json")), R"({"from":"a file"})");
  EXPECT_EQ(whole("@" + folder.file("none.json")), "bad_option");
}

TEST(WholeInput, ComesFromStandardInput) {
  std::istringstream text(R"({"from": "standard input"})");
  auto* const before = std::cin.rdbuf(text.rdbuf());
  EXPECT_EQ(whole("-"), R"({"from":"standard input"})");
  std::cin.rdbuf(before);
}

json operation(const char* method, const char* path, const char* kind = "call") {
  return {{"name", "x.y"}, {"method", method}, {"path", path}, {"kind", kind}};
}

// METHOD PATH BODY
std::string request(const json& operation, const json& input) {
  const auto made = make_request(operation, input);
  if (made) return made->method + " " + made->path + (made->body.empty() ? "" : " " + made->body);
  EXPECT_EQ(made.error().code, "bad_option");
  return made.error().message;
}

TEST(CallRequest, PutsTheInputOfAGetIntoTheQuery) {
  EXPECT_EQ(request(operation("GET", "/x"), json::object()), "GET /x");
  EXPECT_EQ(request(operation("GET", "/x"), {{"a", 1}, {"b", "c d&e=f"}}), "GET /x?a=1&b=c%20d%26e%3Df");
  EXPECT_EQ(request(operation("GET", "/x"), {{"tags", {"a", "b"}}, {"flag", true}}), "GET /x?flag=true&tags=a&tags=b");
  EXPECT_EQ(request(operation("GET", "/x"), {{"none", json::array()}}), "GET /x");
  EXPECT_EQ(request(operation("DELETE", "/x"), {{"a", 1}}), "DELETE /x?a=1");
  EXPECT_EQ(request(operation("POST", "/x", "upload"), {{"a", 1}}), "POST /x?a=1");
}

TEST(CallRequest, PutsTheInputOfAPostIntoTheBody) {
  EXPECT_EQ(request(operation("POST", "/x"), {{"a", 1}}), R"(POST /x {"a":1})");
  EXPECT_EQ(request(operation("PUT", "/x"), json::object()), "PUT /x {}");
  const auto made = make_request(operation("POST", "/x"), {{"a", 1}});
  ASSERT_EQ(made->fields.size(), 1u);
  EXPECT_EQ(made->fields[0].first + ": " + made->fields[0].second, "Content-Type: application/json");
}

TEST(CallRequest, FillsThePath) {
  EXPECT_EQ(request(operation("GET", "/x/{name}"), {{"name", "a b/c?d"}}), "GET /x/a%20b%2Fc%3Fd");
  EXPECT_EQ(request(operation("GET", "/x/{name}/of/{other}"), {{"name", 1}, {"other", true}, {"rest", 2}}),
            "GET /x/1/of/true?rest=2");
  EXPECT_EQ(request(operation("POST", "/x/{name}"), {{"name", "a"}, {"rest", 2}}), R"(POST /x/a {"rest":2})");
  EXPECT_EQ(request(operation("GET", "/x/{path...}"), {{"path", "a b/c%/"}}), "GET /x/a%20b/c%25/");
  EXPECT_EQ(request(operation("GET", "/x/{name}"), json::object()), "x.y wants name=…");
}

TEST(CallRequest, BearsAnyDescription) {
  EXPECT_EQ(request(json::object(), json::object()), "GET /");
  EXPECT_EQ(request({{"path", 5}, {"method", nullptr}}, json::object()), "GET /");
  EXPECT_EQ(request(operation("GET", "/x/{name"), json::object()), "GET /x/");
}

}  // namespace
}  // namespace berth::command
