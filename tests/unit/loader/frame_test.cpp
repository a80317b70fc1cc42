// Frames and what they carry: the same on both ends, and nothing taken on trust.
#include "loader/process/frame.hpp"

#include <gtest/gtest.h>

#include <random>

#include "loader/process/packed.hpp"

namespace berth::loader {
namespace {

TEST(Packer, ComesBackAsItWas) {
  Packer packer;
  const std::string nul("a\0b", 3);
  packer.number(7).text("words").text("").text(nul).number(~0ull);
  const std::string bytes = packer.done();
  Unpacker from(bytes);
  EXPECT_EQ(from.number(), 7u);
  EXPECT_EQ(from.text(), "words");
  EXPECT_EQ(from.text(), "");
  EXPECT_EQ(from.text(), nul);
  EXPECT_FALSE(from.done());
  EXPECT_EQ(from.number(), ~0ull);
  EXPECT_TRUE(from.done());
}

TEST(Unpacker, IsEmptyPastTheEnd) {
  Packer packer;
  packer.number(1'000'000'000'000ull);  // the length of a text that is not there
  const std::string bytes = packer.done();
  Unpacker from(bytes);
  EXPECT_EQ(from.text(), "");
  EXPECT_FALSE(from.good());
  EXPECT_EQ(from.number(), 0u);
  EXPECT_FALSE(from.done());
}

TEST(FrameHead, OfAnotherKindIsRefused) {
  Frame frame;
  EXPECT_TRUE(take_head({3, 5, 1, 0, 0, 0, 9}, frame));
  EXPECT_EQ(frame.fields.size(), 3u);
  EXPECT_EQ(frame.data.size(), 5u);
  EXPECT_EQ(frame.call, 9u);
  EXPECT_FALSE(take_head({most_fields + 1, 0, 1, 0, 0, 0, 0}, frame));
  EXPECT_FALSE(take_head({0, most_data + 1, 1, 0, 0, 0, 0}, frame));
  EXPECT_FALSE(take_head({0, most_words + 1, static_cast<std::uint8_t>(FrameKind::log), 0, 0, 0, 0}, frame));
  EXPECT_FALSE(take_head({0, most_words + 1, static_cast<std::uint8_t>(FrameKind::pong), 0, 0, 0, 0}, frame));
  EXPECT_FALSE(take_head({0, 0, 0, 0, 0, 0, 0}, frame));
  EXPECT_FALSE(take_head({0, 0, 1, 2, 0, 0, 0}, frame));
  EXPECT_FALSE(take_head({0, 0, 1, 0, 1, 0, 0}, frame));
  EXPECT_FALSE(take_head({0, 0, 1, 0, 0, 1, 0}, frame));
}

Frame as_sent(Frame frame) {
  if (!frame.lent.empty()) frame.data = std::string(frame.lent);
  return frame;
}

TEST(Packed, RequestsArriveWhole) {
  const auto asker = std::make_shared<session::Asker>();
  asker->who = {"ann", session::Scope::admin, std::nullopt};
  asker->session = "s1";
  asker->request_id = "r";
  asker->traceparent = "t";
  Request request;
  request.operation = 3;
  request.input = R"({"a":1})";
  request.asker = asker;
  request.last_event_id = "5";
  request.body_size = 77;
  request.body_type = "text/plain";
  request.body_name = "n";
  const auto arrived = unpack_request(as_sent(*pack_request(1, request, 4096)));
  ASSERT_TRUE(arrived);
  EXPECT_EQ(arrived->window, 4096u);
  const Request* back = &arrived->request;
  EXPECT_EQ(back->operation, 3u);
  EXPECT_EQ(back->input, request.input);
  EXPECT_EQ(back->asker->who.name, "ann");
  EXPECT_EQ(back->asker->who.scope, session::Scope::admin);
  EXPECT_EQ(back->asker->session, "s1");
  EXPECT_EQ(back->asker->request_id, "r");
  EXPECT_EQ(back->asker->traceparent, "t");
  EXPECT_EQ(back->last_event_id, "5");
  EXPECT_EQ(back->body_size, 77u);
  EXPECT_EQ(back->body_type, "text/plain");
  EXPECT_EQ(back->body_name, "n");
}

TEST(Packed, ErrorsOfStrangersAreKeptInBounds) {
  service::Error error{429, "slow", "down", "please"};
  error.retry_after = std::chrono::seconds(3);
  const auto back = unpack_error(pack_error(error));
  EXPECT_EQ(back.status, 429);
  EXPECT_EQ(back.code, "slow");
  EXPECT_EQ(back.message, "down");
  EXPECT_EQ(back.hint, "please");
  EXPECT_EQ(back.retry_after, std::chrono::seconds(3));
  error.status = 200;
  error.code.clear();
  error.retry_after = std::chrono::seconds(std::int64_t{1} << 40);
  const auto bad = unpack_error(pack_error(error));
  EXPECT_EQ(bad.status, 500);
  EXPECT_EQ(bad.code, "plugin_error");
  EXPECT_EQ(bad.retry_after, std::chrono::seconds(86'400));
  EXPECT_EQ(unpack_error("rubbish").status, 500);
}

TEST(Packed, MarksOfEventsAreShort) {
  const Chunk chunk{"data", std::string(1025, 'e'), std::string(1024, 'i'), false};
  const Chunk back = unpack_chunk(pack_chunk(FrameKind::chunk, 1, chunk));
  EXPECT_EQ(back.event, "");
  EXPECT_EQ(back.id, chunk.id);
  EXPECT_EQ(back.bytes, "data");
}

TEST(Packed, BearsAnyBytes) {
  std::mt19937 dice(3);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(dice() % 80, '\0');
    for (char& c : bytes) c = static_cast<char>(dice() % 4 == 0 ? dice() : 0);
    unpack_error(bytes);
    unpack_head(bytes);
    unpack_chunk({FrameKind::chunk, 0, bytes, {}, {}});
    unpack_request({FrameKind::invoke, 0, bytes, {}, {}});
    service::Log log([](service::Level, std::string_view, std::string_view, const service::Log::Fields& fields) {
      for (const auto& field : fields) EXPECT_TRUE(!field.raw || nlohmann::json::accept(field.value));
    });
    write_log(log, "x", {FrameKind::log, 0, bytes, "line", {}});
  }
}

TEST(Packed, LinesOfTheLogStayLines) {
  std::string seen;
  service::Log log(
      [&](service::Level level, std::string_view who, std::string_view message, const service::Log::Fields& fields) {
        seen = std::to_string(static_cast<int>(level)) + " " + std::string(who) + " " + std::string(message);
        for (const auto& field : fields)
          seen += " " + std::string(field.name) + "=" + field.value + (field.raw ? " raw" : "");
      });
  write_log(log, "p",
            pack_line(service::Level::warn, "hello",
                      {{"n", std::int64_t{3}}, {"who", "me"}, service::Log::Field::json("j", "{]")}));
  EXPECT_EQ(seen, "2 p hello n=3 raw who_=me j={]");
}

}  // namespace
}  // namespace berth::loader
