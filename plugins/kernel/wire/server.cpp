// Control is served at once, shell in order: while a request of it has no reply, the next one waits.
#include "server.hpp"

#include <utility>

#include "fields.hpp"
#include "wire/requests.hpp"

namespace kernel::wire {

using berth::Json;

namespace {

constexpr std::uint64_t note_every = 1000;
constexpr Socket::Bounds of_replies{1000};  // a client that asks much before it reads loses none

std::string reply_type(const std::string& request) { return request.substr(0, request.rfind("_request")) + "_reply"; }

int port_of(const std::string& endpoint) { return std::stoi(endpoint.substr(endpoint.rfind(':') + 1)); }

}  // namespace

Server::Server(const CellTools& tools, zmq::context_t& context, const std::shared_ptr<Kernel>& kernel,
               std::string session, const std::string& key, Owner owner)
    : m_tools(tools),
      m_kernel(kernel),
      m_kernel_id(kernel->id()),
      m_session(std::move(session)),
      m_owner(std::move(owner)),
      m_codec(key),
      m_shell(tools.loop, context, zmq::socket_type::router, of_replies,
              [this](Frames f) { heard(std::move(f), false); }),
      m_control(tools.loop, context, zmq::socket_type::router, {}, [this](Frames f) { heard(std::move(f), true); }),
      m_stdin(tools.loop, context, zmq::socket_type::router, {}, [this](Frames f) { heard_answer(std::move(f)); }),
      m_heartbeat(tools.loop, context, zmq::socket_type::router, {16, 4096},
                  [this](const Frames& f) { m_heartbeat.send(f); }),
      m_iopub(tools.loop, context, [this] {
        if (m_cell) m_cell->hold(false);
      }) {
  m_stdin.tell_of_nobody();
}

Json Server::bind(const std::string& transport, const std::string& base) {
  const bool tcp = transport == "tcp";
  Json facts{{"transport", transport}, {"ip", tcp ? "127.0.0.1" : base}};
  int number = 0;
  const auto one = [&](const char* name, auto& socket) {
    ++number;
    const std::string at = socket.bind(tcp ? "tcp://127.0.0.1:*" : "ipc://" + base + "-" + std::to_string(number));
    facts[name] = tcp ? port_of(at) : number;
  };
  one("shell_port", m_shell);
  one("iopub_port", m_iopub);
  one("stdin_port", m_stdin);
  one("control_port", m_control);
  one("hb_port", m_heartbeat);
  return facts;
}

void Server::begin() {
  const auto kernel = m_kernel.lock();
  if (!kernel) return;
  kernel->watch(std::static_pointer_cast<Watcher>(shared_from_this()));
  kernel->warm();
}

void Server::heard(Frames frames, bool control) {
  Message message;
  message.control = control;
  if (const char* why = m_codec.read(std::move(frames), message)) return refuse(why);
  if (m_closed) return;
  if (control) return serve_control(message);
  m_pending_bytes += message.bytes;
  m_pending.push_back(std::move(message));
  m_shell.hold(m_pending.size() >= most_pending || m_pending_bytes >= most_pending_bytes);
  next();
}

void Server::refuse(const char* why) {
  if (m_refused++ % note_every == 0)
    m_owner.note("a message to a kernel's wire was refused",
                 {{"why", why}, {"session", m_session}, {"kernel", m_kernel_id}, {"refused", m_refused}});
}

// What was asked is answered by whom it was asked, and by no other client; nor by what comes late, to an earlier one.
void Server::heard_answer(Frames frames) {
  Message message;
  if (const char* why = m_codec.read(std::move(frames), message)) return refuse(why);
  const Json value = field(message.content, "value");
  if (message.type != "input_reply" || !value.is_string()) return refuse("it is no input_reply");
  if (!m_cell || m_cell->message().from != message.from) return;
  if (!message.parent.empty() && message.parent != m_asked) return;
  if (value == "\x04") return void(m_cell->answer(std::nullopt));
  m_cell->answer(value.get<std::string>());
}

bool Server::ask(const Message& whose, const Json& prompt, bool password) {
  const auto question =
      m_codec.write(whose.from, {"input_request", {{"prompt", prompt}, {"password", password}}, whose.header});
  m_asked = m_codec.last_id();
  return m_stdin.send(question);
}

void Server::later() {
  m_tools.loop.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->next();
  });
}

void Server::next() {
  if (m_turn || m_closed) return;
  if (std::exchange(m_stop, false)) abort();
  if (m_pending.empty()) return;
  Message message = std::move(m_pending.front());
  m_pending.pop_front();
  m_pending_bytes -= message.bytes;
  m_shell.hold(false);
  m_turn = true;
  ++m_served;
  say_state(message.header, "busy");
  serve(std::move(message));
}

// After a cell that failed and said so: what waited behind it is not run.
void Server::abort() {
  std::deque<Message> others;
  for (auto& one : std::exchange(m_pending, {})) {
    if (one.type != "execute_request") {
      others.push_back(std::move(one));
      continue;
    }
    m_pending_bytes -= one.bytes;
    say_state(one.header, "busy");
    reply(one, {{"status", "aborted"}});
    say_state(one.header, "idle");
  }
  m_pending = std::move(others);
  m_shell.hold(false);
}

