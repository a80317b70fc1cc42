// What a StandIn has in place of the machine: HTTP services and programs that the test plays. What it does not play is
// not there: a service is unreachable, a program cannot be started. What they say comes when the test lets it
// (Services::run(), which calls of a Trial do meanwhile), or to whoever waits for it.
#ifndef BERTH_CHECK_OUTSIDE_HPP
#define BERTH_CHECK_OUTSIDE_HPP

#include <berth/check/errands.hpp>
#include <berth/service/http.hpp>
#include <berth/service/process.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace berth::check {

struct SeenProgram {
  std::string program;
  std::vector<std::string> arguments, environment;
  std::string folder, input, session;
};
struct PlayedProgram {
  std::string output, errors;
  int code = 0;
};

class LentHttp {
 public:
  using Play = std::function<HttpAnswer(const HttpRequest&)>;  // may throw Error
  explicit LentHttp(Errands::Later later) : m_errands(std::move(later)) {}

  // What the service there answers. Before it is asked.
  void service(const std::string& target, Play play) { m_services[target] = std::move(play); }
  std::vector<HttpRequest> asked() const {
    const std::lock_guard<std::mutex> lock(m_mutex);
    return m_asked;
  }

  std::uint64_t start(const berth_http_request* given, const berth_http_ears* given_ears) {
    if (!given || !given_ears || given->size < sizeof *given || given_ears->size < sizeof *given_ears ||
        !given_ears->ended)
      return 0;
    const berth_http_ears ears = *given_ears;
    const HttpRequest request = request_of(*given);
    {
      const std::lock_guard<std::mutex> lock(m_mutex);
      if (m_asked.size() < 1000) m_asked.push_back(request);
    }
    const auto number = m_errands.begin((given->flags & BERTH_HTTP_BESIDE) != 0, [ears] {
      if (ears.gone) ears.gone(ears.with);
    });
    m_errands.add(number, steps(number, request, ears, given->body_most));
    m_errands.go_later(number);
    return number;
  }
  Errands& errands() { return m_errands; }

 private:
  static HttpRequest request_of(const berth_http_request& given) {
    const auto text = [](berth_text from) { return berth::detail::copy(from); };
    HttpRequest request{text(given.target)};
    if (given.path.size > 0) request.path = text(given.path);
    if (given.method.size > 0) request.method = text(given.method);
    for (std::size_t i = 0; i < given.field_count; ++i)
      request.fields.emplace_back(text(given.fields[i].name), text(given.fields[i].value));
    request.body = text(given.body);
    return request;
  }
  static bool is_here(const std::string& target) {
    for (const char* start : {"http://127.", "http://[::1]", "http://localhost", "unix:/"})
      if (target.rfind(start, 0) == 0) return true;
    return false;
  }

  std::deque<Errands::Step> steps(std::uint64_t number, const HttpRequest& request, const berth_http_ears& ears,
                                  std::uint64_t most) const {
    const auto failed = [number, ears](const Error& error) -> Errands::Step {
      return [number, ears, error] {
        const auto why = berth::detail::failure(error);
        ears.ended(ears.with, number, &why);
        return BERTH_OK;
      };
    };
    try {
      if (!is_here(request.target)) throw Error(422, "not_loopback", request.target + " cannot be asked");
      const auto at = m_services.find(request.target);
      if (at == m_services.end())
        throw Error(502, "unreachable", request.target + ": this stand-in has no such service");
      const HttpAnswer answer = at->second(request);
      if (most > 0 && answer.body.size() > most) throw Error(502, "answer_too_large", request.target);
      return whole(number, answer, ears);
    } catch (const Error& error) {
      return {failed(error)};
    }
  }
  static std::deque<Errands::Step> whole(std::uint64_t number, const HttpAnswer& answer, const berth_http_ears& ears) {
    constexpr std::size_t piece = 16u << 10;
    std::deque<Errands::Step> all;
    all.push_back([number, ears, status = answer.status, fields = answer.fields] {
      std::vector<berth_http_field> raw;
      for (const auto& [name, value] : fields) raw.push_back({berth::detail::text(name), berth::detail::text(value)});
      if (ears.head) ears.head(ears.with, number, status, raw.data(), raw.size());
      return BERTH_OK;
    });
    for (std::size_t at = 0; at < answer.body.size(); at += piece)
      all.push_back([number, ears, bytes = answer.body.substr(at, piece)] {
        return ears.piece ? ears.piece(ears.with, number, berth::detail::text(bytes)) : BERTH_OK;
      });
    all.push_back([number, ears] {
      ears.ended(ears.with, number, nullptr);
      return BERTH_OK;
    });
    return all;
  }

  std::map<std::string, Play> m_services;
  mutable std::mutex m_mutex;  // guards what follows
  std::vector<HttpRequest> m_asked;
  Errands m_errands;
};

class LentPrograms {
 public:
  using Play = std::function<PlayedProgram(const SeenProgram&)>;
  explicit LentPrograms(Errands::Later later) : m_later(later), m_errands(std::move(later)) {}

  // What a program of this name does, once it has all its input. Before it is started.
  void program(const std::string& name, Play play) { m_programs[name] = std::move(play); }
  // What is told of the limits of jails from now on; nobody counts them, unless it is played.
  void hits(const Hits& hits) {
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_hits = hits;
  }
  std::vector<SeenProgram> started() const {
    const std::lock_guard<std::mutex> lock(m_mutex);
    return m_started;
  }

