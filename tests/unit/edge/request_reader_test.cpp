// The parser of hostile bytes, byte by byte and all at once.
#include "edge/request_reader.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "edge/read_buffer.hpp"
#include "edge/reader_stock.hpp"

namespace berth::edge {
namespace {

struct Outcome {
  RequestReader::Stage stage;
  std::optional<service::Error> error;
  std::string body;
  std::size_t used = 0;
};

// Gives the bytes in pieces of that size, keeping what was not used, as a connection does.
Outcome read(std::string_view bytes, std::size_t piece, RequestReader& reader) {
  Outcome out{reader.stage(), {}, {}, 0};
  std::string waiting;
  for (std::size_t at = 0; at < bytes.size() && !out.error; at += piece) {
    waiting += bytes.substr(at, piece);
    while (reader.stage() != RequestReader::Stage::done) {
      const auto before = reader.stage();
      const auto step = reader.feed(waiting);
      waiting.erase(0, step.used);
      out.used += step.used;
      out.error = step.error;
      if (out.error || (step.used == 0 && reader.stage() == before)) break;
    }
  }
  out.stage = reader.stage();
  out.body = reader.take_body();
  return out;
}

Outcome read_once(std::string_view bytes) {
  RequestReader reader({});
  return read(bytes, bytes.size(), reader);
}

TEST(RequestReader, ReadsARequestWithAnyCut) {
  const std::string text = "POST /a?b=c HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    RequestReader reader({});
    const auto out = read(text, piece, reader);
    ASSERT_FALSE(out.error) << piece;
    ASSERT_EQ(out.stage, RequestReader::Stage::done) << piece;
    EXPECT_EQ(out.body, "hello");
    EXPECT_EQ(reader.head().method, "POST");
    EXPECT_EQ(reader.head().target, "/a?b=c");
    EXPECT_EQ(reader.head().value("host"), "localhost");
    EXPECT_TRUE(reader.head().keep_alive);
  }
}

TEST(RequestReader, ReadsChunksWithAnyCut) {
  const std::string text =
      "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nTrailer: "
      "z\r\n\r\n";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    RequestReader reader({});
    const auto out = read(text, piece, reader);
    ASSERT_FALSE(out.error) << piece << out.error->message;
    ASSERT_EQ(out.stage, RequestReader::Stage::done) << piece;
    EXPECT_EQ(out.body, "hello world");
  }
}

TEST(RequestReader, LeavesThePipelineAlone) {
  const std::string one = "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n";
  RequestReader reader({});
  const auto first = read(one + one, 2 * one.size(), reader);
  EXPECT_EQ(first.used, one.size());
  reader.next({});
  EXPECT_EQ(read(one, one.size(), reader).stage, RequestReader::Stage::done);
}

struct Refused {
  const char* what;
  std::string bytes;
  int status;
  const char* code;
};

class RequestReaderRefuses : public testing::TestWithParam<Refused> {};

TEST_P(RequestReaderRefuses, WithTheRightWord) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, GetParam().bytes.size()}) {
    RequestReader reader({});
    const auto out = read(GetParam().bytes, piece, reader);
    ASSERT_TRUE(out.error) << GetParam().what << " in pieces of " << piece;
    EXPECT_EQ(out.error->status, GetParam().status) << GetParam().what << ": " << out.error->message;
    EXPECT_EQ(out.error->code, GetParam().code) << GetParam().what;
  }
}

std::string get(const std::string& fields, const std::string& target = "/") {
  return "GET " + target + " HTTP/1.1\r\n" + fields + "\r\n";
}

std::string many_fields() {
  std::string text = "Host: x\r\n";
  for (int i = 0; i < 200; ++i) text += "A: b\r\n";
  return get(text);
}

