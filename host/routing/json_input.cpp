// nlohmann's SAX interface, building the value ourselves so that depth and keys are checked as they come.
#include "routing/json_input.hpp"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace berth::routing {

using nlohmann::json;
using service::Error;
using service::Result;

namespace {

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
    if (m_open.back()->contains(v)) return refuse("the key \"" + v + "\" stands twice in one object");
    m_keys.push_back(std::move(v));
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const json::exception& why) override {
    const std::string text = why.what();
    const auto colon = text.rfind("; last read");
    const auto begin = text.find(": ");
    std::string reason = begin == std::string::npos ? text : text.substr(begin + 2, colon == std::string::npos ? colon : colon - begin - 2);
    return refuse("byte " + std::to_string(position) + ": " + reason);
  }

 private:
  bool refuse(std::string why) {
    error = Error{400, "bad_json", "the body is not good JSON: " + std::move(why), "check quotes, commas and braces near there"};
    return false;
  }

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
    if (m_open.size() >= m_max_depth) return refuse("it is nested deeper than " + std::to_string(m_max_depth) + " levels");
    m_open.push_back(place(std::move(v)));
    return true;
  }
  bool close() {
    m_open.pop_back();
    return true;
  }

  const unsigned m_max_depth;
  std::vector<json*> m_open;
  std::vector<std::string> m_keys;
};

}  // namespace

Result<json> parse_json(std::string_view text, unsigned max_depth) {
  Builder builder(max_depth);
  const bool good = json::sax_parse(text.begin(), text.end(), &builder);
  if (builder.error) return std::move(*builder.error);
  if (!good) return Error{400, "bad_json", "the body is not good JSON"};
  return std::move(builder.value);
}

}  // namespace berth::routing
