// `berth`: finds the sub-command, or says what there is.
#include <algorithm>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "command/commands.hpp"
#include "command/tools.hpp"
#include "service/text.hpp"

namespace {

using namespace berth::command;

std::vector<Command> commands() {
  return {serve_command(),       dev_command(),    call_command(),   operations_command(),  plugin_command(),
          plugin_host_command(), policy_command(), replay_command(), policy_host_command(), kernel_command(),
          mcp_command(),         token_command(),  doctor_command()};
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

void print_overview(std::ostream& out) {
  out << "berth " << BERTH_VERSION << ": an agent computer\n\nUsage: berth COMMAND [options]\n\n";
  for (const auto& command : commands()) out << "  " << padded(command.name, 12) << command.summary << "\n";
  out << "  " << padded("version", 12) << "the version of this program\n"
      << "  " << padded("help", 12) << "this; berth help COMMAND; berth help exit-codes\n\n";
  const auto tools = tools_in(tools_folder());
  for (const auto& tool : tools)
    out << "  " << padded(tool, 12) << "a program of a plugin; berth " << tool << " --help\n";
  out << (tools.empty() ? "" : "\n") << "start with: berth serve\n";
}

void print_exit_codes() {
  std::cout << "0  done; of `serve`: drained after SIGTERM or SIGINT; of `mcp`: also ended by these; of a stream or a\n"
               "   socket: also ended by Ctrl-C\n"
               "1  what was asked for failed; the reason is on standard error\n"
               "2  the command line or the environment is wrong\n"
               "3  no host could be reached\n"
               "4  the host refused: no token, a wrong one, or one of too small a scope\n"
               "128+N  ended by signal N, such as a second SIGTERM while draining\n";
}

void print_help(const Command& command) {
  std::cout << command.summary << "\n\nUsage: berth " << command.name << " " << command.usage << "\n\n";
  for (const auto& option : command.options) {
    std::cout << "  " << padded(option.name + (option.value.empty() ? "" : " " + option.value), 22) << option.help
              << "\n";
  }
  std::cout << "  " << padded("-h, --help", 22) << "this\n";
  if (!command.more.empty()) std::cout << "\n" << command.more;
  std::cout << "\nexit codes: berth help exit-codes\n";
}

int misuse(const std::string& why, const std::string& help) {
  std::cerr << "berth: " << why << "\n  see: berth " << help << "\n";
  return misused;
}

// What is none of the host's own commands may be a plugin's program. Returns only if it is not.
int unknown(const std::string& name, const std::vector<std::string>& words) {
  if (const auto tool = tool_in(tools_folder(), name)) {
    const std::string why = become_tool(*tool, words);
    std::cerr << "berth: " << why << "\n";
    return failed;
  }
  std::vector<std::string> names = tools_in(tools_folder());
  names.insert(names.end(), {"version", "help"});
  for (const auto& command : commands()) names.push_back(command.name);
  const auto near = berth::service::near_names(name, names);
  return misuse("unknown command " + name + (near.empty() ? "" : "; did you mean " + near.front() + "?"), "help");
}

int help(const std::vector<std::string>& words) {
  const auto itself = [](const std::string& word) { return word == "help" || word == "--help" || word == "-h"; };
  if (words.empty() || itself(words[0])) {
    print_overview(std::cout);
    return done;
  }
  if (words[0] == "version") {
    std::cout << "Usage: berth version: says which this is\n";
    return done;
  }
  if (words[0] == "exit-codes") {
    print_exit_codes();
    return done;
  }
  for (const auto& command : commands()) {
    if (command.name != words[0]) continue;
    print_help(command);
    return done;
  }
  return unknown(words[0], {"--help"});
}

int run(std::vector<std::string> words) {
  if (words.empty()) {
    print_overview(std::cerr);
    return misused;
  }
  const std::string name = words.front();
  words.erase(words.begin());
  if (name == "help" || name == "--help" || name == "-h") return help(words);
  if (name == "version" || name == "--version") {
    if (!words.empty() && (words[0] == "--help" || words[0] == "-h")) return help({"version"});
    if (!words.empty()) return misuse("version takes no words", "help version");
    std::cout << "berth " << BERTH_VERSION << "\n";
    return done;
  }
  for (const auto& command : commands()) {
    if (command.name != name) continue;
    const auto end = std::find(words.begin(), words.end(), "--");
    if (std::find_if(words.begin(), end, [](const auto& w) { return w == "--help" || w == "-h"; }) != end)
      return help({name});
    Arguments arguments;
    if (auto wrong = arguments.parse(words, command.options)) return misuse(*wrong, name + " --help");
    return command.run(arguments);
  }
  return unknown(name, words);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const int code = run(std::vector<std::string>(argv + 1, argv + argc));
    if (std::cout.flush() || code != done) return code;
    std::cerr << "berth: standard output cannot be written\n";
    return failed;
  } catch (const std::exception& error) {
    std::cerr << "berth: " << error.what() << "\n";
    return failed;
  }
}
