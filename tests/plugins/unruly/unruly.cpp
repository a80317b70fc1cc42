// The plugin that breaks every rule that berth-check knows: one crime an operation, and those of an instance's life by
// its config. Against abi.h alone, since plugin.hpp would prevent most of them.
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "crimes.hpp"

namespace unruly {
namespace {

struct Instance {
  const berth_host* host;
  std::string config;
  char* leak = nullptr;
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
  auto self = std::make_unique<Instance>(Instance{host, {config.data, config.size}, nullptr});
  if (self->guilty_of("throw_in_create")) throw std::runtime_error("out of create()");
  if (self->guilty_of("refuse_silently")) return nullptr;
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
void destroy(void* self) { delete static_cast<Instance*>(self); }
void invoke(void* self, const berth_request* request) {
  crimes[request->operation].commit(static_cast<Instance*>(self)->host, *request);
}
void message(void*, berth_call, const berth_chunk*) {}
void drained(void*, berth_call) {}
void cancel(void*, berth_call) {}
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
