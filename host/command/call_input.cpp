// Errors are of the command line: code "bad_option".
#include "command/call_input.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <set>

#include "command/json_reading.hpp"
#include "service/files.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;
using service::Error;
using service::Result;

namespace {

Error bad(const std::string& why) { return {0, "bad_option", why, "see: berth call --help"}; }

json member(const json& object, const std::string& key) {
  return object.is_object() && object.contains(key) ? object[key] : json();
}

bool has_type(const json& schema, const char* name) {
  const json type = member(schema, "type");
  return type == name || (type.is_array() && std::find(type.begin(), type.end(), json(name)) != type.end());
}

// Text stays text where the schema takes it or says nothing; otherwise it is JSON if it can be. What does not fit is
// for the host to refuse, with its own words.
json typed(const std::string& text, const json& schema) {
  if (has_type(schema, "string") || member(schema, "type").is_null()) return text;
  const json parsed = json_of(text);
  if (has_type(schema, "array") && !parsed.is_array()) return json::array({typed(text, member(schema, "items"))});
  return parsed.is_discarded() ? json(text) : parsed;
}

std::string as_text(const json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

struct Word {
  std::string name, text;
  bool raw = false;
};

std::optional<Word> split_word(const std::string& word) {
  const auto equals = word.find('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  const bool raw = word[equals - 1] == ':';
  std::string name = word.substr(0, raw ? equals - 1 : equals);
  if (name.empty()) return std::nullopt;
  return Word{std::move(name), word.substr(equals + 1), raw};
}

// Segment by segment: a slash in the value is one in the path.
std::string encode_segments(const std::string& value) {
  std::string path;
  for (std::size_t at = 0; at <= value.size();) {
    const auto slash = std::min(value.find('/', at), value.size());
    path += (at > 0 ? "/" : "") + service::percent_encode(value.substr(at, slash - at));
    at = slash + 1;
  }
  return path;
}

// It would be another path, and perhaps another operation.
Error no_part_of_a_path(const std::string& name, const std::string& value) {
  return bad(name + " stands in the path and cannot be \"" + value + "\"");
}

// Fills {name} and {name...} out of the input.
Result<std::string> fill_path(const json& operation, json& input) {
  std::string path, pattern = text_at(operation, "path", "/");
  while (!pattern.empty()) {
    const auto open = pattern.find('{');
    path += pattern.substr(0, open);
    const auto close = open == std::string::npos ? open : pattern.find('}', open);
    if (close == std::string::npos) break;
    std::string name = pattern.substr(open + 1, close - open - 1);
    pattern.erase(0, close + 1);
    const bool rest = name.ends_with("...");
    if (rest) name.resize(name.size() - 3);
    if (!input.contains(name)) return bad(text_at(operation, "name") + " wants " + name + "=…");
    const std::string value = as_text(input[name]);
    if ((value.empty() && !rest) || value == "." || value == "..") return no_part_of_a_path(name, value);
    path += rest ? encode_segments(value) : service::percent_encode(value);
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

}  // namespace

Result<json> read_words(const std::vector<std::string>& words, const json& schema, json input) {
  std::set<std::string> seen;
  for (const auto& given : words) {
    const auto word = split_word(given);
    if (!word) return bad("\"" + given + "\" is not name=value");
    if (!service::valid_utf8(given)) return bad("the value of " + word->name + " is not UTF-8");
    const json field = member(member(schema, "properties"), word->name);
    json value = word->raw ? json_of(word->text) : typed(word->text, field);
    if (value.is_discarded()) return bad("the value of " + word->name + ":= is not JSON");
    const bool again = !seen.insert(word->name).second;
    json& place = input[word->name];
    if (!again) {
      place = std::move(value);
    } else if (place.is_array() && value.is_array()) {
      for (auto& one : value) place.push_back(std::move(one));
    } else {
      return bad(word->name + " is given twice and takes one value");
    }
  }
  return input;
}

Result<json> read_whole_input(const std::string& given) {
  std::string text = given;
  if (given == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else if (given.starts_with('@')) {
    auto file = service::read_file(given.substr(1), 1u << 30);
    if (!file) return bad(file.error().message);
    text = std::move(*file);
  }
  json input = json_of(text);
  if (!input.is_object()) return bad("--input wants a JSON object");
  return input;
}

Result<Client::Request> make_request(const json& operation, json input) {
  auto path = fill_path(operation, input);
  if (!path) return path.error();
  Client::Request request{text_at(operation, "method", "GET"), std::move(*path)};
  const bool body = text_at(operation, "kind") != "upload" && request.method != "GET" && request.method != "DELETE";
  if (!body) request.path += query_of(input);
  if (body) {
    request.body = input.dump();
    request.fields.emplace_back("Content-Type", "application/json");
  }
  return request;
}

}  // namespace berth::command
