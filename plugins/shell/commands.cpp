// A command whose client has left is ended, and the call with it, at once: so at its end nobody is told any more.
#include "commands.hpp"

#include <utility>

#include "gathered.hpp"
#include "seat.hpp"
#include "stream.hpp"

namespace shell {

using berth::Call;
using berth::Json;
using berth::Outlet;
using namespace std::chrono_literals;

namespace {

constexpr auto longest_question = 30s;
constexpr std::size_t most_errors = 16u << 10;

std::string name_of(const Call& call) { return "c" + std::to_string(call.id()); }

Json answer_of(const Seat& seat, const Outcome& outcome, bool kept) {
  Json answer = facts_of(outcome);
  answer["cwd"] = seat.state().now()->folder;
  answer["state_kept"] = kept;
  return answer;
}

void end_with(const Call& call, const std::shared_ptr<Run>& run) {
  call.on_cancel([call, run] {
    run->end(Why::left);
    call.fail({503, "cancelled", "the client has left, and its command was ended",
               "a command with `background` stays when its client leaves"});
  });
}

}  // namespace

void answer_command(const Tools& tools, const std::shared_ptr<Seat>& seat, const Ask& ask, const Call& call) {
  const auto gathered = std::make_shared<Gathered>(tools.most_output, tools.spiller, seat->session(), name_of(call));
  const auto run = Run::begin(tools, seat, ask,
                              {[gathered](Run& from, Outlet outlet, std::string_view bytes) {
                                 return gathered->add(outlet, bytes, from.resumer());
                               },
                               [gathered, seat, call, by_shell = ask.argv.empty()](const Outcome& outcome, bool kept) {
                                 if (call.cancelled()) return;
                                 if (!outcome.started) return void(call.fail(not_started(by_shell, outcome.reason)));
                                 gathered->put_into(answer_of(*seat, outcome, kept), [call](const Json& answer) {
                                   if (!call.cancelled()) call.guard([&] { call.send(answer); });
                                 });
                               }});
  end_with(call, run);
}

void stream_command(const Tools& tools, const std::shared_ptr<Seat>& seat, const Ask& ask, const Call& call) {
  const auto stream = std::make_shared<Stream>(call, tools, seat->session(), name_of(call));
  const auto run = Run::begin(
      tools, seat, ask,
      {[stream](Run&, Outlet outlet, std::string_view bytes) { return stream->add(outlet == Outlet::output, bytes); },
       [stream, seat, by_shell = ask.argv.empty()](const Outcome& outcome, bool kept) {
         if (!outcome.started) return stream->fail(not_started(by_shell, outcome.reason));
         stream->end(answer_of(*seat, outcome, kept));
       }});
  call.on_drained([stream, run] {
    if (stream->drained()) run->resume();
  });
  call.on_cancel([stream, run] {
    run->end(Why::left);
    stream->leave();
  });
  stream->begin();
}

void ask_bash(const Tools& tools, const std::shared_ptr<Seat>& seat, Ask ask, const Call& call, Answered then) {
  ask.timeout = longest_question;
  const auto gathered = std::make_shared<Gathered>(most_errors);
  const auto run = Run::begin(tools, seat, ask,
                              {[gathered](Run& from, Outlet outlet, std::string_view bytes) {
                                 return gathered->add(outlet, bytes, from.resumer());
                               },
                               [gathered, call, then = std::move(then)](const Outcome& outcome, bool) {
                                 if (call.cancelled()) return;
                                 call.guard([&] { then(outcome, gathered->err().text()); });
                               }});
  end_with(call, run);
}

}  // namespace shell
