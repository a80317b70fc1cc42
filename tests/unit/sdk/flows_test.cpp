// What a plugin sends and is sent in many pieces: events, downloads, uploads and messages, and what a slow reader does
// to it.
#include <berth/plugin.hpp>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <thread>

#include "../service/folder.hpp"
#include "seat.hpp"

namespace berth {
namespace {

using test::Answer;
using test::Seat;

// As many as the client takes at once, and the same again whenever it has read.
void push_on(const Call& call, const Json& event) {
  while (call.push(event) == Flow::ok) {
  }
}

struct Flowing {
  static void declare(Declaration<Flowing>& d) {
    d.plugin("flowing", "1.0.0", "Flows");
    d.stream("events", "/flowing/events").concurrent().blocking().handle([](Call call) {
      int sent = 0;
      for (int n = 1; n <= call.input().value("to", 5); ++n, ++sent) {
        if (!call.event({{"n", n}}, "tick", std::to_string(n))) break;
      }
      call.finish(0, std::to_string(sent));
    });
    d.stream("pushes", "/flowing/pushes").concurrent().handle([](Call call) {
      call.on_drained([call] { push_on(call, 2); });
      call.on_cancel([call] { call.finish(); });
      push_on(call, 1);
    });
    d.download("pieces", "/flowing/pieces").blocking().handle([](Call call) {
      call.begin({"text/plain", "a.txt", "e1"});
      call.bytes(std::string_view("one\0two", 7));
      call.bytes("three");
      call.finish();
    });
    d.download("file", "/flowing/file").blocking().handle([](Call call) {
      call.file(call.input().at("path").get<std::string>(), {"text/plain", "b.txt", {}});
    });
    d.upload("size", "/flowing/size").blocking().handle([](const Call& call) {
      std::size_t pieces = 0, bytes = 0;
      call.upload().each([&](std::string_view piece) {
        ++pieces;
        bytes += piece.size();
      });
      return Json{{"bytes", bytes}, {"pieces", pieces}, {"name", call.upload().name}, {"type", call.upload().type}};
    });
    d.upload("text", "/flowing/text").blocking().handle([](const Call& call) { return call.upload().text(10); });
    d.socket("chat", "/flowing/chat").handle([](Call call) {
      call.on_message([call](Message message) {
        if (message.bytes == "bye") return void(call.finish(4000, "bye"));
        message.binary ? call.binary(message.bytes) : call.message(message.bytes);
      });
    });
    d.socket("touchy", "/flowing/touchy").handle([](Call call) {
      call.on_message([call](const Message&) { throw 42; });
    });
  }
};

struct FlowsTest : testing::Test {
  Answer upload(const std::string& operation, const std::string& content, std::uint64_t claimed) {
    const std::string file = folder.file("body");
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    EXPECT_EQ(::write(fd, content.data(), content.size()), static_cast<ssize_t>(content.size()));
    auto raw = seat.request(operation);
    raw.body_fd = fd;
    raw.body_size = claimed;
    raw.body_name = {"a.bin", 5};
    raw.body_type = {"image/x", 7};
    seat.api().invoke(seat.self(), &raw);
    ::close(fd);
    return seat.host.answer(raw.call);
  }
  test::Folder folder;
  Seat seat{detail::entry<Flowing>()};
};

TEST_F(FlowsTest, EventsComeInOrderWithTheirNames) {
  const auto answer = seat.call("flowing.events", R"({"to":2})");
  EXPECT_EQ(answer.chunks, (std::vector<std::string>{R"({"n":1})", R"({"n":2})"}));
  EXPECT_EQ(answer.names, (std::vector<std::string>{"tick", "tick"}));
  EXPECT_EQ(answer.ids, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(answer.how, "finish");
}

TEST_F(FlowsTest, AnEventWaitsForASlowReaderAndThenGoesOn) {
  seat.host.room(2);
  const auto raw = seat.request("flowing.events", R"({"to":5})");
  std::thread plugin([&] { seat.api().invoke(seat.self(), &raw); });
  for (std::size_t full = 2; full <= 4; full += 2) {
    EXPECT_TRUE(seat.host.until_waiting());
    EXPECT_EQ(seat.host.answer(raw.call).chunks.size(), full);
    seat.host.read_on(raw.call);
    ASSERT_TRUE(seat.host.until(raw.call, [&](const Answer& answer) { return answer.chunks.size() > full; }));
  }
  plugin.join();
  EXPECT_EQ(seat.host.answer(raw.call).chunks.size(), 5u);
  EXPECT_EQ(seat.host.answer(raw.call).body, "5");
}

TEST_F(FlowsTest, AnEventThatWaitsIsToldThatTheClientLeft) {
  seat.host.room(1);
  const auto raw = seat.request("flowing.events");
  std::thread plugin([&] { seat.api().invoke(seat.self(), &raw); });
  EXPECT_TRUE(seat.host.until_waiting());
  seat.cancel(raw.call);
  plugin.join();
  EXPECT_EQ(seat.host.answer(raw.call).how, "finish");
  EXPECT_EQ(seat.host.answer(raw.call).body, "0");
}

TEST_F(FlowsTest, AClientThatLeftBeforeGetsNoEvent) {
  const auto raw = seat.request("flowing.events");
  seat.cancel(raw.call);
  seat.api().invoke(seat.self(), &raw);
  EXPECT_TRUE(seat.host.answer(raw.call).chunks.empty());
  EXPECT_EQ(seat.host.answer(raw.call).how, "finish");
}

TEST_F(FlowsTest, PushesStopWhenFullAndGoOnWhenDrained) {
  seat.host.room(3);
  const auto call = seat.start("flowing.pushes");
  EXPECT_EQ(seat.host.answer(call).chunks, (std::vector<std::string>{"1", "1", "1"}));
  seat.drained(call);
  EXPECT_EQ(seat.host.answer(call).chunks.size(), 6u);
  EXPECT_EQ(seat.host.answer(call).chunks.back(), "2");
  seat.cancel(call);
  EXPECT_EQ(seat.host.answer(call).how, "finish");
  seat.api().drained(seat.self(), call);
  EXPECT_EQ(seat.host.answer(call).chunks.size(), 6u);
}

TEST_F(FlowsTest, ADownloadInPiecesSaysFirstWhatItIs) {
  const auto answer = seat.call("flowing.pieces");
  ASSERT_TRUE(answer.head);
  EXPECT_EQ(answer.head->type, "text/plain");
  EXPECT_EQ(answer.head->name, "a.txt");
  EXPECT_EQ(answer.head->etag, "e1");
  EXPECT_EQ(answer.chunks, (std::vector<std::string>{std::string("one\0two", 7), "three"}));
  EXPECT_EQ(answer.how, "finish");
}

TEST_F(FlowsTest, AFileIsHandedOver) {
  test::put(folder.file("b"), "content");
  const auto answer = seat.call("flowing.file", Json{{"path", folder.file("b")}}.dump());
  EXPECT_EQ(answer.how, "file");
  EXPECT_EQ(answer.body, "content");
  EXPECT_EQ(answer.head->name, "b.txt");
}

TEST_F(FlowsTest, AFileThatIsNotThereIs404) {
  const auto answer = seat.call("flowing.file", Json{{"path", folder.file("none")}}.dump());
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.problem, "no_file");
  EXPECT_NE(answer.hint, "");
}

TEST_F(FlowsTest, APipeInTheFilesPlaceHoldsNobodyUp) {
  ASSERT_EQ(::mkfifo(folder.file("pipe").c_str(), 0600), 0);
  EXPECT_EQ(seat.call("flowing.file", Json{{"path", folder.file("pipe")}}.dump()).body, "");
}

TEST_F(FlowsTest, AnUploadIsReadPieceByPiece) {
  const std::string content(600'000, 'u');
  const auto answer = upload("flowing.size", content, content.size());
  EXPECT_EQ(Json::parse(answer.body),
            (Json{{"bytes", 600'000}, {"pieces", 3}, {"name", "a.bin"}, {"type", "image/x"}}));
}

TEST_F(FlowsTest, AnUploadThatIsShorterThanItClaimsIsAnError) {
  EXPECT_EQ(upload("flowing.size", "short", 100).problem, "unreadable_upload");
}

TEST_F(FlowsTest, AnUploadAsTextHasALimit) {
  EXPECT_EQ(upload("flowing.text", "ten bytes.", 10).body, "\"ten bytes.\"");
  EXPECT_EQ(upload("flowing.text", "eleven byte", 11).status, 413);
}

TEST_F(FlowsTest, MessagesGoBothWays) {
  const auto call = seat.start("flowing.chat");
  seat.message(call, "text");
  seat.message(call, std::string_view("\0\1", 2), true);
  const auto answer = seat.host.answer(call);
  EXPECT_EQ(answer.chunks, (std::vector<std::string>{"text", std::string("\0\1", 2)}));
  EXPECT_EQ(answer.binary, (std::vector<bool>{false, true}));
  seat.cancel(call);
}

TEST_F(FlowsTest, ASocketIsClosedWithCodeAndReason) {
  const auto call = seat.start("flowing.chat");
  seat.message(call, "bye");
  seat.message(call, "too late");
  const auto answer = seat.host.answer(call);
  EXPECT_EQ(answer.code, 4000u);
  EXPECT_EQ(answer.body, "bye");
  EXPECT_TRUE(answer.chunks.empty());
  EXPECT_EQ(answer.strays, 0);
}

TEST_F(FlowsTest, AMessageHandlerThatThrowsEndsItsSocketOnly) {
  const auto bad = seat.start("flowing.touchy"), good = seat.start("flowing.chat");
  seat.message(bad, "x");
  seat.message(good, "y");
  EXPECT_EQ(seat.host.answer(bad).problem, "plugin_error");
  EXPECT_EQ(seat.host.answer(good).chunks.size(), 1u);
  seat.message(good, "bye");
}

}  // namespace
}  // namespace berth
