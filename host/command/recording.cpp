// Line by line; a file that is one JSON text in several lines is read as one.
#include "command/recording.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "command/json_reading.hpp"
#include "service/files.hpp"

namespace berth::command {

using nlohmann::json;
using service::Error;
using service::Result;

namespace {

constexpr std::uint64_t most_recording = 1u << 30;

class Reading {
 public:
  explicit Reading(std::string file) : m_file(std::move(file)) {}

  std::optional<Error> take_text(std::string_view text) {
    if (const json whole = json_of(text); whole.is_object()) return take(whole, "its JSON");
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const auto line = text.substr(at, end - at);
      at = end + 1;
      ++number;
      if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      const std::string where = "line " + std::to_string(number);
      const json one = json_of(line);
      if (!one.is_object()) return wrong(where + " is no JSON object");
      if (auto error = take(one, where)) return error;
    }
    return std::nullopt;
  }

  Result<std::vector<RecordedCall>> end() {
    if (m_next) return cut("there is more from=" + std::to_string(*m_next));
    if (m_all.empty()) return wrong("it holds no recorded call");
    return std::move(m_all);
  }

 private:
  Error wrong(const std::string& why) const { return {0, "bad_file", m_file + ": " + why, "see: berth replay --help"}; }
  Error cut(const std::string& why) const {
    return {0, "bad_file", m_file + ": the recording is cut: " + why,
            "add what is missing to the file: berth call workspace.store.read store=recording from=N --json >> FILE"};
  }

  std::optional<Error> take(const json& one, const std::string& where) {
    if (!one.contains("records")) return add(one, where);
    const json& records = one["records"];
    if (!records.is_array()) return wrong(where + ": records is no list");
    if (m_next && (records.empty() || !records[0].is_object() || records[0].value("n", json()) != json(*m_next)))
      return cut(where + " does not go on with from=" + std::to_string(*m_next));
    m_next.reset();
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (auto error = add(records[i], where + ", record " + std::to_string(i + 1))) return error;
    }
    const auto next = one.find("next");
    if (next == one.end() || next->is_null()) return std::nullopt;
    if (!next->is_number_unsigned()) return wrong(where + ": next is no number");
    m_next = next->get<std::uint64_t>();
    return std::nullopt;
  }

  std::optional<Error> add(const json& one, const std::string& where) {
    const json& record = one.is_object() && one.contains("record") ? one["record"] : one;
    RecordedCall call;
    call.operation = text_at(record, "operation");
    if (call.operation.empty()) return wrong(where + " is no recorded call: it names no operation");
    call.caller = text_at(record, "caller", "somebody");
    call.scope = text_at(record, "scope", "run");
    call.session = text_at(record, "session", "main");
    call.input = record.value("input", json::object());
    if (!call.input.is_object()) return wrong(where + ": its input is no object");
    const json status = record.value("status", json(200u)), seconds = record.value("seconds", json(0));
    if (!status.is_number_unsigned() || status < 100 || status > 599)
      return wrong(where + ": its status is none of HTTP");
    if (!seconds.is_number() || seconds < 0 || seconds > 1e9) return wrong(where + ": its seconds are none");
    call.status = status.get<int>();
    call.seconds = seconds.get<double>();
    call.left_out = record.value("left_out", json()) == json("input");
    if (const auto output = record.find("output"); output != record.end() && !output->is_null()) call.output = *output;
    m_all.push_back(std::move(call));
    return std::nullopt;
  }

  const std::string m_file;
  std::vector<RecordedCall> m_all;
  std::optional<std::uint64_t> m_next;  // where the page that comes must begin
};

}  // namespace

Result<std::vector<RecordedCall>> read_recording(const std::string& file) {
  const auto text = service::read_regular_file(file, most_recording);
  if (!text) return text.error();
  Reading reading(file);
  if (auto error = reading.take_text(*text)) return std::move(*error);
  return reading.end();
}

}  // namespace berth::command
