// A layer between a plugin and its host that notes every breach of the boundary's rules and passes the rest on, as
// clap-helpers has one. Trial puts it over a StandIn; it goes over any berth_host.
#ifndef BERTH_CHECK_HOST_HPP
#define BERTH_CHECK_HOST_HPP

#include <berth/check/core.hpp>
#include <berth/check/lent_tables.hpp>
#include <berth/check/services.hpp>

namespace berth::check {

namespace detail {

// What stands in the table. Nothing of the inner host is called under the lock, since it may call back.
struct HostFunctions {
  static Core& of(const berth_host* host) {
    return *const_cast<Core*>(reinterpret_cast<const Core*>(host));  // NOLINT: the table is a Core's first member
  }

  static const berth_host* inner_of(const berth_host* host) { return of(host).inner; }
  static const void* service(const berth_host* host, berth_text id) {
    static constexpr berth_log log{sizeof(berth_log), &write};
    Core& core = of(host);
    {
      const std::lock_guard<std::mutex> lock(core.mutex);
      if (!core.alive("service")) return nullptr;
    }
    if (!core.may_have(copy(id))) return nullptr;
    const void* found = core.inner->service(core.inner, id);
    if (!found || copy(id) != BERTH_LOG) return PassedOn<HostFunctions>::find(copy(id), found);
    core.log = static_cast<const berth_log*>(found);
    return &log;
  }
  static void write(const berth_host* host, berth_level level, berth_text message, berth_text fields) {
    Core& core = of(host);
    {
      const std::lock_guard<std::mutex> lock(core.mutex);
      if (!core.alive("log")) return;
      if (!is_utf8(copy(message))) core.breach("bad_text", 0, "a line of the log that is no UTF-8");
      if (fields.size > 0 && !Json::parse(copy(fields), nullptr, false).is_object())
        core.breach("bad_log", 0, "the fields of a log line are " + shown(copy(fields)));
    }
    core.log->write(core.inner, level, message, fields);
  }
  static void refuse(const berth_host* host, const berth_failure* why) {
    Core& core = of(host);
    {
      const std::lock_guard<std::mutex> lock(core.mutex);
      if (!core.alive("refuse")) return;
      if (!core.creating) core.breach("refuse_outside", 0, "refuse() outside of create()");
      if (!sound(core, why, 0)) return;
      if (const auto flaw = flaw_of_failure(*why); !flaw.empty()) core.breach("bad_failure", 0, "refuse(): " + flaw);
    }
    core.inner->refuse(core.inner, why);
  }

  static berth_flow send(const berth_host* host, berth_call call, berth_text json) {
    return last(host, call, "send", "call upload",
                [&](Core& core, Seen&) {
                  if (const auto flaw = flaw_of_json(copy(json)); !flaw.empty())
                    core.breach("bad_json", call, "sent " + flaw);
                  return true;
                })
               ? of(host).inner->send(of(host).inner, call, json)
               : BERTH_WRONG;
  }
  static berth_flow fail(const berth_host* host, berth_call call, const berth_failure* why) {
    return last(host, call, "fail", {},
                [&](Core& core, Seen&) {
                  if (!sound(core, why, call)) return false;
                  if (const auto flaw = flaw_of_failure(*why); !flaw.empty())
                    core.breach("bad_failure", call, "gave " + flaw);
                  return true;
                })
               ? of(host).inner->fail(of(host).inner, call, why)
               : BERTH_WRONG;
  }
  static berth_flow file(const berth_host* host, berth_call call, int fd, const berth_head* head) {
    const bool taken = last(host, call, "file", "download", [&](Core& core, Seen&) {
      look_at_file(core, call, fd);
      return looked_at_head(core, call, head);
    });
    if (taken) return of(host).inner->file(of(host).inner, call, fd, head);
    if (fd > 2) ::close(fd);
    return BERTH_WRONG;
  }
  static berth_flow finish(const berth_host* host, berth_call call, uint32_t code, berth_text reason) {
    return last(host, call, "finish", "stream download socket http",
                [&](Core& core, Seen& seen) {
                  if (!seen.begun && !seen.gone && core.is_one_of(seen, "download http"))
                    core.breach("no_begin", call, "finished an answer that had not begun");
                  const bool good = code == 0 || code == 1000 || (code >= 3000 && code <= 4999);
                  if (!good) core.breach("bad_close_code", call, "finished with the code " + std::to_string(code));
                  if (!is_utf8(copy(reason))) core.breach("bad_text", call, "a reason that is no UTF-8");
                  return true;
                })
               ? of(host).inner->finish(of(host).inner, call, code, reason)
               : BERTH_WRONG;
  }

