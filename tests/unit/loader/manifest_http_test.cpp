// What a manifest may say of an operation of kind http, and what of a client's request such an operation may see.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "loader/manifest.hpp"

namespace berth::loader {
namespace {

using nlohmann::json;

json one_with(const json& fields) {
  json operation{{"name", "a.b"},
                 {"summary", "s"},
                 {"method", "POST"},
                 {"path", "/a"},
                 {"kind", "http"},
                 {"scope", "run"},
                 {"input", {{"type", "object"}}}};
  operation.update(fields);
  return {{"berth", {{"abi", "1.0"}}}, {"name", "a"}, {"version", "1"}, {"summary", "s"}, {"operations", {operation}}};
}

std::string misfit_with(const json& fields) {
  const auto made = Manifest::parse(one_with(fields).dump());
  return made ? "accepted" : made.error().message;
}

TEST(ManifestHttp, HasSeveralMethods) {
  const auto made =
      Manifest::parse(one_with({{"methods", {"GET", "DELETE"}}, {"headers", {"accept", "mcp-*"}}}).dump());
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->operations[0].method, "POST");
  EXPECT_EQ(made->operations[0].methods, (std::vector<std::string>{"GET", "DELETE"}));
  EXPECT_EQ(made->operations[0].headers, (std::vector<std::string>{"accept", "mcp-*"}));
  EXPECT_EQ(misfit_with({{"methods", {"POST"}}}), "operations[0].methods: names POST twice");
  EXPECT_EQ(misfit_with({{"methods", {"HEAD"}}}), "operations[0].methods: must be of GET, POST, PUT, PATCH and DELETE");
  EXPECT_EQ(misfit_with({{"kind", "call"}, {"methods", {"GET"}}}),
            "operations[0].methods: only of kind http there are several");
}

TEST(ManifestHttp, SeesNothingThatOpensAHost) {
  for (const char* header : {"Accept", "authorization", "auth*", "*", "cookie", "", "proxy-*", "sec-websocket-*"})
    EXPECT_NE(misfit_with({{"headers", {header}}}), "accepted") << header;
  EXPECT_EQ(misfit_with({{"kind", "call"}, {"headers", {"accept"}}}),
            "operations[0].headers: only an http operation sees them");
}

TEST(ManifestHttp, TwoOfOneMethodAndPathCannotBeToldApart) {
  json manifest = one_with({{"methods", {"GET"}}});
  json other = manifest["operations"][0];
  other["name"] = "a.c";
  other["kind"] = "call";
  other["method"] = "GET";
  other.erase("methods");
  manifest["operations"].push_back(other);
  const auto made = Manifest::parse(manifest.dump());
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message,
            "operations[1].path: there is another operation of this method and this path, but for the names of its "
            "parameters");
}

}  // namespace
}  // namespace berth::loader
