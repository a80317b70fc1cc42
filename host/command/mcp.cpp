// `berth mcp`: for clients of MCP that start their servers and speak with them over standard input and output.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <iostream>

#include "command/client.hpp"
#include "command/commands.hpp"
#include "command/mcp_bridge.hpp"
#include "command/mcp_lines.hpp"
#include "command/url.hpp"
#include "service/text.hpp"

namespace berth::command {

using service::percent_encode;

namespace {

std::atomic<McpOutput*> ending;  // whose end a signal is

void end_by_signal(int) {
  const int before = errno;
  if (auto* const output = ending.load()) output->end();
  errno = before;
}

void hear_signals(McpOutput& output) {
  ending = &output;
  struct sigaction action {};
  action.sa_handler = end_by_signal;
  for (const int one : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(one, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

// Until its end, a signal, or nobody reads what is answered.
void read_messages(int fd, McpOutput& output, McpBridge& bridge) {
  McpLines lines;
  const McpLines::Take take = [&](McpLine line) {
    if (line.too_long)
      output.put(mcp_error(line.id, mcp_invalid_request,
                           "a message longer than " + std::to_string(longest_message) + " bytes is not taken"));
    else if (line.text.find_first_not_of(" \t") != std::string::npos)
      bridge.take(std::move(line.text));
  };
  std::string block(64u << 10, '\0');
  while (!output.ended()) {
    pollfd both[2] = {{fd, POLLIN, 0}, {output.ended_fd(), POLLIN, 0}};
    if (::poll(both, 2, -1) < 0 && errno != EINTR) return;
    if (both[1].revents != 0 || both[0].revents == 0) continue;
    const auto count = ::read(fd, block.data(), block.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) return lines.end(take);
    lines.add({block.data(), static_cast<std::size_t>(count)}, take);
  }
}

std::string path_of(const Arguments& arguments) {
  std::string path = arguments.has("--session") ? "/sessions/" + percent_encode(arguments.value("--session")) : "";
  if (arguments.has("--group")) path += "/servers/" + percent_encode(arguments.value("--group"));
  path += "/mcp";
  if (arguments.has("--tools")) path += "?tools=" + percent_encode(arguments.value("--tools"));
  return path;
}

int run_mcp(const Arguments& arguments) {
  if (!arguments.rest().empty()) {
    std::cerr << "berth: mcp takes no words; see: berth mcp --help\n";
    return misused;
  }
  const auto target = target_of(arguments);
  if (!target) return report(target.error());
  if (!parse_url(target->url))
    return report({0, "bad_url", "\"" + target->url + "\" is no URL of a host",
                   "write http://HOST:PORT, https://HOST:PORT or unix:PATH"});
  const auto linger = service::parse_duration(arguments.value("--linger", "1s"));
  if (!linger) return report({0, "bad_option", "--linger wants a time, such as 5s"});
  McpOutput output(1, 0, *linger);
  hear_signals(output);
  McpBridge bridge(*target, path_of(arguments), output);
  read_messages(0, output, bridge);
  bridge.finish(output.ended() ? std::chrono::milliseconds(0) : *linger);
  ending = nullptr;
  if (!output.lost()) return done;
  std::cerr << "berth: nobody reads standard output any more\n";
  return failed;
}

}  // namespace

Command mcp_command() {
  std::vector<Option> options{
      {"--group", "NAME", "only that group of tools: /servers lists them; default: /mcp, which keeps small"},
      {"--tools", "NAMES", "only the tools of these plugins, joined by commas"},
      {"--session", "ID", "whose seat; default main"},
      {"--linger", "TIME", "after the end of input, what was asked may be answered for so long; default 1s"}};
  for (auto& option : client_options()) options.push_back(std::move(option));
  return {"mcp",
          "the tools of a running host, for an MCP client that starts it",
          "[options]",
          "Speaks MCP over standard input and output, a message a line, in each of its revisions. In a client's "
          "config:\n\n"
          "  {\"command\": \"berth\", \"args\": [\"mcp\", \"--group\", \"kernel\"]}\n\n"
          "A client that speaks HTTP needs none of this: it is given the host's URL with /mcp, and a token.\n",
          std::move(options),
          run_mcp};
}

}  // namespace berth::command
