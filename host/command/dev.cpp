// `berth dev`: a host beside a plugin's sources, which builds and reloads it whenever they change.
#include <filesystem>
#include <iostream>

#include "command/commands.hpp"
#include "command/host.hpp"
#include "command/serve.hpp"
#include "command/workshop.hpp"

namespace berth::command {

namespace fs = std::filesystem;

namespace {

std::string installed_prefix() {
  std::error_code failed;
  return fs::read_symlink("/proc/self/exe", failed).parent_path().parent_path().string();
}

// Before there is a host: what it would find until then is half of a plugin.
void build_first(const Workshop::Places& places) {
  service::EventLoop loop;
  loop.adopt();
  Workshop workshop(loop, places, [](bool) {});
  workshop.build();
  loop.run();  // until nothing is left to wait for
}

int run_dev(const Arguments& arguments) {
  if (arguments.rest().size() > 1) {
    std::cerr << "berth: dev takes one folder; see: berth dev --help\n";
    return misused;
  }
  const fs::path sources = fs::absolute(arguments.rest().empty() ? "." : arguments.rest()[0]).lexically_normal();
  std::error_code failed;
  if (!fs::exists(sources / "CMakeLists.txt", failed)) {
    std::cerr << "berth: there is no CMakeLists.txt in " << sources.string()
              << "\n  berth plugin new NAME writes a plugin to begin with\n";
    return misused;
  }
  const std::string build = (sources / "build").string();
  fs::create_directories(build, failed);
  ServeOptions options;
  options.config = arguments.value("--config");
  options.listens = arguments.values("--listen");
  options.state = arguments.value("--state", build + "/host");
  options.more_folders = {build};
  const Workshop::Places places{sources.string(), build, arguments.value("--prefix", installed_prefix())};
  build_first(places);
  options.beside = [&](Host& host) -> service::Result<std::shared_ptr<void>> {
    auto workshop = std::make_shared<Workshop>(host.loop(), places, [&host](bool good) {
      if (good) host.registry().sync(host.registry().choice());
    });
    if (auto error = workshop->open()) return *error;
    return std::shared_ptr<void>(std::move(workshop));
  };
  return serve(options);
}

}  // namespace

Command dev_command() {
  return {"dev",
          "builds a plugin and runs it in a host; again whenever its sources change",
          "[FOLDER] [options]",
          "FOLDER (here, if it is not named) is one that `berth plugin new` wrote, or any with a CMakeLists.txt that "
          "calls\nberth_add_plugin. It is built in FOLDER/build before the host starts, and the host loads what each "
          "good build leaves\nthere. A build that fails, or a plugin that does not come up, leaves the last good one "
          "running.\n\n"
          "  berth plugin new hello && berth dev hello\n",
          {{"--listen", "ADDR", "HOST:PORT or unix:PATH; may be given again"},
           {"--config", "FILE", "a berth.lua, for the plugin's settings"},
           {"--state", "DIR", "where the host keeps its token and so on; default FOLDER/build/host"},
           {"--prefix", "DIR", "where the SDK is installed; default: where this program is"}},
          run_dev};
}

}  // namespace berth::command
