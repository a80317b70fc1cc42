// --url: what is a place of a host, what is refused, and which places are surely this machine.
#include "command/url.hpp"

#include <gtest/gtest.h>

namespace berth::command {
namespace {

std::string shown(std::string_view text) {
  const auto url = parse_url(text);
  if (!url) return "none";
  if (url->is_unix) return "unix " + url->path;
  return std::string(url->tls ? "tls " : "tcp ") + url->host + " " + url->port + " " + url->path;
}

TEST(Url, ReadsHostPortAndPath) {
  EXPECT_EQ(shown("http://127.0.0.1:8888"), "tcp 127.0.0.1 8888 ");
  EXPECT_EQ(shown("http://localhost"), "tcp localhost 80 ");
  EXPECT_EQ(shown("https://berth.example"), "tls berth.example 443 ");
  EXPECT_EQ(shown("https://berth.example:8443/"), "tls berth.example 8443 ");
  EXPECT_EQ(shown("http://berth.example/behind/a/proxy//"), "tcp berth.example 80 /behind/a/proxy");
  EXPECT_EQ(shown("http://berth.example:81/with:colon"), "tcp berth.example 81 /with:colon");
}

TEST(Url, TakesTheBracketsFromAnIPv6Address) {
  EXPECT_EQ(shown("http://[::1]:8888"), "tcp ::1 8888 ");
  EXPECT_EQ(shown("https://[::1]"), "tls ::1 443 ");
  EXPECT_EQ(parse_url("http://[::1]:8888/x")->authority(), "[::1]:8888");
}

TEST(Url, ReadsSocketPaths) {
  EXPECT_EQ(shown("unix:/run/berth.sock"), "unix /run/berth.sock");
  EXPECT_EQ(shown("unix:///run/berth.sock"), "unix /run/berth.sock");
  EXPECT_EQ(shown("unix:here.sock"), "unix here.sock");
  EXPECT_EQ(shown("unix:/with a space"), "unix /with a space");
  EXPECT_EQ(parse_url("unix:/run/berth.sock")->authority(), "localhost");
  EXPECT_EQ(shown("unix:" + std::string(107, 'x')), "unix " + std::string(107, 'x'));
  EXPECT_EQ(shown("unix:" + std::string(108, 'x')), "none");
}

TEST(Url, RefusesWhatIsNone) {
  for (const char* text : {"",
                           "http://",
                           "http:///path",
                           "https://:80",
                           "127.0.0.1:8888",
                           "localhost",
                           "ftp://localhost",
                           "http:/localhost",
                           "http://localhost:",
                           "http://localhost:0",
                           "http://localhost:65536",
                           "http://localhost:x",
                           "http://a b",
                           "http://a\r\nX: y",
                           "http://a/\x7f",
                           "http://a/\r\n",
                           "http://::1",
                           "http://::1:80",
                           "http://[::1",
                           "http://[]:80",
                           "http://[x]:80",
                           "http://name:secret@localhost",
                           "http://localhost?x=1",
                           "http://localhost/?x=1",
                           "http://localhost/#x",
                           "unix:",
                           "unix://"}) {
    EXPECT_EQ(shown(text), "none") << text;
  }
}

TEST(Url, KnowsThisMachine) {
  for (const char* own : {"unix:/x", "http://127.0.0.1", "http://127.9.9.9:1", "https://localhost", "http://[::1]:80"})
    EXPECT_TRUE(parse_url(own)->is_this_machine()) << own;
  for (const char* other : {"http://127.example", "http://127.0.0.1.example", "http://localhost.example",
                            "http://10.0.0.1", "http://[::2]", "http://0.0.0.0"})
    EXPECT_FALSE(parse_url(other)->is_this_machine()) << other;
}

}  // namespace
}  // namespace berth::command
