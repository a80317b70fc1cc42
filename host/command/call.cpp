// `berth call`: any operation, from the command line.
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "command/client.hpp"
#include "command/commands.hpp"
#include "service/files.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;

namespace {

struct Wrong {  // the command line
  std::string why;
};

json typed(const std::string& text, const json& schema) {
  const json type = schema.is_object() ? schema.value("type", json()) : json();
  const auto is = [&](const char* name) {
    return type == name || (type.is_array() && std::find(type.begin(), type.end(), json(name)) != type.end());
  };
  if (is("string") || type.is_null()) return text;
  const json parsed = json::parse(text, nullptr, false);
  if (is("array") && !parsed.is_array()) return json::array({typed(text, schema.value("items", json::object()))});
  return parsed.is_discarded() ? json(text) : parsed;
}

void add_word(json& input, const std::string& word, const json& schema) {
  const auto equals = word.find('=');
  if (equals == std::string::npos || equals == 0) throw Wrong{"\"" + word + "\" is not name=value"};
  const bool raw = word[equals - 1] == ':';
  const std::string name = word.substr(0, raw ? equals - 1 : equals);
  const std::string text = word.substr(equals + 1);
  const json properties = schema.value("properties", json::object());
  const json field = properties.value(name, json::object());
  json value = raw ? json::parse(text, nullptr, false) : typed(text, field);
  if (value.is_discarded()) throw Wrong{"the value of " + name + ":= is not JSON"};
  if (input.contains(name) && input[name].is_array() && value.is_array()) {
    for (auto& one : value) input[name].push_back(std::move(one));
  } else {
    input[name] = std::move(value);
  }
}

json read_input(const Arguments& arguments, const json& schema) {
  json input = json::object();
  if (arguments.has("--input")) {
    std::string text = arguments.value("--input");
    if (text == "-") {
      text.assign(std::istreambuf_iterator<char>(std::cin), {});
    } else if (text.starts_with('@')) {
      const auto file = service::read_file(text.substr(1), 1u << 30);
      if (!file) throw Wrong{file.error().message};
      text = *file;
    }
    input = json::parse(text, nullptr, false);
    if (!input.is_object()) throw Wrong{"--input wants a JSON object"};
  }
  for (std::size_t i = 1; i < arguments.rest().size(); ++i) add_word(input, arguments.rest()[i], schema);
  return input;
}

std::string as_text(const json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

// Fills {name} and {name...} out of the input.
std::string path_of(const json& operation, json& input) {
  std::string path, pattern = operation.value("path", "/");
  while (!pattern.empty()) {
    const auto open = pattern.find('{');
    path += pattern.substr(0, open);
    if (open == std::string::npos) break;
    const auto close = pattern.find('}', open);
    std::string name = pattern.substr(open + 1, close - open - 1);
    pattern.erase(0, close + 1);
    const bool rest = name.ends_with("...");
    if (rest) name.resize(name.size() - 3);
    if (!input.contains(name)) throw Wrong{operation.value("name", "") + " wants " + name + "=…"};
    const std::string value = as_text(input[name]);
    if (!rest) path += service::percent_encode(value);
    for (std::size_t at = 0; rest && at <= value.size();) {
      const auto slash = std::min(value.find('/', at), value.size());
      path += (at > 0 ? "/" : "") + service::percent_encode(value.substr(at, slash - at));
      at = slash + 1;
    }
    input.erase(name);
  }
  return path;
}

std::string query_of(const json& input) {
  std::string query;
  for (const auto& [name, value] : input.items()) {
    const json list = value.is_array() ? value : json::array({value});
    for (const auto& one : list) {
      query +=
          (query.empty() ? "?" : "&") + service::percent_encode(name) + "=" + service::percent_encode(as_text(one));
    }
  }
  return query;
}

void print_json(const std::string& text, bool raw) {
  const json value = json::parse(text, nullptr, false);
  if (value.is_discarded() || raw || isatty(1) != 1)
    std::cout << text << "\n";
  else
    std::cout << value.dump(2) << "\n";
}

// One event a line as it comes: its data, with its name before it if it has one.
class Events {
 public:
  bool take(std::string_view bytes) {
    m_text += bytes;
    for (auto end = m_text.find("\n\n"); end != std::string::npos; end = m_text.find("\n\n")) {
      show(m_text.substr(0, end + 1));
      m_text.erase(0, end + 2);
    }
    return !std::cout.fail();
  }
  bool failed() const { return m_failed; }

 private:
  void show(const std::string& event) {
    std::string name, data;
    std::istringstream lines(event);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("event: ")) name = line.substr(7);
      if (line.starts_with("data: ")) data += (data.empty() ? "" : "\n") + line.substr(6);
    }
    if (name == "berth.end" || (name.empty() && data.empty())) return;
    if (name == "berth.problem") {
      m_failed = true;
      report_problem({500, {}, data});
      return;
    }
    std::cout << (name.empty() ? "" : name + " ") << data << std::endl;
  }

