// A plugin asks where a session's files are: what it is told, when it is not, and that the next instance hears nothing
// of what the last one asked.
#include "loader/desk/workspaces_desk.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <future>
#include <vector>

#include "loader/process/packed.hpp"
#include "loader/services/bounds.hpp"
#include "service/event_loop.hpp"
#include "unit/service/folder.hpp"

namespace berth::loader {
namespace {

using service::Error;

struct Known : session::Workspaces {
  service::Result<session::Workspace> workspace_of(const std::string& session) override {
    hold.wait();
    if (session != "s1") return Error{404, "no_session", "none"};
    return session::Workspace{folder, 4711, 1000, {"/mnt/a", "/mnt/b"}};
  }
  std::string folder;
  std::promise<void> go;
  std::shared_future<void> hold{go.get_future()};
};

class WorkspacesDeskTest : public testing::Test {
 protected:
  WorkspacesDeskTest() {
    m_loop.adopt();
    m_known.folder = m_folder.path();
  }
  void ask(const std::string& session, std::uint64_t number = 1) {
    Packer fields;
    fields.text(session);
    m_desk.open({Verb::workspace_ask, number, fields.done()},
                [this](Note note) { m_heard.push_back(std::move(note)); });
  }
  void settle() {
    m_pool.end();
    m_loop.context().restart();
    m_loop.context().poll();
  }

  test::Folder m_folder;
  service::EventLoop m_loop;
  Known m_known;
  service::Pool m_pool{{2, 10000}};
  WorkspacesDesk m_desk{m_loop, &m_pool, &m_known};
  std::vector<Note> m_heard;
};

TEST_F(WorkspacesDeskTest, TellsAllOfIt) {
  m_known.go.set_value();
  ask("s1", 7);
  settle();
  ASSERT_EQ(m_heard.size(), 1u);
  Note& note = m_heard[0];
  EXPECT_EQ(note.verb, Verb::workspace_given);
  EXPECT_EQ(note.number, 7u);
  Unpacker fields(note.fields);
  EXPECT_EQ(fields.number(), 4711u);
  EXPECT_EQ(fields.number(), 1000u);
  EXPECT_EQ(fields.number(), 2u);
  EXPECT_EQ(fields.text(), "/mnt/a");
  EXPECT_EQ(fields.text(), "/mnt/b");
  EXPECT_TRUE(fields.done());
  struct stat here {
  }, there{};
  ASSERT_EQ(::fstat(note.fd.get(), &here), 0);
  ASSERT_EQ(::stat(m_known.folder.c_str(), &there), 0);
  EXPECT_EQ(here.st_ino, there.st_ino);
}

TEST_F(WorkspacesDeskTest, RefusesWhatIsNotThere) {
  m_known.go.set_value();
  ask("s2");
  m_known.folder = m_folder.path() + "/gone";
  ask("s1", 2);
  settle();
  ASSERT_EQ(m_heard.size(), 2u);
  for (const auto& note : m_heard) {
    EXPECT_EQ(note.verb, Verb::workspace_refused);
    EXPECT_EQ(unpack_error(note.fields).code, note.number == 1 ? "no_session" : "no_workspace");
  }
}

TEST_F(WorkspacesDeskTest, ALinkIsNoWorkspace) {
  m_known.go.set_value();
  ASSERT_EQ(::symlink("/", (m_folder.path() + "/link").c_str()), 0);
  m_known.folder = m_folder.path() + "/link";
  ask("s1");
  settle();
  ASSERT_EQ(m_heard.size(), 1u);
  EXPECT_EQ(m_heard[0].verb, Verb::workspace_refused);
}

TEST_F(WorkspacesDeskTest, WhatTheLastInstanceAskedTheNextDoesNotHear) {
  ask("s1");
  m_desk.reset();
  m_known.go.set_value();
  settle();
  EXPECT_TRUE(m_heard.empty());
}

TEST_F(WorkspacesDeskTest, GarbageIsDroppedAndTooManyAreRefused) {
  m_desk.open({Verb::workspace_ask, 1, "garbage"}, [this](Note note) { m_heard.push_back(std::move(note)); });
  ask("");
  ask(std::string(longest_session + 1, 'x'));
  EXPECT_TRUE(m_heard.empty());
  for (std::uint64_t i = 0; i < most_workspace_asks + 5; ++i) ask("s1", i);
  ASSERT_EQ(m_heard.size(), 5u);
  EXPECT_EQ(unpack_error(m_heard[0].fields).code, "not_now");
  m_known.go.set_value();
  settle();
  EXPECT_EQ(m_heard.size(), most_workspace_asks + 5);
}

TEST_F(WorkspacesDeskTest, AHostWithoutAnySaysSo) {
  WorkspacesDesk none(m_loop, nullptr, nullptr);
  Packer fields;
  fields.text("main");
  none.open({Verb::workspace_ask, 1, fields.done()}, [this](Note note) { m_heard.push_back(std::move(note)); });
  ASSERT_EQ(m_heard.size(), 1u);
  EXPECT_EQ(unpack_error(m_heard[0].fields).code, "no_service");
  m_known.go.set_value();
}

}  // namespace
}  // namespace berth::loader
