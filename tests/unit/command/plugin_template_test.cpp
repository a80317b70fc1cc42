// How a template becomes a file of a new plugin.
#include "command/plugin_template.hpp"

#include <gtest/gtest.h>

namespace berth::command {
namespace {

TEST(PluginTemplateTest, KeepsWhatHolds) {
  const std::string text = "a\n@if stream socket\nb\n@end\n@if c\nc\n@end\n@unless call\nd\n@end\ne\n";
  EXPECT_EQ(fill(text, {"x", "c++", {"call"}}), "a\ne\n");
  EXPECT_EQ(fill(text, {"x", "c", {"socket"}}), "a\nb\nc\nd\ne\n");
}

TEST(PluginTemplateTest, PutsTheNamesIn) {
  EXPECT_EQ(fill("@NAME@ @CLASS@ @NAME@\n", {"my_new_one"}), "my_new_one MyNewOne my_new_one\n");
  EXPECT_EQ(class_name("a__b2"), "AB2");
}

TEST(PluginTemplateTest, ACommaStandsBetween) {
  const std::string text = "@if call\n1@COMMA@\n@end\n@if stream\n2@COMMA@\n@end\n@if socket\n3@COMMA@\n@end\n";
  EXPECT_EQ(fill(text, {"x", "c", {"call", "stream"}}), "1,\n2\n");
  EXPECT_EQ(fill(text, {"x", "c", {"socket"}}), "3\n");
}

TEST(PluginTemplateTest, ANameIsAPluginsWord) {
  for (const char* good : {"a", "hello", "a_1"}) EXPECT_TRUE(is_plugin_word(good)) << good;
  for (const char* bad : {"", "A", "1a", "_a", "a-b", "a.b", "../a", "ä"}) EXPECT_FALSE(is_plugin_word(bad)) << bad;
  EXPECT_FALSE(is_plugin_word(std::string(41, 'a')));
}

// What would be written there no host would load, or CMake not build.
TEST(PluginTemplateTest, ANameMayBeTaken) {
  for (const char* bad : {"host", "plugin", "job", "events", "session", "sessions", "jobs", "plugins", "health",
                          "openapi", "test", "all", "install"})
    EXPECT_TRUE(is_taken_word(bad)) << bad;
  for (const char* good : {"tests", "hello"}) EXPECT_FALSE(is_taken_word(good)) << good;
}

}  // namespace
}  // namespace berth::command
