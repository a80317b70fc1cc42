// The plugin that uses every service that crosses to the host: what it is lent shows in its answers. Never installed.
#include <berth/plugin.hpp>
#include <berth/service/calls.hpp>
#include <berth/service/config.h>
#include <berth/service/events.hpp>
#include <berth/service/jobs.hpp>
#include <berth/service/metrics.hpp>
#include <berth/service/secrets.hpp>

#include <cstdlib>
#include <mutex>
#include <optional>

using namespace berth;

class Guest {
 public:
  static void declare(Declaration<Guest>& d) {
    d.plugin("guest", "1.0.0", "Uses what it is lent");
    d.config(object({optional("listen", string()), optional("colour", string()), optional("call", string())}));
    for (const char* id : {BERTH_EVENTS, BERTH_JOBS, BERTH_CALLS, BERTH_SECRETS}) d.service(id);
    declare_events(d);
    declare_jobs(d);
    declare_calls(d);
    d.get("facts", "/guest/facts").handle(&Guest::facts);
    d.post("count", "/guest/count").input(object({optional("series", integer())})).handle(&Guest::count);
    d.post("slip", "/guest/slip").handle(&Guest::slip);
    d.post("ail", "/guest/ail").input(object({optional("why", string())})).handle(&Guest::ail);
    d.post("crash", "/guest/crash").handle([](const Json&) -> Json { std::abort(); });
  }

  explicit Guest(Context context)
      : m_context(context),
        m_events(context.host),
        m_jobs(context.host),
        m_calls(context.host),
        m_metrics(context.host),
        m_secrets(context.host) {
    if (context.config.contains("listen"))
      m_events.subscribe(context.config["listen"].get<std::string>(), [this](const Event& event) { hear(event); });
    if (context.config.contains("call"))  // before the host serves anybody
      m_calls.start(Ask(context.config["call"].get<std::string>()),
                    {[](const Json&) {}, [](const Error&) {}, {}, {}, {}});
    m_counter = m_metrics.counter("counted", "What was counted.", {{"kind", "a\"b"}});
    m_gauge = m_metrics.gauge("level", "Where it stands.");
    m_histogram = m_metrics.histogram("sizes", "How large.", {}, {1, 10});
  }

  std::optional<std::string> ailment() const {
    const std::lock_guard lock(m_mutex);
    return m_ailment;
  }

 private:
  static void declare_events(Declaration<Guest>& d) {
    d.post("publish", "/guest/publish")
        .input(object({field("topic", string()), optional("data", anything()), optional("session", string()),
                       optional("times", integer())}))
        .handle(&Guest::publish);
    d.get("heard", "/guest/heard").handle(&Guest::heard);
    d.post("listen", "/guest/listen")
        .input(object({field("topics", string()), optional("after", integer())}))
        .handle(&Guest::listen);
    d.post("forget", "/guest/forget").input(object({field("number", integer())})).handle(&Guest::forget);
  }

  static void declare_jobs(Declaration<Guest>& d) {
    d.post("job", "/guest/job").input(object({optional("call", string())})).handle(&Guest::job);
    d.post("step", "/guest/step")
        .input(object({optional("percent", integer()), optional("text", string()), optional("result", anything()),
                       optional("failure", string())}))
        .handle(&Guest::step);
    d.stream("job_stream", "/guest/job_stream").handle(&Guest::job_stream);
  }

  static void declare_calls(Declaration<Guest>& d) {
    const auto fields = object({field("operation", string()), optional("input", anything()), optional("own", boolean()),
                                optional("session", string()), optional("slow", boolean())});
    d.post("call", "/guest/call").concurrent().input(fields).handle(&Guest::call);
    d.post("collect", "/guest/collect").concurrent().input(fields).handle(&Guest::collect);
    d.post("loop", "/guest/loop").concurrent().handle(&Guest::loop);
    d.get("last", "/guest/last").handle(&Guest::last);
  }

  // The next instance tells the one before it, which has a job to end.
  void hear(const Event& event) {
    if (event.topic == "guest.finish" && m_running) m_running->done(event.data);
    m_heard.push_back({{"topic", event.topic}, {"data", event.data}, {"session", event.session}, {"id", event.id}});
    if (m_heard.size() > 100) m_heard.erase(m_heard.begin());
  }
  Json heard(const Json&) const { return {{"heard", m_heard}, {"last", m_heard.empty() ? Json() : m_heard.back()}}; }
  Json last(const Json&) const { return {{"last", m_last}}; }
  Json listen(const Json& in) {
    const auto after = in.contains("after") ? in["after"].get<std::uint64_t>() : BERTH_EVENTS_NEW;
    return {{"number", m_events.subscribe(
                           in["topics"].get<std::string>(), [this](const Event& event) { hear(event); }, after)}};
  }
  Json forget(const Json& in) {
    m_events.unsubscribe(in["number"].get<std::uint64_t>());
    return Json::object();
  }
  void job_stream(const Call& call) { m_jobs.begin(call); }
  Json publish(const Json& in) {
    Flow flow = Flow::ok;
    for (int i = in.value("times", 1); i > 0; --i)
      flow = m_events.publish(in["topic"].get<std::string>(), in.value("data", Json()), in.value("session", ""));
    return {{"flow", static_cast<int>(flow)}};
  }

