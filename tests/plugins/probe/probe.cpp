// The plugin that tests call: one operation for everything the path of a call must carry, bear or survive. Never
// installed.
#include <berth/plugin.hpp>

#include <atomic>
#include <chrono>
#include <map>
#include <stdexcept>
#include <thread>

#include "crossing.hpp"
#include "http.hpp"
#include "pieces.hpp"

using namespace berth;

class Probe {
 public:
  static void declare(Declaration<Probe>& d) {
    d.plugin("probe", "1.0.0", "Everything that a test wants to try");
    declare_calls(d);
    declare_waiting(d);
    declare_crimes(d);
    declare_flows(d);
    declare_crossings(d);
  }

 private:
  static void declare_calls(Declaration<Probe>& d) {
    const auto number = integer().minimum(0).maximum(1'000'000'000);
    const auto text = string().max_length(100u << 20);
    d.post("echo", "/probe/echo")
        .concurrent()
        .input(object({field("text", text), optional("number", number)}))
        .handle([](const Json& in) { return in; });
    d.get("get", "/probe/get/{name}")
        .concurrent()
        .input(object({field("name", string()), optional("count", integer().minimum(1).maximum(10)),
                       optional("flag", boolean()), optional("tags", array(string()))}))
        .handle([](const Json& in) { return in; });
    d.get("big", "/probe/big")
        .concurrent()
        .input(object({field("bytes", integer().minimum(0).maximum(1 << 30))}))
        .handle([](const Json& in) {
          return Json{{"data", std::string(in.at("bytes").get<std::size_t>(), 'x')}};
        });
    d.post("admin", "/probe/admin").scope(berth::admin).handle([](const Json&) { return Json{{"ok", true}}; });
    d.get("count_serial", "/probe/serial")
        .input(object({field("ms", integer().minimum(0).maximum(1000))}))
        .blocking()
        .handle(&Probe::serial);
  }

  static void declare_waiting(Declaration<Probe>& d) {
    const auto ms = field("ms", integer().minimum(0).maximum(600'000));
    d.get("later", "/probe/later").concurrent().input(object({ms})).handle(&Probe::later);
    d.get("block", "/probe/block").concurrent().blocking().input(object({ms})).handle([](const Json& in) {
      std::this_thread::sleep_for(std::chrono::milliseconds(in.at("ms").get<int>()));
      return in;
    });
    d.get("park", "/probe/park").concurrent().handle(&Probe::park);
    d.post("hold", "/probe/hold").concurrent().handle(&Probe::park);
    d.post("release", "/probe/release").concurrent().handle(&Probe::release);
    d.get("cancels", "/probe/cancels").concurrent().handle(&Probe::cancels);
  }

  static void declare_crimes(Declaration<Probe>& d) {
    d.post("throw", "/probe/throw")
        .input(object({field("what", string().one_of({"exception", "number", "error"}))}))
        .handle(&Probe::toss);
    d.post("twice", "/probe/twice").handle([](Call call) {
      call.send({{"answer", 1}});
      call.send({{"answer", 2}});
    });
    d.post("drop", "/probe/drop").handle([](Call) {});
  }

  static void declare_flows(Declaration<Probe>& d) {
    const auto size = integer().minimum(0).maximum(1 << 20);
    d.stream("count", "/probe/count")
        .concurrent()
        .blocking()
        .resumable()
        .input(object({field("to", integer().minimum(0).maximum(1'000'000)),
                       optional("ms", integer().minimum(0).maximum(10'000)), optional("size", size)}))
        .handle(&count_up);
    d.stream("flood", "/probe/flood").concurrent().handle(&Probe::flow);
    d.stream("rude", "/probe/rude").concurrent().blocking().handle(&be_rude);
    d.upload("upload", "/probe/upload").concurrent().blocking().handle([](const Call& call) {
      return digest_of(call.upload());
    });
    d.upload("put", "/probe/upload", "PUT").concurrent().blocking().handle([](const Call& call) {
      return digest_of(call.upload());
    });
    d.upload("announced", "/probe/announced")
        .announced()
        .concurrent()
        .blocking()
        .input(object({optional("mark", string().max_length(9))}))
        .handle(&announced_digest);
    d.download("file", "/probe/file")
        .concurrent()
        .blocking()
        .input(object({field("bytes", integer().minimum(0).maximum(1LL << 31)), optional("type", string()),
                       optional("etag", string())}))
        .handle(&send_pattern);
    d.download("pieces", "/probe/pieces")
        .concurrent()
        .blocking()
        .input(object({field("pieces", integer().minimum(0).maximum(100'000)), field("size", size)}))
        .handle(&send_pieces);
    d.socket("chat", "/probe/chat").concurrent().handle(&chat);
    d.http("http", "/probe/http/{word}", {"POST", "GET", "DELETE"})
        .concurrent()
        .blocking()
        .headers({"accept", "x-probe-*"})
        .max_body(100'000)
        .input(object({field("word", string()), optional("status", integer().minimum(0).maximum(600)),
                       optional("pieces", integer().minimum(1).maximum(1'000'000)), optional("ms", integer())}))
        .handle(&speak);
    d.http("burst", "/probe/burst", {"GET"}).concurrent().handle(&burst);
  }

  static void declare_crossings(Declaration<Probe>& d) {
    d.stream("cross_events", "/probe/cross/events").concurrent().handle(&cross_events);
    d.download("cross_pieces", "/probe/cross/pieces").concurrent().handle(&cross_pieces);
    d.stream("ended_elsewhere", "/probe/cross/end").concurrent().blocking().handle(&end_from_elsewhere);
    const auto ms = object({field("ms", integer().minimum(0).maximum(600'000))});
    d.stream("late_failure", "/probe/cross/late").concurrent().blocking().input(ms).handle(&fail_late);
    d.socket("slow_chat", "/probe/cross/chat").concurrent().blocking().handle(&chat_slowly);
  }

  Json serial(const Json& input) {
    const int inside = ++m_inside;
    std::this_thread::sleep_for(std::chrono::milliseconds(input.at("ms").get<int>()));
    --m_inside;
    return {{"inside", inside}};
  }

  void later(Call call) {
    m_timers.after(std::chrono::milliseconds(call.input().at("ms").get<int>()), [call] { call.send(call.input()); });
  }

  void park(Call call) {
    const int number = keep(call);
    call.on_cancel([this, number] {
      std::optional<Call> gone;
      const std::lock_guard<std::mutex> inner(m_mutex);
      const auto at = m_parked.find(number);
      if (at == m_parked.end()) return;
      ++m_cancelled;
      gone = at->second;
      m_parked.erase(at);
    });
  }

  int keep(const Call& call) {
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_parked.emplace(m_next, call);
    return m_next++;
  }

  void flow(Call call) {
    flood(call, [this] {
      const std::lock_guard<std::mutex> lock(m_mutex);
      ++m_cancelled;
    });
  }

  Json release(const Json&) {
    std::map<int, Call> parked;
    {
      const std::lock_guard<std::mutex> lock(m_mutex);
      parked.swap(m_parked);
    }
    for (const auto& [number, call] : parked) call.send({{"released", true}});
    return {{"released", parked.size()}};
  }

  Json cancels(const Json&) {
    const std::lock_guard<std::mutex> lock(m_mutex);
    return {{"cancelled", m_cancelled}, {"parked", m_parked.size()}};
  }

  Json toss(const Json& input) {
    const std::string what = input.at("what");
    if (what == "exception") throw std::runtime_error("secret words that no client may see");
    if (what == "number") throw 42;
    throw Error(418, "teapot", "this is a teapot", "ask for tea");
  }

  std::mutex m_mutex;  // guards the three that follow
  std::map<int, Call> m_parked;
  int m_next = 0;
  int m_cancelled = 0;
  std::atomic<int> m_inside{0};
  Timers m_timers;
};
BERTH_PLUGIN(Probe);
