// Both sides in one process: what a link between two adds, scripts/bench plugin measures.
#include "service.hpp"

#include <optional>
#include <utility>

#include "loader/desk/processes_desk.hpp"
#include "loader/services/desk_launcher.hpp"
#include "service/process/child.hpp"

namespace berth::bench {

namespace {

class NoPlaces : public jail::Places {
  service::Result<std::shared_ptr<jail::Jail>> jail_of(const std::string&) override {
    return service::Error{404, "no_session", "there are no sessions"};
  }
};

}  // namespace

struct Service::Body {
  struct Wire : loader::Desk {
    explicit Wire(Body& to) : body(to) {}
    void take(loader::Note note, std::shared_ptr<loader::Reply>) override {
      const auto shared = std::make_shared<loader::Note>(std::move(note));
      body.loop.post([this, shared] { body.serve(std::move(*shared)); });
    }
    void connect(std::function<void(loader::Note)>) override {}
    void cancelled(const loader::Reply&) override {}
    void leave() override {}
    Body& body;
  };

  explicit Body(jail::Jails& jails)
      : jailing{loop, pool, jails, places},
        launcher(std::make_shared<Wire>(*this)),
        desk(std::make_unique<loader::ProcessesDesk>(&jailing, "bench", "",
                                                     [this](const loader::Note& note) { launcher.hear(note); })) {
    loop.adopt();
  }
  void serve(loader::Note note) {
    using loader::Verb;
    if (!desk) return;
    if (note.verb == Verb::process_file) return desk->file(std::move(note));
    if (note.verb == Verb::process_start) return desk->start(note);
    if (note.verb == Verb::process_drop) return desk->drop(note);
  }

  service::EventLoop loop;
  service::Pool pool{{4, 64}};
  NoPlaces places;
  const loader::Jailing jailing;
  loader::DeskLauncher launcher;
  std::unique_ptr<loader::ProcessesDesk> desk;
};

Service::Service(jail::Jails& jails) : m_body(std::make_unique<Body>(jails)) {}

Service::~Service() {
  m_body->desk.reset();
  m_body->pool.end();
  m_body->loop.context().restart();
  m_body->loop.context().poll();
}

bool Service::run() {
  std::optional<service::End> end;
  service::Child::Plan plan;
  plan.order.program = "/usr/bin/true";
  plan.order.arguments = {"true"};
  plan.order.environment = {"PATH=/usr/bin:/bin"};
  const auto child = service::Child::spawn(
      m_body->loop, m_body->launcher, std::move(plan),
      {[](service::Outlet, std::string_view) { return true; }, [&end](const service::End& how) { end = how; }});
  if (!child) return false;
  m_body->loop.context().restart();
  while (!end && m_body->loop.context().run_one() > 0) {
  }
  return end && end->code == 0;
}

}  // namespace berth::bench
