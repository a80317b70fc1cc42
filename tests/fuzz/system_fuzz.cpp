// Any bytes as each of the texts and answers that the system plugin reads from the kernel: processes choose their
// names, and containers their files. All of it goes through every reader.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cpu.hpp"
#include "information.hpp"
#include "memory.hpp"
#include "mounts.hpp"
#include "since.hpp"
#include "sockets.hpp"
#include "task_text.hpp"
#include "users.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace machine;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto stat = task_stat_of(text)) {
    if (stat->name.size() > 3 * 64) std::abort();
    state_word(stat->state);
  }
  task_status_of(text);
  limits_of(text).dump();
  if (command_of(text).size() > 3 * 4096) std::abort();
  os_release_of(text);
  processors_of(text);
  usage_between(Times{}, times_of(text)).dump();
  load_of(text).dump();
  memory_of(text).dump();
  for (const auto& mount : mounts_of(text)) is_local(mount);
  for (const bool six : {false, true}) {
    for (const auto& socket : sockets_of(text, true, six)) state_name(socket.state);
  }
  std::vector<Socket> sockets;
  read_diag(text, false, sockets);
  since_of(text, 1'700'000'000);
  Users(text).name_of(0);
  return 0;
}
