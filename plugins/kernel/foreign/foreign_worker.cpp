// Until a subscription has arrived a publisher drops what it says, and nobody is told when it has: so the kernel is
// asked again and again who it is, until both its answer and its word on iopub have come.
#include "foreign/foreign_worker.hpp"

#include <csignal>
#include <utility>

#include "fields.hpp"
#include "foreign/words.hpp"

namespace kernel::foreign {

using namespace std::chrono_literals;
using berth::Error;
using berth::Json;

namespace {

constexpr std::chrono::milliseconds start_time = 60s, knock_time = 200ms, end_time = 2s;
constexpr std::size_t most_about = 256u << 10;  // bytes: it is kept as long as the kernel is there

}  // namespace

Worker::GiveUp ForeignWorker::make(Loop& loop, const berth::Processes& processes, const LaunchOptions& options,
                                   const std::string& session, const Born& then) {
  const auto worker = std::make_shared<ForeignWorker>(loop, options, session);
  try {
    worker->begin(processes, then);
  } catch (const Error& error) {
    then(nullptr, error);
  }
  return [weak = std::weak_ptr(worker)] {
    if (const auto self = weak.lock()) self->give_up();
  };
}

ForeignWorker::ForeignWorker(Loop& loop, const LaunchOptions& options, const std::string& session)
    : m_loop(loop),
      m_name("jupyter:" + options.kernel),
      m_key(wire::new_key()),
      m_launch(std::make_shared<Launch>(loop, options, session)),
      m_codec(m_key, wire::Codec::Between::two),
      m_exchange(loop, {[this](const wire::Saying& saying) { return say(shell, saying); },
                        [this](const wire::Saying& saying) { say(input, saying); }, [this] { interrupt_it(); },
                        [this](Told told) { tell(std::move(told)); }}),
      m_patience(loop),
      m_knocking(loop) {}

ForeignWorker::~ForeignWorker() { ForeignWorker::kill(); }

void ForeignWorker::begin(const berth::Processes& processes, Born then) {
  const auto weak = weak_from_this();
  m_launch->start(processes, m_key,
                  {[weak](Launch::Lines lines) {
                     if (const auto self = weak.lock()) self->connect(std::move(lines));
                   },
                   [weak](const Error& error) {
                     if (const auto self = weak.lock()) self->fail(error);
                   },
                   [weak] {
                     if (const auto self = weak.lock()) self->closed("what was to connect to it has ended");
                   },
                   [weak](const std::string& words) {
                     if (const auto self = weak.lock()) self->finish("its process: " + words);
                   }});
  m_born = std::move(then);
  // It keeps itself until it is born.
  m_patience.set(start_time, [self = shared_from_this()] { self->finish("it did not answer within 60 s"); });
}

void ForeignWorker::connect(Launch::Lines lines) {
  const std::string identity = wire::new_key().substr(0, 16);  // by which it finds stdin of whom it serves on shell
  try {
    for (const auto channel : {shell, control, input, iopub}) {
      m_lines[channel] =
          std::make_unique<Line>(m_loop, std::move(lines[channel]), channel == iopub ? "SUB" : "DEALER", identity,
                                 Line::Ears{[this, channel](Zmtp::Came came) { heard(channel, std::move(came)); },
                                            [this](const std::string& why) { closed(why); }});
    }
  } catch (const Error& error) {
    return fail(error);
  }
  knock();
}

void ForeignWorker::knock() {
  say(shell, {"kernel_info_request", Json::object()});
  m_knocking.set(knock_time, [this] { knock(); });
}

void ForeignWorker::heard(Channel channel, Zmtp::Came came) {
  if (m_over) return;
  const auto self = shared_from_this();
  if (came.left_out && channel == iopub) return m_exchange.output_lost();
  if (came.left_out) return m_exchange.reply_lost();
  wire::Message message;
  if (m_codec.read(std::move(came.frames), message)) return void(++m_refused);
  if (!m_ready) return met(channel, message);
  if (channel == shell) m_exchange.replied(message);
  if (channel == iopub) m_exchange.published(message);
  if (channel == input) m_exchange.asked(message);
}

void ForeignWorker::met(Channel channel, const wire::Message& message) {
  if (channel == iopub) m_subscribed = true;
  const bool about = channel == shell && message.type == "kernel_info_reply";
  if (about && message.bytes > most_about) return not_started("it says too much of itself");
  if (about) m_about = foreign::about(m_name, message.content);
  if (!m_subscribed || m_about.empty() || m_over) return;
  m_ready = true;
  m_patience.cancel();
  m_knocking.cancel();
  m_launch->settle();
  if (const auto born = std::exchange(m_born, nullptr)) born(shared_from_this(), std::nullopt);
}

std::string ForeignWorker::say(Channel channel, const wire::Saying& saying) {
  if (!m_over && m_lines[channel]) m_lines[channel]->send(m_codec.write({}, saying));
  return m_codec.last_id();
}

void ForeignWorker::tell(Told told) {
  if (m_ears.told) m_ears.told(std::move(told));
}

// Descriptors are for what only a forked worker is asked.
void ForeignWorker::send(const Json& frame, std::vector<berth::Fd>) {
  if (!m_over) m_exchange.ask(frame);
}

bool ForeignWorker::interrupt() {
  if (m_over || !m_ready) return false;
  m_exchange.interrupt();
  return true;
}

void ForeignWorker::interrupt_it() {
  if (m_launch->spec().value("interrupt_mode", "") == "message")
    say(control, {"interrupt_request", Json::object()});
  else
    m_launch->signal(SIGINT);
}

// What it publishes nobody can leave lying, for it drops then what it has no room for. So it is stopped, until there is
// somebody again to hear it; what was on its way comes all the same.
void ForeignWorker::hold(bool held) {
  if (m_over || !m_ready || std::exchange(m_held, held) == held) return;
  m_launch->signal(held ? SIGSTOP : SIGCONT);
}

void ForeignWorker::kill() {
  m_ears = {};
  m_patience.cancel();
  m_knocking.cancel();
  m_over = true;
  m_launch->kill();
}

void ForeignWorker::fail(const Error& error) {
  const auto self = shared_from_this();
  const auto born = std::exchange(m_born, nullptr);
  kill();
  if (born) born(nullptr, error);
}

void ForeignWorker::not_started(const std::string& why) {
  fail({503, "kernel_down", "the kernel " + m_name + " did not start: " + why + m_launch->printed().words(),
        "its kernelspec's program has to run inside the session's jail, and to serve `transport: ipc`"});
}

void ForeignWorker::give_up() {
  if (m_born) fail({410, "kernel_ended", "nobody waits for the kernel " + m_name + " any more"});
}

// Its process may be ending, and then there are better words for it.
void ForeignWorker::closed(const std::string& why) {
  if (!m_over) m_patience.set(end_time, [self = shared_from_this(), why] { self->finish(why); });
}

void ForeignWorker::finish(const std::string& why) {
  const auto self = shared_from_this();
  for (const auto channel : {iopub, shell})
    if (m_lines[channel] && !m_over) m_lines[channel]->drain();  // what it said before
  if (m_over) return;
  if (!m_ready) return not_started(why);
  const auto ears = std::exchange(m_ears, {});
  kill();
  if (ears.ended) ears.ended(why);
}

Json ForeignWorker::debug() const {
  return {{"spec", m_launch->spec()}, {"printed", m_launch->printed().text()}, {"refused", m_refused}};
}

}  // namespace kernel::foreign
