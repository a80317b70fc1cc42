// What a plugin says of itself and its operations: from this one place come its manifest, routes, checks, documentation
// and tools.
#ifndef BERTH_DECLARATION_HPP
#define BERTH_DECLARATION_HPP

#include <berth/call.hpp>
#include <berth/schema.hpp>

#include <deque>
#include <functional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace berth {

enum Scope { read, run, admin };

namespace detail {

template <class P>
struct Declared {
  Json manifest;
  bool lasting = false;  // its handler takes a Call, which may outlive it
  std::function<void(P&, const Call&)> handler;
};

}  // namespace detail

// One operation, word by word; handle() comes last.
template <class P>
class Operation {
 public:
  explicit Operation(detail::Declared<P>& declared) : m_declared(declared) {}

  Operation& summary(std::string text) { return set("summary", std::move(text)); }
  Operation& description(std::string markdown) { return set("description", std::move(markdown)); }
  Operation& scope(Scope scope) { return set("scope", scope == read ? "read" : scope == run ? "run" : "admin"); }
  Operation& input(const Schema& schema) { return set("input", schema.json()); }
  Operation& output(const Schema& schema) { return set("output", schema.json()); }
  Operation& concurrent() { return set("concurrent", true); }  // may run beside other calls into the instance
  Operation& blocking() { return set("blocking", true); }      // waits or works long: gets a thread of its own
  Operation& resumable() { return set("resumable", true); }    // streams: outlives a lost connection for a while
  Operation& announced() { return set("announced", true); }    // uploads: called before the body is taken in, too
  Operation& max_body(unsigned long long bytes) { return set("max_body", bytes); }
  Operation& headers(std::vector<std::string> names) { return set("headers", std::move(names)); }  // http: see http()
  // A reloaded plugin takes over only once it has answered this operation with this input. For calls without effects.
  Operation& smoke(Json input = Json::object()) { return set("smoke", std::move(input)); }
  // These fields of its answer are in GET /status, too. For what is quickly told, by GET and without any input.
  Operation& in_status(std::vector<std::string> fields) { return set("in_status", std::move(fields)); }
  Operation& tag(std::string name) {
    m_declared.manifest["tags"].push_back(std::move(name));
    return *this;
  }
  Operation& read_only() { return hint("read_only"); }
  Operation& destructive() { return hint("destructive"); }
  Operation& idempotent() { return hint("idempotent"); }
  Operation& open_world() { return hint("open_world"); }

  // Json(const Json& input) or Json(const Call&): what it returns is the answer. void(Call): answers through the Call,
  // now or later. A member of the plugin's class, or anything callable with those arguments, or with the plugin before
  // them.
  template <class Handler>
  void handle(Handler handler) {
    if constexpr (std::is_member_pointer_v<Handler>) {
      adopt([handler](P& plugin, const auto& given) -> decltype(std::invoke(handler, plugin, given)) {
        return std::invoke(handler, plugin, given);
      });
    } else if constexpr (std::is_invocable_v<Handler&, P&, const Call&> ||
                         std::is_invocable_v<Handler&, P&, const Json&>) {
      adopt(handler);
    } else {
      adopt([handler](P&, const auto& given) -> decltype(std::invoke(handler, given)) {
        return std::invoke(handler, given);
      });
    }
  }

 private:
  template <class F>
  void adopt(F f) {
    constexpr bool takes_call = std::is_invocable_v<F&, P&, const Call&>;
    constexpr bool takes_input = std::is_invocable_v<F&, P&, const Json&>;
    static_assert(takes_call || takes_input, "a handler is Json f(const Json&), Json f(const Call&) or void f(Call)");
    m_declared.lasting = takes_call;
    if constexpr (takes_call) {
      if constexpr (std::is_void_v<std::invoke_result_t<F&, P&, const Call&>>) {
        m_declared.handler = f;
      } else {
        m_declared.handler = [f](P& plugin, const Call& call) { answer(call, f(plugin, call)); };
      }
    } else if constexpr (takes_input) {
      static_assert(!std::is_void_v<std::invoke_result_t<F&, P&, const Json&>>,
                    "a handler that takes the input alone returns the answer");
      m_declared.handler = [f](P& plugin, const Call& call) { answer(call, f(plugin, call.input())); };
    }
  }
  static void answer(const Call& call, Json json) {
    call.send(json);
    discard(json);
  }
  Operation& set(const char* key, Json value) {
    m_declared.manifest[key] = std::move(value);
    return *this;
  }
  Operation& hint(const char* name) {
    m_declared.manifest["hints"][name] = true;
    return *this;
  }

