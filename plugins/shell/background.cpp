// Who waits is answered by whichever comes first: the end, the end of its patience, or its leaving.
#include "background.hpp"

#include <berth/output.hpp>

#include <algorithm>
#include <ctime>
#include <utility>

#include "seat.hpp"

namespace shell {

using berth::Call;
using berth::Error;
using berth::Flow;
using berth::Json;
using berth::Outlet;

namespace {

constexpr std::size_t most_shown = 4096;  // bytes of the command
constexpr std::size_t longest_character = 4;

std::string now() {
  const std::time_t time = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%FT%TZ", &parts)};
}

std::string shown(const std::string& text, std::size_t most) {
  const std::string begin = text.substr(0, most);
  return begin.size() == text.size() ? begin : begin.substr(0, berth::whole_size(begin)) + "…";
}

std::vector<std::string> shown(const std::vector<std::string>& words) {
  std::vector<std::string> some;
  std::size_t left = most_shown;
  for (const auto& one : words) {
    if (left == 0) break;
    some.push_back(shown(one, left));
    left -= std::min(left, one.size() + 1);
  }
  return some;
}

}  // namespace

Background::Background(const Tools& tools, const Ask& ask, std::string id, const Seat& seat)
    : m_tools(tools),
      m_id(std::move(id)),
      m_command(shown(ask.command, most_shown)),
      m_folder(seat.state().now()->folder),
      m_since(now()),
      m_argv(shown(ask.argv)),
      m_began(std::chrono::steady_clock::now()),
      m_step(std::min(tools.most_output, most_output) / 2 - longest_character),
      m_output(std::min(tools.most_output, most_output), tools.spiller, seat.session(), m_id) {}

std::shared_ptr<Background> Background::begin(const Tools& tools, const std::shared_ptr<Seat>& seat, const Ask& ask,
                                              const std::string& id, std::function<void(Background&)> over) {
  std::shared_ptr<Background> one(new Background(tools, ask, id, *seat));
  one->m_run =
      Run::begin(tools, seat, ask,
                 {[one](Run& run, Outlet outlet, std::string_view bytes) { return one->heard(run, outlet, bytes); },
                  [one](const Outcome& outcome, bool) { one->end(outcome); }});
  one->m_over = std::move(over);
  return one;
}

Flow Background::heard(Run& run, Outlet outlet, std::string_view bytes) {
  if (m_followers.empty()) return m_output.add(outlet, bytes, run.resumer());
  Flow flow = Flow::ok;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), m_step))) {
    flow = m_output.add(outlet, bytes.substr(0, m_step), run.resumer());
    for (const auto& one : m_followers) show(*one);
  }
  return flow;
}

void Background::end(const Outcome& outcome) {
  m_outcome = outcome;
  m_output.end();
  if (!outcome.started) m_outcome->status = "failed";
  for (const auto& one : std::exchange(m_followers, {})) show(*one);
  for (const auto& waiter : std::exchange(m_waiters, {})) {
    if (waiter->timer != 0) m_tools.timers.cancel(waiter->timer);
    tell(*waiter);
  }
  if (const auto over = std::exchange(m_over, nullptr)) over(*this);
}

Json Background::facts() const {
  Json facts{{"id", m_id}, {"cwd", m_folder}, {"started_at", m_since}};
  if (m_argv.empty())
    facts["command"] = m_command;
  else
    facts["argv"] = m_argv;
  facts["stdout_bytes"] = m_output.out().total();
  facts["stderr_bytes"] = m_output.err().total();
  if (m_outcome) {
    facts.update(facts_of(*m_outcome));
    return facts;
  }
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - m_began;
  facts.update({{"status", "running"}, {"returncode", nullptr}, {"timed_out", false}, {"timing_ms", took.count()}});
  return facts;
}

void Background::tell(const Call& call) const {
  m_output.put_into(facts(), [call](const Json& all) { call.guard([&] { call.send(all); }); });
}

void Background::tell(Waiter& waiter) const {
  if (waiter.first()) tell(waiter.call);
}

void Background::show(Follower& follower) const {
  if (!ended()) return follower.show(m_output, nullptr);
  const Json last = facts();
  follower.show(m_output, &last);
}

// One that is behind when the process ends is given the rest as it reads, so it keeps the process's record.
void Background::follow(const Call& call, Follower::Place from) {
  const auto gone = [](const std::shared_ptr<Follower>& one) { return one->gone(); };
  m_followers.erase(std::remove_if(m_followers.begin(), m_followers.end(), gone), m_followers.end());
  if (m_followers.size() >= most_followers)
    throw Error(429, "too_many_followers", std::to_string(most_followers) + " follow this process already",
                "one of them has to leave first, or GET /processes/{process} tells what it has written");
  const auto one = std::make_shared<Follower>(call, from);
  call.on_drained([self = shared_from_this(), one] {
    one->drained();
    self->show(*one);
  });
  call.on_cancel([one] { one->leave(); });
  if (!ended()) {
    m_followers.push_back(one);
    one->begin(facts());
  }
  show(*one);
}

void Background::wait(const Call& call, std::chrono::milliseconds patience) {
  const auto waiter = std::make_shared<Waiter>(call);
  if (ended() || patience.count() == 0) return tell(*waiter);
  const auto answered = [](const std::shared_ptr<Waiter>& one) { return one->over.load(); };
  m_waiters.erase(std::remove_if(m_waiters.begin(), m_waiters.end(), answered), m_waiters.end());
  waiter->timer = m_tools.timers.after(patience, [self = weak_from_this(), weak = std::weak_ptr(waiter)] {
    const auto here = self.lock();
    const auto late = weak.lock();
    if (here && late) here->tell(*late);
  });
  m_waiters.push_back(waiter);
  call.on_cancel([waiter, &timers = m_tools.timers] {
    timers.cancel(waiter->timer);
    if (waiter->first())
      waiter->call.fail(
          {503, "cancelled", "the client has left", "the process goes on; GET /processes/{process} tells of it"});
  });
}

void Background::signal(int number) {
  const auto run = m_run.lock();
  if (ended() || !run)
    throw Error(409, "process_ended", "the process " + m_id + " has ended",
                "GET /processes/{process} tells how, with what it wrote");
  run->signal(number);
}

void Background::remove() {
  if (const auto run = m_run.lock()) run->kill(Why::deleted);
}

}  // namespace shell
