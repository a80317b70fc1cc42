// Outputs go first, of the oldest cells, then those cells.
#include "history.hpp"

#include <algorithm>
#include <utility>

#include "fields.hpp"
#include "time_text.hpp"

namespace kernel {

using berth::Json;

namespace {

constexpr std::size_t most_name = 200, most_value = 4000, most_lines = 200, most_line = 2000;
constexpr std::size_t most_to_forget = 1000;  // at once

Ask bounded(Ask ask) {
  ask.most_output = History::most_text;
  return ask;
}

Json value_of(const std::string& kept, const Json& otherwise) {
  return kept.empty() ? otherwise : Json::parse(kept, nullptr, false);
}

// Of what a worker says of an error: texts, and not too many.
Json bounded_error(const Json& error) {
  Json lines = Json::array();
  for (const Json& line : typed(error, "traceback_ansi", typed(error, "traceback", Json::array())))
    if (line.is_string() && lines.size() < most_lines) lines.push_back(line.get<std::string>().substr(0, most_line));
  return {{"name", text(error, "name").substr(0, most_name)},
          {"value", text(error, "value").substr(0, most_value)},
          {"traceback", lines}};
}

Json facts(const Past& one, bool outputs) {
  Json all{{"id", one.id},        {"kernel", one.kernel},         {"execution_count", one.count},
           {"code", one.code},    {"status", one.status},         {"began", time_text(one.began)},
           {"timing_ms", one.ms}, {"checkpoint", one.checkpoint}, {"output_bytes", one.output_bytes}};
  const Json error = value_of(one.error, nullptr);
  if (error.is_object()) all["error"] = {{"name", text(error, "name")}, {"value", text(error, "value")}};
  if (!outputs) return all;
  all["outputs"] = value_of(one.outputs, Json::array());
  all["cut"] = one.cut;
  return all;
}

bool is_json(const std::string& mime) {
  return mime == "application/json" || (mime.size() > 5 && mime.compare(mime.size() - 5, 5, "+json") == 0);
}

// Texts, but for what is JSON by its type.
Json data_of(const Json& data) {
  Json all = Json::object();
  for (const auto& [mime, value] : data.items())
    all[mime] = value.is_string() || is_json(mime) ? value : Json(berth::json_text(value));
  return all;
}

// As nbformat has them.
Json output_of(const Json& one, const Json& count) {
  const std::string type = text(one, "type");
  if (type == "stream") return {{"output_type", "stream"}, {"name", one["name"]}, {"text", one["text"]}};
  Json shown{{"output_type", type == "result" ? "execute_result" : "display_data"},
             {"data", data_of(typed(one, "data", Json::object()))},
             {"metadata", typed(one, "metadata", Json::object())}};
  if (type == "result") shown["execution_count"] = count;
  return shown;
}

Json cell_of(const Past& one) {
  const Json count = one.count < 0 ? Json() : Json(one.count), error = value_of(one.error, nullptr);
  Json outputs = Json::array();
  for (const Json& output : value_of(one.outputs, Json::array())) outputs.push_back(output_of(output, count));
  if (error.is_object())
    outputs.push_back({{"output_type", "error"},
                       {"ename", error["name"]},
                       {"evalue", error["value"]},
                       {"traceback", error["traceback"]}});
  return {{"cell_type", "code"},
          {"id", "cell-" + std::to_string(one.number)},
          {"source", one.code},
          {"execution_count", count},
          {"metadata", {{"berth", {{"status", one.status}, {"timing_ms", one.ms}, {"cut", one.cut}}}}},
          {"outputs", outputs}};
}

}  // namespace

void History::Line::add(std::uint64_t number) {
  m_cells.push_back(number);
  if (m_cells.size() < most_cells + most_to_forget) return;
  m_cells.erase(m_cells.begin(), m_cells.begin() + most_to_forget);
  m_forgotten += most_to_forget;
}

History::Recording::Recording(const Ask& ask, std::string checkpoint)
    : m_checkpoint(std::move(checkpoint)), m_record(bounded(ask), nullptr, most_shown) {}

Past History::Recording::end(const Ending& ending) const {
  Json answer = m_record.answer(ending);
  Past past;
  past.kernel = m_record.ask().kernel;
  past.id = m_record.ask().id;
  past.code = m_record.ask().code;
  past.checkpoint = m_checkpoint;
  past.status = answer["status"];
  past.count = ending.count;
  past.ms = ending.ms;
  past.began = m_began;
  if (!answer["outputs"].empty()) past.outputs = berth::json_text(answer["outputs"]);
  if (answer["error"].is_object()) past.error = berth::json_text(bounded_error(answer["error"]));
  past.output_bytes = m_record.bytes();
  past.cut = answer["truncated"];
  return past;
}

std::uint64_t History::add(Past past) {
  past.number = ++m_last;
  m_bytes += past.weight();
  m_all.push_back(std::move(past));
  make_room();
  return m_last;
}

void History::make_room() {
  for (auto one = m_all.begin(); m_bytes > most_bytes && one != m_all.end(); ++one) {
    m_bytes -= one->weight();
    one->cut = one->cut || !one->outputs.empty();
    one->outputs.clear();
    one->outputs.shrink_to_fit();
    m_bytes += one->weight();
  }
  for (; !m_all.empty() && (m_bytes > most_bytes || m_all.size() > most_cells); ++m_forgotten) {
    m_bytes -= m_all.front().weight();
    m_all.pop_front();
  }
}

const Past* History::find(std::uint64_t number) const {
  const auto before = [](const Past& one, std::uint64_t wanted) { return one.number < wanted; };
  const auto at = std::lower_bound(m_all.begin(), m_all.end(), number, before);
  return at != m_all.end() && at->number == number ? &*at : nullptr;
}

Json History::list(const std::string& kernel, std::size_t most, bool outputs) const {
  Json some = Json::array();
  for (auto one = m_all.rbegin(); one != m_all.rend() && some.size() < most; ++one)
    if (kernel.empty() || one->kernel == kernel) some.push_back(facts(*one, outputs));
  std::reverse(some.begin(), some.end());
  return {{"cells", some}, {"forgotten", m_forgotten}};
}

Json History::notebook(const Line& line, const Engine& engine) const {
  Json cells = Json::array();
  std::size_t missing = line.forgotten();
  for (const auto number : line.cells()) {
    const Past* const one = find(number);
    one ? cells.push_back(cell_of(*one)) : void(++missing);
  }
  return {{"nbformat", 4},
          {"nbformat_minor", 5},
          {"metadata",
           {{"kernelspec", {{"name", engine.name}, {"display_name", engine.title}, {"language", engine.language}}},
            {"language_info", {{"name", engine.language}, {"version", engine.version}}},
            {"berth", {{"missing", missing}}}}},
          {"cells", cells}};
}

}  // namespace kernel
