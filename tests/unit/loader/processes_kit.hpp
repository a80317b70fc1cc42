// A plugin's side and the host's of starting programs, with nothing between them but the loop.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "loader/desk/processes_desk.hpp"
#include "loader/process/frame.hpp"
#include "loader/services/desk_launcher.hpp"
#include "loader/services/process_notes.hpp"
#include "service/process/child.hpp"
#include "unit/jail/seat.hpp"
#include "unit/service/folder.hpp"
#include "unit/service/turning.hpp"

namespace berth::loader {

using service::Child;

inline std::size_t open_descriptors() {
  std::size_t count = 0;
  for (int fd = 0; fd < 4096; ++fd) count += ::fcntl(fd, F_GETFD) >= 0;
  return count;
}

// One session, "here", with a jail of its own.
class OnePlace : public jail::Places {
 public:
  explicit OnePlace(jail::test::Seat& seat) : m_seat(seat) {}
  service::Result<std::shared_ptr<jail::Jail>> jail_of(const std::string& session) override {
    if (session != "here") return service::Error{404, "no_session", "there is no session \"" + session + "\""};
    const std::lock_guard lock(m_mutex);
    jail::Options options = jail::test::Seat::options("here");
    options.limits.wall_time = wall_time;
    if (memory > 0) options.limits.memory = memory;
    if (!m_jail) m_jail = m_seat.open(options);
    return m_jail;
  }
  void reopen() {  // when it is next asked for
    const std::lock_guard lock(m_mutex);
    m_jail = nullptr;
  }
  std::chrono::seconds wall_time{0};  // before anything is started
  std::uint64_t memory = 0;           // as well

 private:
  jail::test::Seat& m_seat;
  std::mutex m_mutex;  // guards what follows
  std::shared_ptr<jail::Jail> m_jail;
};

class ProcessesDeskTest : public testing::Test {
 protected:
  // The plugin's side and the host's, with nothing between them but the loop.
  struct Wire : Desk {
    explicit Wire(ProcessesDeskTest& test) : m_test(test) {}
    void take(Note note, std::shared_ptr<Reply>) override {
      const auto shared = std::make_shared<Note>(std::move(note));
      m_test.loop.post([this, shared] { m_test.serve(std::move(*shared)); });
    }
    void connect(std::function<void(Note)>) override {}
    void cancelled(const Reply&) override {}
    void leave() override {}
    ProcessesDeskTest& m_test;
  };
  struct Heard {
    std::string output;
    std::optional<service::End> end;
    std::vector<service::Hits> hits = {};
  };

  ProcessesDeskTest() {
    loop.adopt();
    ::signal(SIGPIPE, SIG_IGN);  // as the host does, and it takes all descriptors that it may have
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
  ~ProcessesDeskTest() override {
    desk.reset();
    pool.end();
    turn();
  }
  void serve(Note note) {
    if (!desk) return;
    switch (note.verb) {
      case Verb::process_file: return desk->file(std::move(note));
      case Verb::process_start: return desk->start(note);
      case Verb::process_signal: return desk->signal(note);
      case Verb::process_look: return desk->look(note);
      default: return desk->drop(note);
    }
  }
  void turn() {
    loop.context().restart();
    while (loop.context().poll() > 0) {
    }
  }
  template <class Condition>
  bool until(Condition holds) {
    return test::turn_until(loop, holds);
  }
  static Child::Plan shell(const std::string& script, const std::string& session = "") {
    Child::Plan plan;
    plan.order.program = "sh";
    plan.order.arguments = {"sh", "-c", script};
    plan.order.inherit = true;
    plan.order.session = session;
    if (!session.empty()) plan.order.folder = "/tmp";  // there is no workspace here
    return plan;
  }
  std::shared_ptr<Child> spawn(Child::Plan plan, Heard& heard) {
    auto child = Child::spawn(loop, launcher, std::move(plan),
                              {[&heard](service::Outlet, std::string_view piece) {
                                 heard.output += piece;
                                 return true;
                               },
                               [&heard](const service::End& end) { heard.end = end; },
                               {},
                               [&heard](const service::Hits& hits) { heard.hits.push_back(hits); }});
    EXPECT_TRUE(child) << child.error().message;
    return child ? *child : nullptr;
  }
  Heard run(Child::Plan plan) {
    Heard heard;
    const auto child = spawn(std::move(plan), heard);
    EXPECT_TRUE(until([&] { return heard.end.has_value(); }));
    return heard;
  }
  Note start_note(std::uint64_t number, const std::string& script) {
    return std::move(pack_order(number, std::move(shell(script).order)).back());
  }

  jail::test::Seat seat;
  service::EventLoop loop;
  service::Pool pool{{8, 64}};
  OnePlace places{seat};
  const Jailing jailing{loop, pool, seat.jails(), places};
  std::vector<Note> said;
  std::unique_ptr<ProcessesDesk> desk{
      std::make_unique<ProcessesDesk>(&jailing, "p", seat.folder().path() + "/data/p", [this](Note note) {
        launcher.hear(note);
        said.push_back(std::move(note));
      })};
  DeskLauncher launcher{std::make_shared<Wire>(*this)};
};

}  // namespace berth::loader
