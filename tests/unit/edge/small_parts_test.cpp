// The small parts of the edge: ranges, keys, names, traces, heads, gzip.
#include <gtest/gtest.h>
#include <zlib.h>

#include <nlohmann/json.hpp>

#include "edge/answer.hpp"
#include "edge/byte_range.hpp"
#include "edge/chunked.hpp"
#include "edge/gzip.hpp"
#include "edge/trace.hpp"
#include "edge/upload_name.hpp"

namespace berth::edge {
namespace {

std::string shown(const Wanted& wanted) {
  return std::to_string(wanted.status) + " " + std::to_string(wanted.begin) + "-" + std::to_string(wanted.end);
}

TEST(ByteRange, FollowsTheStandard) {
  const auto ask = [](std::string_view range) { return shown(wanted_of(100, "tag", {range})); };
  EXPECT_EQ(ask(""), "200 0-100");
  EXPECT_EQ(ask("bytes=0-9"), "206 0-10");
  EXPECT_EQ(ask("bytes=90-"), "206 90-100");
  EXPECT_EQ(ask("bytes=-10"), "206 90-100");
  EXPECT_EQ(ask("bytes=-1000"), "206 0-100");
  EXPECT_EQ(ask("bytes=0-1000"), "206 0-100");
  EXPECT_EQ(ask("bytes=100-"), "416 0-0");
  EXPECT_EQ(ask("bytes=-0"), "416 0-0");
  for (const char* odd :
       {"bytes=9-0", "bytes=a-b", "bytes=-", "bytes=1", "lines=0-9", "bytes=0-1,2-3", "bytes=99999999999999999999-"}) {
    EXPECT_EQ(ask(odd), "200 0-100") << odd;
  }
  EXPECT_EQ(shown(wanted_of(0, "tag", {"bytes=0-"})), "416 0-0");
}

TEST(ByteRange, HonoursTags) {
  EXPECT_EQ(wanted_of(9, "tag", {{}, {}, {}, "\"other\", W/\"tag\""}).status, 304);
  EXPECT_EQ(wanted_of(9, "tag", {{}, {}, {}, "*"}).status, 304);
  EXPECT_EQ(wanted_of(9, "tag", {{}, {}, {}, "\"tagg\""}).status, 200);
  EXPECT_EQ(wanted_of(9, "tag", {"bytes=0-1", "\"tag\""}).status, 206);
  EXPECT_EQ(wanted_of(9, "tag", {"bytes=0-1", "\"old\""}).status, 200);
  EXPECT_EQ(wanted_of(9, "tag", {"bytes=0-1", "W/\"tag\""}).status, 200);
  EXPECT_EQ(wanted_of(9, "tag", {"bytes=0-1", "*"}).status, 200);
  EXPECT_EQ(wanted_of(9, "tag", {{}, {}, "\"old\""}).status, 412);
  EXPECT_EQ(wanted_of(9, "tag", {{}, {}, "W/\"tag\""}).status, 412);
  EXPECT_EQ(wanted_of(9, "tag", {{}, {}, "\"old\", \"tag\""}).status, 200);
  EXPECT_EQ(wanted_of(9, "tag", {{}, {}, "*"}).status, 200);
}

TEST(UploadName, IsNeverAPath) {
  EXPECT_EQ(upload_name("attachment; filename=\"a.txt\""), "a.txt");
  EXPECT_EQ(upload_name("attachment; filename=\"../../etc/passwd\""), "passwd");
  EXPECT_EQ(upload_name("attachment; filename=\"C:\\\\x\\\\y.txt\""), "y.txt");
  EXPECT_EQ(upload_name("attachment; filename=x; filename*=UTF-8''r%C3%A9.txt"), "r\xc3\xa9.txt");
  EXPECT_EQ(upload_name("attachment; filename=\"..\""), "");
  EXPECT_EQ(upload_name(""), "");
}

TEST(UploadName, IsTakenOutOfTheQuery) {
  loader::Operation operation;
  operation.input = {{"properties", nlohmann::json::object()}};
  std::string query = "a=1&name=my+file.txt&b=2";
  EXPECT_EQ(take_name(operation, query), "my file.txt");
  EXPECT_EQ(query, "a=1&b=2");
  operation.input["properties"]["name"] = {{"type", "string"}};
  EXPECT_EQ(take_name(operation, query = "name=x"), "");
  EXPECT_EQ(query, "name=x");
}

TEST(UploadName, ComesFromTusMetadata) {
  EXPECT_EQ(tus_metadata("filename d29ybGQudHh0,filetype dGV4dC9wbGFpbg==", "filename"), "world.txt");
  EXPECT_EQ(tus_metadata("filename d29ybGQudHh0, filetype dGV4dC9wbGFpbg==", "filetype"), "text/plain");
  EXPECT_EQ(tus_metadata("filename", "filename"), "");
}

TEST(Trace, KeepsGoodNamesOnly) {
  EXPECT_EQ(request_id_of("abc-1.2_3"), "abc-1.2_3");
  EXPECT_NE(request_id_of("a b"), "a b");
  EXPECT_NE(request_id_of(std::string(200, 'a')), std::string(200, 'a'));
  EXPECT_NE(request_id_of({}), request_id_of({}));
  const std::string good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const auto parent = traceparent_of(good);
  EXPECT_EQ(parent.substr(0, 36), "00-4bf92f3577b34da6a3ce929d0e0e4736-");
  EXPECT_EQ(parent.size(), 55u);
  EXPECT_TRUE(parent.ends_with("-01"));
  EXPECT_NE(parent, good);
  for (const char* bad : {"", "00-xyz", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                          "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                          "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"}) {
    EXPECT_NE(traceparent_of(bad).substr(3, 32), "4bf92f3577b34da6a3ce929d0e0e4736") << bad;
  }
}

TEST(AnswerHead, CannotBeBrokenByAValue) {
  AnswerHead answer(200);
  answer.field("A", "b\r\nSet-Cookie: x");
  const std::string head = std::move(answer).done();
  EXPECT_EQ(head.find("Set-Cookie"), std::string::npos);
  EXPECT_TRUE(head.ends_with("A: b\r\n\r\n"));
}

TEST(AnswerHead, DatesAsTheStandardWants) { EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT"); }

TEST(Chunked, CountsInHex) { EXPECT_EQ(chunked(std::string(26, 'x')), "1a\r\n" + std::string(26, 'x') + "\r\n"); }

TEST(Gzip, IsForText) {
  for (const char* type : {"text/plain", "TEXT/html; charset=utf-8", "application/json", "application/problem+json",
                           "image/svg+xml", "application/javascript ; charset=utf-8"})
    EXPECT_TRUE(compressible(type)) << type;
  for (const char* type : {"", "application/octet-stream", "image/png", "application/zip", "xml", "+json",
                           "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"})
    EXPECT_FALSE(compressible(type)) << type;
}

TEST(Gzip, ComesBack) {
  const std::string text(100000, 'a');
  const std::string packed = gzip(text);
  EXPECT_LT(packed.size(), 2000u);
  std::string out(text.size(), '\0');
  z_stream stream{};
  ASSERT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  inflateEnd(&stream);
  EXPECT_EQ(out, text);
}

}  // namespace
}  // namespace berth::edge