  detail::Declared<P>& m_declared;
};

template <class P>
class Declaration {
 public:
  void plugin(const std::string& name, const std::string& version, const std::string& summary) {
    m_name = name;
    m_manifest["name"] = name;
    m_manifest["version"] = version;
    m_manifest["summary"] = summary;
  }

  Operation<P> get(const std::string& name, const std::string& path) { return add(name, "GET", path, "call", "read"); }
  Operation<P> post(const std::string& name, const std::string& path) { return add(name, "POST", path, "call", "run"); }
  Operation<P> put(const std::string& name, const std::string& path) { return add(name, "PUT", path, "call", "run"); }
  Operation<P> patch(const std::string& name, const std::string& path) {
    return add(name, "PATCH", path, "call", "run");
  }
  Operation<P> del(const std::string& name, const std::string& path) {
    return add(name, "DELETE", path, "call", "run");
  }
  Operation<P> stream(const std::string& name, const std::string& path, const std::string& method = "GET") {
    return add(name, method, path, "stream", method == "GET" ? "read" : "run");
  }
  Operation<P> upload(const std::string& name, const std::string& path, const std::string& method = "POST") {
    return add(name, method, path, "upload", "run");
  }
  Operation<P> download(const std::string& name, const std::string& path) {
    return add(name, "GET", path, "download", "read");
  }
  Operation<P> socket(const std::string& name, const std::string& path) {
    return add(name, "GET", path, "socket", "run");
  }
  // For a protocol of somebody else's over HTTP: the handler sees the method, the header fields that headers() names
  // ("mcp-*": all that begin so) and the body as it is, and answers with begin(), pieces and finish(), or answer(). The
  // first of the methods is its chief one. Input is what path and query say.
  Operation<P> http(const std::string& name, const std::string& path, std::vector<std::string> methods) {
    if (methods.empty()) throw std::logic_error(name + " answers no method");
    auto one = add(name, methods.front(), path, "http", "run");
    methods.erase(methods.begin());
    operations.back().manifest["methods"] = std::move(methods);
    return one;
  }

  void config(const Schema& schema) { m_manifest["config"] = schema.json(); }
  void service(const std::string& id) { m_manifest["services"].push_back(id); }
  // What the plugin wants on the machine: what is "program", "file" or "library"; `get` is the command that gets it.
  void needs(const std::string& what, const std::string& name, const std::string& why, const std::string& get,
             bool optional = false) {
    Json need{{what, name}, {"why", why}, {"get", get}};
    if (optional) need["optional"] = true;
    m_manifest["needs"].push_back(std::move(need));
  }

  // What its own jail is to be, beyond the usual: {"memory", bytes}, {"nests", true} for programs that confine
  // processes of their own, {"allow", {"*"}} for names that they reach through the host's proxy.
  void jail(Json wish) { m_manifest["jail"] = std::move(wish); }

  // A process of its own, even if it comes with the host: for what reads strangers' bytes. berth.lua may say otherwise.
  void own_process() { m_manifest["process"] = "own"; }

  std::string manifest() const {
    Json all = m_manifest;
    all["berth"] = {{"abi", std::to_string(BERTH_ABI_MAJOR) + "." + std::to_string(BERTH_ABI_MINOR)}};
    all["operations"] = Json::array();
    for (const auto& one : operations) {
      if (!one.handler)
        throw std::logic_error(one.manifest.at("name").template get<std::string>() + " has no handle()");
      all["operations"].push_back(one.manifest);
    }
    return all.dump(2) + "\n";
  }

  std::deque<detail::Declared<P>> operations;  // a deque, because an Operation refers to its own

 private:
  Operation<P> add(const std::string& name, const std::string& method, const std::string& path, const char* kind,
                   const char* scope) {
    if (m_name.empty()) throw std::logic_error("plugin(name, version, summary) comes before the first operation");
    operations.emplace_back();
    operations.back().manifest = {{"name", m_name + "." + name},
                                  {"summary", name},
                                  {"method", method},
                                  {"path", path},
                                  {"kind", kind},
                                  {"scope", scope},
                                  {"input", object().json()}};
    return Operation<P>(operations.back());
  }

  std::string m_name;
  Json m_manifest = Json::object();
};

}  // namespace berth

#endif
