// Begins it, hears it, ends it.
#include "run.hpp"

#include <berth/fd.hpp>
#include <berth/json_text.hpp>
#include <berth/output.hpp>

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "content.hpp"

namespace mcp {

namespace {

constexpr std::size_t most_told = 256u << 10;  // bytes of events that an answer has room for
constexpr std::size_t most_of_a_file = 4u << 20;
constexpr std::size_t longest_note = 500;  // characters of an event that a progress notification shows

// Milliseconds until its client is to come back.
int retry_of(const Json& pause) {
  const Json& wanted = part(pause, "retry");
  return wanted.is_number() ? static_cast<int>(std::clamp(wanted.get<double>(), 0.0, 60'000.0)) : 500;
}

// A stream that changes nothing: of events, of a log, of a search.
bool watches(const Offer& offer) {
  return offer.kind == "stream" && offer.read_only && !offer.own_events && offer.as == Offer::As::tool;
}

}  // namespace

void Run::start(const berth::Call& call) {
  if (m_over) return;  // its client has left already
  m_call = call;
  m_begun = m_changed = now_text();
  if (m_order.task_time) return begin_as_task();
  begin();
  if (!m_over) begin_timers();
}

void Run::begin_timers() {
  const auto later = [this](std::chrono::milliseconds time, void (Run::*what)()) {
    return m_around.after(time, [weak = weak_from_this(), what] {
      if (const auto self = weak.lock()) self->guarded([&] { (self.get()->*what)(); });
    });
  };
  const Settings& settings = m_around.settings();
  if (watches(*m_order.offer) && m_timer == 0) m_timer = later(settings.watch, &Run::watched_enough);
  if (!may_be_task()) return;
  if (m_order.offer->as_task) return become_task();
  m_task_timer = later(settings.task, &Run::become_task);
}

void Run::end_timers() {
  for (auto* timer : {&m_timer, &m_task_timer})
    if (*timer != 0) m_around.no_timer(std::exchange(*timer, 0));
}

void Run::begin() {
  const Offer& offer = *m_order.offer;
  if (offer.familiar) return begin_familiar();
  call_operation(offer, offer.source ? offer.source->input(m_order.input) : m_order.input);
}

void Run::call_operation(const Offer& operation, const Json& input) {
  m_step = &operation;
  m_input = input;
  m_waits_for_approval = false;  // that was the step before
  pose({});
  if (!client_is_there()) return static_cast<void>(m_due = Step{operation.operation, input});
  berth::Ask ask(operation.operation, input);
  ask.as(*m_call);
  // A lost connection is no cancellation there; and a job is cancelled by us.
  if (!m_order.client.modern || is_task() || !m_job.empty()) ask.outlives();
  m_number = m_around.calls().start(ask, ears());
  if (m_number == 0)
    fail({503, "busy", "too many tools run at once", "try again in a moment; berth.lua must grant this plugin calls"});
}

// It may never end by itself, and nobody is harmed if it ends.
void Run::watched_enough() {
  m_timer = 0;
  if (m_over) return;
  m_around.calls().cancel(m_number);
  if (m_order.offer->familiar) return one_of_familiar(std::exchange(m_events, Json::array()));
  succeed(tool_events(m_events, "… and it goes on: this is what it told until now"));
}

// Under the lock. What an operation says may be anything: what throws at it ends the run, and nothing else.
template <class Work>
void Run::guarded(const Work& work) {
  const std::lock_guard<Stream::Lock> held(m_around.lock());
  try {
    work();
  } catch (const std::exception& error) {
    give_up({500, "bad_answer", "what " + m_step->operation + " says cannot be told: " + error.what()});
  }
}

berth::Ears Run::ears() {
  const auto self = shared_from_this();
  berth::Ears ears;
  ears.answer = [self](const Json& answer) { self->guarded([&] { self->answered(answer); }); };
  ears.fail = [self](const berth::Error& error) { self->guarded([&] { self->fail(error); }); };
  ears.chunk = [self](std::string_view bytes, std::string_view event) {
    self->guarded([&] { self->heard(bytes, event); });
    return self->over() ? berth::Flow::gone : berth::Flow::ok;
  };
  ears.finish = [self] { self->guarded([&] { self->finished(); }); };
  ears.file = [self](int fd, const berth::Head& head) { self->guarded([&] { self->on_file(fd, head); }); };
  return ears;
}

void Run::answered(Json answer) {
  const Offer& offer = *m_order.offer;
  if (offer.familiar) return one_of_familiar(std::move(answer));
  if (offer.as == Offer::As::tool && follows(answer)) return;
  if (offer.as == Offer::As::tool) return succeed(tool_result(offer, answer));
  if (offer.as == Offer::As::prompt) return succeed(prompt_result(answer));
  succeed(resource_result(m_order.uri, offer, offer.source ? offer.source->content(answer) : answer));
}

void Run::heard(std::string_view bytes, std::string_view event) {
  if (m_over) return;
  if (m_step->kind == "download") {
    m_bytes += bytes.substr(0, most_of_a_file + 1 - std::min(m_bytes.size(), most_of_a_file + 1));
    return;
  }
  Json data;
  if (!parse(bytes, data)) data = berth::clean(bytes);
  if (!m_job.empty()) return on_job(event, data);
  if (m_order.offer->own_events && on_own_event(event, data)) return;
  if (event == "status" && m_cell.empty() && part(data, "id").is_string()) m_cell = data["id"].get<std::string>();
  if (event == "input_request" && on_input_request(data)) return;
  on_event(std::string(event), data);
}

// What is meant for MCP, by an operation that says so. False: it is none of these.
bool Run::on_own_event(std::string_view event, const Json& data) {
  if (event == "progress")
    on_progress(data);
  else if (event == "log")
    on_log(data);
  else if (event == "ask")
    on_ask(data);
  else if (event == "pause")
    m_out->let_go(retry_of(data));
  else if (event == "result")
    m_result = data;
  else
    return false;
  return true;
}

void Run::on_event(const std::string& event, const Json& data) {
  std::string shown = berth::json_text(data);
  m_told += shown.size() + event.size();
  m_cut = m_cut || m_told > most_told;
  if (!m_cut) m_events.push_back({{"event", event}, {"data", data}});
  if (m_order.client.progress_token.is_null()) return;
  if (shown.size() > longest_note) {
    shown.resize(longest_note);
    shown.resize(berth::whole_size(shown));
  }
  on_progress({{"progress", ++m_steps}, {"message", event.empty() ? shown : event + ": " + shown}});
}

void Run::on_progress(const Json& data) {
  if (m_order.client.progress_token.is_null() || !data.is_object()) return;
  const Json &progress = part(data, "progress"), &total = part(data, "total"), &words = part(data, "message");
  Json params{{"progressToken", m_order.client.progress_token},
              {"progress", progress.is_number() ? progress : Json(0)}};
  if (total.is_number()) params["total"] = total;
  if (words.is_string()) params["message"] = words;
  tell(notification("notifications/progress", std::move(params)));
}

void Run::on_log(const Json& data) {
  if (!data.is_object() || !m_order.client.log_level) return;
  const Json &level = part(data, "level"), &logger = part(data, "logger");
  const auto known = log_level_of(level);
  if (known.value_or(info_level) < *m_order.client.log_level) return;
  Json params{{"level", known ? level : Json("info")}, {"data", part(data, "data")}};
  params["logger"] = logger.is_string() ? logger : Json(m_order.offer->plugin);
  tell(notification("notifications/message", std::move(params)));
}

void Run::finished() {
  if (m_over || m_late || job_is_unseen("its events have ended")) return;
  const Offer& offer = *m_order.offer;
  if (m_step->kind == "download") {
    if (m_bytes.size() > most_of_a_file)
      return fail({413, "too_large", "what it gives is larger than a tool's answer can be", "get a part of it"});
    const bool text = berth::clean(m_bytes) == m_bytes;
    return got_file(text ? "text/plain" : "application/octet-stream", {}, std::exchange(m_bytes, {}));
  }
  const char* note = m_cut ? "… and more events, which are left out here" : "";
  if (m_result.is_null() && offer.as == Offer::As::tool && !offer.familiar) return succeed(tool_events(m_events, note));
  answered(m_result.is_null() ? std::exchange(m_events, Json::array()) : m_result);
}

void Run::on_file(int raw, const berth::Head& head) {
  const berth::Fd fd(raw);
  if (m_over) return;
  std::string bytes(most_of_a_file + 1, '\0');
  std::size_t size = 0;
  for (ssize_t got = 1; got > 0 && size < bytes.size(); size += static_cast<std::size_t>(std::max<ssize_t>(got, 0)))
    got = ::pread(fd.get(), bytes.data() + size, bytes.size() - size, static_cast<off_t>(size));
  if (size > most_of_a_file)
    return fail({413, "too_large", "the file is larger than a tool's answer can be", "read a part of it"});
  bytes.resize(size);
  got_file(head.type, head.name, bytes);
}

void Run::got_file(const std::string& type, const std::string& name, const std::string& bytes) {
  const Offer& offer = *m_order.offer;
  if (offer.familiar) return one_of_familiar(tool_file(*m_step, type, name, bytes));
  succeed(offer.as == Offer::As::tool ? tool_file(offer, type, name, bytes) : resource_file(m_order.uri, type, bytes));
}

// Of what is parked the client hears when it comes back.
void Run::succeed(Json result) {
  if (m_over) return;
  if (m_parked) return static_cast<void>(m_late = [this, result = std::move(result)] { succeed(result); });
  if (is_task()) {
    task_ended(Ending::completed, std::move(result));
    return end({});
  }
  const auto as = m_order.offer->as;
  if (m_order.client.modern && (as == Offer::As::resource || as == Offer::As::template_)) {
    result["ttlMs"] = 0;
    result["cacheScope"] = "private";
  }
  end(result_text(m_order.id, m_around.stamped(m_order.client, std::move(result))));
}

// As fail, before its operation has ended.
void Run::give_up(const berth::Error& error) {
  if (m_over) return;
  if (m_number != 0) m_around.calls().cancel(m_number);
  fail(error);
}

// What a tool could not do its model is to read; of the others the client.
void Run::fail(const berth::Error& error) {
  if (m_over || job_is_unseen(error.message())) return;
  if (const Familiar* tool = m_order.offer->familiar) {
    if (!goes_on_without(error)) succeed(tool_failure(in_words_of(*tool, error)));
    return;
  }
  if (m_order.offer->as == Offer::As::tool) return succeed(tool_failure(error));
  const bool fault = error.status() < 500;
  Wrong told{fault ? invalid_params : internal_error, error.message(), nullptr, 200};
  if (m_order.offer->as != Offer::As::prompt) told.data = {{"uri", m_order.uri}};
  if (!error.hint().empty()) told.message += "; " + error.hint();
  wrong(told);
}

void Run::wrong(const Wrong& told) {
  if (m_parked) return static_cast<void>(m_late = [this, told] { wrong(told); });
  if (is_task()) task_ended(Ending::failed, {{"code", told.code}, {"message", told.message}});
  end(error_text(m_order.id, told), told.status);
}

void Run::end(std::string message, int status) {
  const auto self = shared_from_this();
  m_over = true;
  m_call.reset();
  end_timers();
  if (!is_task()) m_out->answer(std::move(message), status);
  m_around.ended(*this);
}

void Run::cancel() {
  if (!m_over) cancel_job();
  drop();
}

void Run::drop() {
  if (std::exchange(m_over, true)) return;
  const auto self = shared_from_this();
  m_call.reset();
  if (m_number != 0) m_around.calls().cancel(m_number);
  end_timers();
  if (is_task())
    task_ended(Ending::cancelled, nullptr);
  else
    m_out->end();
  m_around.ended(*this);
}

void Run::client_left() {
  if (m_order.client.modern && !m_parked && !is_task()) cancel();
}

}  // namespace mcp
