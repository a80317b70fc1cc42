// Where the host is, whose token goes there, and how its refusals are told on a terminal.
#include <gtest/gtest.h>

#include <cstdlib>

#include "command/client.hpp"
#include "command/commands.hpp"
#include "unit/service/folder.hpp"

namespace berth::command {
namespace {

class ClientOptions : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"BERTH_URL", "BERTH_TOKEN", "BERTH_TOKEN_FILE"}) ::unsetenv(name);
    test::put(folder.file("token"), "root-token\n");
  }
  void TearDown() override { SetUp(); }

  service::Result<Client::Target> target(std::vector<std::string> words) {
    Arguments arguments;
    const auto wrong = arguments.parse(words, client_options());
    EXPECT_FALSE(wrong) << *wrong;
    return target_of(arguments);
  }
  std::string token(std::vector<std::string> words) {
    const auto found = target(std::move(words));
    return found ? found->token : found.error().code;
  }

  const test::Folder folder;
};

TEST_F(ClientOptions, NameTheHost) {
  const std::string state = folder.path();
  EXPECT_EQ(target({"--state", state})->url, "http://127.0.0.1:8888");
  ::setenv("BERTH_URL", "http://a.example", 1);
  EXPECT_EQ(target({"--state", state})->url, "http://a.example");
  EXPECT_EQ(target({"--state", state, "--url", "unix:/x"})->url, "unix:/x");
}

TEST_F(ClientOptions, TakeTheTokenThatIsNearest) {
  test::put(folder.file("other"), "file-token\r\nmore\n");
  test::put(folder.file("third"), "third-token");
  EXPECT_EQ(token({"--state", folder.path()}), "root-token");
  ::setenv("BERTH_TOKEN_FILE", folder.file("third").c_str(), 1);
  EXPECT_EQ(token({"--state", folder.path()}), "third-token");
  ::setenv("BERTH_TOKEN", "variable-token", 1);
  EXPECT_EQ(token({"--state", folder.path()}), "variable-token");
  EXPECT_EQ(token({"--state", folder.path(), "--token-file", folder.file("other")}), "file-token");
}

TEST_F(ClientOptions, GiveTheRootTokenToNoStranger) {
  std::filesystem::create_directory(folder.file("berth"));
  test::put(folder.file("berth/token"), "own-token\n");
  ::setenv("XDG_STATE_HOME", folder.path().c_str(), 1);
  EXPECT_EQ(token({"--url", "http://127.0.0.1:1"}), "own-token");
  EXPECT_EQ(token({"--url", "unix:/x"}), "own-token");
  EXPECT_EQ(token({"--url", "http://berth.example"}), "");
  EXPECT_EQ(token({"--url", "http://127.0.0.1.example"}), "");
  EXPECT_EQ(token({"--url", "http://berth.example", "--state", folder.path()}), "root-token");
  ::unsetenv("XDG_STATE_HOME");
}

TEST_F(ClientOptions, RefuseWhatIsNoToken) {
  for (const std::string& bad : {std::string("\n"), std::string("two words"), std::string("caf\xc3\xa9"),
                                 std::string("nul\0x", 5), std::string(5000, 'x')}) {
    test::put(folder.file("bad"), bad);
    EXPECT_EQ(token({"--token-file", folder.file("bad")}), "bad_option") << bad.substr(0, 20);
  }
  EXPECT_EQ(token({"--token-file", folder.file("none")}), "bad_option");
  ::setenv("BERTH_TOKEN", "two\nlines", 1);
  EXPECT_EQ(token({}), "two");
  ::setenv("BERTH_TOKEN", " ", 1);
  EXPECT_EQ(token({}), "bad_option");
  ::setenv("BERTH_TOKEN", std::string(100'000, 'x').c_str(), 1);
  EXPECT_EQ(token({}), "bad_option");
}

TEST_F(ClientOptions, ReadTheTimeout) {
  EXPECT_EQ(target({"--state", folder.path(), "--timeout", "2s"})->patience, std::chrono::seconds(2));
  EXPECT_EQ(target({"--state", folder.path()})->patience.count(), 0);
  for (const char* bad : {"", "0", "0s", "-1s", "soon"}) {
    const auto got = target({"--state", folder.path(), std::string("--timeout=") + bad});
    ASSERT_FALSE(got) << bad;
    EXPECT_EQ(got.error().code, "bad_option") << bad;
  }
}

std::string told(const Client::Answer& answer, int exit) {
  testing::internal::CaptureStderr();
  const int code = report_problem(answer);
  EXPECT_EQ(code, exit);
  return testing::internal::GetCapturedStderr();
}

TEST(Report, TellsAProblemInWords) {
  EXPECT_EQ(told({404, {}, R"({"title": "Not Found"})"}, failed), "berth: Not Found (404)\n");
  EXPECT_EQ(told({403, {}, R"({"detail": "no", "code": "scope"})"}, refused), "berth: no (403 scope)\n");
  EXPECT_EQ(told({422, {}, R"({"detail": "does not fit", "code": "invalid_input",
                  "errors": [{"pointer": "/a", "expected": "a string", "got": "5"}], "hint": "look"})"},
                 failed),
            "berth: does not fit (422 invalid_input)\n  /a: expected a string, got 5\n  look\n");
}

TEST(Report, TellsWhatIsNoProblemAsItIs) {
  EXPECT_EQ(told({502, {}, ""}, failed), "berth: the host answered 502\n");
  EXPECT_EQ(told({502, {}, "<html>"}, failed), "berth: the host answered 502\n  <html>\n");
  EXPECT_EQ(told({500, {}, "[]"}, failed), "berth: the host answered 500\n  []\n");
  EXPECT_EQ(told({502, {}, std::string(5000, 'x')}, failed).find(std::string(1001, 'x')), std::string::npos);
}

TEST(Report, LetsNoHostMoveTheCursor) {
  const std::string words =
      told({500, {}, "{\"detail\": \"\\u001b[2Jgone\", \"hint\": \"\\u001b]0;x\\u0007\"}"}, failed);
  EXPECT_EQ(words.find('\x1b'), std::string::npos);
  EXPECT_EQ(told({500, {}, "\x1b[2J"}, failed).find('\x1b'), std::string::npos);
}

TEST(Report, KnowsTheExitCodes) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(report({0, "unreachable", "a", "b"}), unreachable);
  EXPECT_EQ(report({0, "bad_option", "c"}), misused);
  EXPECT_EQ(report({0, "bad_url", "d"}), misused);
  EXPECT_EQ(report({0, "cut_off", "e"}), failed);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "berth: a\n  b\nberth: c\nberth: d\nberth: e\n");
}

}  // namespace
}  // namespace berth::command
