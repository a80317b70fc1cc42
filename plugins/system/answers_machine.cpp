// Of the machine itself. Fields that are not there in every answer are optional: the machine does not say.
#include "answer_words.hpp"
#include "answers.hpp"

namespace machine {

using namespace berth;

Schema information_answer() {
  const auto os = object({field("name", string().example("Debian GNU/Linux 12 (bookworm)")), optional("id", string()),
                          optional("version", string()), optional("codename", string())});
  const auto kernel = object({field("name", string()), field("release", string()), field("version", string())});
  return object({field("hostname", string()), field("os", os), field("kernel", kernel),
                 field("architecture", string().example("x86_64")), field("now", moment()),
                 optional("booted_at", moment()), optional("uptime_seconds", count()),
                 field("systemd", boolean().describe("Whether it manages this machine")),
                 optional("container", string().describe("A hint: this is one, of that kind").example("podman")),
                 optional("virtualization", string().describe("A hint: this is a virtual machine").example("kvm"))});
}

Schema cpu_answer() {
  const auto percent = number().minimum(0).maximum(100);
  const auto usage = object({field("busy", percent), field("user", percent), field("system", percent),
                             field("iowait", percent), field("steal", percent), field("idle", percent)})
                         .describe("Of all processors together, over the sample");
  const auto load = object(
      {optional("one_minute", number()), optional("five_minutes", number()), optional("fifteen_minutes", number())});
  return object({optional("model", string()), optional("vendor", string()), field("logical", count()),
                 optional("cores", count()), optional("sockets", count()),
                 optional("mhz", number().describe("Of the fastest, now")),
                 optional("usable", count().describe("On how many this process may run")),
                 optional("share", number().describe("Of a control group: so many processors at the most")),
                 field("usage_percent", usage), field("load", load)});
}

Schema memory_answer() {
  const auto swap = object({field("total", bytes("")), field("used", bytes("")), field("free", bytes(""))});
  return object({field("total", bytes("")), field("used", bytes(" that are not available")), field("free", bytes("")),
                 field("available", bytes(" that programs can have without swapping")), field("shared", bytes("")),
                 field("buffers", bytes("")), field("cached", bytes("")), field("swap", swap),
                 optional("limit", bytes(": a control group's limit"))});
}

Schema disks_answer() {
  const auto inodes = object({field("total", count()), field("free", count())});
  const auto disk = object(
      {field("at", string().example("/")), field("source", string()), field("type", string().example("ext4")),
       field("read_only", boolean()), optional("total", bytes("")), optional("used", bytes("")),
       optional("free", bytes(" that ordinary users can have")), optional("used_percent", count().maximum(100)),
       optional("inodes", inodes),
       optional("no_answer",
                boolean().describe("It could not be asked, or has not answered in time, as a dead network disk"))});
  return object({field("disks", array(disk)), truncated()});
}

Schema devices_answer() {
  const auto mounts = array(string()).describe("Where it is mounted");
  const auto part = object(
      {field("name", string()), field("size", bytes("")), field("read_only", boolean()), field("mounts", mounts)});
  const auto kind =
      string().one_of({"disk", "removable", "loop", "ram", "mapped", "raid", "optical", "floppy", "network"});
  const auto device = with(part, {field("kind", kind), field("removable", boolean()), optional("rotational", boolean()),
                                  optional("model", string()), optional("vendor", string()),
                                  optional("mapped_as", string()), field("partitions", array(part))});
  return object({field("devices", array(device)), truncated()});
}

Schema hardware_answer() {
  const auto words = [](std::initializer_list<const char*> names) {
    Json properties = Json::object();
    for (const char* name : names) properties[name] = string().json();
    return object().set("properties", std::move(properties));
  };
  const auto machine = words({"vendor", "product", "product_version", "board_vendor", "board", "chassis", "bios_vendor",
                              "bios_version", "bios_date"})
                           .describe("What the firmware says; empty, if there is none that says anything");
  const auto pci = words({"address", "vendor", "device", "class", "driver"}).describe("Numbers of pci.ids");
  const auto usb = words({"address", "vendor", "device", "manufacturer", "product", "speed_mbit", "driver"});
  return object({field("machine", machine), field("pci", array(pci)), field("usb", array(usb)), truncated()});
}

Schema interfaces_answer() {
  const auto address = object({field("family", string().one_of({"ipv4", "ipv6"})), field("address", string()),
                               field("prefix", count().maximum(128).describe("Bits of the network's part"))});
  const auto counted = object({optional("bytes", count()), optional("packets", count()), optional("errors", count()),
                               optional("dropped", count())});
  const auto one =
      object({field("name", string()), field("up", boolean()), field("running", boolean()),
              field("loopback", boolean()), optional("state", string().example("up")),
              optional("hardware_address", string()), optional("mtu", count()), optional("speed_mbit", count()),
              field("addresses", array(address)), field("received", counted), field("sent", counted)});
  return object({field("interfaces", array(one)), truncated()});
}

}  // namespace machine
