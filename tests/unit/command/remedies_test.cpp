// What `berth doctor` says to do is what helps on that machine: here, machines that the test made.
#include "command/remedies.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "unit/service/folder.hpp"

namespace berth::command {
namespace {

class RemediesTest : public testing::Test {
 protected:
  void has(const std::string& file, const std::string& line) {
    const std::string path = m_folder.file("m" + file);
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    test::put(path, line + "\n");
  }
  std::string remedy(const std::string& layer, bool as_root = false) const {
    return remedy_for_layer(layer, as_root, m_folder.file("m"));
  }
  test::Folder m_folder;
};

TEST_F(RemediesTest, NamesTheSwitchesThatAreOff) {
  has("/proc/sys/kernel/unprivileged_userns_clone", "0");
  has("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1");
  has("/proc/sys/user/max_user_namespaces", "63000");
  EXPECT_EQ(remedy("mount"),
            "as root: sysctl -w kernel.unprivileged_userns_clone=1 "
            "kernel.apparmor_restrict_unprivileged_userns=0");
  has("/proc/sys/user/max_user_namespaces", "0");
  EXPECT_EQ(remedy("user", true), "as root: sysctl -w user.max_user_namespaces=10000");
}

TEST_F(RemediesTest, WithoutSuchASwitchAContainerIsInTheWay) {
  has("/proc/sys/kernel/unprivileged_userns_clone", "1");
  EXPECT_NE(remedy("pid").find("--security-opt"), std::string::npos);
}

TEST_F(RemediesTest, LandlockIsBootedWith) {
  has("/sys/kernel/security/lsm", "lockdown,yama");
  EXPECT_EQ(remedy("landlock"), "boot with lsm=landlock,lockdown,yama on the kernel's command line");
}

TEST_F(RemediesTest, WhatOnlyRootHas) {
  EXPECT_EQ(remedy("uid"), "run the host as root");
  EXPECT_EQ(remedy("memory"), "run the host as root");
  has("/sys/fs/cgroup/cgroup.controllers", "cpu memory pids");
  EXPECT_NE(remedy("memory").find("Delegate=yes"), std::string::npos);
  EXPECT_EQ(remedy("memory", true).find("as root"), std::string::npos);
}

}  // namespace
}  // namespace berth::command
