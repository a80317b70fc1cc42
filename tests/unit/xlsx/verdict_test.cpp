// What a verdict says of itself depends on what was found, never on how much of it is told.
#include "serve/verdict.hpp"

#include <gtest/gtest.h>

#include <berth/call.hpp>

namespace ooxml::serve {

namespace {

constexpr std::size_t most = 5;

Verdict flooded() {
  Verdict verdict(most);
  verdict.opened = true;
  for (std::size_t i = 0; i < 3 * most; ++i) {
    verdict.findings.add({.severity = Severity::hint});
    verdict.rulings.add(Level::warning, {});
    verdict.rulings.add(Level::hint, {});
  }
  return verdict;
}

std::size_t told(const nlohmann::json& answer) {
  return answer["schema_errors"].size() + answer["rule_errors"].size() + answer["warnings"].size();
}

}  // namespace

TEST(Verdict, IsNotHiddenByHints) {
  Verdict ruled = flooded(), schema = flooded();
  EXPECT_EQ(exit_of(answer_of(ruled)), passed);
  ruled.rulings.add(Level::error, {.code = "late"});
  schema.findings.add({.severity = Severity::schema, .code = "late"});
  EXPECT_EQ(answer_of(ruled)["rule_errors"][0]["id"], "late");
  EXPECT_EQ(answer_of(schema)["schema_errors"][0]["id"], "late");
  EXPECT_EQ(exit_of(answer_of(ruled)), rule_errors);
  EXPECT_EQ(exit_of(answer_of(schema)), schema_errors);
}

TEST(Verdict, HasSoManyInEachListAndCountsAll) {
  Verdict verdict = flooded();
  for (std::size_t i = 0; i < 2 * most; ++i) {
    verdict.findings.add({.severity = Severity::schema});
    verdict.findings.add({.severity = Severity::repaired, .layer = Layer::rule});
    verdict.rulings.add(Level::error, {});
  }
  const auto answer = answer_of(verdict);
  for (const char* list : {"schema_errors", "rule_errors", "warnings"}) EXPECT_EQ(answer[list].size(), most) << list;
  EXPECT_EQ(answer["stats"]["counts"], (nlohmann::json{{"schema_errors", 10}, {"rule_errors", 20}, {"warnings", 45}}));
  EXPECT_EQ(answer["stats"]["left_out"], 75 - told(answer));
  EXPECT_NE(report_of("a", answer, false).find("not valid, 10 schema errors, 20 rule errors, 45 warnings"),
            std::string::npos);
}

TEST(Verdict, SaysThatAPartIsNoXmlWhateverCameBefore) {
  Verdict verdict = flooded();
  for (std::size_t i = 0; i < 2 * most; ++i) verdict.findings.add({.severity = Severity::schema});
  EXPECT_EQ(exit_of(answer_of(verdict)), schema_errors);
  verdict.findings.add({.severity = Severity::refused, .layer = Layer::xml, .code = "not-well-formed"});
  const auto answer = answer_of(verdict);
  EXPECT_EQ(exit_of(answer), not_parsed);
  EXPECT_EQ(answer["stats"]["parsed"], false);
  EXPECT_EQ(answer["schema_errors"].size(), most);
  EXPECT_EQ(answer["schema_errors"].back()["id"], "not-well-formed");
}

TEST(Verdict, OfWhatOfficeDoesNotLookIntoIsParsed) {
  Verdict verdict(most);
  verdict.opened = true;
  verdict.findings.add({.severity = Severity::hint, .layer = Layer::xml});
  EXPECT_EQ(exit_of(answer_of(verdict)), passed);
}

TEST(Verdict, WithoutAReasonIsRefused) { EXPECT_THROW(Verdict(0), berth::Error); }

TEST(Verdict, OfAnotherEngineHasNoCounts) {
  const nlohmann::json answer{{"valid", false},
                              {"schema_errors", {{{"id", "x"}}}},
                              {"rule_errors", nlohmann::json::array()},
                              {"warnings", nlohmann::json::array()},
                              {"stats", {{"engine", "openxml-sdk"}}}};
  EXPECT_EQ(exit_of(answer), schema_errors);
}

}  // namespace ooxml::serve
