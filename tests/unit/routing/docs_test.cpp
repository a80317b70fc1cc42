// The page at /docs: whole, self-contained, and allowed to do no more than it must.
#include "routing/docs.hpp"

#include <berth/base64.hpp>
#include <gtest/gtest.h>

#include "service/text.hpp"

namespace berth::routing {
namespace {

std::vector<std::string> between(std::string_view page, std::string_view open, std::string_view close) {
  std::vector<std::string> parts;
  for (auto at = page.find(open); at != std::string_view::npos; at = page.find(open, at)) {
    at += open.size();
    const auto end = page.find(close, at);
    if (end == std::string_view::npos) break;
    parts.emplace_back(page.substr(at, end - at));
  }
  return parts;
}

TEST(Docs, AreOneWholePage) {
  const auto page = docs_html();
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  EXPECT_NE(page.find("</html>"), std::string_view::npos);
  for (const char* mark : {"/*STYLE*/", "/*SCRIPT*/", "/*TRY*/"})
    EXPECT_EQ(page.find(mark), std::string_view::npos) << mark;
  EXPECT_EQ(between(page, "<script>", "</script>").size(), 2u);
  EXPECT_EQ(between(page, "<style>", "</style>").size(), 1u);
}

// The browser runs exactly what stands in the policy, by its hash.
TEST(Docs, AllowTheirOwnScriptAndStyleOnly) {
  const std::string policy = docs_csp();
  const auto hash = [](const std::string& part) { return "'sha256-" + base64(service::sha256(part)) + "'"; };
  for (const auto& script : between(docs_html(), "<script>", "</script>")) {
    EXPECT_GT(script.size(), 1000u);
    EXPECT_NE(policy.find(hash(script)), std::string::npos);
  }
  EXPECT_NE(policy.find("style-src " + hash(between(docs_html(), "<style>", "</style>").front()) + ";"),
            std::string::npos);
  EXPECT_TRUE(policy.starts_with("default-src 'none';"));
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
}

TEST(Docs, LoadNothingFromElsewhereAndMakeNoMarkupOfText) {
  const auto page = docs_html();
  for (const char* foreign :
       {"://", "src=", "@import", " url(", "stylesheet", "innerHTML", "outerHTML", "insertAdjacentHTML",
        "document.write", "eval(", "onclick=", "style=\"", "localStorage"}) {
    EXPECT_EQ(page.find(foreign), std::string_view::npos) << foreign;
  }
  // The one link says that there is no icon to ask for.
  EXPECT_EQ(between(page, "<link", ">"), std::vector<std::string>{" rel=\"icon\" href=\"data:,\""});
}

}  // namespace
}  // namespace berth::routing
