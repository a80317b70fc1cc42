// What a tab's page does, as the browser's own tools record it: for the performance panel of any Chrome, for Perfetto.
// The browser records all of its processes; only what is of the tab's own goes into the file.
#include <set>
#include <utility>

#include "plugin.hpp"
#include "stream.hpp"

namespace browser {

using berth::Error;

namespace {

constexpr std::size_t most_trace = 96u << 20;

Json categories() {
  Json all = Json::array();
  for (const char* one : {"-*", "devtools.timeline", "blink.user_timing", "loading", "v8.execute", "latencyInfo",
                          "disabled-by-default-devtools.timeline", "disabled-by-default-devtools.screenshot"})
    all.push_back(one);
  return all;
}

// Processes that have shown one of its frames.
std::set<std::int64_t> processes_of(const Json& events, const std::set<std::string>& frames) {
  std::set<std::int64_t> all;
  const auto look = [&](const Json& said) {
    if (frames.contains(text_of(said, "frame")) && part(said, "processId").is_number())
      all.insert(static_cast<std::int64_t>(number_of(said, "processId")));
  };
  for (const Json& one : events) {
    const Json& data = part(part(one, "args"), "data");
    if (data.is_null()) continue;
    look(data);
    if (const Json& told = part(data, "frames"); told.is_array())
      for (const Json& frame : told) look(frame);
  }
  return all;
}

// On the carrier's thread: it is millions of events.
std::string own_part(const std::string& text, const std::set<std::string>& frames) {
  Json found = Json::parse(text, nullptr, false);
  const Json& events = found.is_array() ? found : part(found, "traceEvents");
  if (!events.is_array()) throw Error(502, "browser_refused", "the browser gave no trace");
  const auto processes = processes_of(events, frames);
  Json kept = Json::array();
  for (const Json& one : events) {
    const std::string name = text_of(one, "name");
    const bool told = name == "TracingStartedInBrowser" || name == "Screenshot";
    if (told || processes.contains(static_cast<std::int64_t>(number_of(one, "pid")))) kept.push_back(one);
  }
  std::string all = berth::json_text(with("traceEvents", std::move(kept)));
  berth::discard(found);
  return all;
}

}  // namespace

Task<Json> Plugin::start_trace(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  Json params = with("transferMode", "ReturnAsStream", "traceConfig", with("includedCategories", categories()));
  try {
    co_await tab->ask(turn.patience, "Tracing.start", std::move(params));
  } catch (const Error& error) {
    if (error.code() != "browser_refused") throw;
    throw Error(409, "tracing", "a trace is being made already: the browser makes one at a time",
                "browser.stop_trace ends one of yours");
  }
  tab->begin_trace();
  co_return with("tab", tab->names().id, "tracing", true);
}

Task<Json> Plugin::stop_trace(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  if (!tab->tracing())
    throw Error(409, "not_tracing", "no trace of this tab is being made", "browser.start_trace begins one");
  const std::string path = turn.input().at("path");
  co_await tab->ask(turn.patience, "Tracing.end", with());
  while (tab->trace().empty()) co_await tab->change(turn.patience);
  const std::string handle = tab->take_trace();
  const auto text = std::make_shared<std::string>();
  *text = co_await read_stream(turn.patience, tab->wire(), tab->names().session, handle, most_trace, "the trace",
                               "trace for a shorter time");
  const std::function<std::string()> work = [text, frames = tab->all_frames()] { return own_part(*text, frames); };
  std::string own = co_await Away<std::string>(m_carrier, turn.patience, work);
  const std::size_t size = own.size();
  Json all = with("tab", tab->names().id, "bytes", size);
  all["path"] = co_await put_file(turn, path, std::move(own));
  co_return all;
}

}  // namespace browser
