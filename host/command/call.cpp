// `berth call`: any operation, from the command line.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "command/call_input.hpp"
#include "command/client.hpp"
#include "command/columns.hpp"
#include "command/commands.hpp"
#include "command/event_printer.hpp"
#include "command/json_reading.hpp"
#include "service/text.hpp"

namespace berth::command {

namespace fs = std::filesystem;
using nlohmann::json;
using service::Error;
using service::Result;

namespace {

// Standard output, or the file of -o, which is not touched before there is something to put in.
class Output {
 public:
  explicit Output(std::string file) : m_file(std::move(file)) {}

  std::ostream& stream() {
    if (m_file.empty()) return std::cout;
    if (!m_stream.is_open()) m_stream.open(m_file, std::ios::binary);
    return m_stream;
  }
  bool to_terminal() const { return m_file.empty() && isatty(1) == 1; }
  bool usable() const {
    std::error_code none;
    if (m_file.empty() || access(m_file.c_str(), W_OK) == 0) return !fs::is_directory(m_file, none);
    const auto folder = fs::absolute(m_file).parent_path();
    return access(m_file.c_str(), F_OK) != 0 && access(folder.c_str(), W_OK) == 0;
  }
  Error failure() const { return {0, "no_file", (m_file.empty() ? "standard output" : m_file) + " cannot be written"}; }

