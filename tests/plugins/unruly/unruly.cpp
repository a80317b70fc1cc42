// The plugin that breaks every rule that berth-check knows: one crime an operation, and those of an instance's life by
// its config. Against abi.h alone, since plugin.hpp would prevent most of them.
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include "crimes.hpp"

namespace unruly {
namespace {

std::atomic<int> instances{0};      // of this process
std::atomic<bool> all_over{false};  // one of them has ended for all

struct Instance {
  Instance(const berth_host* lent, std::string given) : host(lent), config(std::move(given)) { ++instances; }
  ~Instance() { --instances; }
  const berth_host* const host;
  const std::string config;
  char* leak = nullptr;
  std::mutex mutex;                            // guards what follows
  std::map<berth_call, const Crime*> sockets;  // that stay open
  bool guilty_of(const char* crime) const { return config.find("\"" + std::string(crime) + "\"") != std::string::npos; }
};

std::string manifest() {
  std::string all =
      R"({"berth":{"abi":"1.0"},"name":"unruly","version":"1.0.0","summary":"Breaks every rule","config":{"type":"object",)"
      R"("properties":{"crime":{"type":"string","description":"What to do wrong"}}},"operations":[)";
  const char* comma = "";
  for (const Crime& one : crimes) {
    const std::string name = one.name, kind = one.kind, words = one.words;
    const bool reads = kind == "download" || kind == "socket" || kind == "stream";
    all += comma + (R"({"name":"unruly.)" + name + R"(","summary":"A crime","method":")") + (reads ? "GET" : "POST") +
           R"(","path":"/unruly/)" + name + R"(","kind":")" + kind + R"(","scope":"run",)" + words +
           (words.find("\"input\"") == std::string::npos ? R"(,"input":{"type":"object"}})" : "}");
    comma = ",";
  }
  return all + "]}\n";
}

void* create(const berth_host* host, berth_text config) {
  auto self = std::make_unique<Instance>(host, std::string(config.data, config.size));
  if (self->guilty_of("throw_in_create")) throw std::runtime_error("out of create()");
  if (self->guilty_of("refuse_silently")) return nullptr;
  if (self->guilty_of("only_one") && instances > 1) {
    const berth_failure why{sizeof why, 500, text("one_is_here"), text("there is one already"), {}};
    host->refuse(host, &why);
    return nullptr;
  }
  if (self->guilty_of("leak_memory")) self->leak = new char[1000];
  if (self->guilty_of("leak_file")) (void)!::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (self->guilty_of("leave_thread")) {
    std::thread([host] {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      host->cancelled(host, 1);
    }).detach();
  }
  return self.release();
}
void destroy(void* self) {
  auto* instance = static_cast<Instance*>(self);
  if (instance->guilty_of("end_for_all")) all_over = true;
  delete instance;
}
void cancel(void* self, berth_call call) {
  auto* instance = static_cast<Instance*>(self);
  {
    const std::lock_guard lock(instance->mutex);
    if (instance->sockets.erase(call) == 0) return;
  }
  instance->host->finish(instance->host, call, 1000, {});
}
void invoke(void* self, const berth_request* request) {
  auto* instance = static_cast<Instance*>(self);
  if (all_over) return;
  const Crime& crime = crimes[request->operation];
  if (crime.hear) {
    const std::lock_guard lock(instance->mutex);
    instance->sockets[request->call] = &crime;
  }
  crime.commit(instance->host, *request);
  if (crime.hear && instance->host->cancelled(instance->host, request->call)) cancel(self, request->call);
}
void message(void* self, berth_call call, const berth_chunk* chunk) {
  auto* instance = static_cast<Instance*>(self);
  const Crime* crime = nullptr;
  {
    const std::lock_guard lock(instance->mutex);
    const auto at = instance->sockets.find(call);
    if (at != instance->sockets.end()) crime = at->second;
  }
  if (crime) crime->hear(instance->host, call, chunk->bytes);
}
void drained(void*, berth_call) {}
const void* service(void*, berth_text) { return nullptr; }

}  // namespace
}  // namespace unruly

extern "C" BERTH_EXPORT const berth_plugin* berth_plugin_entry(void) {
  using namespace unruly;
  static const std::string words = manifest();
  static const berth_plugin plugin{sizeof(berth_plugin),
                                   BERTH_ABI_MAJOR,
                                   BERTH_ABI_MINOR,
                                   {words.data(), words.size()},
                                   &create,
                                   &destroy,
                                   &invoke,
                                   &message,
                                   &drained,
                                   &cancel,
                                   &service};
  return &plugin;
}
