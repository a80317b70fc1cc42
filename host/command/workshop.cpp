// CMake does the work and says what it does; a build that fails leaves what runs as it is.
#include "command/workshop.hpp"

#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <utility>

#include "service/files.hpp"

namespace berth::command {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> own_environment() {
  std::vector<std::string> all;
  for (char** at = environ; *at != nullptr; ++at) all.emplace_back(*at);
  return all;
}

bool is_source(std::string_view file) {
  return !file.starts_with('.') && !file.ends_with('~') && !file.ends_with(".swp");
}

}  // namespace

Workshop::Workshop(service::EventLoop& loop, Places places, std::function<void(bool)> built)
    : m_loop(loop), m_places(std::move(places)), m_built(std::move(built)), m_launcher(loop) {}

std::optional<service::Error> Workshop::open() {
  auto watch = service::FolderWatch::open(m_loop, {is_source, [this] { build(); }});
  if (!watch) return watch.error();
  m_watch = std::move(*watch);
  build();
  return std::nullopt;
}

void Workshop::build() {
  if (m_child) {
    m_again = true;
    return;
  }
  if (m_watch) m_watch->add_below(m_places.sources, {fs::path(m_places.build).filename().string(), "node_modules"});
  std::error_code none;
  m_configuring = !fs::exists(m_places.build + "/CMakeCache.txt", none);
  if (!m_configuring) return step({"cmake", "--build", m_places.build});
  step({"cmake", "-S", m_places.sources, "-B", m_places.build, "-DCMAKE_PREFIX_PATH=" + m_places.prefix});
}

void Workshop::step(std::vector<std::string> command) {
  service::Child::Plan plan;
  plan.order.program = command.front();
  plan.order.arguments = std::move(command);
  plan.order.environment = own_environment();
  plan.together = true;
  service::Child::Ears ears{[](service::Outlet, std::string_view piece) {
                              std::cerr << piece;
                              return true;
                            },
                            [this](const service::End& end) { ended(end); }};
  auto child = service::Child::spawn(m_loop, m_launcher, std::move(plan), std::move(ears));
  if (child)
    m_child = std::move(*child);
  else
    std::cerr << "dev: " << child.error().message << "\n";
}

void Workshop::ended(const service::End& end) {
  m_loop.post([gone = std::exchange(m_child, nullptr)] {});  // who tells this lives until it has told it
  const bool good = end.cause == service::Cause::exited && end.code == 0;
  if (!good)
    std::cerr << "dev: the build " << end.words << "; what runs stays as it is\n";
  else if (std::exchange(m_configuring, false))
    return step({"cmake", "--build", m_places.build});
  else
    std::cerr << "dev: built\n";
  if (std::exchange(m_again, false)) return build();
  m_built(good);
}

}  // namespace berth::command
