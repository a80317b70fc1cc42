// Chunked bodies: what is right is read however it is cut, what is wrong is refused at its first wrong byte.
#include "service/http/chunk_reader.hpp"

#include <gtest/gtest.h>

#include <random>

namespace berth::service {
namespace {

struct Read {
  std::string body, wrong;
  std::size_t used = 0;
  bool done = false;
};

Read read(std::string_view text, std::size_t piece, std::uint64_t most_trailer = 1000) {
  ChunkReader reader(most_trailer);
  Read out;
  while (out.used < text.size() && !reader.done() && out.wrong.empty()) {
    const auto bytes = text.substr(out.used, piece);
    const auto step = reader.feed(bytes, out.body);
    out.used += step.used;
    if (step.wrong) out.wrong = step.wrong;
    EXPECT_TRUE(step.wrong || reader.done() || step.used == bytes.size());
  }
  out.done = reader.done();
  return out;
}

void expect_good(const std::string& text, const std::string& body) {
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    const Read out = read(text + "GET /next", piece);
    ASSERT_EQ(out.wrong, "") << text << piece;
    EXPECT_TRUE(out.done) << text << piece;
    EXPECT_EQ(out.body, body) << text << piece;
    EXPECT_EQ(out.used, text.size()) << text << piece;
  }
}

TEST(ChunkReader, ReadsWhatIsRight) {
  expect_good("0\r\n\r\n", "");
  expect_good("000\r\n\r\n", "");
  expect_good("5\r\nhello\r\n0\r\n\r\n", "hello");
  expect_good("a\r\n0123456789\r\nA\r\n\r\n\r\n\r\n\r\n\r\n\r\n000005\r\n01234\r\n0\r\n\r\n",
              "0123456789\r\n\r\n\r\n\r\n\r\n01234");
  expect_good("1;a\r\nx\r\n0;b=c;d=\"e\tf\"\r\n\r\n", "x");
  expect_good("1\r\nx\r\n0\r\nTrailer: a\r\nAnother: b\r\n\r\n", "x");
}

TEST(ChunkReader, RefusesWhatIsWrong) {
  for (const std::string wrong : {
           "\r\n",
           ";a\r\n",
           " 1\r\n",
           "+1\r\n",
           "-1\r\n",
           "0x1\r\n",
           "1 \r\n",
           "1 2\r\n",
           "g\r\n",
           "1\n",
           "1;a\n",
           "1\rx",
           "1;a\rx",
           "1\r\nxy",
           "1\r\nx\n",
           "1\r\nx\rx",
           "1\r\nx\r\n\r\n",
           "1;a\x01",
           "1;a\x7f",
           "10000000000000000\r\n",
           "fffffffffffffffff\r\n",
           "0\r\n\n",
           "0\r\n\rx",
           "0\r\n x",
           "0\r\n\tx",
           "0\r\n:x",
           "0\r\na: b\n",
           "0\r\na: b\rx",
           "0\r\na: \x01",
           "0\r\na: b\r\n c",
           "0\r\na: b\r\n\n",
       }) {
    for (std::size_t piece = 1; piece <= wrong.size(); ++piece) {
      const Read out = read(wrong + "0\r\n\r\n", piece);
      EXPECT_NE(out.wrong, "") << wrong << " by " << piece;
      EXPECT_LE(out.used, wrong.size()) << wrong;
    }
  }
  EXPECT_NE(read(std::string("1;\0", 3), 1).wrong, "");
}

TEST(ChunkReader, BoundsWhatIsNoBody) {
  EXPECT_NE(read(std::string(2000, '0'), 100).wrong, "");
  EXPECT_NE(read("1;" + std::string(2000, 'x'), 100).wrong, "");
  EXPECT_EQ(read("0\r\n" + std::string(999, 'x') + "\r\n\r\n", 100).wrong, "");
  EXPECT_NE(read("0\r\n" + std::string(1001, 'x') + "\r\n\r\n", 100).wrong, "");
  std::string lines = "0\r\n";
  for (int i = 0; i < 300; ++i) lines += "a: b\r\n";
  EXPECT_NE(read(lines + "\r\n", 100).wrong, "");
  EXPECT_EQ(read("fffffffffffffff\r\nx", 100).wrong, "");
}

TEST(ChunkReader, ReadsAnyBodyInAnyChunks) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::string body, text;
    for (unsigned chunks = random() % 5; chunks > 0; --chunks) {
      std::string chunk(1 + random() % 300, ' ');
      for (char& c : chunk) c = static_cast<char>(random());
      char size[20];
      std::snprintf(size, sizeof size, round % 2 ? "%zx" : "%zX", chunk.size());
      text += size + std::string("\r\n") + chunk + "\r\n";
      body += chunk;
    }
    text += "0\r\n\r\n";
    const Read out = read(text, 1 + random() % text.size());
    EXPECT_TRUE(out.done);
    EXPECT_EQ(out.body, body);
  }
}

}  // namespace
}  // namespace berth::service