void Server::serve(Message message) {
  if (message.type == "execute_request") return execute(std::move(message));
  if (message.type == "kernel_info_request") return tell_info(std::move(message));
  if (message.type == "shutdown_request") return shut_down(message);
  if (auto comm = comm_of(message)) {
    const auto kernel = m_kernel.lock();
    Ask ask;
    ask.id = message.id;
    ask.kernel = m_kernel_id;
    ask.session = m_session;
    ask.timeout = std::chrono::minutes(30);
    ask.wait = true;
    m_cell = std::make_shared<ServedCell>(m_tools, ask, kernel, weak_from_this(), std::move(message), std::move(*comm));
    return run(m_cell);
  }
  if (auto asked = question_of(message)) return ask_kernel(std::move(message), std::move(*asked));
  const bool known =
      message.type == "complete_request" || message.type == "inspect_request" || message.type == "is_complete_request";
  finish(message, known ? failed_reply("ValueError", "the request has no code") : Json(), false);
}

void Server::execute(Message message) {
  auto ask = ask_of(message.content);
  if (!ask) return finish(message, failed_reply("ValueError", "the request has no code, or too much of it"), false);
  ask->id = message.id;
  ask->kernel = m_kernel_id;
  ask->session = m_session;
  m_owner.note("a cell over a kernel's wire", {{"session", m_session}, {"kernel", m_kernel_id}, {"id", ask->id}});
  const auto kernel = m_kernel.lock();
  m_cell = std::make_shared<ServedCell>(m_tools, std::move(*ask), kernel, weak_from_this(), std::move(message), Json());
  run(m_cell);
}

void Server::ask_kernel(Message message, Json request) {
  const bool control = message.control;
  const auto question = std::make_shared<ServedQuestion>(weak_from_this(), std::move(message), std::move(request));
  if (!control) return run(question);
  if (const auto kernel = m_kernel.lock()) kernel->run(question);
}

void Server::run(const std::shared_ptr<Task>& task) {
  m_current = task;
  if (const auto kernel = m_kernel.lock()) return kernel->run(task);
  task->refused({410, "kernel_ended", "the kernel has ended"});
}

Json Server::info() const { return kernel_info(m_owner.engine()); }

// Which Python it is nobody knows before there is one.
void Server::tell_info(Message message) {
  if (!m_owner.engine().empty()) return finish(message, info(), false);
  ask_kernel(std::move(message), {{"request", "status"}});
}

void Server::serve_control(const Message& message) {
  say_state(message.header, "busy");
  if (message.type == "kernel_info_request") return tell_info(message);
  if (message.type == "shutdown_request") return shut_down(message);
  Json content = failed_reply("ValueError", "nothing of that kind is asked for on control");
  if (message.type == "debug_request") content = debug_refusal(message.content);
  if (message.type == "interrupt_request") {
    if (const auto kernel = m_kernel.lock()) kernel->interrupt();
    content = {{"status", "ok"}};
  }
  finish(message, content, false);
}

void Server::shut_down(const Message& message) {
  const bool restart = field(message.content, "restart", false) == true;
  const Json content{{"status", "ok"}, {"restart", restart}};
  publish({"shutdown_reply", content, message.header}, Publisher::Kind::word);
  finish(message, content, false);
  m_tools.loop.post([weak = weak_from_this(), restart] {
    const auto self = weak.lock();
    if (self && !self->m_closed) self->m_owner.shut_down(restart);
  });
}

void Server::finish(const Message& message, const Json& content, bool stop) {
  if (!content.is_null()) reply(message, content);
  say_state(message.header, "idle");
  if (message.control) return;
  m_stop = m_stop || stop;
  m_turn = false;
  m_current.reset();
  m_cell.reset();
  later();  // behind what has come already
}

void Server::reply(const Message& message, const Json& content) {
  if (message.type.find("_request") == std::string::npos) return;  // what is no request has no reply
  router(message.control).send(m_codec.write(message.from, {reply_type(message.type), content, message.header}));
}

void Server::publish(const Saying& saying, Publisher::Kind kind) {
  m_iopub.put(m_codec.write({"kernel." + m_kernel_id + "." + saying.type}, saying), kind);
}

void Server::say_state(const std::string& parent, const char* state) {
  publish({"status", {{"execution_state", state}}, parent}, Publisher::Kind::word);
}

void Server::restarted() {
  if (m_closed) return;
  say_state("{}", "starting");
  if (!m_turn) say_state("{}", "idle");
}

// Who waits for a reply has one.
void Server::closed(const std::string& why) {
  if (m_closed) return;
  for (const auto& one : std::exchange(m_pending, {})) reply(one, failed_reply("KernelDied", why));
  close();
  m_owner.over();
}

void Server::close() {
  if (std::exchange(m_closed, true)) return;
  m_pending.clear();
  const auto kernel = m_kernel.lock();
  if (kernel && m_current) kernel->drop(m_current.get());
}

Json Server::facts() const {
  return {{"waiting", m_pending.size()}, {"busy", m_turn}, {"served", m_served}, {"refused", m_refused}};
}

}  // namespace kernel::wire
