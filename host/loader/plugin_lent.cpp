// What services have for a plugin: its way into the instance.
#include <chrono>
#include <exception>
#include <utility>

#include "loader/host_side.hpp"
#include "loader/plugin.hpp"

namespace berth::loader {

namespace {

const service::Clock wall;  // the real one, as in plugin.cpp

}  // namespace

// What its services hear from the host comes in like any call: one after the other, and never once it is gone.
void Plugin::lend(Lending lending, std::string config) {
  const auto weak = weak_from_this();
  const auto desk = lending.desk;
  Lent::Place place{*m_side,
                    m_around.loop,
                    m_around.log,
                    m_manifest.name,
                    [weak](std::function<void()> body) {
                      if (const auto self = weak.lock()) self->enter_service(std::move(body), false);
                    },
                    [weak](std::function<void()> body) {
                      if (const auto self = weak.lock()) self->enter_service(std::move(body), true);
                    },
                    [weak] {
                      const auto self = weak.lock();
                      return self && self->m_creator == std::this_thread::get_id();
                    }};
  m_side->lend(std::make_unique<Lent>(std::move(place), std::move(lending), std::move(config)));
  if (!desk) return;
  desk->connect([weak](Note note) {
    if (const auto self = weak.lock()) self->hear(std::move(note));
  });
}

void Plugin::hear(Note note) { m_side->lent().hear(std::move(note)); }

// What a constructor asked for may be there before it has returned.
void Plugin::let_in_early() {
  std::optional<std::vector<Early>> early;
  {
    const std::lock_guard lock(m_mutex);
    early.swap(m_early);
  }
  for (auto& one : *early) enter_service(std::move(one.body), one.concurrent);
}

void Plugin::enter_service(std::function<void()> body, bool concurrent) {
  {
    const std::lock_guard lock(m_mutex);
    if (m_early) return m_early->push_back({std::move(body), concurrent});
  }
  auto run = [self = shared_from_this(), body = std::move(body)] {
    if (!self->m_self) return;  // the host ends
    const auto began = wall.recent();
    try {
      body();
    } catch (const std::exception& error) {
      self->m_around.log.write(service::Level::error, self->m_manifest.name, "an exception crossed the boundary",
                               {{"in", "a service"}, {"what", self->m_side->masked(error.what())}});
    } catch (...) {
      self->m_around.log.write(service::Level::error, self->m_manifest.name,
                               "something that is no exception was thrown", {{"in", "a service"}});
    }
    if (wall.recent() - began >= patience)
      self->m_around.log.write(service::Level::warn, self->m_manifest.name,
                               "what a service calls must not block, and held up the host");
  };
  m_lane.submit({run, {}, false, concurrent, true});
}

}  // namespace berth::loader