  void job(const Call& call) {
    const auto wanted = call.input().value("call", "");
    const auto job = m_jobs.begin(call, [this] {
      ++m_cancelled;
      m_running.reset();
    });
    m_running = job;
    if (wanted.empty()) return;
    m_calls.start(Ask(wanted).as(job), {[this](const Json& answer) { m_last = answer; },
                                        [this](const Error& error) { m_last = error.code(); },
                                        {},
                                        {},
                                        {}});
  }
  Json step(const Json& in) {
    if (!m_running) throw Error(409, "no_job", "nothing goes on");
    if (in.contains("percent") || in.contains("text")) m_running->report(in.value("percent", -1), in.value("text", ""));
    if (in.contains("result")) m_running->done(in["result"]);
    if (in.contains("failure"))
      m_running->failed(Error(418, "teapot", in["failure"].get<std::string>(), "use another"));
    return Json::object();
  }

  static Ask ask_of(const Call& call) {
    const Json& in = call.input();
    Ask ask(in["operation"].get<std::string>(), in.value("input", Json::object()));
    if (!in.value("own", false)) ask.as(call);
    if (in.contains("session")) ask.session(in["session"].get<std::string>());
    return ask;
  }
  Ears plain(const Call& call) {
    return {[call](const Json& answer) {
              call.send({{"answer", answer}, {"scope", call.scope()}});
            },
            [this, call](const Error& error) {
              m_last = error.code();
              call.fail(error);
            },
            {},
            {},
            {}};
  }
  void call(const Call& call) {
    if (m_calls.start(ask_of(call), plain(call)) == 0) throw Error(503, "no_calls", "not started");
  }
  void loop(const Call& call) {
    if (m_calls.start(Ask("guest.loop").as(call), plain(call)) == 0) throw Error(503, "no_calls", "not started");
  }
  void collect(const Call& call) {
    struct Got {
      std::size_t chunks = 0, bytes = 0, pauses = 0;
      std::uint64_t number = 0;
    };
    const auto got = std::make_shared<Got>();
    const bool slow = call.input().value("slow", false);
    Ears ears = plain(call);
    ears.chunk = [this, got, slow](std::string_view bytes, std::string_view) {
      ++got->chunks;
      got->bytes += bytes.size();
      if (!slow || got->chunks % 100 != 0) return Flow::ok;
      ++got->pauses;
      m_calls.resume(got->number);
      return Flow::full;
    };
    ears.finish = [call, got] { call.send({{"chunks", got->chunks}, {"bytes", got->bytes}, {"pauses", got->pauses}}); };
    ears.file = [call](int fd, const Head&) {
      char room[64];
      const auto size = ::pread(fd, room, sizeof room, 0);
      ::close(fd);
      call.send({{"file", std::string(room, size > 0 ? static_cast<std::size_t>(size) : 0)}});
    };
    got->number = m_calls.start(ask_of(call), std::move(ears));
  }

  Json facts(const Json&) const {
    const auto* config = m_context.service<berth_config>(BERTH_CONFIG);
    const auto text = config->text(m_context.host);
    const auto secret = m_secrets.read("api_key");
    return {{"config", Json::parse(std::string(text.data, text.size))},
            {"secret", secret ? Json(secret->size()) : Json()},
            {"right", secret == std::string_view("s3cr3t-0123456789")},
            {"other", m_secrets.read("nothing").has_value()},
            {"environment", std::getenv("GUEST_KEY") != nullptr},
            {"cancelled", m_cancelled},
            {"unknown_service", m_context.service<void>("berth.nothing/1") != nullptr}};
  }
  // Says what it must not, in every way in which that happens.
  Json slip(const Json&) const {
    const std::string secret(*m_secrets.read("api_key"));
    Log(m_context.host).info("slipped with " + secret, {{"url", "http://x/?key=" + secret}, {"all", {secret}}});
    throw Error(502, "refused", "http://x/?key=" + secret + " refused", "is " + secret + " right?");
  }
  Json ail(const Json& in) {
    const std::lock_guard lock(m_mutex);
    m_ailment = in.contains("why") ? std::optional(in["why"].get<std::string>()) : std::nullopt;
    return Json::object();
  }
  Json count(const Json& in) {
    m_counter.add(2);
    m_gauge.set(-1.5);
    m_histogram.observe(5);
    int made = 0;
    for (int i = 0; i < in.value("series", 0); ++i)
      made += m_metrics.gauge("many", "Many.", {{"i", std::to_string(i)}}) ? 1 : 0;
    const bool bad = static_cast<bool>(m_metrics.gauge("bad name", "No.")) ||
                     static_cast<bool>(m_metrics.counter("level", "Another kind.")) ||
                     static_cast<bool>(m_metrics.gauge("x_sum", "Somebody else's sample."));
    return {{"made", made}, {"bad", bad}};
  }

  const Context m_context;
  mutable std::mutex m_mutex;
  std::optional<std::string> m_ailment;  // under it
  std::vector<Json> m_heard;
  int m_cancelled = 0;
  Json m_last;
  std::optional<Job> m_running;
  Events m_events;
  Jobs m_jobs;
  Calls m_calls;
  const Metrics m_metrics;
  const Secrets m_secrets;
  Counter m_counter;
  Gauge m_gauge;
  Histogram m_histogram;
};
BERTH_PLUGIN(Guest);
