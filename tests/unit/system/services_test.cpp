// What is asked of systemd, with one that the test plays over a socket pair.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>
#include <systemd/sd-bus.h>

#include <berth/call.hpp>

#include <atomic>
#include <cstring>
#include <thread>

#include "services.hpp"

namespace machine {
namespace {

using berth::Error;
using berth::Json;

std::atomic<int> more_units{0};
int list_units(sd_bus_message* asked, void*, sd_bus_error*) {
  sd_bus_message* answer = nullptr;
  sd_bus_message_new_method_return(asked, &answer);
  sd_bus_message_open_container(answer, 'a', "(ssssssouso)");
  for (const char* name : {"b.service", "a.service", "c.socket", ".service"}) {
    sd_bus_message_append(answer, "(ssssssouso)", name, "What it is", "loaded", *name == 'a' ? "failed" : "active",
                          "running", "", "/u", 0u, "", "/");
  }
  for (int i = 0; i < more_units; ++i)
    sd_bus_message_append(answer, "(ssssssouso)", ("m" + std::to_string(i) + ".service").c_str(), "One of many",
                          "loaded", "active", "running", "", "/u", 0u, "", "/");
  sd_bus_message_close_container(answer);
  const int code = sd_bus_send(nullptr, answer, nullptr);
  sd_bus_message_unref(answer);
  return code;
}
// As the real one: a loaded one is got, any may be loaded, a template is no unit.
int get_unit(sd_bus_message* asked, void*, sd_bus_error* error) {
  const char* name = nullptr;
  sd_bus_message_read(asked, "s", &name);
  if (std::strcmp(name, "loaded.service") == 0) return sd_bus_reply_method_return(asked, "o", "/unit");
  if (std::strcmp(name, "getty@.service") == 0)
    return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS, "Unit name getty@.service is not valid");
  return sd_bus_error_set(error, "org.freedesktop.systemd1.NoSuchUnit", "not loaded");
}
std::atomic<int> loads{0};
int load_unit(sd_bus_message* asked, void*, sd_bus_error*) {
  ++loads;
  const char* name = nullptr;
  sd_bus_message_read(asked, "s", &name);
  if (std::strcmp(name, "half.service") == 0) return sd_bus_reply_method_return(asked, "o", "/half");
  return sd_bus_reply_method_return(asked, "o", std::strcmp(name, "a.service") == 0 ? "/unit" : "/none");
}
int text_of(sd_bus*, const char* path, const char*, const char* property, sd_bus_message* answer, void*,
            sd_bus_error*) {
  if (std::strcmp(property, "LoadState") == 0)
    return sd_bus_message_append(answer, "s", std::strcmp(path, "/none") == 0 ? "not-found" : "loaded");
  return sd_bus_message_append(answer, "s", property);
}
int number_of_property(sd_bus*, const char*, const char*, const char* property, sd_bus_message* answer, void*,
                       sd_bus_error*) {
  if (std::strcmp(property, "MemoryCurrent") == 0) return sd_bus_message_append(answer, "t", std::uint64_t{4096});
  return sd_bus_message_append(answer, "t", UINT64_MAX);
}
int fails(sd_bus*, const char*, const char*, const char*, sd_bus_message*, void*, sd_bus_error* error) {
  return sd_bus_error_set(error, SD_BUS_ERROR_NO_REPLY, "it takes too long");
}
int pid_of(sd_bus*, const char*, const char*, const char*, sd_bus_message* answer, void*, sd_bus_error*) {
  return sd_bus_message_append(answer, "u", 77u);
}

const sd_bus_vtable manager[] = {
    SD_BUS_VTABLE_START(0), SD_BUS_METHOD("ListUnits", "", "a(ssssssouso)", &list_units, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("LoadUnit", "s", "o", &load_unit, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("GetUnit", "s", "o", &get_unit, SD_BUS_VTABLE_UNPRIVILEGED), SD_BUS_VTABLE_END};
const sd_bus_vtable unit[] = {SD_BUS_VTABLE_START(0), SD_BUS_PROPERTY("Description", "s", &text_of, 0, 0),
                              SD_BUS_PROPERTY("LoadState", "s", &text_of, 0, 0),
                              SD_BUS_PROPERTY("ActiveState", "s", &text_of, 0, 0), SD_BUS_VTABLE_END};
const sd_bus_vtable service[] = {SD_BUS_VTABLE_START(0), SD_BUS_PROPERTY("MainPID", "u", &pid_of, 0, 0),
                                 SD_BUS_PROPERTY("MemoryCurrent", "t", &number_of_property, 0, 0),
                                 SD_BUS_PROPERTY("TasksCurrent", "t", &number_of_property, 0, 0), SD_BUS_VTABLE_END};

const sd_bus_vtable broken[] = {SD_BUS_VTABLE_START(0), SD_BUS_PROPERTY("MainPID", "u", &fails, 0, 0),
                                SD_BUS_VTABLE_END};

class ServicesTest : public testing::Test {
 protected:
  ServicesTest() {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, m_ends), 0);
    m_server = std::thread([this] { serve(); });
  }
  ~ServicesTest() override {
    m_over = true;
    m_server.join();
    if (!m_opened) ::close(m_ends[0]);
  }
  void serve() {
    sd_bus* bus = nullptr;
    sd_id128_t id{};
    sd_id128_randomize(&id);
    sd_bus_new(&bus);
    sd_bus_set_fd(bus, m_ends[1], m_ends[1]);
    sd_bus_set_server(bus, 1, id);
    sd_bus_set_anonymous(bus, 1);
    sd_bus_add_object_vtable(bus, nullptr, "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", manager,
                             nullptr);
    for (const char* path : {"/unit", "/none"}) {
      sd_bus_add_object_vtable(bus, nullptr, path, "org.freedesktop.systemd1.Unit", unit, nullptr);
      sd_bus_add_object_vtable(bus, nullptr, path, "org.freedesktop.systemd1.Service", service, nullptr);
    }
    sd_bus_add_object_vtable(bus, nullptr, "/half", "org.freedesktop.systemd1.Unit", unit, nullptr);
    sd_bus_add_object_vtable(bus, nullptr, "/half", "org.freedesktop.systemd1.Service", broken, nullptr);
    sd_bus_start(bus);
    while (!m_over) {
      if (sd_bus_process(bus, nullptr) == 0) sd_bus_wait(bus, 20'000);
    }
    sd_bus_flush_close_unref(bus);
  }
  Services services() {
    return Services([this] {
      m_opened = true;
      sd_bus* bus = nullptr;
      sd_bus_new(&bus);
      sd_bus_set_fd(bus, m_ends[0], m_ends[0]);
      sd_bus_set_anonymous(bus, 1);
      sd_bus_start(bus);
      return bus;
    });
  }
  int m_ends[2] = {-1, -1};
  bool m_opened = false;
  std::atomic<bool> m_over{false};
  std::thread m_server;
};

TEST_F(ServicesTest, AreListedWithoutOtherUnits) {
  const Json all = services().list(Json::object());
  ASSERT_EQ(all["total"], 2) << all;
  EXPECT_EQ(all["services"][0]["name"], "a.service");
  EXPECT_EQ(all["services"][0]["active"], "failed");
  EXPECT_EQ(all["services"][1]["description"], "What it is");
}

TEST_F(ServicesTest, AsManyAsThereIsRoomForAreAll) {
  more_units = 19'998;
  const Json all = services().list({{"limit", 1000}, {"skip", 19'900}});
  more_units = 0;
  EXPECT_EQ(all["total"], 20'000);
  EXPECT_EQ(all["truncated"], false);
}

TEST_F(ServicesTest, WhatIsMoreIsSaidToBe) {
  more_units = 19'999;
  const Json cut = services().list({{"limit", 1000}, {"skip", 19'900}});
  more_units = 0;
  EXPECT_EQ(cut["total"], 20'000);
  EXPECT_EQ(cut["truncated"], true);
  EXPECT_FALSE(cut.contains("next"));
}

TEST_F(ServicesTest, AreFilteredAndPaged) {
  const Json page = services().list({{"active", "active"}, {"limit", 1}});
  EXPECT_EQ(page["total"], 1);
  EXPECT_EQ(page["services"][0]["name"], "b.service");
}

TEST_F(ServicesTest, OneIsTold) {
  const Json one = services().status({{"service", "a"}});
  EXPECT_EQ(one["name"], "a.service");
  EXPECT_EQ(one["active"], "ActiveState");
  EXPECT_EQ(one["pid"], 77);
  EXPECT_EQ(one["memory"], 4096);
  EXPECT_FALSE(one.contains("tasks")) << one;  // not counted
}

TEST_F(ServicesTest, OneThatIsNoneIs404) {
  try {
    services().status({{"service", "none"}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), 404);
    EXPECT_EQ(error.code(), "no_such_service");
  }
}

TEST_F(ServicesTest, OneThatIsLoadedIsNotLoadedAgain) {
  loads = 0;
  EXPECT_EQ(services().status({{"service", "loaded"}})["pid"], 77);
  EXPECT_EQ(loads, 0);
}

TEST_F(ServicesTest, ATemplateIsNoUnit) {
  try {
    services().status({{"service", "getty@"}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), 422);
    EXPECT_EQ(error.code(), "bad_service");
  }
}

// Rather no answer than one from which half is missing.
TEST_F(ServicesTest, WhatIsNotToldIsNotLeftOut) {
  try {
    FAIL() << services().status({{"service", "half"}});
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), 503);
    EXPECT_EQ(error.code(), "systemd_silent");
  }
}

TEST(Services, NamesOfUnits) {
  EXPECT_EQ(unit_name("ssh"), "ssh.service");
  EXPECT_EQ(unit_name("ssh.service"), "ssh.service");
  EXPECT_EQ(unit_name("a.b"), "a.b.service");
  EXPECT_EQ(unit_name(".socket"), ".socket.service");
}

}  // namespace
}  // namespace machine
