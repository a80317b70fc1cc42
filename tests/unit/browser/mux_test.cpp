// What the multiplexer lets through, and how messages are taken apart, without a browser.
#include <gtest/gtest.h>

#include "envelope.hpp"
#include "mux_client.hpp"
#include "mux_rules.hpp"

namespace browser {
namespace {

class MuxRulesTest : public testing::Test {
 protected:
  MuxRulesTest() {
    m_reach.home = "HOME";
    const auto only = [](std::string mine) { return [mine](const std::string& one) { return one == mine; }; };
    m_reach.context = [](const std::string& one) { return one == "HOME" || one == "MADE"; };
    m_reach.target = only("TARGET");
    m_reach.line = only("LINE");
    m_reach.window = only("7");
    m_reach.stream = only("3");
  }
  Ruling whole(const std::string& method, Json params = Json::object()) {
    return ruling(m_reach, true, method, std::move(params));
  }
  Ruling page(const std::string& method, Json params = Json::object()) {
    return ruling(m_reach, false, method, std::move(params));
  }
  Reach m_reach;
};

TEST_F(MuxRulesTest, WhatIsNotOnTheListIsRefusedInWords) {
  for (const char* method : {"Browser.crash",
                             "Browser.crashGpuProcess",
                             "Target.exposeDevToolsProtocol",
                             "Target.setRemoteLocations",
                             "Target.sendMessageToTarget",
                             "Target.autoAttachRelated",
                             "SystemInfo.getProcessInfo",
                             "Tracing.start",
                             "Tethering.bind",
                             "Extensions.loadUnpacked",
                             "PWA.launch",
                             "Fetch.enable",
                             "Security.setIgnoreCertificateErrors",
                             "Memory.simulatePressureNotification",
                             "Cast.enable",
                             "Storage.clearDataForOrigin",
                             "Page.navigate",
                             "New.thing",
                             "Browser.getBrowserCommandLine",
                             "Target.newInSomeYears",
                             "browser.getVersion"}) {
    EXPECT_EQ(whole(method).fate, Fate::refuse) << method;
    EXPECT_FALSE(whole(method).words.empty()) << method;
  }
  for (const char* method : {"Page.setDownloadBehavior", "Browser.crash", "Tracing.start", "Target.attachToTarget",
                             "Target.createTarget", "Target.setDiscoverTargets", "Target.getTargets",
                             "Memory.simulatePressureNotification", "Tethering.bind", "FileSystem.getDirectory"})
    EXPECT_EQ(page(method).fate, Fate::refuse) << method;
}

TEST_F(MuxRulesTest, PagesAreDriven) {
  for (const char* method : {"Page.enable", "Runtime.evaluate", "Fetch.enable", "Network.enable", "Page.printToPDF",
                             "Input.dispatchMouseEvent", "Memory.getDOMCounters", "Target.setAutoAttach"})
    EXPECT_EQ(page(method).fate, Fate::pass) << method;
  EXPECT_TRUE(page("Target.setAutoAttach", {{"flatten", false}}).params.at("flatten"));
}

TEST_F(MuxRulesTest, WhateverIsNamedHasToBeTheClients) {
  EXPECT_EQ(whole("Storage.getCookies", {{"browserContextId", "OTHER"}}).fate, Fate::refuse);
  EXPECT_EQ(page("Storage.getCookies", {{"browserContextId", "OTHER"}}).fate, Fate::refuse);
  EXPECT_EQ(whole("Storage.getCookies", {{"browserContextId", "MADE"}}).params.at("browserContextId"), "MADE");
  EXPECT_EQ(whole("Storage.getCookies", {{"browserContextId", 5}}).fate, Fate::refuse);
  EXPECT_EQ(whole("Storage.getCookies", {{"browserContextId", Json::array()}}).fate, Fate::refuse);
  EXPECT_EQ(whole("Target.attachToTarget", {{"targetId", "OTHER"}}).fate, Fate::refuse);
  EXPECT_EQ(whole("Target.attachToTarget", {{"targetId", "TARGET"}}).fate, Fate::ours);
  EXPECT_EQ(whole("Target.detachFromTarget", {{"sessionId", "OTHER"}}).fate, Fate::refuse);
  EXPECT_EQ(whole("Browser.setWindowBounds", {{"windowId", 8}}).fate, Fate::refuse);
  EXPECT_EQ(whole("Browser.setWindowBounds", {{"windowId", 7}}).fate, Fate::pass);
  EXPECT_EQ(page("IO.read", {{"handle", "4"}}).fate, Fate::refuse);
  EXPECT_EQ(page("IO.read", {{"handle", "3"}}).fate, Fate::pass);
  EXPECT_EQ(whole("Browser.getWindowForTarget").fate, Fate::refuse);
}

TEST_F(MuxRulesTest, TheDefaultContextIsTheSessions) {
  for (const char* method : {"Storage.getCookies", "Storage.clearCookies", "Browser.grantPermissions"})
    EXPECT_EQ(whole(method).params.at("browserContextId"), "HOME") << method;
  EXPECT_EQ(page("Browser.grantPermissions").params.at("browserContextId"), "HOME");
  EXPECT_FALSE(page("Storage.getCookies").params.contains("browserContextId"));
  EXPECT_EQ(whole("Storage.getCookies", {{"browserContextId", nullptr}}).params.at("browserContextId"), "HOME");
}

TEST_F(MuxRulesTest, FilesAndTheBrowsersOwnPagesAreClosed) {
  for (const char* url : {"file:///etc/passwd", "FILE:///etc/passwd", "chrome://version", "devtools://devtools/x",
                          "view-source:http://a/", "about:version", "about:blankx", " file:///x", "fi\tle:///x",
                          "/etc/passwd", "filesystem:http://a/", "chrome-extension://a/", "blob",
                          "\x01"
                          "chrome://x"}) {
    EXPECT_FALSE(may_go_to(url)) << url;
    EXPECT_EQ(page("Page.navigate", {{"url", url}}).fate, Fate::refuse) << url;
    EXPECT_EQ(page("Network.loadNetworkResource", {{"url", url}}).fate, Fate::refuse) << url;
    EXPECT_EQ(page("Fetch.continueRequest", {{"url", url}}).fate, Fate::refuse) << url;
    EXPECT_EQ(whole("Target.createTarget", {{"url", url}}).fate, Fate::refuse) << url;
  }
  for (const char* url :
       {"http://a/", "HTTPS://a/", "data:text/html,x", "about:blank", "about:blank#x", "blob:http://a/1", ""})
    EXPECT_TRUE(may_go_to(url)) << url;
  EXPECT_EQ(page("Page.navigate", {{"url", Json::array({"file:///x"})}}).fate, Fate::refuse);
  EXPECT_EQ(page("DOM.setFileInputFiles", {{"files", {"/etc/passwd"}}}).fate, Fate::refuse);
  EXPECT_EQ(page("DOM.setFileInputFiles", {{"files", Json::array()}}).fate, Fate::pass);
  EXPECT_EQ(page("Input.dispatchDragEvent", {{"data", {{"files", {"/etc/passwd"}}}}}).fate, Fate::refuse);
}

TEST_F(MuxRulesTest, ScopeAdminSeesMoreOfTheMachineAndOfNoSession) {
  m_reach.admin = true;
  EXPECT_EQ(whole("SystemInfo.getInfo").fate, Fate::pass);
  EXPECT_EQ(whole("Tracing.start").fate, Fate::pass);
  EXPECT_EQ(page("Page.navigate", {{"url", "file:///etc/passwd"}}).fate, Fate::refuse);
  EXPECT_EQ(whole("Storage.getCookies", {{"browserContextId", "OTHER"}}).fate, Fate::refuse);
  EXPECT_EQ(whole("Browser.crash").fate, Fate::refuse);
}

TEST_F(MuxRulesTest, WhatIsNotKnownToReadActs) {
  for (const char* method : {"Input.insertText",
                             "Page.navigate",
                             "DOM.setAttributeValue",
                             "Target.createTarget",
                             "DOM.removeNode",
                             "DOM.focus",
                             "Debugger.evaluateOnCallFrame",
                             "Debugger.enable",
                             "Runtime.callFunctionOn",
                             "Runtime.runScript",
                             "Page.addScriptToEvaluateOnNewDocument",
                             "Page.stopLoading",
                             "Emulation.setDeviceMetricsOverride",
                             "Fetch.enable",
                             "Network.setExtraHTTPHeaders",
                             "Network.enableReportingApi",
                             "Storage.clearDataForOrigin",
                             "Target.activateTarget",
                             "WebAuthn.enable",
                             "Overlay.setInspectMode",
                             "New.thing"})
    EXPECT_TRUE(acts(method)) << method;
  for (const char* method : {"Page.enable", "DOM.getDocument", "Target.attachToTarget", "Fetch.continueRequest",
                             "Page.captureScreenshot", "Runtime.disable", "Storage.getCookies", "Browser.close",
                             "Runtime.runIfWaitingForDebugger", "Target.getTargets", "Accessibility.getFullAXTree"})
    EXPECT_FALSE(acts(method)) << method;
}

TEST_F(MuxRulesTest, CertificatesAreNotTheClientsToJudge) {
  for (const char* method : {"Security.setIgnoreCertificateErrors", "Security.handleCertificateError",
                             "Security.setOverrideCertificateErrors"})
    EXPECT_EQ(page(method, {{"ignore", true}}).fate, Fate::refuse) << method;
}

TEST(UnheardTest, CountsForItsClientAndForAllAsLongAsItIsThere) {
  const auto count = [] { return std::make_shared<std::atomic<std::size_t>>(0); };
  const auto one = count(), other = count(), third = count(), all = count();
  const std::string most(Unheard::most_of_one, 'x');
  auto first = std::make_unique<Unheard>(most, one, all);
  EXPECT_TRUE(first->fits());
  EXPECT_FALSE(Unheard("x", one, all).fits());
  const Unheard second(most, other, all);
  EXPECT_TRUE(second.fits());
  EXPECT_FALSE(Unheard("x", third, all).fits());
  first.reset();
  EXPECT_EQ(*one, 0u);
  EXPECT_TRUE(Unheard(most, third, all).fits());
  EXPECT_EQ(*all, most.size());
}

TEST(MuxFilterTest, IsReadAsTheProtocolSays) {
  EXPECT_TRUE(fits_filter(Json(), "page"));
  EXPECT_FALSE(fits_filter(Json(), "tab"));
  const Json no_pages = Json::parse(R"([{"type":"page","exclude":true},{}])");
  EXPECT_FALSE(fits_filter(no_pages, "page"));
  EXPECT_TRUE(fits_filter(no_pages, "tab"));
  EXPECT_FALSE(fits_filter(Json::parse(R"([{"type":"page"}])"), "iframe"));
  EXPECT_FALSE(fits_filter(Json::array(), "page"));
  EXPECT_FALSE(fits_filter(Json::parse(R"([{"type":5}])"), "page"));
}

TEST(EnvelopeTest, HasThePartsAsTheyLie) {
  const auto event =
      envelope_of(R"({"method":"A.b","params":{"id":7,"s":"}\"],","x":[{"sessionId":"no"}]},"sessionId":"S"})");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->id, 0u);
  EXPECT_EQ(event->method, "A.b");
  EXPECT_EQ(event->session, "S");
  EXPECT_EQ(event->params, R"({"id":7,"s":"}\"],","x":[{"sessionId":"no"}]})");
  const auto answer = envelope_of(R"({ "id" : 12 , "result" : {"a":"\\"} })");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->id, 12u);
  EXPECT_EQ(answer->result, R"({"a":"\\"})");
  EXPECT_TRUE(answer->error.empty());
}

