// What is plainly good JSON is read at once. For the rest: nlohmann's SAX interface, building the value ourselves so
// that depth and keys are checked as they come.
#include "routing/json_input.hpp"

#include <berth/json_reader.hpp>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/text.hpp"

namespace berth::routing {

using nlohmann::json;
using service::Error;
using service::Result;

namespace {

// "syntax error while parsing object key - unexpected ',' …; expected string literal", out of nlohmann's longer
// sentence.
std::string reason_in(std::string_view what) {
  if (what.starts_with('[')) what.remove_prefix(std::min(what.find("] ") + 2, what.size()));
  const auto begin = what.find(": ");
  if (begin != std::string_view::npos) what.remove_prefix(begin + 2);
  const auto quote = what.find("; last read");
  const auto expected = what.rfind("; expected ");
  std::string reason(what.substr(0, std::min(quote, expected)));
  if (expected != std::string_view::npos) reason += what.substr(expected);
  return reason;
}

class Builder : public nlohmann::json_sax<json> {
 public:
  explicit Builder(unsigned max_depth) : m_max_depth(max_depth) {}

  json value;
  std::optional<Error> error;

  bool null() override { return add(nullptr); }
  bool boolean(bool v) override { return add(v); }
  bool number_integer(number_integer_t v) override { return add(v); }
  bool number_unsigned(number_unsigned_t v) override { return add(v); }
  bool number_float(number_float_t v, const string_t&) override { return add(v); }
  bool string(string_t& v) override { return add(std::move(v)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& v) override {
    if (m_open.back()->contains(v))
      return refuse("the key " + service::json_quote(v.substr(0, 60)) + " stands twice in one object",
                    "give each key once");
    m_keys.push_back(std::move(v));
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const json::exception& why) override {
    return refuse("byte " + std::to_string(position) + ": " + reason_in(why.what()));
  }

  bool refuse(std::string why, const char* hint = "check quotes, commas and braces near there") {
    error = Error{400, "bad_json", "the JSON is broken: " + std::move(why), hint};
    return false;
  }

 private:
  json* place(json v) {
    if (m_open.empty()) {
      value = std::move(v);
      return &value;
    }
    json& parent = *m_open.back();
    if (parent.is_array()) {
      parent.push_back(std::move(v));
      return &parent.back();
    }
    json& child = parent[m_keys.back()];
    m_keys.pop_back();
    child = std::move(v);
    return &child;
  }

  bool add(json v) {
    place(std::move(v));
    return true;
  }
  bool open(json v) {
    if (m_open.size() >= m_max_depth)
      return refuse("it is nested deeper than " + std::to_string(m_max_depth) + " levels",
                    "put what is so deep into a text");
    m_open.push_back(place(std::move(v)));
    return true;
  }
  bool close() {
    m_open.pop_back();
    return true;
  }

  const unsigned m_max_depth;
  std::vector<json*> m_open;  // they stay where they are: only the innermost grows
  std::vector<std::string> m_keys;
};

}  // namespace

Result<json> parse_json(std::string_view text, unsigned max_depth) {
  if (auto value = read_json(text, max_depth)) return std::move(*value);
  Builder builder(max_depth);        // which can say what is wrong
  const auto nul = text.find('\0');  // where nlohmann would stop reading
  if (nul != std::string_view::npos) builder.refuse("byte " + std::to_string(nul + 1) + ": a NUL");
  if (builder.error) return std::move(*builder.error);
  const bool good = json::sax_parse(text.begin(), text.end(), &builder);
  if (builder.error) return std::move(*builder.error);
  if (!good) return Error{400, "bad_json", "the JSON is broken"};
  return std::move(builder.value);
}

}  // namespace berth::routing
