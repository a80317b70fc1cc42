// `berth kernel`: Berth as a kernel that Jupyter starts. The host serves the wire with the connection file's key, where
// the host likes; this program serves the file's addresses, with its own user's rights, and joins the two.
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "command/client.hpp"
#include "command/commands.hpp"
#include "command/connection_file.hpp"
#include "command/event_printer.hpp"
#include "command/json_reading.hpp"
#include "command/kernel_end.hpp"
#include "command/relay.hpp"
#include "service/files.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;
using service::Error;
using service::Result;

namespace {

constexpr std::size_t largest_connection_file = 64u << 10;
constexpr std::chrono::milliseconds last_words{500};  // as long as the host's sockets take to send what they have

// What the host says while it serves.
class Bridge {
 public:
  explicit Bridge(Relay& relay) : m_relay(relay), m_events(m_lines) {}

  bool take(std::string_view bytes) {
    m_events.take(bytes);
    for (std::string line; std::getline(m_lines, line);) hear(line);
    m_lines.clear();
    m_lines.str({});
    return !m_error;
  }
  const std::optional<Error>& error() const { return m_error; }
  const std::string& problem() const { return m_events.problem(); }

 private:
  void hear(const std::string& line) {
    const std::string begin = "connection ";
    if (!line.starts_with(begin)) return;
    const auto wire = read_connection(line.substr(begin.size()));
    if (!wire) {
      m_error = Error{0, "stranger", "the host serves no wire that can be joined: " + wire.error().message};
      return;
    }
    const auto& socket = wire->places.front().path;
    if (!socket.empty() && ::access(socket.c_str(), W_OK) != 0) {
      m_error = Error{0, "no_socket", "the host's sockets are for its own user: " + socket,
                      "try --transport tcp, if berth.lua allows it"};
      return;
    }
    m_relay.start({wire->places.begin(), wire->places.end()});
  }

  Relay& m_relay;
  std::stringstream m_lines;
  EventPrinter m_events;
  std::optional<Error> m_error;
};

Result<ConnectionFile> file_of(const Arguments& arguments) {
  const auto text = service::read_file(arguments.value("-f"), largest_connection_file);
  if (!text) return Error{0, "bad_option", "the connection file: " + text.error().message};
  auto file = read_connection(*text);
  if (file && file->key.size() < 16)
    return Error{0, "bad_option", "the connection file has no key, or one that could be guessed",
                 "Jupyter writes one unless Session.key is set"};
  return file;
}

int run_kernel(const Arguments& arguments) {
  const Starter starter;
  if (!arguments.has("-f") || !arguments.rest().empty()) {
    std::cerr << "berth: kernel wants -f FILE, a connection file of Jupyter's; see: berth kernel --help\n";
    return misused;
  }
  const auto target = target_of(arguments);
  if (!target) return report(target.error());
  const auto file = file_of(arguments);
  if (!file) return report(file.error());
  ::umask(0077);  // the sockets are for this user alone
  Relay relay;
  KernelEnd end(starter);
  for (const auto& place : file->places) {
    if (const auto error = relay.listen(place)) return report(*error);
  }
  end.begin([&relay] { relay.clear(); });
  json input{{"key", file->key}};
  if (arguments.has("--kernel")) input["kernel"] = arguments.value("--kernel");
  if (arguments.has("--transport")) input["transport"] = arguments.value("--transport");
  const std::string prefix =
      arguments.has("--session") ? "/sessions/" + service::percent_encode(arguments.value("--session")) : "";
  Client client(*target);
  Bridge bridge(relay);
  Client::Request request{"POST", prefix + "/kernel/bridge", {{"Content-Type", "application/json"}}, input.dump()};
  const auto answer = client.send(request, [&](std::string_view bytes) { return bridge.take(bytes); });
  relay.finish(last_words);
  if (!answer) return report(answer.error());
  if (answer->status >= 400) return report_problem(*answer);
  if (bridge.error()) return report(*bridge.error());
  return bridge.problem().empty() ? done : report_problem({500, {}, bridge.problem()});
}

}  // namespace

Command kernel_command() {
  std::vector<Option> options{
      {"-f", "FILE", "the connection file that Jupyter wrote"},
      {"--kernel", "ID", "a kernel that there is, and that lives on; without it one is made, and ended with this"},
      {"--session", "ID", "whose kernel; default main"},
      {"--transport", "NAME",
       "between the host and this program: ipc, for the host's user and root, or tcp, if berth.lua allows it"}};
  for (auto& option : client_options()) options.push_back(std::move(option));
  return {
      "kernel",
      "a kernel of a running host, as Jupyter starts it",
      "-f FILE [options]",
      "What a kernelspec runs; `scripts/setup --kernelspec` installs one. The host runs on this machine. Cells have "
      "the\nrights of the session, and no more.\n\n"
      "  jupyter console --kernel berth\n",
      std::move(options),
      run_kernel};
}

}  // namespace berth::command
