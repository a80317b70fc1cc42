// What a CheckedHost knows of one instance: its calls, how far each is, and the breaches so far.
#ifndef BERTH_CHECK_CORE_HPP
#define BERTH_CHECK_CORE_HPP

#include <berth/check/rules.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace berth::check::detail {

using berth::detail::copy;
using berth::detail::text;

struct Seen {  // one call
  std::size_t operation = 0;
  bool begun = false, ended = false, gone = false, full = false;
  int past_full = 0, after_gone = 0, drains = 0, late = 0;
  int body = -1;
  ino_t inode = 0;
};

struct Core {
  struct Operation {
    std::string name, kind;
    bool blocking = false;
  };

  Core(const berth_host* to, const Json& manifest) : inner(to) {
    for (const Json& id : manifest.value("services", Json::array())) services.insert(id.get<std::string>());
    for (const Json& one : manifest.value("operations", Json::array()))
      operations.push_back({one.value("name", ""), one.value("kind", ""), one.value("blocking", false)});
  }
  Core(const Core&) = delete;
  // What a host lends only to those that declare it.
  bool may_have(const std::string& id) const {
    for (const char* asked : {"berth.events/1", "berth.jobs/1", "berth.calls/1", "berth.secrets/1", "berth.http/1",
                              "berth.process/1", "berth.workspace/1"})
      if (id == asked) return services.count(id) != 0;
    return true;
  }

  static ino_t inode_of(int fd) {
    struct stat known {};
    return ::fstat(fd, &known) == 0 ? known.st_ino : 0;
  }
  void open(const berth_request& request) {
    const std::lock_guard<std::mutex> lock(mutex);
    Seen& seen = calls[request.call];
    seen.operation = request.operation;
    seen.body = request.body_fd;
    if (seen.body >= 0) seen.inode = inode_of(seen.body);
  }
  template <class Change>
  void change(berth_call call, Change change) {
    const std::lock_guard<std::mutex> lock(mutex);
    const auto at = calls.find(call);
    if (at != calls.end()) change(at->second);
  }
  void drain(berth_call call) {
    change(call, [](Seen& seen) { seen.full = false, seen.past_full = 0, ++seen.drains; });
  }
  void note(const std::string& rule, berth_call call, const std::string& what) {
    const std::lock_guard<std::mutex> lock(mutex);
    breach(rule, call, what);
  }

  // Under the lock, all that follow.
  void breach(const std::string& rule, berth_call call, const std::string& what) {
    const auto at = calls.find(call);
    const Operation* whose = at == calls.end() ? nullptr : operation_of(at->second);
    if (breaches.size() < 1000) breaches.push_back({rule, whose ? whose->name : std::string(), what});
  }
  const Operation* operation_of(const Seen& seen) const {
    return seen.operation < operations.size() ? &operations[seen.operation] : nullptr;
  }
  bool is_one_of(const Seen& seen, std::string_view kinds) const {
    const Operation* what = operation_of(seen);
    return what && kinds.find(what->kind) != std::string_view::npos;
  }
  // False, and noted, if nothing of the host may be used any more.
  bool alive(const char* function, berth_call call = 0) {
    if (!destroyed) return true;
    breach("after_destroy", call, std::string(function) + "() was called after destroy() had returned");
    return false;
  }
  // The call if it is open; what speaks against it is noted.
  Seen* open_call(const char* function, const char* late, berth_call call) {
    if (!alive(function, call)) return nullptr;
    const auto at = calls.find(call);
    if (at == calls.end()) {
      breach("unknown_call", call, std::string(function) + "() for a call that never was");
      return nullptr;
    }
    if (!at->second.ended) return &at->second;
    // What crosses the end, or the client's leaving, from another thread is no crime; to go on is.
    const bool chunk = std::string_view(late) == "late_chunk";
    if (++at->second.late <= (chunk ? 2 : at->second.gone ? 1 : 0)) return nullptr;
    breach(late, call, std::string(function) + "() after the call had ended");
    return nullptr;
  }

  berth_host table{};  // first, so that a berth_host leads back here
  const berth_host* const inner;
  const berth_log* log = nullptr;  // the inner host's
  std::vector<Operation> operations;
  std::set<std::string> services;  // that it declares
  std::mutex mutex;                // guards what follows
  bool creating = true, destroyed = false;
  std::map<berth_call, Seen> calls;
  std::vector<Breach> breaches;
};

}  // namespace berth::check::detail

#endif
