// Written, appended: whole or not at all, by whoever was first, and never more than there is room for.
#include "write.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>
#include <thread>

#include "read.hpp"
#include "seat.hpp"

namespace workspace {
namespace {

class WriteTest : public SeatTest {
 protected:
  Json write(const std::string& path, const std::string& content, Json more = Json::object()) {
    more["path"] = path;
    more["content"] = content;
    return run(&write_file, more);
  }
  Json append(const std::string& path, const std::string& content) {
    return run(&append_file, {{"path", path}, {"content", content}});
  }
};

TEST_F(WriteTest, ComesToItsPlaceWhole) {
  const Json made = write("output/new/deep/a.txt", "one");
  EXPECT_EQ(made.at("created"), true);
  EXPECT_EQ(made.at("size"), 3);
  EXPECT_EQ(made.at("path"), "/workspace/output/new/deep/a.txt");
  EXPECT_EQ(get("output/new/deep/a.txt"), "one");
  const Json again = write("output/new/deep/a.txt", "");
  EXPECT_EQ(again.at("created"), false);
  EXPECT_NE(again.at("etag"), made.at("etag"));
  EXPECT_EQ(get("output/new/deep/a.txt"), "");
  EXPECT_EQ(count("output/new/deep"), 1u);
  EXPECT_EQ(refusal(&write_file, {{"path", "output/no/a"}, {"content", ""}, {"parents", false}}), "404 not_found");
  EXPECT_FALSE(there("output/no"));
  EXPECT_EQ(refusal(&write_file, {{"path", "output/new/deep"}, {"content", ""}}), "422 is_a_folder");
  EXPECT_EQ(refusal(&write_file, {{"path", "output/new/deep/a.txt/b"}, {"content", ""}}), "422 not_a_folder");
  EXPECT_EQ(refusal(&write_file, {{"path", "output"}, {"content", ""}}), "422 is_a_folder");
  EXPECT_EQ(refusal(&write_file, {{"path", "/workspace"}, {"content", ""}}), "403 read_only");
}

TEST_F(WriteTest, BytesComeAsBase64) {
  write("output/b", "AAH/", {{"as", "base64"}});
  EXPECT_EQ(get("output/b"), std::string("\x00\x01\xff", 3));
  write("output/b", "YQ==", {{"as", "base64"}});
  EXPECT_EQ(get("output/b"), "a");
  for (const char* bad : {"A", "AA=A", "=AAA", "AAAA=", "AA\nA", "====", "AA==AAAA", "ä=="})
    EXPECT_EQ(refusal(&write_file, {{"path", "output/b"}, {"content", bad}, {"as", "base64"}}), "422 bad_base64")
        << bad;
  EXPECT_EQ(get("output/b"), "a");
}

// Whatever the host's umask is.
TEST_F(WriteTest, TheAgentMayReadWhatIsTheHumans) {
  run(&write_file, {{"path", "upload/a/b/f"}, {"content", "x"}}, "admin");
  run(&append_file, {{"path", "upload/c/log"}, {"content", "x"}}, "admin");
  for (const char* folder : {"upload/a", "upload/a/b", "upload/c"}) EXPECT_EQ(mode(folder), 0755u) << folder;
  for (const char* file : {"upload/a/b/f", "upload/c/log"}) EXPECT_EQ(mode(file), 0644u) << file;
}

TEST_F(WriteTest, ModesAreKept) {
  write("output/a", "x", {{"executable", true}});
  EXPECT_EQ(mode("output/a"), 0755u);
  write("output/a", "y");
  EXPECT_EQ(mode("output/a"), 0755u);
  ASSERT_EQ(::chmod(at("output/a").c_str(), 04755), 0);
  write("output/a", "z");
  EXPECT_EQ(mode("output/a"), 0755u);  // no set-user-id comes to what somebody else wrote
  write("output/b", "x");
  EXPECT_EQ(mode("output/b"), 0644u);
}

TEST_F(WriteTest, FilesAreTheAgents) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  const int folder = ::open(m_folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  m_root.emplace(Root::Given{berth::Fd(folder), 4711, 0, {}});
  write("output/sub/a", "x");
  append("output/sub/b", "x");
  run(&write_file, {{"path", "upload/sub/a"}, {"content", "x"}}, "admin");
  const auto owner = [&](const char* path) {
    struct stat found {};
    ::stat(at(path).c_str(), &found);
    return std::pair(found.st_uid, found.st_gid);
  };
  for (const char* path : {"output/sub", "output/sub/a", "output/sub/b"})
    EXPECT_EQ(owner(path), std::pair(4711u, 4711u)) << path;
  for (const char* path : {"upload/sub", "upload/sub/a"}) EXPECT_EQ(owner(path), std::pair(0u, 0u)) << path;
}

TEST_F(WriteTest, ExpectsWhatItHasSeen) {
  const std::string etag = write("output/a", "one").at("etag");
  EXPECT_EQ(run(&read_file, {{"path", "output/a"}}).at("etag"), etag);
  write("output/a", "two", {{"expect_etag", etag}});
  EXPECT_EQ(refusal(&write_file, {{"path", "output/a"}, {"content", "x"}, {"expect_etag", etag}}), "412 changed");
  EXPECT_EQ(refusal(&append_file, {{"path", "output/a"}, {"content", "x"}, {"expect_etag", etag}}), "412 changed");
  EXPECT_EQ(refusal(&write_file, {{"path", "output/none"}, {"content", "x"}, {"expect_etag", etag}}), "412 changed");
  EXPECT_EQ(refusal(&append_file, {{"path", "output/none"}, {"content", "x"}, {"expect_etag", etag}}), "412 changed");
  EXPECT_EQ(get("output/a"), "two");
  EXPECT_EQ(count("output"), 1u);
}

TEST_F(WriteTest, OfManyAtOnceOneWins) {
  for (int round = 0; round < 20; ++round) {
    const std::string etag = write("output/a", "start " + std::to_string(round)).at("etag");
    const std::string fresh = "output/new-" + std::to_string(round);
    std::atomic<int> won{0}, made{0};
    std::vector<std::thread> all;
    for (int i = 0; i < 8; ++i) {
      all.emplace_back([&, i] {
        const std::string text = "by " + std::to_string(i);
        won += refusal(&write_file, {{"path", "output/a"}, {"content", text}, {"expect_etag", etag}})[0] == '{';
        made += refusal(&write_file, {{"path", fresh}, {"content", text}, {"create_only", true}})[0] == '{';
      });
    }
    for (auto& one : all) one.join();
    EXPECT_EQ(won, 1);
    EXPECT_EQ(made, 1);
  }
  EXPECT_EQ(count("output"), 21u);
}

TEST_F(WriteTest, AppendsWholeThings) {
  EXPECT_EQ(append("output/log", "a").at("created"), true);
  EXPECT_EQ(append("output/log", "b").at("created"), false);
  EXPECT_EQ(append(".todo.jsonl", "{}\n").at("size"), 3);
  std::vector<std::thread> all;
  for (int i = 0; i < 8; ++i) {
    all.emplace_back([&, i] {
      for (int j = 0; j < 50; ++j) append("output/many", std::string(99, static_cast<char>('a' + i)) + "\n");
    });
  }
  for (auto& one : all) one.join();
  std::istringstream lines(get("output/many"));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_EQ(line, std::string(99, line[0]));
  EXPECT_EQ(count, 400);
}

TEST_F(WriteTest, TheQuotaHolds) {
  reopen(300'000);
  write("output/a", std::string(200'000, 'x'));
  EXPECT_EQ(refusal(&write_file, {{"path", "output/b"}, {"content", std::string(200'000, 'x')}}), "507 quota_exceeded");
  EXPECT_EQ(refusal(&append_file, {{"path", "output/a"}, {"content", std::string(200'000, 'x')}}),
            "507 quota_exceeded");
  EXPECT_EQ(refusal(&write_file, {{"path", "output/b"}, {"content", std::string(300'001, 'x')}}), "413 quota_exceeded");
  EXPECT_EQ(count("output"), 1u);
  write("output/a", std::string(250'000, 'y'));  // in place of what was there
  std::filesystem::remove(at("output/a"));       // by the agent: counted again before anything is refused
  write("output/b", std::string(250'000, 'z'));
  try {
    write("output/c", std::string(100'000, 'z'));
    FAIL();
  } catch (const berth::Error& error) {
    for (const char* number : {"100000", "300000"}) EXPECT_NE(error.message().find(number), std::string::npos);
  }
}

TEST_F(WriteTest, ManyAtOnceKeepToTheQuotaTogether) {
  reopen(1u << 20);
  const std::string content(400'000, 'x');
  for (int round = 0; round < 10; ++round) {
    std::vector<std::thread> all;
    for (int i = 0; i < 8; ++i)
      all.emplace_back([&, i] {
        refusal(&write_file, {{"path", "output/" + std::to_string(i)}, {"content", content}});
      });
    for (auto& one : all) one.join();
    EXPECT_LE(bytes_taken(*m_root), 1u << 20);
    EXPECT_GE(count("output"), 1u);
    for (int i = 0; i < 8; ++i) std::filesystem::remove(at("output/" + std::to_string(i)));
    m_usage.forget();
  }
}

// What the disk does not take leaves what was there.
void expect_all_or_nothing(const std::function<std::string(const std::string&, const std::string&)>& write,
                           const std::function<std::string(const std::string&, const std::string&)>& append,
                           const std::string& refused) {
  EXPECT_EQ(write("output/a", "old")[0], '{');
  const std::string large(6u << 20, 'x');
  EXPECT_EQ(write("output/a", large), refused);
  EXPECT_EQ(write("output/new", large), refused);
  EXPECT_EQ(append("output/a", large), refused);
  EXPECT_EQ(append("output/new", large), refused);
}

TEST_F(WriteTest, AFullDiskLeavesNothingHalf) {
  if (::mount("berth-test", at("output").c_str(), "tmpfs", 0, "size=4m") != 0)
    GTEST_SKIP() << "no small disk can be mounted";
  expect_all_or_nothing(
      [&](auto& path, auto& text) {
        return refusal(&write_file, {{"path", path}, {"content", text}});
      },
      [&](auto& path, auto& text) {
        return refusal(&append_file, {{"path", path}, {"content", text}});
      },
      "507 disk_full");
  EXPECT_EQ(get("output/a"), "old");
  EXPECT_EQ(count("output"), 1u);
  ::umount2(at("output").c_str(), MNT_DETACH);
}

// The same by the system's limit for one file, which every test may set for itself.
TEST_F(WriteTest, AFileThatMayNotGrowLeavesNothingHalf) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{4u << 20, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  expect_all_or_nothing(
      [&](auto& path, auto& text) {
        return refusal(&write_file, {{"path", path}, {"content", text}});
      },
      [&](auto& path, auto& text) {
        return refusal(&append_file, {{"path", path}, {"content", text}});
      },
      "413 file_too_large");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(get("output/a"), "old");
  EXPECT_EQ(count("output"), 1u);
}

// A file without a name goes with whoever was writing it. Where disks know none, half ones stay.
TEST_F(WriteTest, AHostThatIsKilledLeavesNothingHalf) {
  if (!berth::Fd(::open(at("output").c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, 0600)))
    GTEST_SKIP() << "the disk knows no O_TMPFILE";
  const std::string content(8u << 20, 'x');
  for (int round = 0; round < 20; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      for (int i = 0;; ++i) write("output/" + std::to_string(i % 4), content);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5 + 3 * round));
    for (int i = 0; round == 19 && i < 2000 && count("output") == 0; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    for (const auto& one : std::filesystem::directory_iterator(at("output"))) {
      EXPECT_TRUE(one.path().filename().string().size() == 1 || one.path().filename() == ".berth-half") << one.path();
      EXPECT_EQ(one.file_size(), content.size());
    }
  }
  EXPECT_GE(count("output"), 1u);  // they came to write
  put("output/.berth-half", "left");
  write("output/0", "new");
  write("output/0", "newer");
  EXPECT_FALSE(there("output/.berth-half"));
  std::filesystem::create_directories(at("output/.berth-half/agents"));
  write("output/0", "newest");
  EXPECT_EQ(get("output/0"), "newest");
  EXPECT_TRUE(there("output/.berth-half/agents"));
}

TEST_F(WriteTest, NamesOfAnyBytes) {
  write("output/a\nb", "newline");
  write("output/\\xff\\xfe", "no UTF-8");
  write("output/" + std::string(255, 'n'), "long");
  EXPECT_EQ(get("output/a\nb"), "newline");
  EXPECT_EQ(get("output/\xff\xfe"), "no UTF-8");
  EXPECT_EQ(refusal(&write_file, {{"path", "output/" + std::string(256, 'n')}, {"content", ""}}), "422 name_too_long");
  std::string deep = "output";
  while (deep.size() + 202 < 4095) deep += "/" + std::string(200, 'd');
  write(deep + "/f", "deep");
  EXPECT_EQ(run(&read_file, {{"path", deep + "/f"}}).at("text"), "deep");
}

}  // namespace
}  // namespace workspace
