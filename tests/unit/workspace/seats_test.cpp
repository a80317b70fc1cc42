// Workspaces are remembered, shared by those who were lent the same folder, and never so many that descriptors run out.
#include "seats.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "unit/service/folder.hpp"

namespace workspace {
namespace {

// A host that lends each session a folder of its name, and "twin" that of "main".
struct Lender {
  berth_host raw{};  // first: what the plugin hands back is this
  berth::test::Folder folder;
  int lent = 0;

  Lender() {
    raw.size = sizeof raw;
    raw.service = [](const berth_host*, berth_text id) -> const void* {
      static constexpr berth_workspace workspaces{sizeof(berth_workspace), &open};
      return std::string_view(id.data, id.size) == BERTH_WORKSPACE ? &workspaces : nullptr;
    };
  }
  std::string path(const std::string& session) const { return folder.file(session == "twin" ? "main" : session); }
  static int open(const berth_host* host, berth_text session, const berth_workspace_answer* answer) {
    auto& self = *reinterpret_cast<Lender*>(const_cast<berth_host*>(host));
    const std::string path = self.path({session.data, session.size});
    std::filesystem::create_directory(path);
    berth_workspace_given given{};
    given.size = sizeof given;
    given.folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ++self.lent;
    answer->given(answer->with, &given);
    return 1;
  }
};

struct SeatsTest : testing::Test {
  static std::size_t descriptors() {
    std::size_t all = 0;
    for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator("/proc/self/fd")) ++all;
    return all;
  }
  Lender lender;
  Seats seats{berth::Context{berth::Json::object(), berth::Log(&lender.raw), &lender.raw}};
};

TEST_F(SeatsTest, AThousandSessionsHoldNoThousandDescriptors) {
  const std::size_t before = descriptors();
  for (int i = 0; i < 1000; ++i) seats.of("s" + std::to_string(i));
  EXPECT_LE(descriptors(), before + 256);
  EXPECT_EQ(lender.lent, 1000);
  // The latest are remembered, if only for a second.
  int lent = -1;
  for (int tries = 0; lent != lender.lent && tries < 100; ++tries) {
    lent = lender.lent;
    seats.of("s999");
  }
  EXPECT_EQ(lent, lender.lent);
}

TEST_F(SeatsTest, OneFolderHasOneQuotaWhoeverIsLentIt) {
  const auto one = seats.of("main"), other = seats.of("twin"), third = seats.of("else");
  EXPECT_EQ(one->shared, other->shared);
  EXPECT_NE(one->shared, third->shared);
}

TEST_F(SeatsTest, AFolderThatIsGoneIsNotRemembered) {
  const auto before = seats.of("main");
  std::filesystem::remove_all(lender.path("main"));
  const auto after = seats.of("main");
  EXPECT_EQ(lender.lent, 2);
  EXPECT_NE(before->shared, after->shared);
}

}  // namespace
}  // namespace workspace