  std::string m_text;
  bool m_failed = false;
};

service::Result<json> find_operation(Client& client, const std::string& name) {
  auto answer = client.send({"GET", "/operations"});
  if (!answer) return answer.error();
  if (answer->status != 200) return service::Error{answer->status, "problem", answer->body};
  const json all = json::parse(answer->body, nullptr, false);
  std::vector<std::string> names;
  for (const auto& operation : all.value("operations", json::array())) {
    if (operation.value("name", "") == name) return operation;
    names.push_back(operation.value("name", ""));
  }
  const auto near = service::near_names(name, names);
  return service::Error{0, "unknown", "there is no operation " + name,
                        near.empty() ? "berth operations lists them" : "did you mean " + near.front() + "?"};
}

int finish(const service::Result<Client::Answer>& answer) {
  if (!answer) return report(answer.error());
  if (answer->status >= 400) return report_problem(*answer);
  return done;
}

int call_download(Client& client, const Client::Request& request, const std::string& out) {
  std::ofstream file;
  const auto sink = [&](std::string_view bytes) {
    if (!out.empty() && !file.is_open()) file.open(out, std::ios::binary);
    std::ostream& to = out.empty() ? std::cout : file;
    to.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return bool(to);
  };
  const int code = finish(client.send(request, sink));
  if (!out.empty() && file.is_open() && !file.flush()) return report({0, "no_file", out + " cannot be written"});
  return code;
}

int call_stream(Client& client, const Client::Request& request) {
  Events events;
  const int code = finish(client.send(request, [&](std::string_view bytes) { return events.take(bytes); }));
  return events.failed() ? failed : code;
}

int call_json(Client& client, const Client::Request& request, bool raw) {
  const auto answer = client.send(request);
  if (const int code = finish(answer); code != done) return code;
  print_json(answer->body, raw);
  return done;
}

int perform(const Arguments& arguments, const json& operation, const Client::Target& target) {
  json input = read_input(arguments, operation.value("input", json::object()));
  const std::string kind = operation.value("kind", "call");
  Client::Request request{operation.value("method", "GET"), path_of(operation, input)};
  if (arguments.has("--session"))
    request.path = "/sessions/" + service::percent_encode(arguments.value("--session")) + request.path;
  const bool body = kind != "upload" && request.method != "GET" && request.method != "DELETE";
  if (!body) request.path += query_of(input);
  if (body) {
    request.body = input.dump();
    request.fields.emplace_back("Content-Type", "application/json");
  }
  Client client(target);
  if (kind == "socket") return client.converse(request.path);
  if (kind == "stream") return call_stream(client, request);
  if (kind == "download") return call_download(client, request, arguments.value("-o"));
  if (kind == "upload") {
    request.body_file = arguments.value("--file", "-");
    if (request.body_file != "-" && access(request.body_file.c_str(), R_OK) != 0)
      throw Wrong{request.body_file + " cannot be read"};
    const auto name = request.body_file.substr(request.body_file.rfind('/') + 1);
    if (name != "-")
      request.fields.emplace_back("Content-Disposition",
                                  "attachment; filename*=UTF-8''" + service::percent_encode(name));
  }
  return call_json(client, request, arguments.has("--json"));
}

int run(const Arguments& arguments) {
  if (arguments.rest().empty()) {
    std::cerr << "berth: call wants the name of an operation; berth operations lists them\n";
    return misused;
  }
  const Client::Target target = target_of(arguments);
  Client client(target);
  const auto operation = find_operation(client, arguments.rest()[0]);
  if (!operation) {
    if (operation.error().code == "problem")
      return report_problem({operation.error().status, {}, operation.error().message});
    return report(operation.error());
  }
  try {
    return perform(arguments, *operation, target);
  } catch (const Wrong& wrong) {
    std::cerr << "berth: " << wrong.why << "\n  see: berth call --help\n";
    return misused;
  }
}

}  // namespace

Command call_command() {
  std::vector<Option> options{{"--input", "TEXT", "the whole input: JSON, @FILE, or - for standard input"},
                              {"--json", "", "the answer as the host gave it, on one line"},
                              {"--session", "ID", "whose seat; default main"},
                              {"--file", "FILE", "what an upload sends; default standard input"},
                              {"-o", "FILE", "where a download goes; default standard output"}};
  for (auto& option : client_options()) options.push_back(std::move(option));
  return {"call",
          "calls an operation of a running host",
          "OPERATION [name=value…] [options]",
          "name=value is read as the operation's schema says; name:=JSON is JSON. A name given again adds to a list.\n"
          "Streams print an event a line, sockets carry lines both ways.\n\n"
          "  berth call clock.now offset=60\n"
          "  berth call shelf.put name=notes.txt --file notes.txt\n",
          std::move(options),
          run};
}

}  // namespace berth::command
