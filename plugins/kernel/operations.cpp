// Handlers run on the host's thread and do one thing: post to the loop. There the kernels are, and there calls are
// answered.
#include "plugin.hpp"
#include "question.hpp"
#include "stream_cell.hpp"

#include <algorithm>
#include <utility>

namespace kernel {

using berth::Call;
using berth::Error;
using berth::Json;

namespace {

constexpr std::size_t most_of_job = 1u << 20;  // bytes of each stream
std::string kernel_of(const Call& call) { return call.input().value("kernel", ""); }

SeatOptions options_of(const Json& config) {
  SeatOptions options;
  options.engine.python = config.value("python", "/usr/bin/python3");
  options.engine.preload = config.value("preload", Json::array({"numpy", "pandas", "matplotlib"}));
  options.grace = std::chrono::milliseconds(config.value("grace_ms", 2000));
  options.spares = config.value("spares", 1u);
  options.usual_engine = config.value("engine", std::string(Seat::python));
  options.any_engine = !config.contains("engines");
  options.engines = config.value("engines", std::vector<std::string>());
  const Json checkpoints = config.value("checkpoints", Json::object());
  options.checkpoints.most = checkpoints.value("most", options.checkpoints.most);
  options.checkpoints.automatic = checkpoints.value("automatic", options.checkpoints.automatic);
  options.checkpoints.most_own = checkpoints.value("own_mb", std::uint64_t{0}) << 20;
  options.kernelspecs = config.value("kernelspecs", Json::array());
  options.figures = {{"count", config.value("figures", 20)}, {"bytes", 5 << 20}, {"bundle", 16 << 20}};
  Seat::check(options, options.usual_engine);
  return options;
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

Json cursor_request(const char* name, const Json& input) {
  const std::string code = input.at("code");
  return {{"request", name},
          {"code", code},
          {"cursor_pos", input.contains("cursor_pos") ? input["cursor_pos"] : Json(characters(code))},
          {"detail_level", input.value("detail_level", 0)}};
}

// The fields that are an answer, of a frame that may have others.
Json only(const Json& frame, std::initializer_list<const char*> names) {
  Json some = Json::object();
  for (const char* name : names)
    if (frame.contains(name)) some[name] = frame[name];
  return some;
}

}  // namespace

Plugin::Plugin(const berth::Context& context)
    : m_log(context.log),
      m_processes(context),
      m_workspaces(context),
      m_calls(context.host),
      m_jobs(context.host),
      m_events(context.host),
      m_kept(berth::Files(context), m_log,
             std::chrono::seconds(context.config.value("cryo", Json::object()).value("every", 0))),
      m_options(options_of(context.config)),
      m_most_output(context.config.value("output_cap", std::size_t{1} << 20)),
      m_loop([log = context.log](const char* what) {
        log.error("the kernel's loop threw", {{"what", what}});
      }),
      m_spiller(m_workspaces, "cells"),
      m_wires(berth::Files(context).path() + "/wire",
              context.config.value("transports", std::vector<std::string>{"ipc"})) {
  m_options.health = &m_health;
  m_options.kept = &m_kept;
  if (context.config.value("warm", false)) {
    const auto warm = [this](const std::string& session) {
      m_loop.post([this, session] { seat(session).kernel("")->warm(); });
    };
    m_begins = m_events.subscribe("session.created", [warm](const berth::Event& event) { warm(event.session); });
    warm("main");
  }
  m_ends = m_events.subscribe("session.expired session.deleted session.broken", [this](const berth::Event& event) {
    m_loop.post([this, session = event.session] {
      m_seats.erase(session);
      m_kept.forget(session);
    });
  });
}

Plugin::~Plugin() {
  for (const auto one : {m_begins, m_ends})
    if (one != 0) m_events.unsubscribe(one);
  // Cells end with their kernels; the answers of those that have spilled come when it is written.
  m_loop.wait_for([this] {
    m_seats.clear();
    m_wires.close_all();
  });
  m_spiller.wait();
  m_loop.end();
}

Seat& Plugin::seat(const std::string& session) {
  auto& at = m_seats[session];
  if (!at) at = std::make_shared<Seat>(m_loop, m_processes, m_options, session);
  return *at;
}

void Plugin::with_seat(const Call& call, std::function<void(Seat&)> then) {
  m_loop.post([this, call, then = std::move(then)] {
    try {
      then(seat(call.session()));
    } catch (const Error& error) {
      call.fail(error);
    } catch (const std::exception&) {
      call.fail({500, "plugin_error", "the kernel plugin failed"});
    }
  });
}

void Plugin::with_kernel(const Call& call, On then) {
  with_seat(call, [id = kernel_of(call), then = std::move(then)](Seat& seat) { then(seat, seat.kernel(id)); });
}

std::shared_ptr<Cell> Plugin::find_cell(const std::string& session, const std::string& id) {
  for (auto at = m_cells.begin(); at != m_cells.end();) at = at->second.expired() ? m_cells.erase(at) : std::next(at);
  const auto at = m_cells.find(session + "/" + id);
  const auto cell = at == m_cells.end() ? nullptr : at->second.lock();
  return cell && !cell->over() ? cell : nullptr;
}

void Plugin::run(const std::shared_ptr<Cell>& cell, const std::shared_ptr<Kernel>& kernel) {
  m_cells[cell->ask().session + "/" + cell->ask().id] = cell;
  const bool refused = kernel->busy() && !cell->waits();
  cell->ask().beside && !refused ? run_behind_checkpoint(cell, kernel) : kernel->run(cell);
}

Ask Plugin::ask_of(const Call& call, const Kernel& kernel) {
  const Json& input = call.input();
  Ask ask;
  ask.session = call.session();
  ask.kernel = kernel.id();
  ask.code = input.at("code");
  ask.id = input.value("id", "c" + std::to_string(call.id()));
  if (find_cell(ask.session, ask.id))
    throw Error(409, "id_in_use", "a cell with the id " + ask.id + " waits or runs in this session",
                "choose another id, or none: then one is made");
  ask.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(input.value("timeout", 30.0) * 1000));
  ask.store_history = input.value("store_history", true);
  ask.stop_on_error = input.value("stop_on_error", false);
  ask.wait = input.value("wait", false);
  ask.most_output = m_most_output;
  if (input.value("checkpoint", false)) ask.beside = std::make_shared<Json>(Json::object());
  return ask;
}

// What nobody waits for any more is broken off, or does not begin.
void Plugin::drop_if_left(const Call& call, const std::shared_ptr<Kernel>& kernel, const std::shared_ptr<Task>& task) {
  call.on_cancel([this, weak = std::weak_ptr<Task>(task), of = std::weak_ptr<Kernel>(kernel)] {
    m_loop.post([weak, of] {
      const auto gone = weak.lock();
      const auto there = of.lock();
      if (gone && there) there->drop(gone.get());
    });
  });
}

void Plugin::exec(Call call) {
  with_kernel(call, [this, call](Seat&, const std::shared_ptr<Kernel>& kernel) {
    const auto cell = std::make_shared<CallCell>(tools(), ask_of(call, *kernel), kernel, call);
    drop_if_left(call, kernel, cell);
    run(cell, kernel);
  });
}

void Plugin::exec_stream(Call call) {
  with_kernel(call, [this, call](Seat&, const std::shared_ptr<Kernel>& kernel) {
    Ask ask = ask_of(call, *kernel);
    ask.allow_stdin = true;
    const auto cell = std::make_shared<StreamCell>(tools(), ask, kernel, call);
    call.on_drained([this, cell] { m_loop.post([cell] { cell->drained(); }); });
    drop_if_left(call, kernel, cell);
    run(cell, kernel);
  });
}

void Plugin::exec_job(Call call) {
  with_kernel(call, [this, call](Seat&, const std::shared_ptr<Kernel>& kernel) {
    Ask ask = ask_of(call, *kernel);
    ask.wait = call.input().value("wait", true);
    ask.most_output = std::min(ask.most_output, most_of_job);
    const auto running = std::make_shared<std::weak_ptr<Cell>>();
    const auto job = m_jobs.begin(call, [this, running] {
      m_loop.post([running] {
        if (const auto gone = running->lock()) gone->drop();
      });
    });
    const auto cell = std::make_shared<JobCell>(tools(), ask, kernel, job);
    *running = cell;
    run(cell, kernel);
  });
}

void Plugin::input(Call call) {
  m_loop.post([this, call] {
    const auto cell = find_cell(call.session(), call.input().at("id"));
    if (!cell)
      return void(call.fail({404, "no_such_cell", "no streamed cell of that id runs in this session",
                             "the first event of POST /exec/stream, `status`, has the id of its cell"}));
    std::optional<std::string> value;
    if (call.input().contains("value")) value = call.input()["value"].get<std::string>();
    if (!cell->answer(value)) return void(call.fail({409, "nothing_asked", "the cell does not ask for input now"}));
    call.send({{"success", true}});
  });
}

void Plugin::question(const Call& call, Json request, std::function<Json(Json)> then) {
  with_kernel(
      call, [call, request = std::move(request), then = std::move(then)](Seat&, const std::shared_ptr<Kernel>& kernel) {
        kernel->run(std::make_shared<Question>(call, request,
                                               [call, then](Json answer) { call.send(then(std::move(answer))); }));
      });
}

// A kernel that was never used is not started to be looked at. What one of somebody else's holds it does not tell; one
// that does not answer is what it was when it last did.
void Plugin::status(Call call) {
  with_kernel(call, [call](Seat& seat, const std::shared_ptr<Kernel>& kernel) {
    Json facts = kernel->facts();
    facts["engine"] = only(seat.engine(kernel->id()), {"python", "ipython", "preloaded", "ms", "implementation",
                                                       "implementation_version", "language", "language_version"});
    facts["engine"]["name"] = kernel->engine();
    facts["globals_count"] = nullptr;
    if (facts["state"] != "idle") return void(call.send(facts));
    const auto tell = [call, facts](const Json& answer) {
      Json all = facts;
      all.update(only(answer, {"globals_count", "rss", "threads", "cwd", "seconds"}));
      call.send(all);
    };
    kernel->run(std::make_shared<Question>(call, Json{{"request", "status"}}, tell, [tell] { tell(Json::object()); }));
  });
}

void Plugin::variables(Call call) {
  question(call, {{"request", "variables"}, {"most", call.input().value("most", 500)}}, [](const Json& answer) {
    return only(answer, {"variables", "count"});
  });
}

void Plugin::complete(Call call) {
  question(call, cursor_request("complete", call.input()), [](const Json& answer) {
    return only(answer, {"matches", "cursor_start", "cursor_end", "metadata"});
  });
}

void Plugin::inspect(Call call) {
  question(call, cursor_request("inspect", call.input()), [](const Json& answer) {
    return only(answer, {"found", "data", "metadata"});
  });
}

void Plugin::ping(Call call) { call.send({{"pong", true}}); }

}  // namespace kernel
