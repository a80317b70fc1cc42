// Jupyter's wire in front of one kernel: five sockets, and the requests of shell one after the other. What it runs are
// the kernel's tasks, so cells that come by HTTP and cells that come here have one queue.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "wire/publisher.hpp"
#include "wire/served.hpp"

namespace kernel::wire {

class Server : public Watcher, public std::enable_shared_from_this<Server> {
 public:
  static constexpr std::size_t most_pending = 1000, most_pending_bytes = 64u << 20;  // beyond that clients wait

  struct Owner {                                  // all on the loop's thread
    std::function<berth::Json()> engine;          // what is known of the kernel's Python
    std::function<void(bool restart)> shut_down;  // a client asks for it; not called from within
    std::function<void()> over;  // the kernel has ended, and with it this; of one that is open, Wires' own
    std::function<void(const char* what, const berth::Json& more)> note;
  };

  // All on the loop's thread. Throws Error.
  Server(const CellTools& tools, zmq::context_t& context, const std::shared_ptr<Kernel>& kernel, std::string session,
         const std::string& key, Owner owner);
  // The fields transport, ip and the five ports of a connection file. `base` is of ipc: -1, -2 … are put behind it.
  berth::Json bind(const std::string& transport, const std::string& base);
  void begin();  // once it is in a shared_ptr
  void close();  // what runs is broken off
  berth::Json facts() const;

  void restarted() override;
  void closed(const std::string& why) override;

  // For what it serves.
  void publish(const Saying& saying, Publisher::Kind kind);
  bool full() const { return m_iopub.full(); }
  void finish(const Message& message, const berth::Json& reply, bool stop);  // null: there is none
  bool ask(const Message& whose, const berth::Json& prompt, bool password);  // false: it does not listen
  berth::Json info() const;

 private:
  void heard(Frames frames, bool control);
  void heard_answer(Frames frames);
  void refuse(const char* why);
  void later();
  void next();
  void abort();
  void serve(Message message);
  void serve_control(const Message& message);
  void execute(Message message);
  void ask_kernel(Message message, berth::Json request);
  void tell_info(Message message);
  void shut_down(const Message& message);
  void run(const std::shared_ptr<Task>& task);
  void reply(const Message& message, const berth::Json& content);
  void say_state(const std::string& parent, const char* state);
  Socket& router(bool control) { return control ? m_control : m_shell; }

  const CellTools m_tools;
  const std::weak_ptr<Kernel> m_kernel;
  const std::string m_kernel_id, m_session;
  const Owner m_owner;
  Codec m_codec;
  Socket m_shell, m_control, m_stdin, m_heartbeat;
  Publisher m_iopub;
  std::deque<Message> m_pending;
  std::size_t m_pending_bytes = 0;
  std::shared_ptr<Task> m_current;     // of shell
  std::shared_ptr<ServedCell> m_cell;  // the same, if it is one
  std::string m_asked;                 // the id of the last question on stdin
  std::uint64_t m_refused = 0, m_served = 0;
  bool m_turn = false, m_stop = false, m_closed = false;
};

}  // namespace kernel::wire
