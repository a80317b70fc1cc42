// What a cell's answer says of its end and its outputs, also when a worker's frames are not what they should be.
#include "record.hpp"

#include <gtest/gtest.h>

namespace kernel {
namespace {

using berth::Json;

Told out(const std::string& text) { return {Told::What::out, text, {}}; }
Told event(Json json) { return {Told::What::event, {}, {std::move(json), {}, 100}}; }
Ending done(const char* status) {
  Ending ending;
  ending.done = {{"status", status}, {"error", nullptr}};
  return ending;
}

TEST(RecordTest, OutputsAreInTheirOrder) {
  Record record({}, nullptr);
  record.told(out("a"));
  record.told(out("b"));
  record.told(event({{"event", "display"}, {"data", {{"text/plain", "fig"}}}}));
  record.told({Told::What::err, "oh", {}});
  record.told(event({{"event", "result"}, {"data", {{"text/plain", "2"}}}}));
  const Json answer = record.answer(done("ok"));
  EXPECT_EQ(answer["status"], "completed");
  EXPECT_EQ(answer["stdout"], "ab");
  EXPECT_EQ(answer["stderr"], "oh");
  EXPECT_EQ(answer["result"], "2");
  ASSERT_EQ(answer["outputs"].size(), 4u);
  EXPECT_EQ(answer["outputs"][0]["text"], "ab");
  EXPECT_EQ(answer["outputs"][1]["data"]["text/plain"], "fig");
  EXPECT_FALSE(answer["truncated"]);
}

TEST(RecordTest, ADisplayIsUpdatedWhereItStands) {
  Record record({}, nullptr);
  record.told(event({{"event", "display"}, {"data", {{"text/plain", "1"}}}, {"transient", {{"display_id", "x"}}}}));
  record.told(event({{"event", "display"}, {"data", {{"text/plain", "other"}}}}));
  record.told(
      event({{"event", "update_display"}, {"data", {{"text/plain", "2"}}}, {"transient", {{"display_id", "x"}}}}));
  const Json outputs = record.answer(done("ok"))["outputs"];
  ASSERT_EQ(outputs.size(), 2u);
  EXPECT_EQ(outputs[0]["data"]["text/plain"], "2");
}

TEST(RecordTest, ClearingWaitsIfItIsToldTo) {
  Record record({}, nullptr);
  record.told(event({{"event", "display"}, {"data", {{"text/plain", "1"}}}}));
  record.told(event({{"event", "clear_output"}, {"wait", true}}));
  EXPECT_EQ(record.answer(done("ok"))["outputs"].size(), 1u);
  record.told(event({{"event", "display"}, {"data", {{"text/plain", "2"}}}}));
  const Json outputs = record.answer(done("ok"))["outputs"];
  ASSERT_EQ(outputs.size(), 1u);
  EXPECT_EQ(outputs[0]["data"]["text/plain"], "2");
}

TEST(RecordTest, EachEndHasItsStatusAndItsWords) {
  Ask ask;
  ask.timeout = std::chrono::milliseconds(1500);
  Ending ending;
  ending.how = Ending::How::timeout;
  EXPECT_EQ(ending_of(ask, ending)["status"], "timeout");
  EXPECT_EQ(ending_of(ask, ending)["timed_out"], true);
  EXPECT_EQ(ending_of(ask, ending)["error"]["value"], "stopped: the time limit of 1.5 s was reached");
  ending.how = Ending::How::died;
  ending.reason = "signal 9";
  EXPECT_EQ(ending_of(ask, ending)["status"], "died");
  EXPECT_EQ(ending_of(ask, ending)["error"]["value"], "signal 9");
  ending.how = Ending::How::interrupted;
  EXPECT_EQ(ending_of(ask, ending)["status"], "interrupted");
  EXPECT_EQ(ending_of(ask, done("error"))["status"], "failed");
  EXPECT_EQ(ending_of(ask, done("interrupted"))["status"], "interrupted");
}

TEST(RecordTest, TooMuchIsCutAndSaid) {
  Ask ask;
  ask.most_output = 1000;
  Record record(ask, nullptr);
  record.told(out("begin"));
  for (int i = 0; i < 100; ++i) record.told(out(std::string(100, 'x')));
  record.told(out("end"));
  for (int i = 0; i < 1000; ++i) record.told(event({{"event", "display"}, {"data", Json::object()}}));
  const Json answer = record.answer(done("ok"));
  const std::string text = answer["stdout"];
  EXPECT_TRUE(answer["truncated"]);
  EXPECT_LT(text.size(), 2000u);
  EXPECT_EQ(text.substr(0, 5), "begin");
  EXPECT_EQ(text.substr(text.size() - 3), "end");
  EXPECT_NE(text.find("bytes left out here"), std::string::npos);
  EXPECT_LE(answer["outputs"].size(), Record::most_outputs);
}

TEST(RecordTest, FramesOfAnyShapeAreTaken) {
  const Json odd[] = {nullptr, 1, "text", Json::array({1}), {{"display_id", 7}}, {{"a", {{"b", 1}}}}, true};
  for (const char* name : {"display", "update_display", "clear_output", "result", "error", "nonsense"}) {
    for (const Json& one : odd) {
      Record record({}, nullptr);
      record.told(event({{"event", name}, {"data", one}, {"metadata", one}, {"transient", one}, {"wait", one}}));
      Ending ending;
      ending.done = {{"status", one}, {"error", one}, {"payload", one}, {"figures_left_out", one}};
      EXPECT_TRUE(record.answer(ending).is_object());
      ending.done["error"] = {{"name", one}, {"value", one}, {"plain", one}};
      EXPECT_TRUE(record.answer(ending).is_object());
    }
  }
}

}  // namespace
}  // namespace kernel
