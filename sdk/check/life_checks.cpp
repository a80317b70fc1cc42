// life, end: instances come and go without a trace, beside each other, and with calls under way.
#include <dirent.h>
#include <malloc.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "checks.hpp"
#include "play.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BERTH_CHECK_SANITIZED 1
#endif

namespace berth::check {

namespace {

long entries(const char* folder) {
  long count = 0;
  DIR* open = ::opendir(folder);
  while (open && ::readdir(open)) ++count;
  if (open) ::closedir(open);
  return count;
}

struct Footprint {
  long resident = 0, heap = 0, files = 0, threads = 0;
  static Footprint now() {
    Footprint all;
    long total = 0, pages = 0;
    std::ifstream("/proc/self/statm") >> total >> pages;
    all.resident = pages * ::sysconf(_SC_PAGESIZE);
    all.heap = static_cast<long>(::mallinfo2().uordblks);
    all.files = entries("/proc/self/fd");
    all.threads = entries("/proc/self/task");
    return all;
  }
};

// One host for all, so that what grows is the plugin's.
class Lives {
 public:
  explicit Lives(const Subject& subject)
      : m_subject(subject), m_host(m_inner.api(), subject.manifest), m_config(json_text(subject.config)) {}
  bool live(int times) {
    for (int i = 0; i < times; ++i) {
      void* self = m_subject.api->create(m_host.api(), {m_config.data(), m_config.size()});
      if (!self) return false;
      m_subject.api->destroy(self);
    }
    return true;
  }
  std::vector<Breach> breaches() const { return m_host.breaches(); }

 private:
  const Subject& m_subject;
  StandIn m_inner;
  CheckedHost m_host;
  const std::string m_config;
};

std::string growth(const Footprint& before, const Footprint& after, int lives) {
  const long files = after.files - before.files, threads = after.threads - before.threads;
  if (threads > 2) return std::to_string(threads) + " threads more after " + std::to_string(lives) + " lives";
  if (files > 2) return std::to_string(files) + " descriptors more after " + std::to_string(lives) + " lives";
#ifndef BERTH_CHECK_SANITIZED
  constexpr long heap_bound = 128, resident_bound = 4096;  // bytes a life; a leak is more, what settles is less
  const long heap = (after.heap - before.heap) / lives, resident = (after.resident - before.resident) / lives;
  if (heap > heap_bound) return "each life leaves " + std::to_string(heap) + " bytes on the heap";
  if (resident > resident_bound) return "each life leaves " + std::to_string(resident) + " bytes of memory";
#endif
  return {};
}

}  // namespace

void check_life(const Subject& subject) {
  const int lives = subject.options.quick ? 200 : 1000;
  Lives instance(subject);
  subject.doing("create() and destroy(), again and again");
  if (!instance.live(lives / 10))
    return subject.fail("life", "does not start again after destroy()",
                        "leave nothing behind in destroy() that create() trips over");
  const Footprint before = Footprint::now();
  if (!instance.live(lives))
    return subject.fail("life", "does not start again and again",
                        "leave nothing behind in destroy() that create() trips over");
  std::this_thread::sleep_for(Milliseconds(50));  // a thread that was told to stop may be just about to
  const std::string grown = growth(before, Footprint::now(), lives);
  report_breaches(subject, instance.breaches());
  if (grown.empty()) return subject.ok("life", std::to_string(lives) + " times created and destroyed, nothing left");
  subject.fail("life", grown, "free, close and join in the destructor what the constructor got");
}

namespace {

// A call of each operation under way.
void start_all(const Subject& subject, Trial& trial, const Body& body) {
  for (const Json& one : subject.manifest.at("operations")) {
    const std::string name = one.at("name");
    if (subject.options.without.count(name)) continue;
    const auto input = Inputs(one.at("input"), subject.options.seed).plain();
    if (input) trial.start(name, *input, one.at("kind") == "upload" ? &body : nullptr);
  }
}

}  // namespace

void check_end(const Subject& subject) {
  const Body body("some bytes");
  Trial first(subject.api, subject.config);
  auto second = std::make_unique<Trial>(subject.api, subject.config);
  if (!first.started() || !second->started())
    return subject.warn("end", "a second instance does not start beside the first",
                        "keep state in the instance, not in globals; hot reload has two for a moment");
  subject.doing("ending an instance whose operations are all under way");
  start_all(subject, *second, body);
  second->end();
  subject.doing("using an instance after another has ended");
  start_all(subject, first, body);
  first.end();
  std::this_thread::sleep_for(Milliseconds(300));  // for threads that were left behind
  report_breaches(subject, second->breaches());
  report_breaches(subject, first.breaches());
  if (first.breaches().empty() && second->breaches().empty())
    subject.ok("end", "calls under way end, and nothing comes after destroy()");
  else
    subject.fail("end", "did not end cleanly; the rules below say how",
                 "cancel() ends what is open; destroy() stops and joins threads");
}

}  // namespace berth::check