 private:
  const std::string m_file;
  std::ofstream m_stream;
};

Result<json> find_operation(Client& client, const std::string& prefix, const std::string& name) {
  auto all = fetch_list(client, prefix + "/operations", "operations");
  if (!all) return all.error();
  std::vector<std::string> names;
  for (auto& operation : *all) {
    if (text_at(operation, "name") == name) return std::move(operation);
    names.push_back(text_at(operation, "name"));
  }
  const auto near = service::near_names(name, names);
  return Error{0, "unknown", "there is no operation " + name,
               near.empty() ? "berth operations lists them" : "did you mean " + near.front() + "?"};
}

int finish(const Result<Client::Answer>& answer, Output& output) {
  if (!answer) return report(answer.error());
  if (answer->status >= 400) return report_problem(*answer);
  return output.stream().flush() ? done : report(output.failure());
}

int call_download(Client& client, const Client::Request& request, Output& output) {
  return finish(client.send(request,
                            [&](std::string_view bytes) {
                              output.stream().write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
                              return bool(output.stream());
                            }),
                output);
}

// Ctrl-C is how a stream that has no end is ended.
int call_stream(Client& client, Client::Request request, Output& output) {
  request.interruptible = true;
  EventPrinter events(output.stream());
  const auto answer = client.send(request, [&](std::string_view bytes) { return events.take(bytes); });
  if (!events.problem().empty()) return report_problem({500, {}, events.problem()});
  return finish(answer, output);
}

int call_json(Client& client, const Client::Request& request, bool raw, Output& output) {
  const auto answer = client.send(request);
  if (answer && answer->status < 400) {
    const json value = json_of(answer->body);
    const bool pretty = !value.is_discarded() && !raw && output.to_terminal();
    output.stream() << (pretty ? value.dump(2) : answer->body) << "\n";
  } else if (answer && raw && !json_of(answer->body).is_discarded()) {
    output.stream() << answer->body << std::endl;  // the problem, for a program; a person reads it below
  }
  return finish(answer, output);
}

int converse(Client& client, const std::string& path, std::chrono::milliseconds quiet, Output& output) {
  const auto closed =
      client.converse({path, 0, quiet, [&](std::string_view message) { output.stream() << message << std::endl; }});
  if (!closed) return report(closed.error());
  if (closed->answer.status >= 400) return report_problem(closed->answer);
  if (!output.stream().flush()) return report(output.failure());
  if (closed->code == 0 || closed->code == 1000 || closed->code == 1001 || closed->code == 1005) return done;
  std::cerr << "berth: the host closed the socket: " << closed->code << " " << printable(closed->reason) << "\n";
  return failed;
}

std::optional<Error> add_upload(Client::Request& request, const std::string& file) {
  request.body_file = file;
  if (file == "-") return std::nullopt;
  std::error_code none;
  if (fs::is_directory(file, none) || access(file.c_str(), R_OK) != 0)
    return Error{0, "bad_option", file + " cannot be read"};
  const auto name = file.substr(file.rfind('/') + 1);
  request.fields.emplace_back("Content-Disposition", "attachment; filename*=UTF-8''" + service::percent_encode(name));
  return std::nullopt;
}

Result<json> read_input(const Arguments& arguments, const json& schema) {
  json input = json::object();
  if (arguments.has("--input")) {
    auto whole = read_whole_input(arguments.value("--input"));
    if (!whole) return whole;
    input = std::move(*whole);
  }
  const auto& rest = arguments.rest();
  return read_words({rest.begin() + 1, rest.end()}, schema, std::move(input));
}

int perform(const Arguments& arguments, const json& operation, const Client::Target& target,
            const std::string& prefix) {
  const std::string kind = text_at(operation, "kind", "call");
  if (kind == "http")
    return report({0, "bad_option",
                   text_at(operation, "name") + " speaks a protocol of its own at " + text_at(operation, "path") +
                       ", for clients of that protocol"});
  if (arguments.has("--file") && kind != "upload")
    return report({0, "bad_option", text_at(operation, "name") + " is no upload and takes no --file"});
  const auto input = read_input(arguments, operation.value("input", json::object()));
  if (!input) return report(input.error());
  auto request = make_request(operation, *input);
  if (!request) return report(request.error());
  request->path.insert(0, prefix);
  if (kind == "upload") {
    if (auto error = add_upload(*request, arguments.value("--file", "-"))) return report(*error);
  }
  const auto quiet = service::parse_duration(arguments.value("--quiet", "1s"));
  if (!quiet) return report({0, "bad_option", "--quiet wants a time, such as 5s"});
  Output output(arguments.value("-o"));
  if (!output.usable()) return report(output.failure());
  Client client(target);
  if (kind == "socket") return converse(client, request->path, *quiet, output);
  if (kind == "stream") return call_stream(client, std::move(*request), output);
  if (kind == "download") return call_download(client, *request, output);
  return call_json(client, *request, arguments.has("--json"), output);
}

int run_call(const Arguments& arguments) {
  if (arguments.rest().empty()) {
    std::cerr << "berth: call wants the name of an operation; berth operations lists them\n";
    return misused;
  }
  const auto target = target_of(arguments);
  if (!target) return report(target.error());
  const std::string prefix =
      arguments.has("--session") ? "/sessions/" + service::percent_encode(arguments.value("--session")) : "";
  Client client(*target);
  const auto operation = find_operation(client, prefix, arguments.rest()[0]);
  if (!operation) return report_list_error(operation.error());
  return perform(arguments, *operation, *target, prefix);
}

}  // namespace

Command call_command() {
  std::vector<Option> options{{"--input", "TEXT", "the whole input: JSON, @FILE, or - for standard input"},
                              {"--json", "", "the answer as the host gave it, on one line; a problem, too"},
                              {"--session", "ID", "whose seat; default main"},
                              {"--file", "FILE", "what an upload sends; default - for standard input"},
                              {"-o", "FILE", "where the answer goes; default standard output"},
                              {"--quiet", "TIME",
                               "a socket is closed when its input ended and nothing came for so "
                               "long; default 1s"}};
  for (auto& option : client_options()) options.push_back(std::move(option));
  return {"call",
          "calls an operation of a running host",
          "OPERATION [name=value…] [options]",
          "name=value is read as the operation's schema says; name:=JSON is JSON. A name given again adds to a list.\n"
          "A stream prints an event a line until it ends or Ctrl-C is pressed. A socket sends each line of standard "
          "input\nand prints each message.\n\n"
          "  berth call clock.now offset=60\n"
          "  berth call clock.now --input '{\"offset\": 60}'\n"
          "  berth call shelf.put name=notes.txt --file notes.txt\n"
          "  berth call shelf.get name=notes.txt -o copy.txt\n",
          std::move(options),
          run_call};
}

}  // namespace berth::command
