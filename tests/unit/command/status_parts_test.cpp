// What plugins add to GET /status: the fields that they have declared and no others, asked for with the asker's rights;
// one that fails, says nonsense or nothing costs the others nothing.
#include "command/status_parts.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "unit/service/turning.hpp"

namespace berth::command {
namespace {

using nlohmann::json;

class Plugin : public loader::Provider {
 public:
  explicit Plugin(const std::map<std::string, std::vector<std::string>>& parts) {
    m_manifest.name = "moody";
    for (const auto& [name, fields] : parts) {
      loader::Operation operation;
      operation.name = "moody." + name;
      operation.method = "GET";
      operation.path = "/moody/" + name;
      operation.input = {{"type", "object"}};
      operation.in_status = fields;
      m_manifest.operations.push_back(std::move(operation));
    }
  }
  const loader::Manifest& manifest() const override { return m_manifest; }
  void invoke(std::shared_ptr<loader::Reply>) override {}
  void message(std::shared_ptr<loader::Reply>, loader::Chunk, std::function<void()> done) override { done(); }
  void drained(std::shared_ptr<loader::Reply>) override {}
  void cancel(std::shared_ptr<loader::Reply>) override {}
  std::optional<std::string> ailment() override { return std::nullopt; }

 private:
  loader::Manifest m_manifest;
};

class StatusPartsTest : public testing::Test, public loader::Caller {
 protected:
  using Play = std::function<void(Ears&)>;
  StatusPartsTest() { m_loop.adopt(); }
  std::shared_ptr<Call> start(Ask ask, std::shared_ptr<Ears> ears) override {
    m_asked.push_back(ask);
    m_ears.push_back(ears);
    if (const auto play = m_plays.find(ask.operation); play != m_plays.end()) play->second(*ears);
    struct Handle : Call {
      explicit Handle(int& cancelled) : m_cancelled(cancelled) {}
      void cancel() override { ++m_cancelled; }
      void consumed(std::size_t) override {}
      int& m_cancelled;
    };
    return std::make_shared<Handle>(m_cancelled);
  }
  void gather(const std::map<std::string, std::vector<std::string>>& parts) {
    m_table = *routing::Table::build({std::make_shared<Plugin>(parts)}, m_metrics);
    session::Asker asker;
    asker.who = {"someone", session::Scope::read, "s"};
    asker.session = "s";
    asker.depth = 3;
    StatusParts::gather(*m_table, *this, m_loop, asker, [this](const json& fields) { m_told.push_back(fields); });
  }

  service::EventLoop m_loop;
  service::Metrics m_metrics;
  std::shared_ptr<const routing::Table> m_table;
  std::map<std::string, Play> m_plays;
  std::vector<Ask> m_asked;
  std::vector<std::shared_ptr<Ears>> m_ears;
  std::vector<json> m_told;
  int m_cancelled = 0;
};

TEST_F(StatusPartsTest, TellsTheDeclaredFieldsAndNoOthers) {
  m_plays["moody.mood"] = [](Ears& ears) { ears.send(R"({"mood": "good", "secret": 1})"); };
  gather({{"mood", {"mood", "absent"}}, {"other", {}}});
  EXPECT_EQ(m_told, std::vector<json>{json({{"mood", "good"}})});
  ASSERT_EQ(m_asked.size(), 1u);  // what declares no part is not called
  EXPECT_EQ(m_asked[0].input, "{}");
  EXPECT_EQ(m_asked[0].asker->who.name, "someone");
  EXPECT_EQ(m_asked[0].asker->who.session, "s");
  EXPECT_EQ(m_asked[0].asker->depth, 4u);
}

TEST_F(StatusPartsTest, WithoutPartsItIsToldAtOnce) {
  gather({});
  EXPECT_EQ(m_told, std::vector<json>{json::object()});
}

TEST_F(StatusPartsTest, WhatFailsOrIsNonsenseIsLeftOut) {
  m_plays["moody.fails"] = [](Ears& ears) { ears.fail({503, "no", "not now"}); };
  m_plays["moody.raves"] = [](Ears& ears) { ears.send("{]"); };
  m_plays["moody.well"] = [](Ears& ears) { ears.send(R"({"c": 3})"); };
  gather({{"fails", {"a"}}, {"raves", {"b"}}, {"well", {"c"}}});
  EXPECT_EQ(m_told, std::vector<json>{json({{"c", 3}})});
}

TEST_F(StatusPartsTest, TheHostsOwnWordsStay) {
  json shown{{"session", "s"}, {"version", "1"}};
  StatusParts::add(shown, {{"session", "t"}, {"version", "2"}, {"pid", 3}, {"mood", "good"}},
                   {{"version", "1"}, {"pid", 1}});
  EXPECT_EQ(shown, (json{{"session", "s"}, {"version", "1"}, {"mood", "good"}}));
}

TEST_F(StatusPartsTest, AFieldIsOnePlugins) {
  const auto first = std::make_shared<Plugin>(std::map<std::string, std::vector<std::string>>{{"mood", {"a", "b"}}});
  const auto second = std::make_shared<Plugin>(std::map<std::string, std::vector<std::string>>{{"other", {"c", "b"}}});
  const auto both = routing::Table::build({first, second}, m_metrics);
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().message, "moody.other and moody.mood both have a part of /status that is named b");
}

// It is read on the I/O thread, and comes from a stranger.
TEST_F(StatusPartsTest, WhatIsDeepOrLargeIsLeftOut) {
  const auto nested = [](std::size_t levels) {
    return R"({"a":)" + std::string(levels, '[') + std::string(levels, ']') + "}";
  };
  const auto sized = [](std::size_t size) { return R"({"b":")" + std::string(size - 8, 'x') + R"("})"; };
  m_plays["moody.deep"] = [&](Ears& ears) { ears.send(nested(16)); };
  m_plays["moody.deeper"] = [&](Ears& ears) { ears.send(nested(1'000'000)); };
  m_plays["moody.large"] = [&](Ears& ears) { ears.send(sized((64u << 10) + 1)); };
  gather({{"deep", {"a"}}, {"deeper", {"c"}}, {"large", {"b"}}});
  EXPECT_EQ(m_told, std::vector<json>{json::object()});
  m_plays["moody.deep"] = [&](Ears& ears) { ears.send(nested(15)); };
  m_plays["moody.large"] = [&](Ears& ears) { ears.send(sized(64u << 10)); };
  gather({{"deep", {"a"}}, {"large", {"b"}}});
  EXPECT_EQ(m_told.back().size(), 2u);
}

TEST_F(StatusPartsTest, NobodyWaitsForOneThatIsSilent) {
  m_plays["moody.well"] = [](Ears& ears) { ears.send(R"({"c": 3})"); };
  gather({{"silent", {"a"}}, {"well", {"c"}}});
  EXPECT_TRUE(m_told.empty());
  EXPECT_TRUE(test::turn_until(m_loop, [&] { return !m_told.empty(); }));
  EXPECT_EQ(m_told, std::vector<json>{json({{"c", 3}})});
  EXPECT_EQ(m_cancelled, 2);
  m_ears[0]->send(R"({"a": 1})");  // too late
  EXPECT_EQ(m_told.size(), 1u);
}

}  // namespace
}  // namespace berth::command
