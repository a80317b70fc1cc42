// Starts the host, says where it is, and sees it through its signals to its end.
#include "command/serve.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/signal_set.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "command/columns.hpp"
#include "command/commands.hpp"
#include "command/config.hpp"
#include "command/host.hpp"
#include "command/plugin_files.hpp"
#include "command/plugin_watch.hpp"
#include "service/files.hpp"
#include "service/short_turns.hpp"
#include "service/unique_fd.hpp"

namespace berth::command {

namespace fs = std::filesystem;
using service::Error;

namespace {

constexpr std::chrono::microseconds short_turn{200};
constexpr std::chrono::seconds thread_time{5};  // for threads of plugins that do not come back after the drain

std::string home() {
  const char* home = std::getenv("HOME");
  return home && *home ? home : "/";
}

std::string xdg(const char* variable, const char* otherwise) {
  const char* set = std::getenv(variable);
  return set && *set == '/' ? set : home() + otherwise;
}

int complain(const Error& error) {
  std::cerr << "berth: " << error.message << "\n";
  if (!error.hint.empty()) std::cerr << "  " << error.hint << "\n";
  return 1;
}

int complain(const std::vector<std::string>& errors) {
  for (const auto& error : errors) std::cerr << error << "\n";
  std::cerr << "berth: " << errors.size() << (errors.size() == 1 ? " mistake" : " mistakes")
            << " in the configuration\n";
  return 1;
}

// The configuration with what the command line puts in its place.
Checked configure(const ServeOptions& options) {
  const std::string file = options.config.empty() ? default_config() : options.config;
  Checked checked = file.empty() ? check_config("", "berth.lua") : load_config(file);
  if (!options.listens.empty()) {
    checked.config.edge.listens.clear();
    for (const auto& address : options.listens)
      checked.config.edge.listens.push_back({address, std::nullopt, "--listen"});
  }
  for (const auto& listen : checked.config.edge.listens) {
    if (checked.config.edge.auth || listen.where != "--listen" || !reaches_beyond_this_machine(listen.address))
      continue;
    checked.errors.push_back("--listen " + listen.address +
                             ": an address beyond this machine needs tokens; remove auth(false)");
  }
  for (const auto& folder : options.more_folders) checked.config.plugin_folders.push_back(folder);
  const bool terminal = isatty(2) == 1;
  checked.config.log.json = checked.config.log_json.value_or(!terminal);
  checked.config.log.colour = !checked.config.log.json && colours(2);
  return checked;
}

void announce(Host& host, const std::vector<std::string>& urls, const std::string& token_file, bool auth) {
  std::cout << "berth " << Host::version() << " is ready\n";
  for (const auto& url : urls) std::cout << "  listening on  " << url << "\n";
  if (auth) std::cout << "  token in      " << token_file << (host.new_token() ? "  (new)" : "") << "\n";
  std::string path = "/operations", names;
  for (const auto& [name, entry] : host.registry().entries()) {
    if (!entry.instance.provider) continue;
    names += (names.empty() ? "" : ", ") + name;
    if (name == "clock") path = "/clock/now";
  }
  std::cout << "  plugins       " << (names.empty() ? "none" : names) << "\n";
  if (urls.empty() || urls[0].starts_with("unix:")) {
    std::cout << std::flush;
    return;
  }
  std::cout << "  try           curl " << (auth ? "-H \"Authorization: Bearer $(cat " + token_file + ")\" " : "")
            << urls[0] << path << "\n"
            << "  read          " << urls[0] << "/docs" << std::endl;
}

void say_ready(int fd, const std::vector<std::string>& urls) {
  if (fd < 0) return;
  nlohmann::json listen = nlohmann::json::array();
  for (const auto& url : urls) {
    const auto scheme = url.find("://");
    listen.push_back(scheme == std::string::npos ? url : url.substr(scheme + 3));
  }
  const std::string line = nlohmann::json{{"listen", listen}, {"urls", urls}, {"pid", ::getpid()}}.dump() + "\n";
  if (::write(fd, line.data(), line.size()) < 0) std::cerr << "berth: --ready-fd cannot be written\n";
  ::close(fd);
}

// SIGTERM and SIGINT drain, a second one ends at once; SIGHUP reads the configuration again.
class Signals {
 public:
  Signals(Host& host, const ServeOptions& options)
      : m_host(host), m_options(options), m_set(host.loop().context(), SIGTERM, SIGINT, SIGHUP) {
    std::signal(SIGPIPE,
                SIG_IGN);  // a client that left and a file at its limit are errors of write(), no reason to die
    std::signal(SIGXFSZ, SIG_IGN);
    wait();
  }

 private:
  void wait() {
    m_set.async_wait([this](const boost::system::error_code& failed, int number) {
      if (failed) return;
      if (number == SIGHUP)
        reload();
      else if (std::exchange(m_ending, true))
        std::_Exit(128 + number);
      else
        m_host.drain();
      wait();
    });
  }

  void reload() {
    Checked checked = configure(m_options);
    if (checked.errors.empty()) return m_host.apply(std::move(checked.config));
    for (const auto& error : checked.errors) m_host.not_applied(error);
  }

