// Which route a method and a path mean; asked once or again.
#include "routing/pistache_router.hpp"

#include <gtest/gtest.h>

namespace berth::routing {
namespace {

std::string found(PistacheRouter& router, std::string_view method, std::string_view path) {
  const auto hit = router.find(method, path);
  if (!hit) return "none";
  std::string text = std::to_string(hit->route);
  for (const auto& [name, value] : hit->parameters) text += " " + name + "=" + value;
  return text;
}

class Router : public testing::Test {
 protected:
  Router() {
    router.add("GET", "/", 0);
    router.add("GET", "/clock/now", 1);
    router.add("POST", "/clock/now", 2);
    router.add("GET", "/clock/{zone}", 3);
    router.add("GET", "/files/{path...}", 4);
  }
  PistacheRouter router;
};

TEST_F(Router, TellsMethodsAndPathsApartHoweverOftenItIsAsked) {
  for (int times = 0; times < 3; ++times) {
    EXPECT_EQ(found(router, "GET", "/"), "0");
    EXPECT_EQ(found(router, "GET", "/clock/now"), "1");
    EXPECT_EQ(found(router, "POST", "/clock/now"), "2");
    EXPECT_EQ(found(router, "DELETE", "/clock/now"), "none");
    EXPECT_EQ(found(router, "GET", "/clock/utc"), "3 zone=utc");
    EXPECT_EQ(found(router, "GET", "/clock/a%20b"), "3 zone=a%20b");
    EXPECT_EQ(found(router, "GET", "/clock"), "none");
    EXPECT_EQ(found(router, "GET", "/files/a/b/c"), "4 path=a/b/c");
  }
}

TEST_F(Router, MixesNoPathsUpWhenThereAreManyMoreThanItRemembers) {
  for (int times = 0; times < 2; ++times) {
    for (int i = 0; i < 2'000; ++i) {
      const std::string zone = "z" + std::to_string(i);
      ASSERT_EQ(found(router, "GET", "/clock/" + zone), "3 zone=" + zone);
    }
  }
  const std::string longer(500, 'x');
  EXPECT_EQ(found(router, "GET", "/clock/" + longer), "3 zone=" + longer);
}

}  // namespace
}  // namespace berth::routing
