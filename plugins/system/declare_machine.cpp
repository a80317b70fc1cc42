// What the plugin says of its operations about the machine itself.
#include "answers.hpp"
#include "devices.hpp"
#include "information.hpp"
#include "interfaces.hpp"
#include "memory.hpp"
#include "plugin.hpp"

namespace machine {

using namespace berth;

void Plugin::declare_machine(Declaration& d) {
  ready(d.get("information", "/system/information"), information_answer())
      .summary("Tells which system this is: release, kernel, name, uptime, container or virtual machine")
      .smoke()
      .handle(&Plugin::told<&tell_information>);
  ready(d.get("cpu", "/system/cpu"), cpu_answer())
      .summary("Tells of the processors: which, how many, how busy, and the load")
      .input(object({berth::optional(
          "sample_ms", integer().minimum(0).maximum(2000).otherwise(200).describe(
                           "Milliseconds over which the usage is measured; 0: since the machine's start"))}))
      .handle(&Plugin::cpu);
  ready(d.get("memory", "/system/memory"), memory_answer())
      .summary("Tells how much memory and swap there is, and is used, in bytes")
      .handle(&Plugin::told<&tell_memory>);
  ready(d.get("disks", "/system/disks"), disks_answer())
      .summary("Tells how full the mounted disks are, as df does")
      .description("A disk that does not answer, as of a server that is gone, has `no_answer` and holds nothing up.")
      .input(object({berth::optional("all", boolean().otherwise(false).describe(
                                                "Also mounts of no size, and all places of what is mounted twice"))}))
      .handle(&Plugin::disks);
  ready(d.get("devices", "/system/devices"), devices_answer())
      .summary("Lists block devices with their partitions and mounts")
      .handle(&Plugin::told<&tell_devices>);
  ready(d.get("hardware", "/system/hardware"), hardware_answer())
      .summary("Tells what is built in: maker and model, PCI and USB devices")
      .handle(&Plugin::told<&tell_hardware>);
  ready(d.get("interfaces", "/system/interfaces"), interfaces_answer())
      .summary("Lists network interfaces: addresses, state, counters")
      .handle(&Plugin::told<&tell_interfaces>);
}

}  // namespace machine
