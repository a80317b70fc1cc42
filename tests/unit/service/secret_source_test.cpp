// Where secrets come from, and what makes a source unfit.
#include "service/secret_source.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "folder.hpp"
#include "service/mask.hpp"

namespace berth::service {
namespace {

using namespace std::chrono_literals;

class SecretSourceTest : public testing::Test {
 protected:
  std::string file(const std::string& content, mode_t mode = 0600) {
    const std::string path = m_folder.file("secret");
    std::ofstream(path) << content;
    ::chmod(path.c_str(), mode);
    return path;
  }
  std::string fetch(SecretSource source) {
    auto secrets = fetch_secrets({{"key", std::move(source)}}, m_environment, 5s);
    return secrets ? std::string(secrets->at("key").view()) : "! " + secrets.error().message;
  }
  const test::Folder m_folder;
  SecretEnvironment m_environment;
};

TEST_F(SecretSourceTest, AFileOfNobodyElse) {
  EXPECT_EQ(fetch({file("s3cr3t\n")}), "s3cr3t");
  EXPECT_NE(fetch({file("s3cr3t", 0640)}).find("can be read by others"), std::string::npos);
  EXPECT_NE(fetch({file("s3cr3t", 0604)}).find("can be read by others"), std::string::npos);
  EXPECT_NE(fetch({file("\n")}).find("is empty"), std::string::npos);
  EXPECT_NE(fetch({file(std::string(longest_secret + 1, 'x'))}).find("longer than"), std::string::npos);
  EXPECT_NE(fetch({m_folder.path()}).find("no regular file"), std::string::npos);
  EXPECT_NE(fetch({"/nowhere/at/all"}).find("No such file"), std::string::npos);
  EXPECT_NE(fetch({"/dev/null"}).find("no regular file"), std::string::npos);
}

TEST_F(SecretSourceTest, WhatIsWrongWithAFileIsSaidBeforeItIsRead) {
  const auto wrong = [](const std::string& path) {
    const auto bad = bad_secret_files({{"key", {path}}, {"env", {"", "X"}}, {"command", {"", "", {"false"}}}});
    return bad.empty() ? std::string() : bad.at("key").message;
  };
  EXPECT_EQ(wrong(file("s3cr3t")), "");
  EXPECT_EQ(wrong(file("s3cr3t", 0644)), m_folder.file("secret") + " can be read by others than its owner");
  EXPECT_EQ(wrong(m_folder.path()), m_folder.path() + " is no regular file");
  EXPECT_EQ(wrong("/nowhere/at/all"), "/nowhere/at/all: No such file or directory");
}

TEST_F(SecretSourceTest, TheEnvironmentWhichHasItNoMore) {
  ::setenv("BERTH_TEST_SECRET", "from outside", 1);
  m_environment.take({{"key", {"", "BERTH_TEST_SECRET"}}});
  EXPECT_EQ(std::getenv("BERTH_TEST_SECRET"), nullptr);
  EXPECT_EQ(fetch({"", "BERTH_TEST_SECRET"}), "from outside");
  EXPECT_EQ(fetch({"", "BERTH_TEST_SECRET"}), "from outside");  // again, for the next instance
  EXPECT_NE(fetch({"", "BERTH_TEST_NOTHING"}).find("was not set"), std::string::npos);
}

TEST_F(SecretSourceTest, AVariableThatIsNamedLater) {
  ::setenv("BERTH_TEST_LATER", "from outside", 1);
  m_environment.take({});
  EXPECT_NE(fetch({"", "BERTH_TEST_LATER"}).find("was not set"), std::string::npos);
  const SecretSources later{{"key", {"", "BERTH_TEST_LATER"}}, {"other", {"", "BERTH_TEST_NOTHING"}}, {"file", {"/x"}}};
  m_environment.take_later(later);
  EXPECT_STREQ(std::getenv("BERTH_TEST_LATER"), "");  // no child inherits it
  EXPECT_EQ(fetch({"", "BERTH_TEST_LATER"}), "from outside");
  m_environment.take_later(later);
  EXPECT_EQ(fetch({"", "BERTH_TEST_LATER"}), "from outside");
  const auto none = fetch_secrets({{"key", {"", "BERTH_TEST_NOTHING"}}}, m_environment, 5s);
  EXPECT_NE(none.error().hint.find("start it again with BERTH_TEST_NOTHING set"), std::string::npos);
  ::unsetenv("BERTH_TEST_LATER");
}

TEST_F(SecretSourceTest, AProgramThatSaysItInTime) {
  EXPECT_EQ(fetch({"", "", {"/bin/sh", "-c", "echo said"}}), "said");
  EXPECT_NE(fetch({"", "", {"/bin/sh", "-c", "echo said; exit 3"}}).find("failed"), std::string::npos);
  EXPECT_NE(fetch({"", "", {"/nowhere/program"}}).find("cannot be run"), std::string::npos);
  EXPECT_EQ(fetch({"", "", {"/bin/sh", "-c", "ls /proc/self/fd | wc -l"}}), "4");  // its own three, and that folder
  EXPECT_NE(fetch({"", "", {"/bin/cat", "/dev/zero"}}).find("longer than"), std::string::npos);
  const auto slow = fetch_secrets({{"key", {"", "", {"/bin/sleep", "1000"}}}}, m_environment, 100ms);
  EXPECT_NE(slow.error().message.find("took too long"), std::string::npos);
}

Mask mask_of(std::initializer_list<std::pair<const char*, std::string_view>> all) {
  SecretSet secrets;
  for (const auto& [name, bytes] : all) secrets.emplace(name, Secret(bytes));
  return Mask(std::make_shared<const SecretSet>(std::move(secrets)));
}

TEST(Mask, HidesSecretsWhereverTheyStand) {
  const Mask masked = mask_of({{"key", "s3cr3t-01"}, {"pin", "1234"}});
  EXPECT_EQ(masked("s3cr3t-01, as=s3cr3t-01&s3cr3t-02"), "[secret key], as=[secret key]&s3cr3t-02");
  EXPECT_EQ(masked("port 1234"), "port 1234");
  EXPECT_EQ(masked(""), "");
  EXPECT_EQ(Mask(nullptr)("s3cr3t-01"), "s3cr3t-01");
}

TEST(Mask, TheLongestFirst) {
  const Mask masked = mask_of({{"a", "password"}, {"b", "my-password-is-long"}});
  EXPECT_EQ(masked("my-password-is-long password"), "[secret b] [secret a]");
}

TEST(Mask, EachLineOfAKeyIsASecret) {
  const Mask masked = mask_of({{"key", "-----BEGIN-----\r\nMIIEvQIB\r\n==\n"}});
  EXPECT_EQ(masked("it says MIIEvQIB, =="), "it says [secret key], ==");
  EXPECT_EQ(masked("-----BEGIN-----\r\nMIIEvQIB\r\n==\n"), "[secret key]");
}

TEST(Mask, HidesThemAsJsonWritesThemToo) {
  constexpr std::string_view key = "say \"hi\"\\\n\x01 now";
  const Mask masked = mask_of({{"key", key}});
  EXPECT_EQ(masked(nlohmann::json{{"a", std::string(key)}}.dump()), R"({"a":"[secret key]"})");
  EXPECT_EQ(masked(std::string(key)), "[secret key]");
}

TEST(Secret, IsCutAndMoved) {
  Secret secret(std::string_view("0123456789"));
  secret.cut(4);
  Secret moved(std::move(secret));
  EXPECT_EQ(moved.view(), "0123");
  EXPECT_EQ(Secret(std::string_view("")).view().size(), 0u);
}

}  // namespace
}  // namespace berth::service
