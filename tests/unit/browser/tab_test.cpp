// A tab whose browser is made of two pipes: what it asks for when its page crashes, or does not come.
#include "tab.hpp"

#include <future>

#include "piped.hpp"
#include "seat.hpp"

namespace browser {
namespace {

using namespace std::chrono_literals;

class TabTest : public Piped {
 protected:
  TabTest() : Piped({[](const std::string&, const std::string&, const Json&) {}, [](const std::string&) {}}) {
    m_loop.wait_for([&] {
      m_seat = std::make_shared<Seat>(m_patients, "main", "", std::make_shared<Share>());
      m_tab = std::make_shared<Tab>(m_cdp, Tab::Names{"t1", "T", "S", ""}, m_seat);
    });
  }
  ~TabTest() override {
    give_up();
    m_loop.wait_for([this] {
      m_tab.reset();
      m_seat.reset();
    });
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
  Errand go(std::string url, std::promise<std::string>& code) {
    Patience patience(m_patients, 20s);
    const auto tab = m_tab;
    const std::string until = "commit";
    try {
      co_await tab->go(patience, url, until);
    } catch (const berth::Error& error) {
      code.set_value(error.code());
    }
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
  Json order() { return Json::parse(heard()); }
  void answer(const Json& to, const Json& result) {
    say(with("id", to["id"], "result", result, "sessionId", "S").dump());
  }

  std::shared_ptr<Seat> m_seat;
  std::shared_ptr<Tab> m_tab;
};

TEST_F(TabTest, WhatCrashesOnItsWayBackIsSentThereAgain) {
  aim("http://books.example/");
  EXPECT_EQ(order()["method"], "Page.navigate");
  happen("Inspector.targetCrashed");
  const Json again = order();
  EXPECT_EQ(again["method"], "Page.navigate");
  EXPECT_EQ(again["params"]["url"], "http://books.example/");
}

// A download, say: the page stays, and it is where the tab comes back to.
TEST_F(TabTest, WhatIsNoPageIsNotWhereItIs) {
  page("http://books.example/");
  std::promise<std::string> code;
  m_loop.wait_for([&] { go("http://books.example/all.zip", code); });
  answer(order(), with("frameId", "T", "errorText", "net::ERR_ABORTED"));
  EXPECT_EQ(code.get_future().get(), "not_loaded");
  m_loop.wait_for([&] { EXPECT_EQ(m_tab->kept_url(), "http://books.example/"); });
}

// Whoever sends it somewhere has the last word, and were it there.
TEST_F(TabTest, WhoComesBackGivesWayToWhoeverGoes) {
  aim("http://books.example/");
  const Json first = order();
  std::promise<std::string> code;
  m_loop.wait_for([&] { go("http://books.example/", code); });
  const Json second = order();
  answer(first, with("frameId", "T", "errorText", "net::ERR_ABORTED"));
  wait();
  answer(second, with("frameId", "T", "errorText", "net::ERR_NAME_NOT_RESOLVED"));
  EXPECT_EQ(code.get_future().get(), "not_loaded");
  m_loop.wait_for([&] { m_cdp->send("S", "Last.one", with()); });
  EXPECT_EQ(order()["method"], "Last.one");
}

TEST_F(TabTest, WhatIsBackIsLoadedAnewWhenItCrashes) {
  aim("http://books.example/");
  order();
  page("http://books.example/");
  m_loop.wait_for([&] { m_tab->describe(with("url", "about:blank", "title", "")); });  // as one that has crashed is
  EXPECT_EQ(m_tab->kept_url(), "http://books.example/");
  happen("Inspector.targetCrashed");
  EXPECT_EQ(order()["params"]["url"], "http://books.example/");
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
    const Json asked = order();
    EXPECT_EQ(asked["method"], "Page.navigate");
    answer(asked, with("errorText", i % 2 == 0 ? "net::ERR_ABORTED" : "net::ERR_FAILED"));
  }
  wait();
  m_loop.wait_for([this] { m_cdp->send("S", "Page.enable", with()); });
  EXPECT_EQ(order()["method"], "Page.enable");
}

TEST_F(TabTest, WhoeverSendsItElsewhereHasTheLastWord) {
  aim("http://books.example/");
  const Json first = order();
  page("http://elsewhere.example/");
  answer(first, with("errorText", "net::ERR_ABORTED"));
  wait();
  m_loop.wait_for([this] { m_cdp->send("S", "Page.enable", with()); });
  EXPECT_EQ(order()["method"], "Page.enable");
  EXPECT_EQ(m_tab->kept_url(), "http://elsewhere.example/");
}

TEST_F(TabTest, APageThatDidNotComeHasTheAddressThatWasAskedFor) {
  page("chrome-error://chromewebdata/", "http://books.example/");
  EXPECT_EQ(m_tab->url(), "http://books.example/");
}

}  // namespace
}  // namespace browser
