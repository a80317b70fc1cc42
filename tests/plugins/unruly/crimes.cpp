// Each does its one thing wrong and the rest right, so that berth-check must name just that.
#include "crimes.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace unruly {

berth_text text(const char* from) { return {from, std::strlen(from)}; }
void send(const berth_host* host, berth_call call, const char* json) { host->send(host, call, text(json)); }
void fail(const berth_host* host, berth_call call, int status, const char* code) {
  const berth_failure why{sizeof why, status, text(code), text("on purpose"), {}};
  host->fail(host, call, &why);
}
berth_flow chunk(const berth_host* host, berth_call call, const char* bytes) {
  const berth_chunk raw{sizeof raw, 0, text(bytes), {}, {}};
  return host->chunk(host, call, &raw);
}

namespace {

using Host = const berth_host*;
using Request = const berth_request&;

void nap(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }
bool has_empty_text(Request request) {
  return std::string(request.input.data, request.input.size).find("\"text\":\"\"") != std::string::npos;
}

void twice(Host host, Request request) {
  send(host, request.call, "1");
  send(host, request.call, "2");
}
void never(Host, Request) {}
void toss(Host, Request) { throw std::runtime_error("out of the plugin"); }
void slow(Host host, Request request) {
  nap(80);
  send(host, request.call, "1");
}
void hang(Host, Request) {
  for (;;) nap(1000);
}
void crash(Host host, Request request) {
  if (has_empty_text(request)) ::raise(SIGSEGV);
  send(host, request.call, "1");
}
void edge(Host host, Request request) {
  has_empty_text(request) ? fail(host, request.call, 500, "plugin_error") : send(host, request.call, "1");
}
void half_json(Host host, Request request) { send(host, request.call, "{\"a\":"); }
void latin(Host host, Request request) { send(host, request.call, "\"\xe4\""); }
void cheerful(Host host, Request request) { fail(host, request.call, 200, "fine"); }
void wordy(Host host, Request request) { fail(host, request.call, 404, "Not A Word"); }
void stranger(Host host, Request request) { host->finish(host, request.call, 0, {}); }
void misfit(Host host, Request request) { send(host, request.call, "{\"count\":\"three\"}"); }

void crowd(Host host, Request request) {
  static std::atomic<int> inside{0};
  const int others = inside++;
  nap(2);
  --inside;
  others > 0 ? fail(host, request.call, 500, "plugin_error") : send(host, request.call, "1");
}

void waiting(Host host, Request request) {
  chunk(host, request.call, "1");
  host->wait(host, request.call);
  host->finish(host, request.call, 0, {});
}
void deaf(Host host, Request request) {
  chunk(host, request.call, "1");
  while (!host->cancelled(host, request.call)) nap(1);
  for (int i = 0; i < 100; ++i) chunk(host, request.call, "more");
  host->finish(host, request.call, 0, {});
}
void pushy(Host host, Request request) {
  for (int i = 0; i < 100; ++i) chunk(host, request.call, "more");
  host->finish(host, request.call, 0, {});
}
void stuck(Host host, Request request) {
  while (chunk(host, request.call, "1") == BERTH_OK) {
  }
  while (!host->cancelled(host, request.call)) nap(1);
  host->finish(host, request.call, 0, {});
}
void latecomer(Host host, Request request) {
  host->finish(host, request.call, 0, {});
  for (int i = 0; i < 5; ++i) chunk(host, request.call, "late");
}
void headless(Host host, Request request) {
  chunk(host, request.call, "no begin()");
  host->finish(host, request.call, 0, {});
}
void no_file(Host host, Request request) {
  const berth_head head{sizeof head, text("text/plain"), {}, {}, 0, 0, {}, 0, 0};
  host->file(host, request.call, 9999, &head);
}
void two_lines(Host host, Request request) {
  const berth_head head{sizeof head, text("text/plain\r\nX-Evil: 1"), {}, {}, 0, 0, {}, 0, 0};
  host->file(host, request.call, ::memfd_create("a", MFD_CLOEXEC), &head);
}
void closer(Host host, Request request) {
  ::close(request.body_fd);
  send(host, request.call, "1");
}
void garbled(Host host, Request request) {
  chunk(host, request.call, "\xff");
  host->finish(host, request.call, 1000, {});
}
void odd_code(Host host, Request request) { host->finish(host, request.call, 42, {}); }
void small_struct(Host host, Request request) {
  const berth_failure why{4, 404, text("gone"), text("on purpose"), {}};
  host->fail(host, request.call, &why);
}
void until_gone(Host host, berth_call call) {
  while (!host->cancelled(host, call)) nap(1);
}
void picky(Host host, Request request) {
  request.body_size == 0 ? fail(host, request.call, 500, "plugin_error") : send(host, request.call, "1");
}
void glutton(Host host, Request request) {
  if (request.body_size > 100'000) until_gone(host, request.call);
  send(host, request.call, "1");
}
void abyss(Host host, Request request) {
  if (request.body_size <= 100'000) send(host, request.call, "1");
}
void sour(Host host, Request request) { fail(host, request.call, 500, "plugin_error"); }
void endless(Host host, Request request) {
  const berth_head head{sizeof head, text("text/plain"), {}, {}, 0, 0, {}, 0, 0};
  host->begin(host, request.call, &head);
  until_gone(host, request.call);
  host->finish(host, request.call, 0, {});
}
void touchy(Host host, berth_call call, berth_text message) {
  if (message.size == 0) fail(host, call, 500, "plugin_error");
}
void impostor(Host host, Request request) {
  send(host, request.call + 1'000'000, "1");
  send(host, request.call, "1");
}

constexpr const char* one_text =
    R"("input":{"type":"object","properties":{"text":{"type":"string","description":"A text"}},"required":["text"],"additionalProperties":false})";
constexpr const char* counted =
    R"("output":{"type":"object","properties":{"count":{"type":"integer"}},"required":["count"]})";
constexpr const char* bad_example =
    R"("input":{"type":"object","properties":{"n":{"type":"integer","maximum":5,"default":9}}})";
constexpr const char* aside = R"("concurrent":true,"blocking":true)";
constexpr const char* beside = R"("concurrent":true)";

}  // namespace

const std::vector<Crime> crimes{
    {"twice", "call", beside, &twice},
    {"never", "call", beside, &never},
    {"toss", "call", beside, &toss},
    {"slow", "call", beside, &slow},
    {"hang", "call", beside, &hang},
    {"crash", "call", one_text, &crash},
    {"edge", "call", one_text, &edge},
    {"half_json", "call", beside, &half_json},
    {"latin", "call", beside, &latin},
    {"cheerful", "call", beside, &cheerful},
    {"wordy", "call", beside, &wordy},
    {"stranger", "call", beside, &stranger},
    {"misfit", "call", counted, &misfit},
    {"crowd", "call", aside, &crowd},
    {"bad_example", "call", bad_example, [](Host host, Request request) { send(host, request.call, "1"); }},
    {"waiting", "stream", beside, &waiting},
    {"deaf", "stream", aside, &deaf},
    {"pushy", "stream", beside, &pushy},
    {"stuck", "stream", aside, &stuck},
    {"latecomer", "stream", beside, &latecomer},
    {"headless", "download", beside, &headless},
    {"no_file", "download", beside, &no_file},
    {"two_lines", "download", beside, &two_lines},
    {"closer", "upload", beside, &closer},
    {"garbled", "socket", beside, &garbled},
    {"odd_code", "socket", beside, &odd_code},
    {"small_struct", "call", beside, &small_struct},
    {"impostor", "call", beside, &impostor},
    {"picky", "upload", beside, &picky},
    {"glutton", "upload", aside, &glutton},
    {"abyss", "upload", beside, &abyss},
    {"sour", "stream", beside, &sour},
    {"endless", "download", aside, &endless},
    {"touchy", "socket", beside, [](Host, Request) {}, &touchy},
    {"well", "call", beside, [](Host host, Request request) { send(host, request.call, "1"); }},  // no crime at all
};

}  // namespace unruly
