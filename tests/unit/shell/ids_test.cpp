// Which id a background process has: no instance of the plugin gives one that an earlier one gave.
#include "ids.hpp"

#include "played.hpp"

namespace shell {
namespace {

void play_tool(StandIn& host) {
  host.programs().program("tool", [](const SeenProgram&) { return PlayedProgram{}; });
}

struct AfterOthers : Played {
  explicit AfterOthers(const std::string& kept)
      : Played(Json::object(), [kept](StandIn& host) {
          play_tool(host);
          host.files().write(berth::detail::text("instances"), berth::detail::text(kept), false, nullptr);
        }) {}
  std::string next() { return json("run", {{"argv", {"tool"}}, {"background", true}})["id"]; }
  std::string kept() {
    std::string content;
    const berth_files_answer answer{
        sizeof(berth_files_answer),
        0,
        &content,
        [](void* with, berth_text bytes) { static_cast<std::string*>(with)->assign(bytes.data, bytes.size); },
        nullptr,
        nullptr};
    m_trial.host().files().read(berth::detail::text("instances"), 100, &answer);
    return content;
  }
  std::uint64_t instance(const std::string& id) { return std::stoull(id.substr(1, id.find('-'))); }
};

struct AfterOne : AfterOthers {
  AfterOne() : AfterOthers("1") {}
};
TEST_F(AfterOne, IdsSayWhichInstanceGaveThem) {
  EXPECT_EQ(next(), "p2-1");
  EXPECT_EQ(next(), "p2-2");
  EXPECT_EQ(kept(), "2");
  EXPECT_EQ(json("wait", {{"process", "p2-2"}, {"timeout", 5}})["id"], "p2-2");
  EXPECT_EQ(call("process", {{"process", "p1"}}).problem, "no_such_process");
}

struct AfterNonsense : AfterOthers {
  AfterNonsense() : AfterOthers("99999999999999999999") {}
};
TEST_F(AfterNonsense, TheTimeIsANumberThatNoOneHasHad) {
  const auto mine = instance(next());
  EXPECT_GT(mine, 1'700'000'000u);
  EXPECT_EQ(kept(), std::to_string(mine));
}

struct WhereNothingIsKept : Played {  // a folder stands where the file would
  WhereNothingIsKept()
      : Played(Json::object(), [](StandIn& host) {
          play_tool(host);
          host.files().write(berth::detail::text("instances/x"), berth::detail::text("1"), false, nullptr);
        }) {}
};
TEST_F(WhereNothingIsKept, TheTimeIsANumberToo) {
  const std::string id = json("run", {{"argv", {"tool"}}, {"background", true}})["id"];
  EXPECT_GT(std::stoull(id.substr(1)), 1'700'000'000u);
  EXPECT_NE(id.find('-'), std::string::npos);
}

}  // namespace
}  // namespace shell
