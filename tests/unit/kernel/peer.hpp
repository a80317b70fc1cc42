// What stands around a foreign kernel in its tests: a host that starts programs and tells their ends, kernelspecs, and
// a kernel over real ZeroMQ that does what a cell's code says.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "peer_host.hpp"
#include "seat.hpp"
#include "stage.hpp"

namespace kernel::peer {

using namespace std::chrono_literals;
using berth::Json;

constexpr const char* kernel_script = R"py(#!/usr/bin/python3
"""A kernel whose cells are run in this very file."""
import hashlib, hmac, json, os, signal, stat, sys, time, uuid
import zmq

facts = json.load(open(sys.argv[1]))
facts_mode = stat.S_IMODE(os.stat(sys.argv[1]).st_mode)
context = zmq.Context()

def bound(kind, name):
    one = context.socket(kind)
    one.linger = 500
    one.bind(f"{facts['transport']}://{facts['ip']}-{facts[name + '_port']}")
    return one

shell, control, stdin, iopub, hb = [bound(kind, name) for kind, name in
    ((zmq.ROUTER, "shell"), (zmq.ROUTER, "control"), (zmq.ROUTER, "stdin"), (zmq.PUB, "iopub"), (zmq.REP, "hb"))]

def send(to, idents, kind, content, parent, key=None, buffers=()):
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": parent.get("session", "s"), "username": "u", "version": "5.3", "date": ""}
    parts = [json.dumps(one).encode() for one in (header, parent, {}, content)]
    mac = hmac.new((key or facts["key"]).encode(), digestmod=hashlib.sha256)
    for one in parts:
        mac.update(one)
    to.send_multipart([*idents, b"<IDS|MSG>", mac.hexdigest().encode(), *parts, *buffers])

def heard(of):
    frames = of.recv_multipart()
    at = frames.index(b"<IDS|MSG>")
    header, _, _, content = [json.loads(one) for one in frames[at + 2:at + 6]]
    return frames[:at], header, content

class Turn:
    count = 0
    aborts = 0
    deaf_for = 0  # seconds, before the next cell begins

    def __init__(self):
        self.idents, self.header, self.content = heard(shell)
        self.idle, self.reply = True, {"status": "ok"}

    def publish(self, kind, content, **more):
        send(iopub, [kind.encode()], kind, content, self.header, **more)

    def out(self, text):
        self.publish("stream", {"name": "stdout", "text": text})

    def ask(self, prompt):
        send(stdin, self.idents, "input_request", {"prompt": prompt, "password": False}, self.header)
        return heard(stdin)[2]["value"]

    def wait_for_interrupt(self):
        while heard(control)[1]["msg_type"] != "interrupt_request":
            pass
        raise KeyboardInterrupt

    def execute(self):
        if Turn.aborts > 0:
            Turn.aborts -= 1
            self.reply = {"status": "aborted"}
            return
        Turn.count += 1
        self.reply["execution_count"] = Turn.count
        time.sleep(Turn.deaf_for)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            self.publish("status", {"execution_state": "busy"})
            exec(self.content["code"], {**globals(), "turn": self})
        except KeyboardInterrupt:
            self.reply |= {"status": "error", "ename": "KeyboardInterrupt", "evalue": "", "traceback": []}
        except Exception as error:
            self.reply |= {"status": "error", "ename": type(error).__name__, "evalue": str(error), "traceback": ["\x1b[31mwhere\x1b[0m"]}
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def run(self):
        kind = self.header["msg_type"]
        if kind == "execute_request":
            self.execute()
        else:
            self.publish("status", {"execution_state": "busy"})
        if kind == "kernel_info_request":
            self.reply |= {"implementation": "peer", "language_info": {"name": "peerish", "version": "1"}, "protocol_version": "5.3", "banner": "x" * int(os.environ.get("BANNER", "1"))}
        if kind == "complete_request":
            self.reply |= {"matches": ["peer"], "cursor_start": 0, "cursor_end": 2, "metadata": {}}
        if kind == "comm_msg":
            self.publish("comm_msg", {"comm_id": self.content["comm_id"], "data": "heard"})
        if kind.endswith("_request") and self.reply is not None:
            send(shell, self.idents, kind.replace("_request", "_reply"), self.reply, self.header)
        if self.idle:
            self.publish("status", {"execution_state": "idle"})

signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    Turn().run()
)py";

