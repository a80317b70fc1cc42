// The wire to the browser, with a browser made of two pipes.
#include "cdp.hpp"

#include <future>

#include "piped.hpp"
#include "stream.hpp"
#include "task.hpp"

namespace browser {
namespace {

using namespace std::chrono_literals;

class CdpTest : public Piped {
 protected:
  CdpTest()
      : Piped({[this](const std::string& session, const std::string& method, const Json&) {
                 m_events.push_back(session + " " + method);
               },
               [this](const std::string& why) { m_closed = why; }}) {}
  ~CdpTest() override { part_ways(); }

  // What is asked is answered with its result, or the code of its error.
  std::future<std::string> ask(std::chrono::milliseconds time = 5s, const std::string& session = "") {
    const auto told = std::make_shared<std::promise<std::string>>();
    m_loop.post([this, told, time, session] { errand(told, time, session); });
    return told->get_future();
  }
  Errand errand(std::shared_ptr<std::promise<std::string>> told, std::chrono::milliseconds time, std::string session) {
    Patience patience(m_patients, time);
    std::string said;
    try {
      const Json result = co_await Ask(*m_cdp, patience, session, "Page.enable");
      said = result.dump();
    } catch (const berth::Error& error) {
      said = error.code();
    }
    told->set_value(said);
  }
  std::future<std::string> stream(std::size_t most) {
    const auto told = std::make_shared<std::promise<std::string>>();
    m_loop.post([this, told, most] { read_all(told, most); });
    return told->get_future();
  }
  Errand read_all(std::shared_ptr<std::promise<std::string>> told, std::size_t most) {
    Patience patience(m_patients, 5s);
    std::string said;
    try {
      said = co_await read_stream(patience, m_cdp, "S", "7", most, "the PDF", "");
    } catch (const berth::Error& error) {
      said = error.code();
    }
    told->set_value(said);
  }
  void settle() {
    m_loop.wait_for([] {});
  }

