// A worker may send anything: frames come out whole, descriptors are closed, and nonsense ends the talk.
#include "frames.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <random>

namespace kernel {
namespace {

using berth::Json;

std::vector<berth::Fd> descriptors(std::size_t count) {
  std::vector<berth::Fd> all;
  while (all.size() < count) all.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  return all;
}

TEST(FramesTest, ComeOutWholeHoweverTheyAreCut) {
  std::string bytes;
  for (int i = 0; i < 20; ++i) bytes += frame_of({{"n", i}, {"text", std::string(static_cast<std::size_t>(i), 'x')}});
  std::mt19937 random(7);
  for (int turn = 0; turn < 200; ++turn) {
    FrameReader reader;
    int next = 0;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t size = 1 + random() % 40;
      ASSERT_TRUE(reader.feed(std::string_view(bytes).substr(at, size)));
      at += size;
      while (const auto frame = reader.next()) EXPECT_EQ(frame->json["n"], next++);
    }
    EXPECT_EQ(next, 20);
  }
}

TEST(FramesTest, DescriptorsGoToTheFramesThatNameThem) {
  FrameReader reader;
  ASSERT_TRUE(reader.feed(frame_of({{"fds", 2}}) + frame_of({{"fds", 1}}) + frame_of({{"fds", 5}}), descriptors(4)));
  EXPECT_EQ(reader.next()->fds.size(), 2u);
  EXPECT_EQ(reader.next()->fds.size(), 1u);
  EXPECT_EQ(reader.next()->fds.size(), 1u);
}

TEST(FramesTest, MoreDescriptorsThanAnyFrameNamesEndIt) {
  FrameReader reader;
  EXPECT_TRUE(reader.feed("", descriptors(60)));
  EXPECT_FALSE(reader.feed("", descriptors(10)));
}

TEST(FramesTest, NonsenseEndsIt) {
  const auto framed = [](const std::string& text) {
    const auto size = static_cast<char>(text.size());
    return std::string{size, 0, 0, 0} + text;
  };
  for (const auto& bad : {std::string("\xff\xff\xff\xff"), framed("nonsense"), framed("[1]"), framed("{\"a\":}"),
                          framed("{}{}"), framed(std::string(120, '[')), framed("{\"a\":" + std::string(104, '['))}) {
    FrameReader reader;
    EXPECT_FALSE(reader.feed(bad)) << bad;
    EXPECT_FALSE(reader.feed(frame_of(Json::object())));
    EXPECT_FALSE(reader.next());
  }
}

TEST(FramesTest, TooDeepIsNoObject) {
  const std::string deep = "{\"a\":" + std::string(200, '[') + std::string(200, ']') + "}";
  EXPECT_FALSE(parse_object(deep));
  std::string many = "{\"a\":[0";
  for (int i = 0; i < 3'000'000; ++i) many += ",0";
  EXPECT_FALSE(parse_object(many + "]}"));
  EXPECT_TRUE(parse_object("{\"a\":\"" + std::string(200, '[') + "\\\"[\"}"));
}

TEST(FramesTest, AnyBytesAreTakenOrRefused) {
  std::mt19937 random(11);
  for (int turn = 0; turn < 5000; ++turn) {
    FrameReader reader;
    std::string bytes = random() % 2 ? frame_of({{"event", "x"}}) : std::string();
    for (std::size_t left = random() % 30; left > 0; --left) bytes += static_cast<char>(random());
    if (!bytes.empty() && random() % 2) bytes[random() % bytes.size()] ^= static_cast<char>(1u << (random() % 8));
    reader.feed(bytes);
    while (const auto frame = reader.next()) EXPECT_TRUE(frame->json.is_object());
  }
}

}  // namespace
}  // namespace kernel
