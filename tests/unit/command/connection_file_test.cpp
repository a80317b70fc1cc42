// A connection file is a stranger's, or a mistake: nothing but this machine's own addresses is taken from it.
#include "command/connection_file.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace berth::command {
namespace {

using nlohmann::json;

json good_file() {
  return {{"transport", "tcp"}, {"ip", "127.0.0.1"},  {"shell_port", 1001},
          {"iopub_port", 1002}, {"stdin_port", 1003}, {"control_port", 1004},
          {"hb_port", 1005},    {"key", "k"},         {"signature_scheme", "hmac-sha256"}};
}

std::string refusal(const char* field, const json& value) {
  json all = good_file();
  all[field] = value;
  const auto file = read_connection(all.dump());
  return file ? "" : file.error().code;
}

TEST(ConnectionFileTest, HasItsPlaces) {
  const auto file = read_connection(good_file().dump());
  ASSERT_TRUE(file);
  EXPECT_EQ(file->key, "k");
  EXPECT_EQ(file->places[0].ip, "127.0.0.1");
  EXPECT_EQ(file->places[0].port, 1001);
  EXPECT_EQ(file->places[4].port, 1005);
  json ipc = good_file();
  ipc["transport"] = "ipc";
  ipc["ip"] = "/tmp/k";
  EXPECT_EQ(read_connection(ipc.dump())->places[1].path, "/tmp/k-1002");
}

TEST(ConnectionFileTest, WhatIsNotThisMachineIsRefused) {
  for (const char* ip : {"0.0.0.0", "10.0.0.1", "example.org", "", "*", "::"})
    EXPECT_EQ(refusal("ip", ip), "bad_option") << ip;
  EXPECT_EQ(refusal("ip", "::1"), "");
  EXPECT_EQ(refusal("ip", 7), "bad_option");
  EXPECT_EQ(refusal("transport", "udp"), "bad_option");
}

TEST(ConnectionFileTest, WhatMakesNoSenseIsRefused) {
  for (const auto& port : {json(0), json(65536), json(-1), json("80"), json(nullptr), json(1.5)})
    EXPECT_EQ(refusal("hb_port", port), "bad_option") << port;
  EXPECT_EQ(refusal("signature_scheme", "hmac-md5"), "bad_option");
  for (const char* text : {"", "[]", "{", "null"}) EXPECT_FALSE(read_connection(text)) << text;
  json ipc = good_file();
  ipc["transport"] = "ipc";
  ipc["ip"] = std::string(200, 'x');
  EXPECT_FALSE(read_connection(ipc.dump()));
  ipc["ip"] = "";
  EXPECT_FALSE(read_connection(ipc.dump()));
}

}  // namespace
}  // namespace berth::command
