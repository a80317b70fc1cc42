// Commits the crimes that a host must survive: it throws, crashes, hangs, leaks, floods, answers twice and after its
// end, forges frames, closes what is not its own. One operation each.
#include <berth/plugin.hpp>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "reach.hpp"

#ifndef VILLAIN_NAME
#define VILLAIN_NAME "villain"
#endif

using namespace berth;

namespace {

constexpr int link_fd = 3;  // of its process to the host: not its business

void fall() {
  volatile int* volatile nowhere = nullptr;
  *nowhere = 1;
}

[[noreturn]] void hang() {
  for (;;) std::atomic_signal_fence(std::memory_order_seq_cst);
}

// A program that would outlive its parent.
int orphan() {
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::execl("/bin/sleep", "sleep", "100", static_cast<char*>(nullptr));
  std::_Exit(1);
}

// Left where temporary files are to be.
std::string litter() {
  const char* folder = std::getenv("TMPDIR");
  const std::string path = std::string(folder ? folder : "/tmp") + "/berth-villain-litter";
  std::ofstream(path) << "left";
  return path;
}

void leak() {
  constexpr std::size_t piece = 1u << 20;
  for (int i = 0; i < 4096; ++i) {
    auto* kept = static_cast<volatile char*>(std::malloc(piece));
    for (std::size_t at = 0; kept && at < piece; at += 4096) kept[at] = 1;
    std::this_thread::sleep_for(std::chrono::microseconds(500));
  }
}

void forge() {
  const std::string rubbish(4096, '\xee');
  (void)!::send(link_fd, rubbish.data(), rubbish.size(), MSG_NOSIGNAL);
}

// Whole frames, but for calls that never were: 24 bytes of head as the host writes them.
void forge_well() {
  for (std::uint64_t call = 1'000'000; call < 1'001'000; ++call) {
    unsigned char head[24] = {0};
    head[8] = 34;  // "send"
    for (int i = 0; i < 8; ++i) head[16 + i] = static_cast<unsigned char>(call >> (8 * i));
    (void)!::send(link_fd, head, sizeof head, MSG_NOSIGNAL);
  }
}

struct Villain {
  explicit Villain(Context context) : m_log(context.log), m_host(context.host) {}

  // Leaves somebody behind who answers when all is over.
  ~Villain() {
    if (!m_kept) return;
    std::thread([host = m_host, call = m_kept] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      host->send(host, call, detail::text("{}"));
    }).detach();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }

  static void declare(Declaration<Villain>& d) {
    d.plugin(VILLAIN_NAME, "1.0.0", "Does what must not be done");
    const std::string base = "/" VILLAIN_NAME "/";
    d.get("well", base + "well").handle([](const Json&) { return Json{{"pid", ::getpid()}}; });
    d.post("throw", base + "throw").handle([](const Json&) -> Json { throw std::runtime_error("a secret"); });
    d.post("throw_42", base + "throw_42").handle([](const Json&) -> Json { throw 42; });
    crime(d, base, "segfault", &fall);
    crime(d, base, "abort", [] { std::abort(); });
    crime(d, base, "exit", [] { std::_Exit(7); });
    crime(d, base, "hang", &hang);
    crime(d, base, "forge", &forge);
    crime(d, base, "forge_well", &forge_well);
    crime(d, base, "close_all", [] {
      for (int fd = 3; fd < 1024; ++fd) ::close(fd);
    });
    d.post("leak", base + "leak").scope(berth::admin).blocking().concurrent().handle([](const Json&) {
      leak();
      return Json{{"leaked", true}};
    });
    d.post("stall", base + "stall").blocking().concurrent().handle([](const Json&) -> Json { hang(); });
    d.post("twice", base + "twice").handle([](Call call) {
      call.send({{"answer", 1}});
      call.send({{"answer", 2}});
    });
    d.post("hang_noisily", base + "hang_noisily").scope(berth::admin).handle(&Villain::hang_noisily);
    d.post("litter", base + "litter").blocking().handle([](const Json&) { return Json{{"path", litter()}}; });
    d.post("orphan", base + "orphan").blocking().handle([](const Json&) { return Json{{"child", orphan()}}; });
    d.post("reach", base + "reach")
        .scope(berth::admin)
        .blocking()
        .input(object({field("host", integer()), field("state", string()), field("token", string())}))
        .handle([](const Json& input) {
          Json all = Json::object(), through = Json::array();
          for (const auto& [what, how] : ::reach(input.at("host"), input.at("state"), input.at("token"))) {
            all[what] = how;
            if (how != "EPERM" && how != "EACCES") through.push_back(what + ": " + how);
          }
          return Json{{"all", all}, {"through", through}};
        });
    d.post("last_words", base + "last_words").handle(&Villain::last_words);
    d.post("keep", base + "keep").handle(&Villain::keep);
    d.stream("flood", base + "flood").concurrent().blocking().handle([](Call call) {
      const std::string text(10'000, 'x');
      while (call.push({{"flood", text}}) != Flow::gone) {
      }
      call.finish();
    });
    d.stream("drip", base + "drip").concurrent().blocking().handle([](Call call) {  // once, and then nothing for long
      call.push({{"drop", 1}});
      for (int i = 0; i < 400 && !call.cancelled(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
      call.finish();
    });
    d.socket("talk", base + "talk").concurrent().handle([](Call call) {
      call.on_cancel([call] { call.finish(); });
      call.on_message([call](Message message) { call.message(std::move(message.bytes)); });
    });
    d.post("shout", base + "shout").blocking().handle(&Villain::shout);
    d.get("long", base + "long").blocking().concurrent().handle([](const Json&) {
      std::this_thread::sleep_for(std::chrono::seconds(20));
      return Json{{"done", true}};
    });
  }

  template <class Do>
  static void crime(Declaration<Villain>& d, const std::string& base, const char* name, Do act) {
    d.post(name, base + name).scope(berth::admin).handle([act](const Json&) {
      act();
      return Json{{"survived", true}};
    });
  }

  Json hang_noisily(const Json&) {
    std::thread([log = m_log] {
      for (;;) {
        log.info("still here");
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      }
    }).detach();
    hang();
  }

  Json last_words(const Json&) {
    for (int i = 1; i <= 2000; ++i) m_log.info("a last word", {{"number", i}});
    std::_Exit(7);
  }

  void keep(Call call) {
    m_kept = 1ull << 32;  // the first call of the first seat, whoever that was
    call.send({{"kept", true}});
  }

  Json shout(const Json&) {
    for (int i = 0; i < 100'000; ++i) m_log.info("a shout that nobody wants to hear, again and again and again");
    for (int i = 0; i < 10'000; ++i) std::puts("words on standard output");
    std::fflush(stdout);
    return {{"shouted", true}};
  }

  const Log m_log;
  const berth_host* m_host;
  berth_call m_kept = 0;
};

}  // namespace

BERTH_PLUGIN(Villain);