TEST(EnvelopeTest, NeverLooksBeyondWhatThereIs) {
  const std::string whole = R"({"id":1,"result":{"a":["b\"",{"c":null}],"d":-1.5e3},"sessionId":"S"})";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto cut = std::make_unique<char[]>(size + 1);
    std::copy_n(whole.begin(), size, cut.get());
    envelope_of(std::string_view(cut.get(), size));
  }
  for (const char* odd : {"", "[]", "null", "\"", "{\"", "{\"a\"", "{:", "{,}", "{\"a\":}"}) envelope_of(odd);
  SUCCEED();
}

TEST(MuxTextTest, IsCountedAndWritten) {
  EXPECT_EQ(depth_of(R"({"a":[{"b":"[[[\"[["}]})"), 3u);
  EXPECT_EQ(depth_of(std::string(1000, '[')), 1000u);
  EXPECT_EQ(answer_text("5", R"({"a":1})", ""), R"({"id":5,"result":{"a":1}})");
  EXPECT_EQ(answer_text("5", "{}", "S"), R"({"id":5,"result":{},"sessionId":"S"})");
  EXPECT_EQ(refusal_text("5", "no \"x\"", ""), R"({"id":5,"error":{"code":-32000,"message":"no \"x\""}})");
  EXPECT_EQ(event_text("A.b", "{}", "S"), R"({"method":"A.b","params":{},"sessionId":"S"})");
}

}  // namespace
}  // namespace browser
