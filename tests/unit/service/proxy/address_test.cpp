// Every form of an address that nobody is connected to.
#include "service/proxy/address.hpp"

#include <gtest/gtest.h>

#include "unit/service/proxy/kit.hpp"

namespace berth::service::proxy::test {
namespace {

std::string range_of(const char* text) {
  const Range* range = closed_range(address(text));
  return range ? range->cidr : "open";
}

TEST(ProxyAddress, PublicOnesAreOpen) {
  for (const char* text :
       {"1.1.1.1",         "8.8.8.8",     "9.255.255.255",   "11.0.0.0",        "100.63.255.255",  "100.128.0.0",
        "126.255.255.255", "128.0.0.0",   "169.253.255.255", "169.255.0.0",     "172.15.255.255",  "172.32.0.0",
        "192.167.255.255", "192.169.0.0", "198.17.255.255",  "198.20.0.0",      "223.255.255.255", "2606:4700::1111",
        "2001:200::1",     "2a00::",      "::ffff:8.8.8.8",  "64:ff9b::8.8.8.8"})
    EXPECT_EQ(range_of(text), "open") << text;
}

TEST(ProxyAddress, AllOthersAreClosed) {
  const std::map<const char*, const char*> all = {
      {"0.0.0.0", "0.0.0.0/8"},
      {"0.255.255.255", "0.0.0.0/8"},
      {"10.0.0.0", "10.0.0.0/8"},
      {"10.255.255.255", "10.0.0.0/8"},
      {"100.64.0.0", "100.64.0.0/10"},
      {"100.127.255.255", "100.64.0.0/10"},
      {"100.100.100.200", "100.100.100.200/32"},
      {"127.0.0.1", "127.0.0.0/8"},
      {"127.255.255.255", "127.0.0.0/8"},
      {"168.63.129.16", "168.63.129.16/32"},
      {"169.254.0.1", "169.254.0.0/16"},
      {"169.254.169.254", "169.254.169.254/32"},
      {"172.16.0.0", "172.16.0.0/12"},
      {"172.31.255.255", "172.16.0.0/12"},
      {"192.0.0.1", "192.0.0.0/24"},
      {"192.0.0.192", "192.0.0.192/32"},
      {"192.0.2.7", "192.0.2.0/24"},
      {"192.88.99.1", "192.88.99.0/24"},
      {"192.168.0.0", "192.168.0.0/16"},
      {"192.168.255.255", "192.168.0.0/16"},
      {"198.18.0.1", "198.18.0.0/15"},
      {"198.19.255.255", "198.18.0.0/15"},
      {"198.51.100.1", "198.51.100.0/24"},
      {"203.0.113.1", "203.0.113.0/24"},
      {"224.0.0.1", "224.0.0.0/4"},
      {"239.255.255.255", "224.0.0.0/4"},
      {"240.0.0.1", "240.0.0.0/4"},
      {"255.255.255.255", "240.0.0.0/4"},
      {"::", "::/128"},
      {"::1", "::1/128"},
      {"::127.0.0.1", "outside of 2000::/3"},  // IPv4-compatible
      {"::8.8.8.8", "outside of 2000::/3"},
      {"100::1", "outside of 2000::/3"},
      {"64:ff9b:1::1", "outside of 2000::/3"},
      {"4000::1", "outside of 2000::/3"},
      {"5f00::1", "outside of 2000::/3"},
      {"2001::1", "2001::/23"},  // Teredo
      {"2001:10::1", "2001::/23"},
      {"2001:db8::1", "2001:db8::/32"},
      {"2002:7f00:1::", "2002::/16"},  // 127.0.0.1 by 6to4
      {"2002:808:808::", "2002::/16"},
      {"3fff::1", "3fff::/20"},
      {"fc00::1", "fc00::/7"},
      {"fdff:ffff::1", "fc00::/7"},
      {"fd00:ec2::254", "fd00:ec2::/32"},
      {"fd20:ce::254", "fd20:ce::254/128"},
      {"fe80::1", "fe80::/10"},
      {"febf::1", "fe80::/10"},
      {"fec0::1", "fec0::/10"},
      {"ff02::1", "ff00::/8"},
  };
  for (const auto& [text, range] : all) EXPECT_EQ(range_of(text), range) << text;
}

TEST(ProxyAddress, IPv4InsideOfIPv6IsWhatItIs) {
  for (const char* prefix : {"::ffff:", "64:ff9b::"}) {
    for (const char* text :
         {"10.0.0.1", "127.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1", "0.0.0.0", "224.0.0.1"}) {
      EXPECT_EQ(range_of((std::string(prefix) + text).c_str()), range_of(text)) << prefix << text;
      EXPECT_NE(range_of(text), "open");
    }
  }
}

TEST(ProxyAddress, AnEntryOpensPrivateNetworksAndNothingElse) {
  for (const char* text : {"10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "fd00::1"}) {
    EXPECT_NE(why_closed(address(text), false), "") << text;
    EXPECT_EQ(why_closed(address(text), true),
              is_this_machine(address(text)) ? std::string(text) + " is this machine" : "");
  }
  for (const char* text : {"127.0.0.1", "::1", "169.254.169.254", "100.100.100.200", "fd00:ec2::254", "0.0.0.0",
                           "fe80::1", "224.0.0.1", "::ffff:127.0.0.1"})
    EXPECT_NE(why_closed(address(text), true), "") << text;
  EXPECT_EQ(why_closed(address("10.0.0.1"), false), "10.0.0.1 is in 10.0.0.0/8, a private network");
}

TEST(ProxyAddress, ThisMachineIsKnownByAllItsAddresses) {
  EXPECT_TRUE(is_this_machine(address("127.0.0.1")));
  EXPECT_TRUE(is_this_machine(address("::ffff:127.0.0.1")));
  EXPECT_TRUE(is_this_machine(address("64:ff9b::7f00:1")));
  EXPECT_TRUE(is_this_machine(address("127.9.8.7"))) << "no interface names it";
  EXPECT_FALSE(is_this_machine(address("192.0.2.1")));
  EXPECT_FALSE(is_this_machine(address("2001:db8::1")));
}

}  // namespace
}  // namespace berth::service::proxy::test
