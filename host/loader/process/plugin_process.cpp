// Its link is descriptor 3; its output, whichever of the two, comes line by line.
#include "loader/process/plugin_process.hpp"

#include <cstdlib>
#include <utility>

#include "service/process/lines.hpp"

namespace berth::loader {

namespace {

constexpr int link_fd = 3;
constexpr const char* inside = "BERTH_PLUGIN_HOST";  // stands in the environment of such a process

// No secret of the host's may leak this way, so only what programs cannot do without.
std::vector<std::string> plain_environment() {
  std::vector<std::string> all{std::string(inside) + "=1"};
  for (const char* name :
       {"PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) all.push_back(std::string(name) + "=" + value);
  }
  return all;
}

}  // namespace

bool inside_plugin_process() { return std::getenv(inside) != nullptr; }

service::Result<std::shared_ptr<service::Child>> start_plugin_process(service::EventLoop& loop,
                                                                      service::Launcher& launcher, PluginProcess what,
                                                                      ProcessEars ears) {
  const auto lines = std::make_shared<service::Lines>(std::move(ears.line));
  service::Child::Plan plan;
  plan.order.program = std::move(what.program);
  plan.order.arguments = {"berth", "plugin-host", std::move(what.name)};
  plan.order.environment = plain_environment();
  plan.order.files.push_back({std::move(what.link), link_fd});
  plan.order.leader = true;  // what it starts stays in it, and is found when it is gone
  plan.together = true;
  const auto output = [lines](service::Outlet, std::string_view piece) {
    lines->add(piece);
    return true;
  };
  const auto end = [lines, ended = std::move(ears.ended)](const service::End& how) {
    lines->end();
    ended(how.words);
  };
  return service::Child::spawn(loop, launcher, std::move(plan), {output, end});
}

}  // namespace berth::loader
