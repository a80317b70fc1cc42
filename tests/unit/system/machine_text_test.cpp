// What the kernel says of the machine, also where it says little.
#include <gtest/gtest.h>

#include <filesystem>

#include "cpu.hpp"
#include "devices.hpp"
#include "information.hpp"
#include "interfaces.hpp"
#include "memory.hpp"
#include "mounts.hpp"
#include "unit/service/folder.hpp"

namespace machine {
namespace {

TEST(MachineText, OsRelease) {
  auto facts = os_release_of("# NAME=no\nPRETTY_NAME=\"A \\\"B\\\" \\$5\"\nID='x'\nVERSION_ID=12\n=\nBROKEN\n");
  EXPECT_EQ(facts["PRETTY_NAME"], "A \"B\" $5");
  EXPECT_EQ(facts["ID"], "x");
  EXPECT_EQ(facts["VERSION_ID"], "12");
}

TEST(MachineText, Processors) {
  const auto found = processors_of(
      "processor\t: 0\nvendor_id\t: V\nmodel name\t: M 9\ncpu MHz\t\t: 2000.5\nphysical id\t: 0\ncore id\t\t: 0\n\n"
      "processor\t: 1\nphysical id\t: 0\ncore id\t: 0\ncpu MHz: 3000\n\nprocessor: 2\nphysical id: 1\ncore id: 0\n");
  EXPECT_EQ(found.logical, 3u);
  EXPECT_EQ(found.cores, 2u);
  EXPECT_EQ(found.sockets, 2u);
  EXPECT_EQ(found.model, "M 9");
  EXPECT_EQ(found.mhz, 3000);
  EXPECT_EQ(processors_of("processor: x\n:\n::").logical, 0u);
}

TEST(MachineText, Usage) {
  const auto before = times_of("cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 1 1 1 1\n"),
             after = times_of("cpu  150 0 120 820 10 0 0 0 0 0\n");
  const auto usage = usage_between(before, after);
  EXPECT_EQ(usage["user"], 50.0);
  EXPECT_EQ(usage["system"], 20.0);
  EXPECT_EQ(usage["busy"], 70.0);
  EXPECT_EQ(usage["iowait"], 10.0);
  EXPECT_EQ(usage_between(after, before)["busy"], 0.0);
  EXPECT_EQ(times_of("cpu 1 2").user, 0u);
  EXPECT_EQ(load_of("0.50 1.25 2 1/2 3")["five_minutes"], 1.25);
  EXPECT_TRUE(load_of("").empty());
}

TEST(MachineText, Memory) {
  const auto memory = memory_of(
      "MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 400 kB\nCached: 50 kB\nSReclaimable: 5 kB\nSwapTotal: 10 "
      "kB\nSwapFree: 3 kB\n");
  EXPECT_EQ(memory["used"], 600 * 1024);
  EXPECT_EQ(memory["cached"], 55 * 1024);
  EXPECT_EQ(memory["swap"]["used"], 7 * 1024);
  EXPECT_EQ(memory_of("MemTotal: 10 kB\nMemAvailable: 99 kB\n")["used"], 0);
  EXPECT_EQ(memory_of("")["total"], 0);
}

TEST(MachineText, Mounts) {
  const auto mounts = mounts_of(
      "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
      "23 1 0:9 / /a\\040b\\134 ro - nfs server:/x ro\n"
      "24 1 0:9 / /c ro,noatime master:1 more:2 - fuse.sshfs me@there:/ rw\n"
      "bad\n25 1 0:9 / /d rw - \n- - - - - - - a b\n");
  ASSERT_EQ(mounts.size(), 4u);
  EXPECT_EQ(mounts[0].at, "/");
  EXPECT_EQ(mounts[0].device, "8:1");
  EXPECT_FALSE(mounts[0].read_only);
  EXPECT_TRUE(is_local(mounts[0]));
  EXPECT_EQ(mounts[1].at, "/a b\\");
  EXPECT_TRUE(mounts[1].read_only);
  EXPECT_FALSE(is_local(mounts[1]));
  EXPECT_EQ(mounts[2].type, "fuse.sshfs");
  EXPECT_TRUE(mounts[2].read_only);
  EXPECT_FALSE(is_local(mounts[2]));
}

class MachineTest : public testing::Test {
 protected:
  void put(const std::string& path, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(m_folder.file(path)).parent_path());
    berth::test::put(m_folder.file(path), text);
  }
  berth::test::Folder m_folder;
  Trees m_trees{Tree(m_folder.file("proc")), Tree(m_folder.file("sys")), Tree(m_folder.path())};
};

TEST_F(MachineTest, KnowsContainersAndVirtualMachines) {
  EXPECT_EQ(container_of(m_trees), "");
  EXPECT_EQ(virtualization_of(m_trees), "");
  put("proc/cpuinfo", "flags : fpu hypervisor\n");
  EXPECT_EQ(virtualization_of(m_trees), "unknown");
  put("sys/class/dmi/id/sys_vendor", "QEMU\n");
  EXPECT_EQ(virtualization_of(m_trees), "qemu");
  put(".dockerenv", "");
  EXPECT_EQ(container_of(m_trees), "docker");
  put("run/systemd/container", "lxc\n");
  EXPECT_EQ(container_of(m_trees), "lxc");
}

TEST_F(MachineTest, BlockDevicesWithPartitionsAndMounts) {
  put("proc/self/mountinfo", "1 1 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:40 / /data rw - btrfs /dev/sda2 rw\n");
  put("sys/block/sda/size", "2048\n");
  put("sys/block/sda/removable", "0\n");
  put("sys/block/sda/queue/rotational", "1\n");
  put("sys/block/sda/device/model", "Disk  \n");
  for (const char* part : {"sda1", "sda2"}) {
    put(std::string("sys/block/sda/") + part + "/partition", "1\n");
    put(std::string("sys/block/sda/") + part + "/size", "1000\n");
  }
  put("sys/block/sda/sda1/dev", "8:1\n");
  put("sys/block/sda/sda2/dev", "8:2\n");
  put("sys/block/loop0/size", "0\n");
  const auto devices = tell_devices(m_trees)["devices"];
  ASSERT_EQ(devices.size(), 1u);
  EXPECT_EQ(devices[0]["size"], 1'048'576);
  EXPECT_EQ(devices[0]["kind"], "disk");
  EXPECT_EQ(devices[0]["model"], "Disk");
  EXPECT_EQ(devices[0]["rotational"], true);
  EXPECT_EQ(devices[0]["partitions"][0]["mounts"], berth::Json::array({"/"}));
  EXPECT_EQ(devices[0]["partitions"][1]["mounts"], berth::Json::array({"/data"}));
  EXPECT_EQ(kind_of_device("dm-0", false), "mapped");
}

TEST_F(MachineTest, Hardware) {
  put("sys/class/dmi/id/product_name", "Box 3\n");
  put("sys/class/dmi/id/product_serial", "SECRET\n");
  put("sys/bus/pci/devices/0000:00:01.0/vendor", "0x8086\n");
  put("sys/bus/usb/devices/1-1/idVendor", "1d6b\n");
  put("sys/bus/usb/devices/1-1:1.0/bInterfaceClass", "09\n");
  std::filesystem::create_symlink("../../../bus/pci/drivers/virtio-pci",
                                  m_folder.file("sys/bus/pci/devices/0000:00:01.0/driver"));
  const auto hardware = tell_hardware(m_trees);
  EXPECT_EQ(hardware["machine"]["product"], "Box 3");
  EXPECT_EQ(hardware.dump().find("SECRET"), std::string::npos);
  EXPECT_EQ(hardware["pci"][0]["driver"], "virtio-pci");
  ASSERT_EQ(hardware["usb"].size(), 1u);
}

TEST(Interfaces, Prefixes) {
  const unsigned char some[] = {255, 255, 254, 0}, none[] = {0, 0, 0, 0}, all[] = {255, 255, 255, 255};
  EXPECT_EQ(prefix_of(some, 4), 23u);
  EXPECT_EQ(prefix_of(none, 4), 0u);
  EXPECT_EQ(prefix_of(all, 4), 32u);
}

}  // namespace
}  // namespace machine