INSTANTIATE_TEST_SUITE_P(
    Requests, RequestReaderRefuses,
    testing::Values(
        Refused{"bare LF", "GET / HTTP/1.1\nHost: x\n\n", 400, "bad_request"},
        Refused{"one bare LF", "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", 400, "bad_request"},
        Refused{"folded line", get("Host: x\r\nA: b\r\n c\r\n"), 400, "bad_request"},
        Refused{"two lengths", get("Host: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n"), 400, "bad_request"},
        Refused{"twice the same length", get("Host: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n"), 400,
                "bad_request"},
        Refused{"list of lengths", get("Host: x\r\nContent-Length: 3, 3\r\n"), 400, "bad_request"},
        Refused{"signed length", get("Host: x\r\nContent-Length: +3\r\n"), 400, "bad_request"},
        Refused{"length and chunked", get("Host: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n"), 400,
                "bad_request"},
        Refused{"gzip, chunked", get("Host: x\r\nTransfer-Encoding: gzip, chunked\r\n"), 400, "bad_request"},
        Refused{"chunked, gzip", get("Host: x\r\nTransfer-Encoding: chunked, gzip\r\n"), 400, "bad_request"},
        Refused{"no host", get("A: b\r\n"), 400, "bad_request"},
        Refused{"two hosts", get("Host: x\r\nHost: y\r\n"), 400, "bad_request"},
        Refused{"space before colon", get("Host : x\r\n"), 400, "bad_request"},
        Refused{"NUL in a value", get(std::string("Host: x\r\nA: b\0c\r\n", 17)), 400, "bad_request"},
        Refused{"NUL in the target", std::string("GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", 29), 400, "bad_request"},
        Refused{"no version", "GET /\r\n\r\n", 400, "bad_request"},
        Refused{"HTTP/1.2", "GET / HTTP/1.2\r\nHost: x\r\n\r\n", 505, "version_not_supported"},
        Refused{"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "version_not_supported"},
        Refused{"long target", get("Host: x\r\n", "/" + std::string(9000, 'a')), 414, "target_too_long"},
        Refused{"many fields", many_fields(), 431, "header_too_large"},
        Refused{"large header", get("Host: x\r\nA: " + std::string(40000, 'a') + "\r\n"), 431, "header_too_large"},
        Refused{"bad chunk size", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400,
                "bad_request"},
        Refused{"huge chunk size",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 400,
                "bad_request"}));

TEST(RequestReader, ForgivesOneEmptyLineBefore) {
  EXPECT_FALSE(read_once("\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n").error);
  RequestReader reader({});
  const auto out = read("\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 1, reader);
  EXPECT_FALSE(out.error);
  EXPECT_EQ(out.stage, RequestReader::Stage::done);
}

TEST(RequestReader, AnOldClientNeedsNoHost) {
  const auto out = read_once("GET / HTTP/1.0\r\n\r\n");
  EXPECT_FALSE(out.error);
  EXPECT_EQ(out.stage, RequestReader::Stage::done);
}

TEST(ReaderStock, LendsTheLastOneAgainAndCleared) {
  ReaderStock stock;
  const RequestReader* first = nullptr;
  {
    const auto reader = stock.lend({});
    first = reader.get();
    read("POST /secret HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf", 1000, *reader);
  }
  const auto again = stock.lend({});
  EXPECT_EQ(again.get(), first);
  EXPECT_FALSE(again->begun());
  EXPECT_EQ(again->gathered(), 0u);
  EXPECT_EQ(again->stage(), RequestReader::Stage::head);
  EXPECT_TRUE(again->head().target.empty());
  EXPECT_EQ(again->head().fields(), 0u);
  EXPECT_EQ(stock.idle(), 0u);
}

TEST(ReaderStock, OneOfEarlierGoesByTheLimitsOfToday) {
  ReaderStock stock;
  stock.lend({});
  HeadLimits narrow;
  narrow.target = 4;
  const auto reader = stock.lend(narrow);
  const auto out = read("GET /longer HTTP/1.1\r\nHost: x\r\n\r\n", 1000, *reader);
  ASSERT_TRUE(out.error);
  EXPECT_EQ(out.error->status, 414);
}

TEST(ReaderStock, KeepsAFewOfMany) {
  ReaderStock stock;
  std::vector<ReaderStock::Lent> many;
  for (int i = 0; i < 1000; ++i) many.push_back(stock.lend({}));
  many.clear();
  EXPECT_EQ(stock.idle(), 64u);
}

void put(ReadBuffer& buffer, std::string_view text, std::size_t room) {
  const auto place = buffer.room(room);
  ASSERT_EQ(place.size(), room);
  std::memcpy(place.data(), text.data(), text.size());
  buffer.filled(text.size());
}

TEST(ReadBuffer, KeepsWhatIsNotUsed) {
  ReadBuffer buffer;
  EXPECT_TRUE(buffer.empty());
  put(buffer, "one two", 8);
  buffer.use(4);
  put(buffer, " three", 64);
  EXPECT_EQ(buffer.unread(), "two three");
  buffer.use(9);
  EXPECT_TRUE(buffer.empty());
  put(buffer, "four", 4);
  EXPECT_EQ(buffer.unread(), "four");
}

TEST(ReadBuffer, MayBeUsedWhileAReadIsUnderWay) {
  ReadBuffer buffer;
  put(buffer, "first", 16);
  const auto place = buffer.room(16);
  buffer.use(5);
  std::memcpy(place.data(), "second", 6);
  buffer.filled(6);
  EXPECT_EQ(buffer.unread(), "second");
}

}  // namespace
}  // namespace berth::edge
