// No port for its debugger: any user of the machine could use one. Its own sandbox is on: the jail lets it make the
// namespaces that it wants (jail::Options::nests). What it is told not to do is what would reach for a network, a
// keyring or a person.
#include "chromium.hpp"

#include <berth/output.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace browser {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_kept = 400;  // of what it writes: the last
constexpr int commands_at = 3, answers_at = 4;

// Its profile is a new one each time: what an earlier one left is in the way of nothing.
constexpr const char* script = "rm -rf /tmp/profile-*; exec \"$0\" \"$@\" --user-data-dir=/tmp/profile-$$";

std::pair<berth::Fd, berth::Fd> pipe_ends() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw berth::Error(503, "browser_down", std::string("there is no pipe to the browser: ") + std::strerror(errno));
  return {berth::Fd(ends[0]), berth::Fd(ends[1])};
}

}  // namespace

std::vector<std::string> arguments_of(const Settings& settings, bool sandbox) {
  std::vector<std::string> all = {
      "sh",
      "-c",
      script,
      settings.program,
      "--headless",
      "--remote-debugging-pipe",
      "--no-startup-window",
      "--window-size=" + std::to_string(settings.width) + "," + std::to_string(settings.height),
      "--lang=" + settings.locale,
      "--no-first-run",
      "--no-default-browser-check",
      "--disable-default-apps",
      "--disable-breakpad",
      "--disable-crash-reporter",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-domain-reliability",
      "--disable-sync",
      "--disable-client-side-phishing-detection",
      "--disable-background-timer-throttling",
      "--disable-backgrounding-occluded-windows",
      "--disable-renderer-backgrounding",
      "--disable-hang-monitor",
      "--disable-ipc-flooding-protection",
      "--disable-prompt-on-repost",
      "--disable-popup-blocking",
      "--disable-search-engine-choice-screen",
      "--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication,DialMediaRouteProvider,"
      "HttpsUpgrades,PaintHolding",
      "--disable-blink-features=AutomationControlled",
      "--disable-gpu",
      "--metrics-recording-only",
      "--mute-audio",
      "--hide-scrollbars",
      "--force-color-profile=srgb",
      "--log-level=3",
      "--disable-field-trial-config",
      "--no-service-autorun",
      "--disable-component-extensions-with-background-pages",
      "--password-store=basic",
      "--use-mock-keychain",
      "--proxy-server=http://127.0.0.1:3128",
      "--proxy-bypass-list=<-loopback>",
      "--force-webrtc-ip-handling-policy=disable_non_proxied_udp"};
  if (!sandbox) all.push_back("--no-sandbox");
  all.insert(all.end(), settings.arguments.begin(), settings.arguments.end());
  return all;
}

// What is heard of its process, on the host's thread, as long as it is wanted.
struct Chromium::Heard {
  loop::Loop& loop;
  Chromium* whose;   // the loop's
  std::string last;  // the host's; moved along with the end
};

Chromium::Chromium(const Ground& ground, bool sandbox, Ears ears)
    : m_ground(ground), m_ears(std::move(ears)), m_patience(ground.loop) {
  auto [commands, to] = pipe_ends();
  auto [from, answers] = pipe_ends();
  m_cdp = std::make_shared<Cdp>(
      ground.loop, std::move(to), std::move(from),
      Cdp::Ears{m_ears.event, [this](const std::string& why) { m_patience.set(500ms, [this, why] { end(why); }); },
                m_ears.first});
  spawn(sandbox, std::move(commands), std::move(answers));
}

Chromium::~Chromium() {
  m_heard->whose = nullptr;
  m_cdp->end();
  if (m_process) m_process->kill();
}

void Chromium::spawn(bool sandbox, berth::Fd to, berth::Fd from) {
  m_heard = std::make_shared<Heard>(Heard{m_ground.loop, this, {}});
  berth::Plan plan(arguments_of(m_ground.settings, sandbox));
  plan.program = "/bin/sh";
  plan.folder = "/tmp";
  plan.environment = {"LANG=" + m_ground.settings.locale + ".UTF-8"};
  if (!m_ground.settings.time_zone.empty()) plan.environment.push_back("TZ=" + m_ground.settings.time_zone);
  plan.files = {{to.get(), commands_at}, {from.get(), answers_at}};
  plan.leader = plan.together = plan.beside = true;
  berth::ProcessEars ears;
  ears.output = [heard = m_heard](berth::Outlet, std::string_view bytes) {
    heard->last.append(bytes.substr(bytes.size() > most_kept ? bytes.size() - most_kept : 0));
    if (heard->last.size() > most_kept) heard->last.erase(0, heard->last.size() - most_kept);
    return berth::Flow::ok;
  };
  ears.ended = [heard = m_heard](const berth::End& end) {
    std::string why = end.words;
    if (!heard->last.empty()) why += "; it wrote: " + berth::clean(heard->last);
    heard->loop.post([heard, why] {
      if (heard->whose) heard->whose->end(why);
    });
  };
  m_process.emplace(m_ground.processes.spawn(plan, std::move(ears)));
}

void Chromium::end(const std::string& why) {
  if (std::exchange(m_over, true)) return;
  m_patience.cancel();
  m_cdp->end();
  const auto gone = m_ears.gone;
  gone(why);  // and `this` is
}

}  // namespace browser