  Host& m_host;
  const ServeOptions& m_options;
  boost::asio::signal_set m_set;
  bool m_ending = false;
};

struct Company {  // of the host, while it runs
  PluginWatch watch;
  std::shared_ptr<void> beside;
};

std::optional<Error> invite(Company& company, Host& host, const ServeOptions& options) {
  if (options.watch) {
    if (auto error = company.watch.open()) return error;
  }
  if (!options.beside) return std::nullopt;
  auto made = options.beside(host);
  if (!made) return made.error();
  company.beside = std::move(*made);
  return std::nullopt;
}

// A plugin's thread that never comes back must not keep the process from ending.
void end_in_time(service::Log& log, std::chrono::milliseconds processes) {
  std::thread([&log, processes] {
    std::this_thread::sleep_for(processes + thread_time);
    log.write(service::Level::error, "host", "a plugin does not let go of its thread; ending without it");
    log.flush();
    std::_Exit(0);
  }).detach();
}

}  // namespace

std::string default_state() { return xdg("XDG_STATE_HOME", "/.local/state") + "/berth"; }

std::string default_config() {
  std::error_code none;
  for (const auto& file : {std::string("berth.lua"), xdg("XDG_CONFIG_HOME", "/.config") + "/berth/berth.lua",
                           std::string("/etc/berth/berth.lua")}) {
    if (fs::is_regular_file(file, none)) return file;
  }
  return {};
}

std::vector<std::string> built_in_plugin_folders() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (failed) return {};
  return {(program.parent_path().parent_path() / "lib" / "berth" / "plugins").string()};
}

int serve(const ServeOptions& options) {
  mallopt(M_ARENA_MAX, 2);  // many short threads share the heap; an arena for each would keep memory
  Checked checked = configure(options);
  if (!checked.errors.empty()) return complain(checked.errors);
  if (options.check) {
    const auto mistakes = plugin_mistakes(checked.config);
    if (!mistakes.empty()) return complain(mistakes);
    std::cout << "the configuration is good\n";
    return 0;
  }
  ::umask(0077);
  const std::string state = fs::absolute(options.state.empty() ? default_state() : options.state).string();
  if (auto error = service::make_directory(state)) return complain(*error);
  const service::UniqueFd lock(::open((state + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock && ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    return complain(
        Error{500, "state_taken", "another host keeps its state in " + state, "give this one a --state of its own"});
  auto audit = service::Audit::open({state + "/audit.log"});
  if (!audit) return complain(audit.error());
  const std::string token_file = options.token_file.empty() ? state + "/token" : options.token_file;
  const bool auth = checked.config.edge.auth;
  Host host({std::move(checked.config), state, token_file, built_in_plugin_folders(), options.safe, std::move(*audit)});
  if (auto error = host.open()) return complain(*error);
  const Signals signals(host, options);
  Company company{PluginWatch(host), nullptr};
  if (auto error = invite(company, host, options)) return complain(*error);
  const auto urls = host.server().addresses();
  announce(host, urls, token_file, auth);
  say_ready(options.ready_fd, urls);
  service::take_short_turns(short_turn);
  host.run();
  host.log().write(service::Level::info, "host", "drained; goodbye");
  end_in_time(host.log(), host.registry().longest_end());
  return 0;
}

namespace {

int run_serve(const Arguments& arguments) {
  if (!arguments.rest().empty()) {
    std::cerr << "berth: serve takes options only; see: berth serve --help\n";
    return misused;
  }
  ServeOptions options{arguments.value("--config"),
                       arguments.values("--listen"),
                       arguments.value("--state"),
                       arguments.value("--token-file"),
                       -1,
                       arguments.has("--check"),
                       arguments.has("--safe"),
                       arguments.has("--watch")};
  for (const auto& address : options.listens) {
    const auto wrong = bad_address(address);
    if (wrong.empty()) continue;
    std::cerr << "berth: --listen: " << wrong << "; see: berth serve --help\n";
    return misused;
  }
  if (arguments.has("--ready-fd")) options.ready_fd = std::atoi(arguments.value("--ready-fd").c_str());
  return serve(options);
}

}  // namespace

Command serve_command() {
  return {"serve",
          "runs the host",
          "[options]",
          "Without --config, berth.lua is looked for here, in the user's configuration folder and in /etc/berth; "
          "without any, the\n"
          "defaults hold: 127.0.0.1:8888, a token, every plugin that is found.\n\n"
          "SIGTERM drains: calls in flight end, sockets are closed, then the host ends. A second one ends it at once.\n"
          "SIGHUP reads the configuration again and opens the audit file anew: listeners are opened and closed, "
          "certificates read\nagain, plugins that have changed loaded anew, without a call lost. jail, log, "
          "auth(false) and threads want a restart, and\nthe log says so.\n\n"
          "  berth serve --listen 127.0.0.1:9000 --listen unix:/run/berth.sock\n"
          "  berth serve --check --config berth.lua\n",
          {{"--config", "FILE", "the configuration, berth.lua"},
           {"--listen", "ADDR", "HOST:PORT or unix:PATH, in place of the file's; may be given again"},
           {"--state", "DIR", "where tokens, audit, uploads and so on are kept; default " + default_state()},
           {"--token-file", "FILE", "the root token; made if it is not there; default DIR/token"},
           {"--check", "", "only check the configuration, naming every mistake with its line"},
           {"--safe", "", "with Berth's own plugins alone; those of strangers stay out"},
           {"--watch", "", "reload plugins as their files change: for development"},
           {"--ready-fd", "N", "write a line of JSON to this descriptor when ready"}},
          run_serve};
}

}  // namespace berth::command
