// A tab whose browser is made of two pipes: what it asks for when its page crashes, or does not come.
#include "tab.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <future>

#include "seat.hpp"

namespace browser {
namespace {

using namespace std::chrono_literals;

class TabTest : public testing::Test {
 protected:
  TabTest() {
    int to[2], from[2];
    if (::pipe2(to, O_CLOEXEC) != 0 || ::pipe2(from, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    m_read = berth::Fd(to[0]);
    m_write = berth::Fd(from[1]);
    m_loop.wait_for([&] {
      const Cdp::Ears deaf{[](const std::string&, const std::string&, const Json&) {}, [](const std::string&) {}};
      m_cdp = std::make_shared<Cdp>(m_loop, berth::Fd(to[1]), berth::Fd(from[0]), deaf);
      m_seat = std::make_shared<Seat>(m_patients, "main", "", std::make_shared<Share>());
      m_tab = std::make_shared<Tab>(m_cdp, Tab::Names{"t1", "T", "S", ""}, m_seat);
    });
  }
  ~TabTest() override {
    m_loop.wait_for([this] { m_patients.end({503, "over", "over"}); });
    m_loop.wait_for([this] {
      m_tab.reset();
      m_seat.reset();
      m_cdp.reset();
    });
    m_loop.end();
  }

  void happen(const char* method, const Json& params = with()) {
    m_loop.wait_for([&] { m_tab->event("S", method, params); });
  }
  void page(const std::string& url, const std::string& missed = "") {
    Json frame = with("id", "T", "url", url);
    if (!missed.empty()) frame["unreachableUrl"] = missed;
    happen("Page.frameNavigated", with("frame", frame));
  }
  void aim(const std::string& url) {
    m_loop.wait_for([&] {
      m_tab->describe(with("url", "about:blank", "title", ""));
      m_tab->aim(url);
      m_tab->come_back();
    });
  }
  // Longer than what is asked for again is waited with.
  void wait() {
    std::promise<void> over;
    m_loop.wait_for([&] { pause(over); });
    over.get_future().wait();
  }
  Errand pause(std::promise<void>& over) {
    Patience patience(m_patients, 5s);
    co_await Pause(patience, 500ms);
    over.set_value();
  }
  Errand change(std::promise<std::string>& code) {
    Patience patience(m_patients, 20s);
    const auto tab = m_tab;
    try {
      for (;;) co_await tab->change(patience);
    } catch (const berth::Error& error) {
      code.set_value(error.code());
    }
  }
  Json heard() {
    std::string all;
    for (char c; ::read(m_read.get(), &c, 1) == 1 && c != '\0';) all += c;
    return Json::parse(all);
  }
  void answer(const Json& to, const Json& result) {
    const std::string text = with("id", to["id"], "result", result, "sessionId", "S").dump() + '\0';
    ASSERT_EQ(::write(m_write.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  loop::Loop m_loop{[](const char* what) { ADD_FAILURE() << what; }};
  Patients m_patients{m_loop};
  berth::Fd m_read, m_write;
  std::shared_ptr<Cdp> m_cdp;
  std::shared_ptr<Seat> m_seat;
  std::shared_ptr<Tab> m_tab;
};

TEST_F(TabTest, WhatCrashesOnItsWayBackIsSentThereAgain) {
  aim("http://books.example/");
  EXPECT_EQ(heard()["method"], "Page.navigate");
  happen("Inspector.targetCrashed");
  const Json again = heard();
  EXPECT_EQ(again["method"], "Page.navigate");
  EXPECT_EQ(again["params"]["url"], "http://books.example/");
}

TEST_F(TabTest, WhatIsBackIsLoadedAnewWhenItCrashes) {
  aim("http://books.example/");
  heard();
  page("http://books.example/");
  m_loop.wait_for([&] { m_tab->describe(with("url", "about:blank", "title", "")); });  // as one that has crashed is
  EXPECT_EQ(m_tab->kept_url(), "http://books.example/");
  happen("Inspector.targetCrashed");
  EXPECT_EQ(heard()["params"]["url"], "http://books.example/");
}

TEST_F(TabTest, WhoWaitsForOneThatIsLostIsToldSo) {
  std::promise<std::string> code;
  m_loop.wait_for([&] { change(code); });
  m_loop.wait_for([this] { m_tab->lose(); });
  EXPECT_EQ(code.get_future().get(), "tab_gone");
}

TEST_F(TabTest, WhoWaitsForOneWhoseSessionHasEndedIsToldSo) {
  std::promise<std::string> code;
  m_loop.wait_for([&] { change(code); });
  m_loop.wait_for([this] {
    m_seat->share->gone = true;
    m_tab->lose();
  });
  EXPECT_EQ(code.get_future().get(), "session_gone");
}

TEST_F(TabTest, WhatIsAbortedOnItsWayBackIsAskedForAgainAndNotForEver) {
  aim("http://books.example/");
  for (int i = 0; i < 5; ++i) {
    const Json asked = heard();
    EXPECT_EQ(asked["method"], "Page.navigate");
    answer(asked, with("errorText", i % 2 == 0 ? "net::ERR_ABORTED" : "net::ERR_FAILED"));
  }
  wait();
  m_loop.wait_for([this] { m_cdp->send("S", "Page.enable", with()); });
  EXPECT_EQ(heard()["method"], "Page.enable");
}

TEST_F(TabTest, WhoeverSendsItElsewhereHasTheLastWord) {
  aim("http://books.example/");
  const Json first = heard();
  page("http://elsewhere.example/");
  answer(first, with("errorText", "net::ERR_ABORTED"));
  wait();
  m_loop.wait_for([this] { m_cdp->send("S", "Page.enable", with()); });
  EXPECT_EQ(heard()["method"], "Page.enable");
  EXPECT_EQ(m_tab->kept_url(), "http://elsewhere.example/");
}

TEST_F(TabTest, APageThatDidNotComeHasTheAddressThatWasAskedFor) {
  page("chrome-error://chromewebdata/", "http://books.example/");
  EXPECT_EQ(m_tab->url(), "http://books.example/");
}

}  // namespace
}  // namespace browser
