// allow = { … }: what is taken, and what is complained of.
#include <gtest/gtest.h>

#include "command/config_statements.hpp"

namespace berth::command {
namespace {

struct Read {
  service::proxy::AllowList list;
  std::string errors;
};

Read read_network(const char* given) {
  Read all;
  std::vector<std::string> errors;
  read_allow(all.list, Statement("sessions {\n  allow = …\n}", "berth.lua", 1, errors), nlohmann::json::parse(given));
  for (const auto& error : errors) all.errors += error + "\n";
  return all;
}

TEST(ConfigNetwork, NamesAreRead) {
  // As the tables of Lua come: a list that has names, too, stands under "".
  const auto got = read_network(
      R"(["wiki.example", "*.books.example:443", {"": ["mirror.test:8080", "10.0.0.5"], "private": true}])");
  EXPECT_EQ(got.errors, "");
  EXPECT_EQ(got.list.text(),
            "wiki.example, *.books.example:443, mirror.test:8080 (private, too), 10.0.0.5 (private, too)");
  EXPECT_EQ(read_network("\"wiki.example\"").list.text(), "wiki.example");
  EXPECT_EQ(read_network(R"({"": ["a.test"], "private": true})").list.text(), "a.test (private, too)");
  EXPECT_EQ(read_network("{}").list.text() + read_network("{}").errors, "nothing");
}

TEST(ConfigNetwork, MistakesAreNamedWithTheirLine) {
  EXPECT_EQ(
      read_network(R"(["10.0.0.5"])").errors,
      "berth.lua:2: allow: 10.0.0.5 is in 10.0.0.0/8, a private network; to allow it all the same: private = true\n");
  EXPECT_NE(read_network(R"(["https://wiki.example"])").errors.find("write the name alone, without http:// and path"),
            std::string::npos);
  EXPECT_NE(read_network(R"([{"": ["a.test"], "privat": true}])").errors.find("did you mean \"private\"?"),
            std::string::npos);
  for (const char* bad : {"5", "[5]", "[[\"a.test\"]]", "[{\"private\": true}]", "true"})
    EXPECT_NE(read_network(bad).errors.find("berth.lua:2: allow wants names: { \"wiki.example\""), std::string::npos)
        << bad;
}

}  // namespace
}  // namespace berth::command