  static berth_flow begin(const berth_host* host, berth_call call, const berth_head* head) {
    Core& core = of(host);
    {
      const std::lock_guard<std::mutex> lock(core.mutex);
      Seen* seen = core.open_call("begin", "late_chunk", call);
      if (!seen || !looked_at_head(core, call, head)) return BERTH_WRONG;
      if (!core.is_one_of(*seen, "download http")) {
        core.breach("wrong_answer", call, "begin() is for downloads and http");
        return BERTH_WRONG;
      }
      if (std::exchange(seen->begun, true)) core.breach("second_begin", call, "begin() was said twice");
    }
    return core.inner->begin(core.inner, call, head);
  }
  static berth_flow chunk(const berth_host* host, berth_call call, const berth_chunk* chunk) {
    Core& core = of(host);
    int drains = 0;
    {
      const std::lock_guard<std::mutex> lock(core.mutex);
      Seen* seen = core.open_call("chunk", "late_chunk", call);
      if (!seen || !sound(core, chunk, call)) return BERTH_WRONG;
      if (!core.is_one_of(*seen, "stream download socket http")) {
        core.breach("wrong_answer", call, "chunk() is for streams, downloads, sockets and http");
        return BERTH_WRONG;
      }
      look_at_chunk(core, *seen, call, *chunk);
      drains = seen->drains;
    }
    const berth_flow flow = core.inner->chunk(core.inner, call, chunk);
    core.change(call, [&](Seen& seen) {
      seen.full = flow == BERTH_FULL && drains == seen.drains;  // the client may have read meanwhile
      seen.gone = seen.gone || flow == BERTH_GONE;
    });
    return flow;
  }
  static berth_flow wait(const berth_host* host, berth_call call) {
    Core& core = of(host);
    {
      const std::lock_guard<std::mutex> lock(core.mutex);
      if (!core.alive("wait", call)) return BERTH_GONE;
      const auto at = core.calls.find(call);
      const auto* what = at == core.calls.end() ? nullptr : core.operation_of(at->second);
      if (what && !what->blocking) core.breach("wait_outside", call, "wait() in an operation that is not blocking");
      if (what && !what->blocking) return BERTH_FULL;
    }
    const berth_flow flow = core.inner->wait(core.inner, call);
    core.drain(call);
    return flow;
  }
  static int cancelled(const berth_host* host, berth_call call) {
    Core& core = of(host);
    {
      const std::lock_guard<std::mutex> lock(core.mutex);
      if (!core.alive("cancelled", call)) return 1;
    }
    return core.inner->cancelled(core.inner, call);
  }

