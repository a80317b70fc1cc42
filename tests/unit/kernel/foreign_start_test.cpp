// Kernels that are none of our own, on their way up: which may be had, what is refused, and what is left of those that
// nobody waits for.
#include <filesystem>

#include "peer.hpp"

namespace kernel {
namespace {

using berth::Json;
using peer::ForeignStage;
using peer::state_of;
using How = Ending::How;

TEST(ForeignStartTest, ItsConnectionFileIsItsOwnAndGoes) {
  ForeignStage stage;
  EXPECT_EQ(stage.cell("turn.out(oct(facts_mode))")->end().out, "0o600");
  const auto seen = stage.cell("while os.path.exists(sys.argv[1]):\n  time.sleep(0.01)")->end();
  EXPECT_EQ(seen.ending.how, How::done);
}

TEST(ForeignStartTest, WhoAsksForAKernelspecThatIsNotThereIsToldWhichAre) {
  ForeignStage stage;
  stage.add("jupyter:Pear");
  const auto seen = stage.cell("")->end();
  EXPECT_EQ(seen.status, 422);
  EXPECT_EQ(seen.code, "no_such_engine");
  EXPECT_NE(seen.why.find("did you mean jupyter:peer?"), std::string::npos) << seen.why;
}

TEST(ForeignStartTest, AKernelspecThatIsBrokenIsRefused) {
  ForeignStage stage;
  int number = 0;
  for (const Json& content : {Json("text"), Json{{"argv", Json::array()}}, Json{{"argv", {7}}}, Json{{"argv", "ls"}},
                              Json{{"argv", {"/no/such/program"}}}, Json{{"argv", {"true"}}, {"env", {{"A", 1}}}}}) {
    const std::string name = "broken" + std::to_string(++number);
    stage.spec(name, content);
    stage.add("jupyter:" + name);
    EXPECT_EQ(stage.cell("")->end().code, "bad_kernelspec") << content;
  }
}

TEST(ForeignStartTest, WhatDoesNotComeUpIsNotTriedAgainAtOnce) {
  ForeignStage stage;
  stage.spec("bad", {{"argv", {"/bin/sh", "-c", "echo no luck; exit 4"}}});
  stage.add("jupyter:bad");
  EXPECT_EQ(stage.cell("")->end().code, "kernel_down");
  EXPECT_EQ(stage.cell("")->end().code, "kernel_down");
  EXPECT_EQ(stage.host.starts, 1);
}

// Whoever is in the jail may end what was to connect to the kernel.
TEST(ForeignStartTest, OneThatNobodyConnectsToIsNotWaitedFor) {
  ForeignStage stage;
  stage.spec("alone", {{"argv", {"/bin/sh", "-c", "pkill -9 -s 0 -f '[-]s -P -c'; exec sleep 600"}}});
  stage.add("jupyter:alone");
  const auto seen = stage.cell("")->end();
  EXPECT_EQ(seen.code, "kernel_down");
  EXPECT_NE(seen.why.find("what was to connect to it has ended"), std::string::npos) << seen.why;
}

TEST(ForeignStartTest, WhatComesUpForNobodyIsEnded) {
  ForeignStage stage;
  std::filesystem::create_directory(stage.file("mute"));
  stage.spec("mute", {{"argv", {"/bin/sh", "-c", "echo > " + stage.file("mute/$$") + "; exec sleep 600"}}});
  stage.add("jupyter:mute");
  const auto waiting = stage.cell("");
  const auto started = [&] {
    const std::filesystem::directory_iterator all(stage.file("mute"));
    return std::distance(begin(all), end(all));
  };
  const auto alive = [&] {
    int count = 0;
    for (const auto& one : std::filesystem::directory_iterator(stage.file("mute")))
      count += state_of(one.path().filename()) != 'Z';
    return count;
  };
  EXPECT_TRUE(stage.happens([&] { return started() == 1 && alive() == 1; }));
  std::string code;
  stage.loop.wait_for([&] {
    stage.kernel->reset([&code](Kernel::Pids, const auto& error) { code = error ? error->code() : "none"; });
  });
  EXPECT_EQ(waiting->end().ending.how, How::interrupted);
  EXPECT_TRUE(stage.happens([&] { return started() == 2 && alive() == 1; }));
  stage.loop.wait_for([&] { stage.seat->remove(stage.kernel->id()); });
  EXPECT_EQ(code, "reset_again");
  EXPECT_TRUE(stage.happens([&] { return alive() == 0; }));
}

TEST(ForeignStartTest, TheKernelspecsEnvironmentIsItsOwn) {
  ForeignStage stage;
  stage.spec("Env", {{"argv", {stage.file("kernel"), "{connection_file}"}}, {"env", {{"OWN", "${HOME}/x"}}}});
  stage.add("jupyter:env");  // as Jupyter has it, names are the same in any letters
  EXPECT_EQ(stage.cell("turn.out(str(os.environ['OWN'] == os.environ['HOME'] + '/x'))")->end().out, "True");
}

TEST(ForeignStartTest, OnlyThoseThatAreAllowedAreHad) {
  ForeignStage stage;
  stage.options.any_engine = false;
  stage.options.engines = {"jupyter:other"};
  std::string code;
  stage.loop.wait_for([&] {
    try {
      stage.seat->add("", "jupyter:peer");
    } catch (const berth::Error& error) {
      code = error.code();
    }
  });
  EXPECT_EQ(code, "no_such_engine");
  EXPECT_EQ(stage.host.starts, 0);
}

TEST(ForeignStartTest, ItSaysWhatItIs) {
  ForeignStage stage;
  stage.cell("")->end();
  Json about, debug;
  stage.loop.wait_for([&] {
    about = stage.seat->engine(stage.kernel->id());
    debug = stage.kernel->debug();
  });
  EXPECT_EQ(about.at("name"), "jupyter:peer");
  EXPECT_EQ(about.at("language"), "peerish");
  EXPECT_EQ(debug.at("spec").at("display_name"), "Peer");
}

// As JSON may have it.
TEST(ForeignStartTest, HalfACharacterInItsNameKeepsNobodyWaiting) {
  ForeignStage stage;
  std::filesystem::create_directories(stage.file("kernels/half"));
  stage.write("kernels/half/kernel.json",
              R"({"argv": [")" + stage.file("kernel") + R"(", "{connection_file}"], "display_name": "P\ud800"})");
  stage.add("jupyter:half");
  EXPECT_EQ(stage.cell("")->end().ending.how, How::done);
  stage.loop.wait_for([&] { EXPECT_EQ(stage.kernel->debug().at("spec").at("display_name"), "P?"); });
}

// It would be kept as long as the kernel is there.
TEST(ForeignStartTest, WhatItSaysOfItselfIsBounded) {
  ForeignStage stage;
  const auto with_banner = [&stage](const char* size) {
    stage.spec(size, {{"argv", {stage.file("kernel"), "{connection_file}"}}, {"env", {{"BANNER", size}}}});
    stage.add(std::string("jupyter:") + size);
    return stage.cell("")->end();
  };
  EXPECT_EQ(with_banner("100000").ending.how, How::done);
  EXPECT_EQ(with_banner("1000000").code, "kernel_down");
}

// What connects is a program of the jail's, and so may be anybody.
TEST(ForeignStartTest, WhoSpeaksAnotherLanguageIsNotWaitedFor) {
  ForeignStage stage;
  stage.write("stranger", R"py(#!/usr/bin/python3
import json, socket, sys
facts = json.load(open(sys.argv[1]))
ends = []
for number in range(1, 6):
    ends.append(socket.socket(socket.AF_UNIX))
    ends[-1].bind(f"{facts['ip']}-{number}")
    ends[-1].listen()
for one in ends:
    other, _ = one.accept()
    other.send(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1000)
    ends.append(other)
)py");
  ::chmod(stage.file("stranger").c_str(), 0755);
  stage.spec("stranger", {{"argv", {stage.file("stranger"), "{connection_file}"}}});
  stage.add("jupyter:stranger");
  const auto seen = stage.cell("")->end();
  EXPECT_EQ(seen.code, "kernel_down");
}

}  // namespace
}  // namespace kernel
