// A watch that the system has no room for says which bound is in the way: of two of them the system says the same.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <berth/call.hpp>
#include <functional>
#include <string>
#include <utility>

#include "unit/service/folder.hpp"
#include "watch.hpp"

namespace workspace {
namespace {

using berth::test::Folder;

// What a watch says when it begins in a process of its own, where `first` was done.
std::string refusal_after(const std::string& path, const std::function<bool()>& first) {
  int ends[2];
  if (::pipe(ends) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    std::string said = "nothing";
    berth::Fd at(::open(path.c_str(), O_RDONLY | O_DIRECTORY));
    try {
      if (!first())
        said = "";
      else
        Watch(std::move(at));
    } catch (const berth::Error& error) {
      said = std::to_string(error.status()) + " " + error.code() + ": " + error.message() + "; " + error.hint();
    }
    ::_exit(::write(ends[1], said.data(), said.size()) < 0 ? 1 : 0);
  }
  ::close(ends[1]);
  char bytes[1024];
  const ssize_t size = ::read(ends[0], bytes, sizeof bytes);
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return {bytes, size > 0 ? static_cast<std::size_t>(size) : 0};
}

// In a user namespace the bounds are its own, and no other program meets them.
std::function<bool()> none_allowed(const char* bound) {
  return [bound] {
    if (::unshare(CLONE_NEWUSER) != 0) return false;
    const berth::Fd file(::open((std::string("/proc/sys/user/") + bound).c_str(), O_WRONLY));
    return file && ::write(file.get(), "0", 1) == 1;
  };
}

TEST(WatchBounds, NoFilesToOpenIsSaid) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "what looks for undefined behaviour opens files of its own";
#endif
  const Folder folder;
  const std::string files = refusal_after(folder.path(), [] {
    const rlimit none{0, 0};
    return ::setrlimit(RLIMIT_NOFILE, &none) == 0;
  });
  EXPECT_NE(files.find("503 cannot_watch"), std::string::npos) << files;
  EXPECT_NE(files.find("open files"), std::string::npos) << files;
  EXPECT_EQ(files.find("inotify"), std::string::npos) << files;
}

TEST(WatchBounds, WhichOfInotifysIsInTheWayIsSaid) {
  const Folder folder;
  const std::string instances = refusal_after(folder.path(), none_allowed("max_inotify_instances"));
  const std::string watches = refusal_after(folder.path(), none_allowed("max_inotify_watches"));
  if (instances.empty()) GTEST_SKIP() << "no user namespace with bounds of its own can be made here";
  EXPECT_NE(instances.find("503 cannot_watch"), std::string::npos) << instances;
  EXPECT_NE(instances.find("max_user_instances"), std::string::npos) << instances;
  EXPECT_NE(watches.find("507 cannot_watch"), std::string::npos) << watches;
  EXPECT_NE(watches.find("max_user_watches"), std::string::npos) << watches;
}

}  // namespace
}  // namespace workspace