 private:
  // Whether the answer goes on to the host. An answer of the wrong kind ends the call, as the host's own does; once
  // nobody waits any more, every answer will do.
  template <class Look>
  static bool last(const berth_host* host, berth_call call, const char* how, std::string_view kinds, Look look) {
    Core& core = of(host);
    {
      const std::lock_guard<std::mutex> lock(core.mutex);
      Seen* seen = core.open_call(how, "late_answer", call);
      if (!seen) return false;
      seen->ended = true;
      if (seen->body >= 0 && Core::inode_of(seen->body) != seen->inode)
        core.breach("closed_body", call, "closed the uploaded body");
      const bool right = kinds.empty() || seen->gone || core.is_one_of(*seen, kinds);
      if (right && look(core, *seen)) return true;
      if (!right) core.breach("wrong_answer", call, std::string(how) + "() is no answer to this kind of operation");
    }
    static constexpr std::string_view code = "plugin_error", message = "an answer that this operation cannot give";
    const berth_failure why{sizeof(berth_failure), 500, text(code), text(message), {}};
    core.inner->fail(core.inner, call, &why);
    return false;
  }
  template <class Struct>
  static bool sound(Core& core, const Struct* given, berth_call call) {
    if (given && given->size >= sizeof(Struct)) return true;
    core.breach("bad_struct", call, given ? "a struct whose size is too small" : "a null pointer");
    return false;
  }
  static bool looked_at_head(Core& core, berth_call call, const berth_head* head) {
    if (!sound(core, head, call)) return false;
    for (const berth_text one : {head->type, head->name, head->etag})
      if (!is_line(copy(one))) core.breach("bad_head", call, "a head with the text " + shown(copy(one)));
    return true;
  }
  static void look_at_file(Core& core, berth_call call, int fd) {
    struct stat known {};
    const int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0 || ::fstat(fd, &known) != 0) return core.breach("bad_file", call, "a descriptor that is not open");
    if (!S_ISREG(known.st_mode)) core.breach("bad_file", call, "a descriptor of something that is no regular file");
    if ((flags & O_ACCMODE) == O_WRONLY) core.breach("bad_file", call, "a descriptor that cannot be read");
  }
  // Two may cross what the host has to say: what counts is who goes on.
  static void look_at_chunk(Core& core, Seen& seen, berth_call call, const berth_chunk& chunk) {
    constexpr int crossing = 2, late = 16;
    if (!seen.begun && core.is_one_of(seen, "download http")) core.breach("no_begin", call, "a piece before begin()");
    const bool text = !core.is_one_of(seen, "download http") && !(chunk.binary && core.is_one_of(seen, "socket"));
    if (text && !is_utf8(copy(chunk.bytes))) core.breach("bad_text", call, "text that is no UTF-8");
    if (!is_line(copy(chunk.event)) || !is_line(copy(chunk.id)))
      core.breach("bad_text", call, "an event's name or id that is not one line of UTF-8");
    if (seen.gone && ++seen.after_gone == late)
      core.breach("after_gone", call, std::to_string(late) + " chunks after the client had left");
    if (seen.full && !seen.gone && ++seen.past_full == crossing)
      core.breach("past_full", call, "went on sending after BERTH_FULL");
  }
};

}  // namespace detail

class CheckedHost {
 public:
  // The manifest tells each operation's name, kind and whether it is blocking. `inner` outlives the instance.
  CheckedHost(const berth_host* inner, const Json& manifest) : m_core(keep(inner, manifest)) {}
  CheckedHost(const CheckedHost&) = delete;

  const berth_host* api() const { return &m_core->table; }

  // Whoever plays the host says what it does.
  void opened(const berth_request& request) { m_core->open(request); }  // before invoke()
  void cancelled(berth_call call) {                                     // before cancel()
    m_core->change(call, [](detail::Seen& seen) { seen.gone = true; });
  }
  void drained(berth_call call) { m_core->drain(call); }     // before drained()
  void created() { set(&detail::Core::creating, false); }    // create() returned
  void destroyed() { set(&detail::Core::destroyed, true); }  // destroy() returned

  void note(const std::string& rule, berth_call call, const std::string& what) { m_core->note(rule, call, what); }
  std::vector<Breach> breaches() const {
    const std::lock_guard<std::mutex> lock(m_core->mutex);
    return m_core->breaches;
  }

 private:
  // Kept for ever: a thread that a plugin left behind then breaks a rule, and not the test's memory.
  static detail::Core* keep(const berth_host* inner, const Json& manifest) {
    using Functions = detail::HostFunctions;
    static std::mutex mutex;
    static auto* all = new std::vector<std::unique_ptr<detail::Core>>;
    auto core = std::make_unique<detail::Core>(inner, manifest);
    core->table = {sizeof(berth_host), BERTH_ABI_MAJOR,  BERTH_ABI_MINOR,      &Functions::service, &Functions::refuse,
                   &Functions::send,   &Functions::fail, &Functions::file,     &Functions::begin,   &Functions::chunk,
                   &Functions::finish, &Functions::wait, &Functions::cancelled};
    Services::lies_over(&core->table, inner);
    const std::lock_guard<std::mutex> lock(mutex);
    all->push_back(std::move(core));
    return all->back().get();
  }
  void set(bool detail::Core::*which, bool value) {
    const std::lock_guard<std::mutex> lock(m_core->mutex);
    m_core->*which = value;
  }

  detail::Core* const m_core;
};

}  // namespace berth::check

#endif
