// What a plugin is lent by default and by berth.lua, and what it may call.
#include "loader/services/grants.hpp"

#include <gtest/gtest.h>

#include "loader/services/catalogue.hpp"
#include "unit/service/folder.hpp"

namespace berth::loader {
namespace {

using Set = std::set<std::string>;

Manifest needs(std::vector<std::string> services) {
  Manifest manifest;
  manifest.name = "p";
  manifest.services = std::move(services);
  return manifest;
}

TEST(Grants, StrangersGetWhatReachesNobodyAndWhatTheyDeclareOfTheRest) {
  const Set always{"berth.config/1", "berth.log/1"};
  const auto plain = services_of(needs({}), false, {});
  ASSERT_TRUE(plain);
  for (const auto& id : always) EXPECT_TRUE(plain->contains(id)) << id;
  EXPECT_TRUE(plain->contains("berth.metrics/1"));
  EXPECT_FALSE(plain->contains("berth.events/1"));
  EXPECT_TRUE(services_of(needs({"berth.events/1", "berth.jobs/1"}), false, {})->contains("berth.events/1"));
  EXPECT_FALSE(services_of(needs({"berth.calls/1"}), false, {}));
  EXPECT_FALSE(services_of(needs({"berth.secrets/1"}), false, {}));
  EXPECT_TRUE(services_of(needs({"berth.calls/1", "berth.secrets/1"}), true, {}));
}

TEST(Grants, AListInTheConfigurationIsTheWholeOfIt) {
  Grants grants;
  grants.services = Set{"calls"};
  EXPECT_TRUE(services_of(needs({"berth.calls/1"}), false, grants));
  EXPECT_FALSE(services_of(needs({"berth.calls/1", "berth.events/1"}), false, grants));
  EXPECT_FALSE(services_of(needs({"berth.events/1"}), true, grants));
  EXPECT_FALSE(services_of(needs({}), false, grants)->contains("berth.calls/1"));  // granted, but not asked for
  EXPECT_FALSE(services_of(needs({}), false, grants)->contains("berth.metrics/1"));
  EXPECT_TRUE(services_of(needs({}), false, grants)->contains("berth.log/1"));
}

TEST(Grants, ARefusalSaysWhatToWrite) {
  const auto refused = services_of(needs({"berth.events/1", "berth.calls/1"}), false, {});
  EXPECT_EQ(refused.error().message.find("p: it needs the service berth.calls/1, which it is not granted"), 0u);
  EXPECT_NE(refused.error().message.find("plugin \"p\" { services = {"), std::string::npos);
  EXPECT_NE(refused.error().message.find("\"calls\""), std::string::npos);
  EXPECT_NE(refused.error().message.find("\"events\""), std::string::npos);
  EXPECT_NE(services_of(needs({"berth.events/2"}), true, {}).error().message.find("does not have"), std::string::npos);
}

// In the catalogue's order: "a, b and c".
std::string listed(const std::function<bool(const LentService&)>& wanted) {
  std::vector<std::string> names;
  for (const auto& one : catalogue()) {
    if (wanted(one)) names.emplace_back(one.name);
  }
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return text;
}

TEST(Grants, TheExampleAndTheBookSayWhatIsGivenByDefault) {
  using Given = LentService::Given;
  const auto always = [](const LentService& one) { return one.given == Given::always; };
  std::string example = test::content_of(BERTH_SOURCE_DIR "/host/command/berth.lua");
  for (std::size_t at = 0; (at = example.find("\n-- ", at)) != std::string::npos;) example.replace(at, 4, " ");
  const auto said = [&](const std::string& words) { return example.find(words) != std::string::npos; };
  EXPECT_TRUE(said("Every plugin has " + listed(always) + "."));
  EXPECT_TRUE(said("those of others get " + listed([&](const auto& one) { return !always(one) && one.strangers; }) +
                   ", but not " + listed([](const auto& one) { return !one.strangers; }) + "."));
  const std::string book = test::content_of(BERTH_SOURCE_DIR "/sdk/README.md");
  for (const auto& one : catalogue()) {
    const std::string given = always(one) ? "always" : one.strangers ? "yes" : "no";
    bool found = false;
    for (std::size_t at = book.find("\n| `"); at != std::string::npos; at = book.find("\n| `", at + 1)) {
      const std::string row = book.substr(at + 1, book.find('\n', at + 1) - at - 1);
      const bool names_it =
          row.substr(0, row.find('|', 1)).find("`" + std::string(one.name) + "`") != std::string::npos;
      found |= names_it && row.ends_with("| " + given + " |");
    }
    EXPECT_TRUE(found) << one.name << ": " << given;
  }
}

TEST(Rights, AreALevelAndGlobs) {
  EXPECT_EQ(rights_of(true, {}).scope, session::Scope::admin);
  EXPECT_EQ(rights_of(false, {}).scope, session::Scope::read);
  EXPECT_TRUE(rights_of(false, {}).cover("anything.at_all"));
  Grants grants;
  grants.scopes = {"clock.*", "shelf.get"};
  const auto rights = rights_of(true, grants);
  EXPECT_EQ(rights.scope, session::Scope::read);
  EXPECT_TRUE(rights.cover("clock.now"));
  EXPECT_TRUE(rights.cover("shelf.get"));
  EXPECT_FALSE(rights.cover("shelf.put"));
  grants.scopes = {"read", "admin"};
  EXPECT_EQ(rights_of(false, grants).scope, session::Scope::admin);
  grants.scopes = std::vector<std::string>{};
  EXPECT_EQ(rights_of(true, grants).scope, session::Scope::read);
}

}  // namespace
}  // namespace berth::loader
