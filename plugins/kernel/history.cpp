// Outputs go first, of the oldest cells, then those cells.
#include "history.hpp"

#include <algorithm>
#include <utility>

#include "fields.hpp"
#include "time_text.hpp"

namespace kernel {

using berth::Json;

namespace {

Ask bounded(Ask ask) {
  ask.most_output = History::most_text;
  return ask;
}

Json facts(const Past& one, bool outputs) {
  Json all{{"id", one.id},        {"kernel", one.kernel},         {"execution_count", one.count},
           {"code", one.code},    {"status", one.status},         {"began", time_text(one.began)},
           {"timing_ms", one.ms}, {"checkpoint", one.checkpoint}, {"output_bytes", one.output_bytes}};
  if (!one.error.is_null()) all["error"] = {{"name", text(one.error, "name")}, {"value", text(one.error, "value")}};
  if (!outputs) return all;
  all["outputs"] = one.outputs;
  all["cut"] = one.cut;
  return all;
}

// As nbformat has them.
Json output_of(const Json& one, std::int64_t count) {
  const std::string type = text(one, "type");
  if (type == "stream") return {{"output_type", "stream"}, {"name", one["name"]}, {"text", one["text"]}};
  Json shown{{"output_type", type == "result" ? "execute_result" : "display_data"},
             {"data", field(one, "data", Json::object())},
             {"metadata", field(one, "metadata", Json::object())}};
  if (type == "result") shown["execution_count"] = count;
  return shown;
}

Json cell_of(const Past& one) {
  Json outputs = Json::array();
  for (const Json& output : one.outputs) outputs.push_back(output_of(output, one.count));
  if (!one.error.is_null())
    outputs.push_back(
        {{"output_type", "error"},
         {"ename", text(one.error, "name")},
         {"evalue", text(one.error, "value")},
         {"traceback", typed(one.error, "traceback_ansi", typed(one.error, "traceback", Json::array()))}});
  return {{"cell_type", "code"},
          {"id", "cell-" + std::to_string(one.number)},
          {"source", one.code},
          {"execution_count", one.count},
          {"metadata", {{"berth", {{"status", one.status}, {"timing_ms", one.ms}, {"cut", one.cut}}}}},
          {"outputs", outputs}};
}

}  // namespace

History::Recording::Recording(const Ask& ask, std::string checkpoint)
    : m_ask(bounded(ask)), m_checkpoint(std::move(checkpoint)), m_record(m_ask, nullptr, most_shown) {}

Past History::Recording::end(const Ending& ending) const {
  Json answer = m_record.answer(ending);
  Past past;
  past.kernel = m_ask.kernel;
  past.id = m_ask.id;
  past.code = m_ask.code;
  past.checkpoint = m_checkpoint;
  past.status = answer["status"];
  past.count = ending.count;
  past.ms = ending.ms;
  past.began = m_began;
  past.outputs = std::move(answer["outputs"]);
  past.error = std::move(answer["error"]);
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
    one->outputs = Json::array();
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

Json History::notebook(const Line& line, const std::string& python) const {
  Json cells = Json::array();
  std::size_t missing = 0;
  for (const auto number : line) {
    const Past* const one = find(number);
    one ? cells.push_back(cell_of(*one)) : void(++missing);
  }
  return {{"nbformat", 4},
          {"nbformat_minor", 5},
          {"metadata",
           {{"kernelspec", {{"name", "python3"}, {"display_name", "Python 3"}, {"language", "python"}}},
            {"language_info", {{"name", "python"}, {"version", python}}},
            {"berth", {{"missing", missing}}}}},
          {"cells", cells}};
}

}  // namespace kernel
