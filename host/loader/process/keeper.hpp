// Keeps one plugin's process alive: starts it, asks whether it still answers and how much memory it holds, puts its end
// into words, starts it again with growing patience, and stops doing so when it dies too often. Everything on the I/O
// thread.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "loader/line_gate.hpp"
#include "loader/process/link.hpp"
#include "loader/process/restarts.hpp"
#include "service/clock.hpp"
#include "service/error.hpp"
#include "service/log.hpp"
#include "service/mask.hpp"
#include "service/process/child.hpp"
#include "service/process/plain_launcher.hpp"
#include "service/secret.hpp"

namespace berth::loader {

struct ProcessRules {
  std::uint64_t memory = 512u << 20;
  std::chrono::milliseconds heartbeat{10'000};   // a ping that waits for longer means that it hangs
  std::chrono::milliseconds start_time{10'000};  // from its start to its being ready
  std::chrono::milliseconds end_time{5'000};     // to finish what runs, when it is told to end
  Restarts::Rules restarts;
  std::uint64_t stream_buffer = 256u << 10;
  std::uint32_t threads = 64;
  bool confined = true;  // it starts no programs, and reads and writes no files but its own and the system's

  bool operator==(const ProcessRules&) const = default;
};

class Keeper : public std::enable_shared_from_this<Keeper> {
 public:
  enum class State { idle, starting, ready, waiting, stopped, ended };
  struct Around {
    service::EventLoop& loop;
    service::Log& log;
    const service::Clock& clock;
    std::string program = "/proc/self/exe";  // that has `plugin-host`
    // What befalls plugins: "died", of which, why.
    std::function<void(std::string_view what, const std::string& plugin, const std::string& why)> heard = {};
    // What takes time and concerns nobody, on another thread; it may be left out, since the next one does it all.
    // Empty: here.
    std::function<void(const std::function<void()>&)> aside = {};
  };
  struct Ears {
    std::function<void(Frame)> frame;                                  // of a call
    std::function<void(const service::Error&)> down;                   // what was open there is lost
    std::function<void(std::optional<service::Error>)> first_started;  // once: how the first start went
  };

  struct Given {  // to the plugin, at each start
    std::string config;
    std::set<std::string> services = {};  // ids
    std::string state_folder = {};
    std::shared_ptr<const service::SecretSet> secrets = {};
    std::uint64_t state_limit = 0;
  };

  Keeper(std::string name, std::string library, std::string manifest, Given given, ProcessRules rules, Around around);
  ~Keeper();
  void start(Ears ears);
  void answered_nobody();                      // whoever hears its frames says so
  void enable();                               // once it is stopped: begin again, as if it had never died
  void end(std::function<void()> ended = {});  // in an orderly way, for good

  bool send(Frame frame);  // false: it is not up, and reason() says why
  void tell(Frame frame);  // while it starts, too
  bool has_room() const;   // for more calls, in what waits for its socket
  State state() const { return m_state; }
  const ProcessRules& rules() const { return m_rules; }
  service::Error reason() const;  // why calls cannot be carried now
  std::optional<std::string> ailment() const;
  nlohmann::json facts() const;  // for /status

 private:
  void launch();
  Frame start_frame() const;
  void on_frame(Frame frame);
  void confined(const Frame& frame);
  void cut();
  void hear_line(const Frame& frame);
  void hear_printed(std::string_view line);
  void created();
  void ask();
  void up();
  void refused(const Frame& frame);
  void beat();
  std::string complaint(service::Clock::Moment now) const;
  void kill(std::string why);
  void clear_up() const;
  void ended(const std::string& how);
  void gone();
  void down(std::string why);
  void after(std::chrono::milliseconds time, void (Keeper::*then)());
  void tell_all(std::string_view what, const std::string& why = {}) const;
  void say(service::Level level, std::string_view message, const service::Log::Fields& fields = {}) const;

  const std::string m_name, m_library, m_manifest;
  const Given m_given;
  const service::Mask m_mask;
  const ProcessRules m_rules;
  const Around m_around;
  Ears m_ears;
  Restarts m_restarts;
  boost::asio::steady_timer m_timer;
  LineGate m_lines, m_printed;  // what it says, what it prints
  service::PlainLauncher m_launcher;
  std::shared_ptr<service::Child> m_child;
  std::shared_ptr<Link> m_link;
  State m_state = State::idle;
  bool m_created = false;  // by this process
  bool m_once_ready = false;
  bool m_answered_nobody = false;
  bool m_forgiven = true;            // it has lived long enough for its earlier deaths to be forgotten
  std::string m_why;                 // it is not up
  std::string m_verdict;             // why it was killed, by us
  std::optional<std::string> m_how;  // its process has ended so, and what it had said is still read
  std::string m_ailment;             // what it says of itself
  std::optional<std::vector<std::string>> m_confined;  // the layers that it wears, as it said before it was a stranger
  service::Clock::Moment m_since{};                    // of the state
  service::Clock::Moment m_pinged{}, m_beat{};
  std::optional<service::Clock::Moment> m_asked;  // since when a ping waits for its answer
  std::optional<service::Clock::Moment> m_cut;    // when its link broke
  std::function<void()> m_when_ended;
};

std::string_view name_of(Keeper::State state);

}  // namespace berth::loader
