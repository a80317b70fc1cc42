// The names that no plugin may have, beside what the host itself answers: none of its own paths is left out.
#include <gtest/gtest.h>

#include "command/host.hpp"
#include "loader/manifest.hpp"
#include "unit/service/folder.hpp"

namespace berth::command {
namespace {

TEST(OwnNamesTest, EveryPathOfTheHostBeginsWithANameOfItsOwn) {
  const test::Folder folder;
  Host::Parts parts;
  parts.config.edge.listens = {{"unix:" + folder.file("socket"), std::nullopt, "test"}};
  parts.config.log.least = service::Level::error;
  parts.state = folder.file("state");
  parts.token_file = folder.file("token");
  std::filesystem::create_directories(parts.state);
  parts.audit = std::move(*service::Audit::open({folder.file("audit.log")}));
  Host host(std::move(parts));
  const auto failed = host.open();
  ASSERT_FALSE(failed) << failed->message;
  std::size_t seen = 0;
  for (const auto& route : host.dispatcher().table()->routes()) {
    const auto& operation = route->operation;
    const std::string& name = operation.name;
    EXPECT_TRUE(loader::is_hosts_name(name.substr(0, name.find('.')))) << name;
    if (operation.path == "/") continue;
    const std::string first = operation.path.substr(1, operation.path.find('/', 1) - 1);
    EXPECT_TRUE(loader::is_hosts_path(first)) << operation.path;
    const bool dotted = first.front() == '.';  // as no plugin's name is
    EXPECT_TRUE(dotted || loader::is_hosts_name(first.substr(0, first.find('.')))) << operation.path;
    ++seen;
  }
  EXPECT_GT(seen, 10u);
  EXPECT_TRUE(loader::is_hosts_path("uploads"));  // which is no operation's
}

}  // namespace
}  // namespace berth::command