// A task that remembers what it was told, and answers what it is asked.
class Asking : public stage::Trying {
 public:
  Asking(const std::weak_ptr<Kernel>& kernel, Json request, std::string input = "")
      : Trying(true, ""), m_kernel(kernel), m_request(std::move(request)), m_input(std::move(input)) {}
  Json request() const override { return m_request; }
  void told(Told told) override {
    if (told.what == Told::What::event) {
      const Json& event = told.frame.json;
      if (event.at("event") == "input_request")
        m_kernel.lock()->say(this, {{"answer", event.at("question")}, {"value", m_input}});
      m_events.push_back(event);
    }
    Trying::told(std::move(told));
  }
  // After end().
  const std::vector<Json>& events() const { return m_events; }

 private:
  const std::weak_ptr<Kernel> m_kernel;
  const Json m_request;
  const std::string m_input;
  std::vector<Json> m_events;
};

// As /proc says; Z: it has ended.
inline char state_of(const std::string& pid) {
  std::string all;
  std::getline(std::ifstream("/proc/" + pid + "/stat"), all);
  return all.empty() ? 'Z' : all.at(all.rfind(')') + 2);
}

class ForeignStage {
 public:
  ForeignStage()
      : loop([](const char* what) { ADD_FAILURE() << what; }), folder(new_folder()), host(folder), processes(&host) {
    write("kernel", kernel_script);
    ::chmod(file("kernel").c_str(), 0755);
    spec("peer", {{"argv", {file("kernel"), "{connection_file}"}}, {"display_name", "Peer"}});
    options.engine.python = "/usr/bin/python3";
    options.kernelspecs = Json::array({file("kernels")});
    options.grace = 1s;
    seat = std::make_shared<Seat>(loop, processes, options, "main");
  }
  ~ForeignStage() {
    loop.wait_for([this] {
      kernel.reset();
      seat.reset();
    });
    loop.end();
    std::error_code ignored;  // a kernel may just be making something there
    std::filesystem::remove_all(folder, ignored);
  }
  void spec(const std::string& name, const Json& content) const {
    std::filesystem::create_directories(file("kernels/" + name));
    write("kernels/" + name + "/kernel.json", content.dump());
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(file(name)) << text; }
  std::string file(const std::string& name) const { return folder + "/" + name; }

  void add(const std::string& engine) {
    loop.wait_for([&] { kernel = seat->add("", engine); });
  }
  std::shared_ptr<Asking> ask(const Json& request, const std::string& input = "") {
    if (!kernel) add("jupyter:peer");
    const auto task = std::make_shared<Asking>(kernel, request, input);
    loop.wait_for([&] { kernel->run(task); });
    return task;
  }
  std::shared_ptr<Asking> cell(const std::string& code, const std::string& input = "") {
    return ask({{"request", "execute"}, {"code", code}, {"allow_stdin", !input.empty()}}, input);
  }
  bool appears(const std::string& name) const {
    return happens([&] { return std::filesystem::exists(file(name)); });
  }
  bool happens(const std::function<bool()>& what) const {
    for (int i = 0; i < 6000 && !what(); ++i) std::this_thread::sleep_for(10ms);
    return what();
  }
  // A line for a cell: a test waits for it by appears().
  std::string touch(const std::string& name) const { return "open('" + file(name) + "', 'w').close()\n"; }

  Loop loop;
  const std::string folder;
  Host host;
  berth::Processes processes;
  SeatOptions options;
  std::shared_ptr<Seat> seat;      // the loop's
  std::shared_ptr<Kernel> kernel;  // the loop's

 private:
  static std::string new_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "berth-peer-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("no folder for a test");
    return name;
  }
};

}  // namespace kernel::peer
