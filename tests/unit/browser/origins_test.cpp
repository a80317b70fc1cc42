// What pages keep, as the browser tells it and as files say it.
#include "origins.hpp"

#include <gtest/gtest.h>

namespace browser::test {

namespace {

Json item(const char* key, const Json& value, const char* where = "http://a:1/") {
  return with("storageId", with("storageKey", where, "isLocalStorage", true), "key", key, "newValue", value);
}

std::string refused(const char* text) {
  try {
    const Json given = Json::parse(text);
    Origins::of(part(given, "origins"));
    cookies_of(part(given, "cookies"));
    return "";
  } catch (const berth::Error& error) {
    return error.code();
  }
}

}  // namespace

TEST(Origins, FollowWhatTheBrowserTells) {
  Origins origins;
  origins.event("DOMStorage.domStorageItemAdded", item("k", "v"));
  origins.event("DOMStorage.domStorageItemUpdated", item("k", "w"));
  origins.event("DOMStorage.domStorageItemAdded", item("other", "x", "https://b/"));
  origins.event("DOMStorage.domStorageItemAdded", item("within", "x", "https://b/^0https://a"));
  EXPECT_EQ(origins.json(), Json::parse(R"([{"origin": "http://a:1", "localStorage": [{"name": "k", "value": "w"}]},
    {"origin": "https://b", "localStorage": [{"name": "other", "value": "x"}]}])"));
  origins.event("DOMStorage.domStorageItemRemoved", item("other", nullptr, "https://b/"));
  origins.event("DOMStorage.domStorageItemsCleared", item("", nullptr));
  EXPECT_TRUE(origins.empty());
}

TEST(Origins, HaveBounds) {
  Origins origins;
  const std::string large(4u << 20, 'x');
  for (int i = 0; i < 9; ++i)
    origins.event("DOMStorage.domStorageItemAdded", item(("k" + std::to_string(i)).c_str(), large));
  EXPECT_LE(origins.all().begin()->second.size(), 4u);
  for (int i = 0; i < 1000; ++i)
    origins.event("DOMStorage.domStorageItemAdded", item("k", "v", ("http://h" + std::to_string(i) + "/").c_str()));
  EXPECT_LE(origins.all().size(), Origins::most_origins);
}

TEST(Origins, AreReadAsTheyAreWritten) {
  const Json given = Json::parse(R"([{"origin": "http://a:1", "localStorage": [{"name": "k", "value": "w"}]}])");
  EXPECT_EQ(Origins::of(given).json(), given);
  for (const char* bad :
       {R"({"origins": {}})", R"({"origins": [7]})", R"({"origins": [{"origin": "http://a/"}]})",
        R"({"origins": [{"origin": "ftp://a"}]})", R"({"origins": [{"origin": "http://u@a"}]})",
        R"({"origins": [{"origin": "http://a", "localStorage": {}}]})", R"({"origins": [{"origin": "http://a b"}]})",
        R"({"origins": [{"origin": "http://a", "localStorage": [{"name": "k"}]}]})", R"({"cookies": "x"})",
        R"({"cookies": [{"name": 1, "value": "x"}]})"})
    EXPECT_EQ(refused(bad), "bad_state") << bad;
  EXPECT_EQ(
      cookies_of(Json::parse(R"([{"name": "a", "value": "b", "expires": -1, "size": 9, "evil": {}, "secure": true}])")),
      Json::parse(R"([{"name": "a", "value": "b", "secure": true}])"));
}

}  // namespace browser::test
