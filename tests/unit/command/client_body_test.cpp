// Bodies that fit into no buffer, from memory, from a file and back, and what becomes of them when something breaks.
#include <gtest/gtest.h>

#include "command/client.hpp"
#include "unit/command/scripted_host.hpp"
#include "unit/service/folder.hpp"

namespace berth::command {
namespace {

using namespace std::chrono_literals;
using test::answer;
using test::ScriptedHost;
using test::Wire;

constexpr std::size_t large = 20'000'003;

// No two pieces of it are the same.
std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + (i * i / 251 + i) % 26);
  return text;
}

// A chunked body, put together again.
std::string chunks(Wire& wire) {
  std::string body;
  for (std::size_t size = 1; size > 0;) {
    const std::string line = wire.until("\r\n");
    if (line.empty()) return body + " broke off";
    size = std::stoul(line, nullptr, 16);
    body += wire.exactly(size);
    if (wire.exactly(2) != "\r\n") return body + " broke off";
  }
  return body;
}

Client client_of(const ScriptedHost& host) { return Client({host.url(), "", "", 10s}); }

TEST(ClientBody, GoesOutOfMemoryWithItsLength) {
  const std::string body = pattern(large);
  std::string head;
  bool same = false;
  const ScriptedHost host([&](Wire& wire) {
    head = wire.head();
    same = wire.exactly(large) == body;
    wire.send(answer(200, ""));
  });
  const auto got = client_of(host).send({"POST", "/", {}, body});
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_NE(head.find("\r\nContent-Length: 20000003\r\n"), std::string::npos) << head;
  EXPECT_TRUE(same);
}

TEST(ClientBody, GoesOutOfAFileInChunks) {
  const test::Folder folder;
  const std::string body = pattern(large);
  test::put(folder.file("body"), body);
  bool same = false;
  const ScriptedHost host([&](Wire& wire) {
    EXPECT_NE(wire.head().find("\r\nTransfer-Encoding: chunked\r\n"), std::string::npos);
    same = chunks(wire) == body;
    wire.send(answer(200, ""));
  });
  const auto got = client_of(host).send({"POST", "/", {}, {}, folder.file("body")});
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_TRUE(same);
}

TEST(ClientBody, MayBeAnEmptyFile) {
  const test::Folder folder;
  test::put(folder.file("body"), "");
  const ScriptedHost host([](Wire& wire) {
    wire.head();
    wire.send(answer(200, chunks(wire)));
  });
  const auto got = client_of(host).send({"POST", "/", {}, {}, folder.file("body")});
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->body, "");
}

// An upload that cannot be read to its end must not look like a whole one.
TEST(ClientBody, IsNeverLessThanTheFile) {
  const test::Folder folder;
  std::string heard;
  {
    const ScriptedHost host([&](Wire& wire) { heard += wire.to_the_end(); });
    for (const std::string& file : {folder.file("none"), folder.path()}) {
      const auto got = client_of(host).send({"POST", "/", {}, {}, file});
      ASSERT_FALSE(got);
      EXPECT_EQ(got.error().code, "no_file");
      EXPECT_NE(got.error().message.find(file), std::string::npos) << got.error().message;
    }
  }
  EXPECT_EQ(heard.find("0\r\n\r\n"), std::string::npos) << heard;
}

// The host says no after the head and reads no further.
TEST(ClientBody, IsNotSentOnAfterARefusal) {
  const test::Folder folder;
  test::put(folder.file("body"), pattern(large));
  const ScriptedHost host([](Wire& wire) {
    wire.head();
    wire.send(answer(413, "too much"));
  });
  const auto got = client_of(host).send({"POST", "/", {}, {}, folder.file("body")});
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 413);
  EXPECT_EQ(got->body, "too much");
}

TEST(ClientBody, OutOfMemoryMayBeRefusedToo) {
  const ScriptedHost host([](Wire& wire) {
    wire.head();
    wire.send(answer(413, "too much"));
  });
  const auto got = client_of(host).send({"POST", "/", {}, pattern(large)});
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 413);
}

TEST(ClientBody, ComesInBlocksToTheSink) {
  const std::string body = pattern(large);
  for (const bool chunked : {false, true}) {
    const ScriptedHost host([&](Wire& wire) {
      wire.head();
      wire.send(chunked ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1312d03\r\n" + body + "\r\n0\r\n\r\n"
                        : answer(200, body));
    });
    std::string got;
    std::size_t largest = 0;
    const auto end = client_of(host).send({"GET", "/"}, [&](std::string_view bytes) {
      got += bytes;
      largest = std::max(largest, bytes.size());
      return true;
    });
    ASSERT_TRUE(end) << end.error().message;
    EXPECT_TRUE(got == body);
    EXPECT_LE(largest, 1u << 20);
    EXPECT_EQ(end->body, "");
  }
}

TEST(ClientBody, ComesIntoMemoryWithoutASink) {
  const std::string body = pattern(large);
  const ScriptedHost host([&](Wire& wire) {
    wire.head();
    wire.send(answer(200, body));
  });
  const auto got = client_of(host).send({"GET", "/"});
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_TRUE(got->body == body);
}

}  // namespace
}  // namespace berth::command