  std::uint64_t spawn(const berth_process_plan* plan, const berth_process_ears* ears) {
    constexpr auto first_ears = offsetof(berth_process_ears, hits);  // of the first version
    if (!plan || !ears || plan->size < sizeof *plan || ears->size < first_ears || !ears->ended) return 0;
    const bool fed = (plan->flags & BERTH_PROCESS_INPUT) != 0;
    berth_process_ears heard{};
    std::memcpy(&heard, ears, std::min<std::size_t>(ears->size, sizeof heard));
    const auto number = m_errands.begin((plan->flags & BERTH_PROCESS_BESIDE) != 0, [heard] {
      if (heard.gone) heard.gone(heard.with);
    });
    {
      const std::lock_guard<std::mutex> lock(m_mutex);
      m_running[number] = {seen_of(*plan), heard};
      if (m_started.size() < 1000) m_started.push_back(m_running[number].seen);
    }
    if (!fed) run(number, 0);
    return number;
  }
  berth_flow write(std::uint64_t number, berth_text bytes) {
    const std::lock_guard<std::mutex> lock(m_mutex);
    const auto at = m_running.find(number);
    if (at == m_running.end()) return BERTH_GONE;
    if (at->second.seen.input.size() + bytes.size > BERTH_PROCESS_INPUT_MOST) return BERTH_WRONG;
    at->second.seen.input += berth::detail::copy(bytes);
    return BERTH_OK;
  }
  void close_input(std::uint64_t number) { run(number, 0); }
  void signal(std::uint64_t number, int which) { run(number, which); }
  // Of one that waits for its input.
  void look(std::uint64_t number) {
    m_later([this, number] {
      Hits hits;
      berth_process_ears ears{};
      {
        const std::lock_guard<std::mutex> lock(m_mutex);
        const auto at = m_running.find(number);
        if (at == m_running.end() || !at->second.ears.hits || !m_errands.is_open(number)) return;
        ears = at->second.ears;
        hits = m_hits;
      }
      std::uint32_t counted = 0;
      if (hits.memory_counted) counted |= BERTH_PROCESS_COUNTS_MEMORY;
      if (hits.processes_counted) counted |= BERTH_PROCESS_COUNTS_PROCESSES;
      const berth_process_hits raw{sizeof raw, counted, hits.memory, hits.processes,
                                   berth::detail::text(hits.memory_limit)};
      const NoWaiting hearing;
      ears.hits(ears.with, number, &raw);
    });
  }
  Errands& errands() { return m_errands; }

 private:
  struct Running {  // until it does what it does
    SeenProgram seen;
    berth_process_ears ears{};
  };
  static SeenProgram seen_of(const berth_process_plan& plan) {
    SeenProgram seen;
    for (std::size_t i = 0; i < plan.argument_count; ++i)
      seen.arguments.push_back(berth::detail::copy(plan.arguments[i]));
    for (std::size_t i = 0; i < plan.environment_count; ++i)
      seen.environment.push_back(berth::detail::copy(plan.environment[i]));
    seen.program = berth::detail::copy(plan.program);
    if (seen.program.empty() && !seen.arguments.empty()) seen.program = seen.arguments[0];
    seen.folder = berth::detail::copy(plan.folder);
    seen.session = berth::detail::copy(plan.session);
    return seen;
  }

  // Its whole life, once nothing more is said to it; a signal ends it at once.
  void run(std::uint64_t number, int signal) {
    Running one;
    {
      const std::lock_guard<std::mutex> lock(m_mutex);
      const auto at = m_running.find(number);
      if (at == m_running.end()) return;
      one = std::move(at->second);
      m_running.erase(at);
    }
    const auto at = m_programs.find(one.seen.program);
    PlayedProgram played;
    if (signal == 0 && at != m_programs.end()) played = at->second(one.seen);
    std::deque<Errands::Step> all;
    say(all, number, one.ears, BERTH_PROCESS_OUTPUT, played.output);
    say(all, number, one.ears, BERTH_PROCESS_ERRORS, played.errors);
    const bool there = at != m_programs.end();
    all.push_back([=, ears = one.ears, name = one.seen.program] {
      const std::string words = signal != 0 ? "stopped: signal " + std::to_string(signal)
                                : there     ? "ended with exit code " + std::to_string(played.code)
                                            : name + " could not be started: this stand-in has no such program";
      berth_process_end end{};
      end.size = sizeof end;
      end.code = signal == 0 && there ? played.code : -1;
      end.signal = signal;
      end.cause = berth::detail::text(signal != 0 ? "stopped" : there ? "exited" : "not_started");
      end.words = berth::detail::text(words);
      end.output = played.output.size() + played.errors.size();
      ears.ended(ears.with, number, &end);
      return BERTH_OK;
    });
    m_errands.add(number, std::move(all));
    m_errands.go_later(number);
  }
  static void say(std::deque<Errands::Step>& all, std::uint64_t number, const berth_process_ears& ears,
                  std::uint32_t outlet, const std::string& text) {
    constexpr std::size_t piece = 16u << 10;
    for (std::size_t at = 0; ears.output && at < text.size(); at += piece)
      all.push_back([number, ears, outlet, bytes = text.substr(at, piece)] {
        return ears.output(ears.with, number, outlet, berth::detail::text(bytes));
      });
  }

  const Errands::Later m_later;
  std::map<std::string, Play> m_programs;
  mutable std::mutex m_mutex;  // guards what follows
  std::map<std::uint64_t, Running> m_running;
  std::vector<SeenProgram> m_started;
  Hits m_hits;
  Errands m_errands;
};

}  // namespace berth::check

#endif
