// What an entry of the allow-list means, and what is no entry.
#include "service/proxy/allow_list.hpp"

#include <gmock/gmock.h>

namespace berth::service::proxy {
namespace {

using testing::HasSubstr;

AllowList list_of(std::initializer_list<const char*> entries) {
  AllowList list;
  for (const char* text : entries) {
    const auto entry = AllowList::parse(text);
    EXPECT_TRUE(entry) << text << ": " << entry.error().message;
    if (entry) list.add(*entry);
  }
  return list;
}

// "ok", or the error's code.
std::string verdict(const AllowList& list, const std::string& host, std::uint16_t port = 443) {
  const auto parsed = parse_authority(host);
  if (!parsed) return parsed.error().code;
  const auto permit = list.check(*parsed, port);
  return permit ? "ok" : permit.error().code;
}

TEST(ProxyAllowList, ANameIsThatNameInAnySpelling) {
  const auto list = list_of({"Example.ORG"});
  for (const char* same : {"example.org", "EXAMPLE.org", "example.org."}) EXPECT_EQ(verdict(list, same), "ok") << same;
  for (const char* other : {"www.example.org", "example.org.evil.test", "evil-example.org", "badexample.org",
                            "example.or", "org", "example.com", "192.0.2.1"})
    EXPECT_EQ(verdict(list, other), "not_allowed") << other;
}

TEST(ProxyAllowList, AStarIsWhateverEndsSoAndNotTheNameItself) {
  const auto list = list_of({"*.books.example"});
  EXPECT_EQ(verdict(list, "www.books.example"), "ok");
  EXPECT_EQ(verdict(list, "a.b.c.BOOKS.example."), "ok");
  for (const char* other : {"books.example", "evilbooks.example", "books.example.evil.test", "example"})
    EXPECT_EQ(verdict(list, other), "not_allowed") << other;
}

TEST(ProxyAllowList, TheStarAloneIsAnyNameAndNoAddress) {
  const auto list = list_of({"*"});
  EXPECT_EQ(verdict(list, "example.org"), "ok");
  EXPECT_EQ(verdict(list, "localhost"), "ok") << "where it leads is looked at later";
  EXPECT_EQ(verdict(list, "8.8.8.8"), "not_allowed");
  EXPECT_EQ(verdict(list, "[2606:4700::1111]"), "not_allowed");
  EXPECT_EQ(verdict(list_of({"*:8080"}), "example.org", 8080), "ok");
  EXPECT_EQ(verdict(list_of({"*:8080"}), "example.org", 80), "port_not_allowed");
}

TEST(ProxyAllowList, PortsAre80And443OrTheOneThatWasStated) {
  const auto list = list_of({"a.test", "b.test:8443", "*.c.test:22"});
  for (const std::uint16_t port : {80, 443}) EXPECT_EQ(verdict(list, "a.test", port), "ok");
  for (const std::uint16_t port : {22, 25, 8080, 8443}) EXPECT_EQ(verdict(list, "a.test", port), "port_not_allowed");
  EXPECT_EQ(verdict(list, "b.test", 8443), "ok");
  EXPECT_EQ(verdict(list, "b.test", 443), "port_not_allowed");
  EXPECT_EQ(verdict(list, "x.c.test", 22), "ok");
}

TEST(ProxyAllowList, AddressesAreOnlyThemselves) {
  const auto list = list_of({"8.8.8.8", "[2606:4700::1111]:853"});
  EXPECT_EQ(verdict(list, "8.8.8.8"), "ok");
  EXPECT_EQ(verdict(list, "8.8.4.4"), "not_allowed");
  EXPECT_EQ(verdict(list, "[::ffff:8.8.8.8]"), "not_allowed");
  EXPECT_EQ(verdict(list, "[2606:4700:0:0::1111]", 853), "ok") << "however it is written";
  EXPECT_EQ(verdict(list, "[2606:4700::1112]", 853), "not_allowed");
}

TEST(ProxyAllowList, HalfAddressesAreNoHosts) {
  const auto list = list_of({"*"});
  for (const char* bad : {"127.1",
                          "2130706433",
                          "0x7f000001",
                          "0x7f.1",
                          "017700000001",
                          "127.0.0.1.",
                          "1.2.3.4.5",
                          "999.1.1.1",
                          "a.0x10",
                          "[127.0.0.1]",
                          "::1",
                          "[::1%lo]",
                          "[fe80::1%25eth0]",
                          "",
                          ".",
                          "..",
                          "a..b",
                          ".a",
                          "-a.test",
                          "a-.test",
                          "a b",
                          "a/b",
                          "a@b",
                          "a\\b",
                          "a%2eb",
                          "b\xc3\xbc"
                          "cher.test",
                          "*.test",
                          "a.test:",
                          "a.test:0",
                          "a.test:65536",
                          "a.test:80x",
                          "a.test:-1",
                          "a.test:+80",
                          "[::1",
                          "[::1]x"})
    EXPECT_EQ(verdict(list, bad), "bad_host") << bad;
  EXPECT_EQ(verdict(list, std::string(64, 'a') + ".test"), "bad_host");
  EXPECT_EQ(verdict(list, std::string(63, 'a') + ".test"), "ok");
  std::string longest;
  while (longest.size() < 250) longest += "abcdefghi.";
  EXPECT_EQ(verdict(list, longest + "abc"), "ok");
  EXPECT_EQ(verdict(list, longest + "abcd"), "bad_host");
}

TEST(ProxyAllowList, WhatIsNoEntrySaysWhy) {
  const std::map<const char*, const char*> all = {
      {"https://wiki.example", "no port"},
      {"wiki.example/simple", "no host"},
      {"b\xc3\xbc"
       "cher.test",
       "beyond ASCII"},
      {"*foo.org", "letters, digits and hyphens"},
      {"a.*.org", "letters, digits and hyphens"},
      {"*.", "it is empty"},
      {"*.8.8.8.8", "a star goes with names only"},
      {"", "it is empty"},
      {"127.0.0.1:3141", "never allowed"},
      {"[::1]", "never allowed"},
      {"169.254.169.254", "never allowed"},
      {"10.0.0.5", "in 10.0.0.0/8, a private network"},
  };
  for (const auto& [text, why] : all) {
    const auto entry = AllowList::parse(text);
    ASSERT_FALSE(entry) << text;
    EXPECT_EQ(entry.error().code, "bad_entry");
    EXPECT_THAT(entry.error().message, HasSubstr(why)) << text;
  }
  EXPECT_THAT(AllowList::parse("https://wiki.example").error().hint, HasSubstr("without http://"));
  EXPECT_THAT(AllowList::parse("b\xc3\xbc"
                               "cher.test")
                  .error()
                  .hint,
              HasSubstr("punycode"));
  EXPECT_THAT(AllowList::parse("10.0.0.5").error().hint, HasSubstr("private = true"));
}

TEST(ProxyAllowList, AServiceOfThisMachineIsOneAddressAndPort) {
  const auto entry = AllowList::parse("127.0.0.1:3000", false, true);
  ASSERT_TRUE(entry);
  AllowList list;
  list.add(*entry);
  EXPECT_EQ(verdict(list, "127.0.0.1", 3000), "ok");
  EXPECT_TRUE(list.check(*parse_authority("127.0.0.1"), 3000)->own);
  EXPECT_EQ(verdict(list, "127.0.0.1", 3001), "port_not_allowed");
  EXPECT_EQ(verdict(list, "127.0.0.2", 3000), "not_allowed");
  EXPECT_EQ(verdict(list, "localhost", 3000), "not_allowed") << "a name may lead anywhere";
  for (const char* none : {"127.0.0.1", "localhost:3000", "192.0.2.1:80", "*:3000", "10.0.0.1:80"})
    EXPECT_FALSE(AllowList::parse(none, false, true)) << none;
  EXPECT_FALSE(AllowList::parse("127.0.0.1:3000"));
}

TEST(ProxyAllowList, PrivateIsSaidForEachEntry) {
  AllowList list = list_of({"out.test"});
  list.add(*AllowList::parse("10.0.0.5:8080", true));
  list.add(*AllowList::parse("mirror.test", true));
  EXPECT_FALSE(list.check(*parse_authority("out.test"), 80)->inside);
  EXPECT_TRUE(list.check(*parse_authority("mirror.test"), 80)->inside);
  EXPECT_TRUE(list.check(*parse_authority("10.0.0.5"), 8080)->inside);
  EXPECT_FALSE(AllowList::parse("127.0.0.1", true));
  EXPECT_FALSE(AllowList::parse("169.254.169.254", true));
}

TEST(ProxyAllowList, TheErrorShowsWhatIsAllowed) {
  const auto list = list_of({"wiki.example", "*.books.example:443", "*:8080", "[2606:4700::1111]:853"});
  const auto refused = list.check(*parse_authority("evil.test"), 443);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 403);
  EXPECT_EQ(refused.error().message, "port 443 of evil.test is not on the allow-list");
  EXPECT_THAT(refused.error().hint, HasSubstr("wiki.example, *.books.example:443, *:8080, [2606:4700::1111]:853;"));
  EXPECT_THAT(AllowList().check(*parse_authority("evil.test"), 443).error().hint, HasSubstr("allowed here: nothing;"));
  EXPECT_EQ(list_of({"a.b", "b.b", "c.b", "d.b", "e.b", "f.b", "g.b", "h.b", "i.b", "j.b"}).text(),
            "a.b, b.b, c.b, d.b, e.b, f.b, g.b, h.b and 2 more");
}

}  // namespace
}  // namespace berth::service::proxy
