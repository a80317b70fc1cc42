// A call is started, and its answer, which comes on the I/O thread, is waited for.
#include "serve/desk.hpp"

#include <sys/random.h>

#include <berth/base64.hpp>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace ooxml::serve {

using berth::Call;
using berth::Error;
using berth::Json;

namespace {

constexpr std::chrono::seconds patience{120};  // of a workspace whose disk hangs

// One answer that is waited for. Whoever waits may be gone by the time that it comes.
struct Waiting {
  std::mutex mutex;
  std::condition_variable changed;
  bool over = false;
  Json answer;
  berth::Fd file;
  std::optional<Error> error;

  template <class Change>
  void end(const Change& change) {
    const std::lock_guard<std::mutex> lock(mutex);
    change();
    over = true;
    changed.notify_all();
  }
};

// The error of the workspace is the client's error, word by word.
void wait_for(Waiting& waiting, const Call& call) {
  constexpr std::chrono::milliseconds step{500};
  std::unique_lock<std::mutex> lock(waiting.mutex);
  for (auto left = patience / step; !waiting.over && left > 0 && !call.cancelled(); --left)
    waiting.changed.wait_for(lock, step, [&] { return waiting.over; });
  if (!waiting.over) throw Error(504, "workspace_silent", "the workspace has not answered", "try again");
  if (waiting.error) throw *waiting.error;
}

void refuse_unstarted(std::uint64_t number) {
  if (number == 0)
    throw Error(503, "busy", "too many calls to the workspace are open",
                "try again; or grant it: plugin \"docx\" { services = { \"berth.calls/1\" } } in berth.lua");
}

std::string random_ending() {
  unsigned char random[8];
  if (::getrandom(random, sizeof random, 0) != sizeof random) throw Error(500, "no_random", "the system has no random");
  std::string text;
  for (const unsigned char one : random) {
    text += "0123456789abcdef"[one >> 4];
    text += "0123456789abcdef"[one & 15];
  }
  return text;
}

}  // namespace

Json Desk::ask(const std::string& operation, const Json& input) {
  const auto waiting = std::make_shared<Waiting>();
  berth::Ears ears;
  ears.answer = [waiting](const Json& answer) { waiting->end([&] { waiting->answer = answer; }); };
  ears.fail = [waiting](const Error& error) { waiting->end([&] { waiting->error = error; }); };
  refuse_unstarted(m_calls.start(berth::Ask(operation, input).as(m_call), std::move(ears)));
  wait_for(*waiting, m_call);
  return std::move(waiting->answer);
}

berth::Fd Desk::open(const std::string& path) {
  const auto waiting = std::make_shared<Waiting>();
  const auto no_file = [waiting] {
    waiting->end([&] { waiting->error = Error(422, "is_a_folder", "a file is wanted, and this is a folder"); });
  };
  berth::Ears ears;
  ears.file = [waiting](int fd, const berth::Head&) { waiting->end([&] { waiting->file = berth::Fd(fd); }); };
  ears.fail = [waiting](const Error& error) { waiting->end([&] { waiting->error = error; }); };
  ears.chunk = [no_file](std::string_view, std::string_view) {
    no_file();
    return berth::Flow::gone;
  };
  ears.finish = no_file;
  refuse_unstarted(m_calls.start(berth::Ask("workspace.download", Json{{"path", path}}).as(m_call), std::move(ears)));
  wait_for(*waiting, m_call);
  return std::move(waiting->file);
}

std::string Desk::etag_of(const std::string& path) {
  return ask("workspace.stat", Json{{"path", path}}).value("etag", std::string());
}

Json Desk::put(const Place& place, std::string_view bytes) {
  if (bytes.size() > most_piece) return put_in_pieces(place, bytes);
  Json input{{"path", place.path}, {"as", "base64"}, {"content", berth::base64(bytes)}};
  if (!place.replace) input["create_only"] = true;
  if (!place.etag.empty()) input["expect_etag"] = place.etag;
  return ask("workspace.write", input);
}

// Under another name beside it, which is moved to its place at the end, or taken away.
Json Desk::put_in_pieces(const Place& place, std::string_view bytes) {
  const std::string half = place.path + "." + random_ending() + ".half";
  try {
    for (std::size_t at = 0; at < bytes.size(); at += most_piece) {
      const Json piece{{"path", half}, {"as", "base64"}, {"content", berth::base64(bytes.substr(at, most_piece))}};
      ask(at == 0 ? "workspace.write" : "workspace.append", piece);
    }
    if (!place.etag.empty() && etag_of(place.path) != place.etag)
      throw Error(412, "changed", place.path + " was changed meanwhile",
                  "read it again, and repeat what is to be done");
    return ask("workspace.move", Json{{"from", half}, {"to", place.path}, {"replace", place.replace}});
  } catch (...) {
    try {
      ask("workspace.delete", Json{{"path", half}});
    } catch (const Error&) {  // it was not made, or cannot be reached any more: the first reason is the one to tell
    }
    throw;
  }
}

}  // namespace ooxml::serve
