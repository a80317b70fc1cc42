// What comes over the wire before anybody is trusted: signatures, replays, and bytes that are no message.
#include "wire/message.hpp"

#include <gtest/gtest.h>

namespace kernel::wire {
namespace {

using berth::Json;

const std::string key = "a key that is long enough";

Frames signed_frames(const Frames& parts, const Frames& from = {"me"}, const std::string& with = key) {
  Frames all = from;
  all.push_back("<IDS|MSG>");
  all.push_back(Signer(with).sign({parts[0], parts[1], parts[2], parts[3]}));
  all.insert(all.end(), parts.begin(), parts.end());
  return all;
}

const Frames plain{R"({"msg_type":"execute_request","msg_id":"1","session":"s"})", "{}", "{}", R"({"code":"1"})"};

const char* read(const Frames& frames, Message& to) { return Codec(key).read(frames, to); }
std::string refusal(const Frames& frames) {
  Message message;
  const char* why = read(frames, message);
  return why ? why : "";
}

TEST(SignerTest, SignsAsTheRestOfTheWorldDoes) {  // RFC 4231, test case 2
  const Signer signer("Jefe");
  EXPECT_EQ(signer.sign({"what do ya want ", "for nothing?"}),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(SignerTest, KeysAreNew) {
  EXPECT_EQ(new_key().size(), 64u);
  EXPECT_NE(new_key(), new_key());
}

TEST(SignerTest, HearsNothingTwice) {
  Signer signer(key);
  const auto signature = signer.sign({"a"});
  EXPECT_EQ(signer.judge(signature, {"a"}), Signer::Verdict::good);
  EXPECT_EQ(signer.judge(signature, {"a"}), Signer::Verdict::known);
  EXPECT_EQ(signer.judge(signature, {"b"}), Signer::Verdict::wrong);
  EXPECT_EQ(signer.judge("", {"a"}), Signer::Verdict::wrong);
}

TEST(SignerTest, RemembersNoMoreThanItMay) {
  Signer signer(key);
  for (std::size_t i = 0; i <= Signer::most_known; ++i) {
    const std::string text = std::to_string(i);
    ASSERT_EQ(signer.judge(signer.sign({text}), {text}), Signer::Verdict::good);
  }
  EXPECT_EQ(signer.judge(signer.sign({"0"}), {"0"}), Signer::Verdict::good);  // the oldest is forgotten
  EXPECT_EQ(signer.judge(signer.sign({"9"}), {"9"}), Signer::Verdict::known);
}

// What is published can be heard without the key, and is signed: it must not be of use to whoever sends it back.
TEST(MessageTest, NothingThatWasSaidHereIsHeardHere) {
  Codec codec(key);
  Frames said = codec.write({"a topic"}, {"comm_msg", {{"comm_id", "1"}}});
  said.erase(said.begin());
  Message message;
  EXPECT_STREQ(codec.read(said, message), "it is one that was said here");
  EXPECT_EQ(Codec(key).read(said, message), nullptr);
  EXPECT_EQ(message.id, codec.last_id());
}

TEST(MessageTest, SaysWhatItIsAbout) {
  Frames parts = plain;
  parts[1] = R"({"msg_id":"before"})";
  Message message;
  ASSERT_EQ(read(signed_frames(parts), message), nullptr);
  EXPECT_EQ(message.parent, "before");
  parts[1] = R"({"msg_id":7})";
  Message other;
  ASSERT_EQ(read(signed_frames(parts), other), nullptr);
  EXPECT_EQ(other.parent, "");
}

TEST(MessageTest, WhatIsSignedHasABound) {
  Frames parts = plain;
  parts[3] = R"({"code":")" + std::string(Codec::most_signed, 'x') + "\"}";
  EXPECT_EQ(refusal(signed_frames(parts)), "its content is too large");
  Message message;
  EXPECT_EQ(Codec(key, Codec::Between::two).read(signed_frames(parts), message), nullptr);
  parts = plain;
  parts[1] = R"({"a":")" + std::string(Codec::most_header, 'x') + "\"}";
  EXPECT_EQ(refusal(signed_frames(parts)), "its header is too large");
}

TEST(SignerTest, RemembersNothingIfItIsToldSo) {
  Signer signer(key, 0);
  const auto signature = signer.sign({"a"});
  EXPECT_EQ(signer.judge(signature, {"a"}), Signer::Verdict::good);
  EXPECT_EQ(signer.judge(signature, {"a"}), Signer::Verdict::good);
  EXPECT_EQ(signer.judge(signature, {"b"}), Signer::Verdict::wrong);
}

TEST(MessageTest, IsReadWithItsEnvelopeAndItsBuffers) {
  Frames parts = plain;
  parts.push_back(std::string("\0\xff", 2));
  Message message;
  ASSERT_EQ(read(signed_frames(parts, {"one", "two"}), message), nullptr);
  EXPECT_EQ(message.from, (Frames{"one", "two"}));
  EXPECT_EQ(message.type, "execute_request");
  EXPECT_EQ(message.id, "1");
  EXPECT_EQ(message.header, plain[0]);
  EXPECT_EQ(message.parent, "");
  EXPECT_EQ(message.content.at("code"), "1");
  EXPECT_EQ(message.buffers, (Frames{std::string("\0\xff", 2)}));
}

TEST(MessageTest, WhatIsWrittenCanBeRead) {
  Codec codec(key);
  const auto frames = codec.write({"me"}, {"stream", {{"text", "a\xff"}}, plain[0], {{"m", 1}}, {"buffer"}});
  Message message;
  ASSERT_EQ(read(frames, message), nullptr);
  EXPECT_EQ(message.type, "stream");
  EXPECT_EQ(message.content.at("text"), "a\xef\xbf\xbd");
  EXPECT_EQ(message.metadata.at("m"), 1);
  EXPECT_EQ(message.buffers, (Frames{"buffer"}));
  EXPECT_EQ(frames[4], plain[0]);  // its parent, as it came
  EXPECT_EQ(message.parent, "1");
  Message other;
  ASSERT_EQ(read(codec.write({}, {"stream", Json::object()}), other), nullptr);
  EXPECT_NE(message.id, other.id);
}

// Kernels name the session of whom they answer.
TEST(MessageTest, BetweenTwoAnythingIsHeardThatHasTheKey) {
  Codec codec(key, Codec::Between::two);
  const Frames said = codec.write({}, {"stream", Json::object()});
  Message message;
  EXPECT_EQ(codec.read(said, message), nullptr);
  EXPECT_EQ(codec.read(said, message), nullptr);
  EXPECT_STREQ(codec.read(signed_frames(plain, {}, "another key"), message), "its signature is wrong");
}

TEST(MessageTest, AStrangersIsRefused) {
  EXPECT_EQ(refusal(signed_frames(plain, {"me"}, "another key")), "its signature is wrong");
  auto frames = signed_frames(plain);
  frames.back() = R"({"code":"2"})";
  EXPECT_EQ(refusal(frames), "its signature is wrong");
  frames = signed_frames(plain);
  frames[2].clear();
  EXPECT_EQ(refusal(frames), "its signature is wrong");
}

TEST(MessageTest, AReplayIsRefused) {
  Codec codec(key);
  Message message;
  EXPECT_EQ(codec.read(signed_frames(plain), message), nullptr);
  EXPECT_STREQ(codec.read(signed_frames(plain), message), "its signature was seen before");
  EXPECT_STREQ(codec.read(signed_frames(plain, {"another"}), message), "its signature was seen before");
}

TEST(MessageTest, WhatIsNoMessageIsRefused) {
  EXPECT_EQ(refusal({}), "it has no delimiter");
  EXPECT_EQ(refusal({"", "", ""}), "it has no delimiter");
  EXPECT_EQ(refusal({"<IDS|MSG>"}), "it has too few frames");
  EXPECT_EQ(refusal({"me", "<IDS|MSG>", "", "", "", ""}), "it has too few frames");
  EXPECT_EQ(refusal(Frames(Codec::most_frames + 1, "")), "it has too many frames");
  EXPECT_EQ(refusal(signed_frames(plain, Frames(Codec::most_envelope + 1, "x"))), "it has no delimiter");
  EXPECT_EQ(refusal({std::string(Codec::most_bytes + 1, 'x')}), "it is too large");
}

TEST(MessageTest, SignedNonsenseIsRefused) {
  const auto with = [](std::size_t which, const std::string& text) {
    Frames parts = plain;
    parts[which] = text;
    return refusal(signed_frames(parts));
  };
  EXPECT_EQ(with(0, "{}"), "its header has no msg_type or no msg_id");
  EXPECT_EQ(with(0, R"({"msg_type":7,"msg_id":"1"})"), "its header has no msg_type or no msg_id");
  EXPECT_EQ(with(0, R"({"msg_type":"x","msg_id":""})"), "its header has no msg_type or no msg_id");
  EXPECT_EQ(with(0, R"({"msg_type":"x","msg_id":")" + std::string(300, 'i') + "\"}"),
            "its header has no msg_type or no msg_id");
  EXPECT_EQ(with(0, "{\"x\":\"" + std::string(Codec::most_header, 'x') + "\"}"), "its header is too large");
  for (const std::size_t part : {0u, 2u, 3u}) {
    for (const char* text : {"", "[]", "null", "{", "{\"a\":\"\xff\"}"})
      EXPECT_EQ(with(part, text), "a part of it is no JSON object") << part << text;
    EXPECT_EQ(with(part, "{\"a\":" + std::string(20'000, '[') + std::string(20'000, ']') + "}"),
              "a part of it is no JSON object");
  }
}

}  // namespace
}  // namespace kernel::wire
