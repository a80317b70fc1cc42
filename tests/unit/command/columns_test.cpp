// Colours are for terminals that have them, and for people who want them; and nothing of a stranger's moves the cursor.
#include "command/columns.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "service/unique_fd.hpp"

namespace berth::command {
namespace {

class ColoursTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(::grantpt(m_master.get()), 0);
    ASSERT_EQ(::unlockpt(m_master.get()), 0);
    m_terminal = service::UniqueFd(::open(::ptsname(m_master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
    ASSERT_TRUE(m_terminal);
    ::setenv("TERM", "xterm", 1);
    ::unsetenv("NO_COLOR");
  }
  const service::UniqueFd m_master{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
  service::UniqueFd m_terminal;
};

TEST_F(ColoursTest, AreForTerminals) {
  EXPECT_TRUE(colours(m_terminal.get()));
  const service::UniqueFd file(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  EXPECT_FALSE(colours(file.get()));
}

TEST_F(ColoursTest, AreNotForOnesThatHaveNone) {
  for (const char* name : {"dumb", ""}) {
    ::setenv("TERM", name, 1);
    EXPECT_FALSE(colours(m_terminal.get())) << name;
  }
  ::unsetenv("TERM");
  EXPECT_FALSE(colours(m_terminal.get()));
}

TEST_F(ColoursTest, AreNotForWhoWantsNone) {
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(colours(m_terminal.get()));
  ::setenv("NO_COLOR", "", 1);  // as good as not there, says no-color.org
  EXPECT_TRUE(colours(m_terminal.get()));
}

TEST(Printable, HasNoControls) { EXPECT_EQ(printable("a\x1b[2Jb\nc"), "a?[2Jb c"); }

}  // namespace
}  // namespace berth::command
