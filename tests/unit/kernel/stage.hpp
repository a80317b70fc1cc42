// What stands around a kernel in its tests: a zygote whose workers run what a test says, a kernel, and tasks that say
// what became of them.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>

#include "forked_worker.hpp"
#include "kernel.hpp"
#include "seat.hpp"
#include "stage_host.hpp"

namespace kernel::stage {

using namespace std::chrono_literals;
using berth::Json;
constexpr auto patience = 60s;

// Its mode is what it is told to preload. A request's `code` is run, and what it puts into `after` when it is answered.
constexpr const char* zygote_script = R"py(#!/usr/bin/python3
import array, fcntl, json, os, signal, socket, struct, time

orders = socket.socket(fileno=3)

def tell(message, fds=()):
    orders.sendmsg([json.dumps(message).encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else [])

def hear():
    data, extra, _, _ = orders.recvmsg(1 << 20, 4096)
    fds = array.array("i")
    for _, _, part in extra:
        fds.frombytes(part)
    if not data:
        os._exit(0)
    return json.loads(data), list(fds)

def wait_for(path):
    while not os.path.exists(path):
        time.sleep(0.005)

class Worker:
    def __init__(self, work, out, err, life):
        fcntl.fcntl(life, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(life, 10, signal.SIGKILL)
        fcntl.fcntl(life, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
        os.dup2(out, 1)
        os.dup2(err, 2)
        self.socket = socket.socket(fileno=work)
        self.seq = 0

    def send(self, frame):
        self.seq += 1  # after all that was written
        data = json.dumps({**frame, "seq": self.seq}).encode()
        self.socket.sendall(struct.pack("<I", len(data)) + data)

    def hear(self):
        head = self.socket.recv(4, socket.MSG_WAITALL)
        if len(head) < 4:
            os._exit(0)
        return json.loads(self.socket.recv(struct.unpack("<I", head)[0], socket.MSG_WAITALL))

    def turn(self):
        frame = self.hear()
        if "request" not in frame:
            return
        after, status = [], "ok"
        try:
            exec(frame.get("code", ""), {**globals(), "worker": self, "id": frame["id"], "after": after})
        except KeyboardInterrupt:
            status = "interrupted"
        self.send({"event": "done", "id": frame["id"], "status": status})
        for one in after:
            one()

    def run(self):
        self.send({"event": "ready"})
        while True:
            self.turn()

start = hear()[0]
mode = start["config"]["preload"]
tell({"n": start["n"], "ok": True})
while True:
    message, fds = hear()
    if mode[:1] == ["stranger"]:
        tell({"n": message["n"], "ok": True, "pid": 7}, [os.pidfd_open(int(mode[1]))])
    elif mode[:1] == ["full"]:
        tell({"n": message["n"], "ok": False, "error": "no more processes"})
    elif mode[:1] == ["gone"]:
        os._exit(3)
    elif os.path.exists(mode[1] if mode[:1] == ["still"] else "/no/such"):
        os.kill(os.getpid(), signal.SIGSTOP)
    else:
        pid = os.fork()
        if pid == 0:
            orders.close()
            worker = Worker(*fds)
            if mode == ["stillborn"]:
                os.write(2, b"why it ended")
                os._exit(3)
            worker.run()
        if mode == ["stale"]:
            tell({"event": "death", "pid": pid, "code": None, "signal": 9})
        tell({"n": message["n"], "ok": True, "pid": pid}, [os.pidfd_open(pid)])
        if mode == ["killed"]:  # as it will be
            tell({"event": "death", "pid": pid, "code": None, "signal": 9})
    for fd in fds:
        os.close(fd)
)py";

struct Seen {
  bool refused = false;
  Ending ending = {};
  int status = 0;
  std::string code = {}, why = {}, hint = {}, out = {}, err = {};
};

class Trying : public Task {
 public:
  Trying(bool cell, std::string code) : m_cell(cell), m_code(std::move(code)) {}
  Json request() const override { return {{"request", "execute"}, {"code", m_code}}; }
  std::chrono::milliseconds timeout() const override { return 10min; }  // no test waits for it
  bool is_cell() const override { return m_cell; }
  void told(Told told) override {
    if (told.what == Told::What::out) m_seen.out += told.text;
    if (told.what == Told::What::err) m_seen.err += told.text;
  }
  void ended(const Ending& ending) override {
    m_seen.ending = ending;
    m_end.set_value(m_seen);
  }
  void refused(const berth::Error& why) override {
    m_seen.refused = true;
    m_seen.status = why.status();
    m_seen.code = why.code();
    m_seen.why = why.message();
    m_seen.hint = why.hint();
    m_end.set_value(m_seen);
  }
  Seen end() {
    auto end = m_end.get_future();
    if (end.wait_for(patience) == std::future_status::ready) return end.get();
    ADD_FAILURE() << "no end of " << m_code;
    return {};
  }

 private:
  const bool m_cell;
  const std::string m_code;
  Seen m_seen;
  std::promise<Seen> m_end;
};

class Stage {
 public:
  explicit Stage(const Json& mode = Json::array(), std::chrono::milliseconds grace = 300ms)
      : loop([](const char* what) { ADD_FAILURE() << what; }), processes(&host), m_folder(new_folder()) {
    std::ofstream(file("zygote")) << zygote_script;
    ::chmod(file("zygote").c_str(), 0755);
    options.engine = {file("zygote"), mode};
    options.grace = grace;
    options.spares = 0;
    seat = std::make_shared<Seat>(loop, processes, options, "main");
    kernel = std::make_shared<Kernel>(loop, "tried", "python", options.grace, [this](const Worker::Born& then) {
      acquire(then);
      return Worker::GiveUp();
    });
  }
  ~Stage() {
    loop.wait_for([this] {
      kernel.reset();
      seat.reset();
      worker.reset();
      if (m_zygote) m_zygote->stop("the test is over");
    });
    loop.end();
    std::filesystem::remove_all(m_folder);
  }
  std::shared_ptr<Trying> run(bool cell, const std::string& code) {
    const auto task = std::make_shared<Trying>(cell, code);
    loop.wait_for([&] { kernel->run(task); });
    return task;
  }
  std::shared_ptr<Trying> cell(const std::string& code) { return run(true, code); }
  std::shared_ptr<Trying> question(const std::string& code = "") { return run(false, code); }
  std::string file(const char* name) const { return m_folder + "/" + name; }
  void make_file(const char* name) const { std::ofstream(file(name)) << "here"; }
  template <class Fact>
  Fact look(Fact Stage::*what) {
    Fact fact{};
    loop.wait_for([&] { fact = this->*what; });
    return fact;
  }
  std::string state() {  // of the kernel
    std::string state;
    loop.wait_for([&] { state = kernel->facts().at("state"); });
    return state;
  }

  Host host;
  Loop loop;
  berth::Processes processes;
  SeatOptions options;
  // The loop's.
  std::shared_ptr<Seat> seat;
  std::shared_ptr<Kernel> kernel;
  std::shared_ptr<Worker> worker;  // the last that was made
  bool no_workers = false;

 private:
  void acquire(const Worker::Born& then) {
    if (no_workers) return then(nullptr, berth::Error(503, "kernel_down", "there is none"));
    if (!m_zygote || m_zygote->over()) {
      m_zygote = std::make_shared<Zygote>(loop, options.engine, "main");
      m_zygote->start(processes, [](const berth::Error&) {});
    }
    ForkedWorker::make(loop, m_zygote, {}, [this, then](const auto& made, const auto& error) {
      worker = made;
      then(made, error);
    });
  }
  static std::string new_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "berth-kernel-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("no folder for a test");
    return name;
  }
  const std::string m_folder;
  std::shared_ptr<Zygote> m_zygote;
};

}  // namespace kernel::stage