  std::vector<std::string> m_events;
  std::string m_closed;
};

TEST_F(CdpTest, AnAnswerFindsWhoAsked) {
  auto first = ask(), second = ask();
  EXPECT_EQ(heard(), R"({"id":1,"method":"Page.enable","params":{}})");
  heard();
  say(R"({"id":2,"result":{"n":2}})");
  say(R"({"id":1,"result":{"n":1}})");
  EXPECT_EQ(first.get(), R"({"n":1})");
  EXPECT_EQ(second.get(), R"({"n":2})");
}

TEST_F(CdpTest, AMessageMayComeInPieces) {
  auto asked = ask();
  heard();
  for (const char* piece : {"{\"id\":1,", "\"result\":{\"a\"", ":\"", "x\"}}"})
    ASSERT_GT(::write(m_write.get(), piece, std::string(piece).size()), 0);
  say("");
  EXPECT_EQ(asked.get(), R"({"a":"x"})");
}

TEST_F(CdpTest, WhatItRefusesIsAnError) {
  auto asked = ask();
  heard();
  say(R"({"id":1,"error":{"code":-32000,"message":"no"}})");
  EXPECT_EQ(asked.get(), "browser_refused");
}

TEST_F(CdpTest, GarbageIsNoTrouble) {
  auto asked = ask();
  heard();
  for (const char* odd :
       {"", "7", "[]", "{\"id\":\"1\"}", "{\"id\":99,\"result\":{}}", "{\"method\":7}", "\xff\xfe", "{\"id\":1"})
    say(odd);
  say(R"({"method":"Page.loaded","sessionId":"S"})");
  say(R"({"id":1,"result":7})");
  EXPECT_EQ(asked.get(), "7");
  settle();
  ASSERT_EQ(m_events.size(), 1u);
  EXPECT_EQ(m_events[0], "S Page.loaded");
}

// A page may have texts that no UTF-8 can say.
TEST_F(CdpTest, HalvesOfPairsAreRead) {
  auto asked = ask();
  heard();
  say(R"({"method":"Page.said","params":{"a":"\udc00"},"sessionId":"S"})");
  say(R"({"id":1,"result":{"a":"\ud800b\\ud800\ud83d\ude00\\\ude00\ud83d"}})");
  EXPECT_EQ(asked.get(), "{\"a\":\"\ufffdb\\\\ud800\U0001f600\\\\\ufffd\ufffd\"}");
  settle();
  EXPECT_EQ(m_events, std::vector<std::string>{"S Page.said"});
}

TEST_F(CdpTest, NobodyWaitsForAnAnswerThatCannotBeRead) {
  auto first = ask(), second = ask();
  heard(), heard();
  say(R"({"id":1,"result":{"a":tru}})");
  EXPECT_EQ(first.get(), "browser_refused");
  say(R"({"id":2,"result":{}})");
  EXPECT_EQ(second.get(), "{}");
}

TEST_F(CdpTest, NobodyWaitsForOneThatHasEnded) {
  auto asked = ask();
  heard();
  m_write.close();
  EXPECT_EQ(asked.get(), "browser_gone");
  EXPECT_EQ(ask().get(), "browser_gone");
  settle();
  EXPECT_NE(m_closed, "");
}

TEST_F(CdpTest, TimeIsUpForWhomItIsUp) {
  auto brief = ask(20ms), other = ask();
  EXPECT_EQ(brief.get(), "timeout");
  say(R"({"id":1,"result":{}})");
  say(R"({"id":2,"result":{"late":false}})");
  EXPECT_EQ(other.get(), R"({"late":false})");
}

TEST_F(CdpTest, WhatWasAskedOfOneThatIsGoneFailsAlone) {
  auto gone = ask(5s, "S"), other = ask(5s, "T");
  heard(), heard();
  m_loop.wait_for([this] { m_cdp->forget("S", {410, "tab_gone", "gone"}); });
  EXPECT_EQ(gone.get(), "tab_gone");
  say(R"({"id":2,"result":{}})");
  EXPECT_EQ(other.get(), "{}");
}

TEST_F(CdpTest, OneThatReadsSlowlyHoldsNobodyUp) {
  const std::string large(1u << 20, 'x');
  m_loop.wait_for([&] { m_cdp->send("", "Page.navigate", with("url", large)); });
  auto asked = ask();
  EXPECT_GT(heard().size(), large.size());
  heard();
  say(R"({"id":2,"result":{}})");
  EXPECT_EQ(asked.get(), "{}");
}

TEST_F(CdpTest, AStreamIsReadWholeAndClosed) {
  auto told = stream(100);
  EXPECT_EQ(Json::parse(heard())["params"]["handle"], "7");
  say(R"({"id":1,"result":{"data":"abc","eof":false}})");
  heard();
  say(R"({"id":2,"result":{"data":"ZGVm","base64Encoded":true,"eof":true}})");
  EXPECT_EQ(told.get(), "abcdef");
  EXPECT_EQ(Json::parse(heard())["method"], "IO.close");
}

TEST_F(CdpTest, AStreamThatIsTooLongIsClosed) {
  auto told = stream(5);
  for (int i = 1; i <= 2; ++i) {
    EXPECT_EQ(Json::parse(heard())["method"], "IO.read");
    say(R"({"id":)" + std::to_string(i) + R"(,"result":{"data":"abc","eof":false}})");
  }
  EXPECT_EQ(told.get(), "file_too_large");
  EXPECT_EQ(Json::parse(heard())["method"], "IO.close");
}

// A page may say what nobody could hold.
TEST_F(CdpTest, AnAnswerThatIsTooLargeIsRefusedToWhoAsked) {
  auto first = ask(20s), second = ask(20s);
  heard(), heard();
  const std::string piece(1u << 20, 'x');
  const auto put = [this](std::string_view text) {
    while (!text.empty())
      text.remove_prefix(static_cast<std::size_t>(::write(m_write.get(), text.data(), text.size())));
  };
  put(R"({"id":1,"result":{"a":")");
  for (int i = 0; i < 300; ++i) put(piece);
  say(R"("}})");
  say(R"({"method":"Page.loaded","params":{},"sessionId":"S"})");
  say(R"({"id":2,"result":{}})");
  EXPECT_EQ(first.get(), "browser_refused");
  EXPECT_EQ(second.get(), "{}");
  EXPECT_EQ(m_closed, "");
  EXPECT_EQ(m_events, std::vector<std::string>{"S Page.loaded"});
}

// Whatever fits into the pipe at a time, and whatever comes meanwhile.
TEST_F(CdpTest, WhatIsSentComesWholeAndInItsOrder) {
  constexpr int messages = 60;
  for (int i = 0; i < messages; ++i)
    m_loop.wait_for([&] { m_cdp->send("", "Page.navigate", with("url", std::string(i % 7 * 50'000u, 'a' + i % 26))); });
  for (int i = 0; i < messages; ++i) {
    const Json said = Json::parse(heard());
    EXPECT_EQ(said["id"], i + 1);
    EXPECT_EQ(said["params"]["url"], std::string(i % 7 * 50'000u, 'a' + i % 26));
  }
}

}  // namespace
}  // namespace browser
