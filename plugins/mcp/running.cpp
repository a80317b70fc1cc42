// From a tool, a prompt or a resource to its operation.
#include <algorithm>
#include <utility>

#include "plugin.hpp"

namespace mcp {

namespace {

constexpr std::chrono::minutes parked_time{10};
constexpr std::size_t most_parked = 1000;
// Under way: of the 256 calls that a plugin may have open, so that no client takes them all.
constexpr std::size_t most_of_a_session = 64, most_of_a_caller = 128;

// The text of a parameter, or nothing.
std::optional<std::string> given_text(const Json& params, const char* name) {
  const auto at = params.find(name);
  if (at == params.end() || !at->is_string()) return std::nullopt;
  return at->get<std::string>();
}

}  // namespace

// Whose name and arguments a tool or a prompt is called with. False, and refused: there is something wrong with them.
bool Plugin::read_named(Request& request, const char* what, std::string& name, Json& arguments) {
  const auto given = given_text(request.message.params, "name");
  arguments = request.message.params.value("arguments", Json::object());
  name = given.value_or("");
  const bool good = given && arguments.is_object();
  if (!given) refuse(request, {invalid_params, std::string("name must be the name of a ") + what, nullptr, 200});
  if (given && !good) refuse(request, {invalid_params, "arguments must be an object", nullptr, 200});
  return good;
}

Order Plugin::order_of(const Request& request, const Offer* offer, Json input) const {
  Order order;
  order.catalogue = m_catalogue;
  order.offer = offer;
  order.input = std::move(input);
  order.owner = owner_of(request.call, request.selection);
  order.scope = request.viewer.scope;
  order.client = request.client;
  order.id = request.message.id;
  return order;
}

void Plugin::call_tool(Request& request) {
  std::string name;
  Json arguments;
  if (!read_named(request, "tool", name, arguments)) return;
  const auto& selection = request.selection;
  const Offer* offer = selection.group && selection.group->familiar
                           ? m_catalogue->find_familiar(selection.server, name, request.viewer)
                           : m_catalogue->find(Offer::As::tool, name, request.viewer);
  if (!offer || !covers(selection, *offer))
    return refuse(request, {invalid_params, "Unknown tool: " + name, nullptr, 200});
  const auto field = [&request](std::string_view one) { return request.call.http().field(one); };
  if (request.client.modern) {
    if (const auto wrong = compare_arguments(offer->input, arguments, field)) return refuse(request, *wrong);
  }
  Order order = order_of(request, offer, std::move(arguments));
  if (const Json& task = part(request.message.params, "task");
      task.is_object() && request.client.version == tasks_version) {
    const Json& wanted = part(task, "ttl");
    const double most = static_cast<double>(task_time.count());
    order.task_time = std::chrono::milliseconds(
        static_cast<std::int64_t>(wanted.is_number() ? std::clamp(wanted.get<double>(), 1000.0, most) : most));
  }
  begin(request, std::move(order));
}

void Plugin::get_prompt(Request& request) {
  std::string name;
  Json arguments;
  if (!read_named(request, "prompt", name, arguments)) return;
  const Offer* offer = m_catalogue->find(Offer::As::prompt, name, request.viewer);
  if (!offer || !covers(request.selection, *offer))
    return refuse(request, {invalid_params, "Unknown prompt: " + name, nullptr, 200});
  begin(request, order_of(request, offer, std::move(arguments)));
}

void Plugin::read_resource(Request& request) {
  const auto uri = given_text(request.message.params, "uri");
  if (!uri) return refuse(request, {invalid_params, "uri must be a text", nullptr, 200});
  auto found = m_catalogue->resource(*uri, request.viewer);
  if (!found || !covers(request.selection, *found->first)) {
    const int code = request.client.modern ? invalid_params : resource_not_found;
    return refuse(request, {code, "Resource not found", {{"uri", *uri}}, 200});
  }
  Order order = order_of(request, found->first, std::move(found->second));
  order.uri = *uri;
  begin(request, std::move(order));
}

std::shared_ptr<Stream> Plugin::stream_of(const Request& request) {
  if (request.shared) return request.shared;
  auto stream = std::make_shared<Stream>(m_lock, request.session ? request.session->style() : Stream::Style{});
  if (request.session) request.session->keep(stream);
  remember(stream);
  return stream;
}

void Plugin::begin(Request& request, Order order) {
  const Json given = request.message.params.value("inputResponses", Json::object());
  if (!given.is_object()) return refuse(request, {invalid_params, "inputResponses must be an object"});
  order.given = given;
  order.session = request.session;
  if (request.message.params.contains("requestState")) {
    if (!take_up(request, order))
      refuse(request, {invalid_params, "requestState is not one of ours, or not any more: begin again"});
    return;
  }
  if (request.session && request.session->running(request.message.id))
    return refuse(request, {invalid_request, "a request with this id is under way"});
  if (!has_room(request))
    return refuse(request, {internal_error, "too many requests are under way: wait for some of them", nullptr, 503});
  auto stream = stream_of(request);
  const auto run = std::make_shared<Run>(*this, std::move(order), stream);
  m_runs[request.viewer.caller][run.get()] = run;
  if (request.session) request.session->begin(request.message.id, run);
  if (request.shared) {  // which has its client, and ends with its session
    run->start(request.call);
    return request.accept();
  }
  attach(stream, request.call, run);
  run->start(request.call);
}

void Plugin::attach(const std::shared_ptr<Stream>& stream, const berth::Call& call, const std::shared_ptr<Run>& run) {
  stream->when_left([weak = std::weak_ptr<Run>(run)] {
    if (const auto self = weak.lock()) self->client_left();
  });
  stream->attach(call);
}

bool Plugin::drop_oldest(AllKept& all, const std::function<bool(const Kept&)>& which) {
  auto oldest = all.end();
  for (auto one = all.begin(); one != all.end(); ++one)
    if (which(one->second) && (oldest == all.end() || one->second.until < oldest->second.until)) oldest = one;
  if (oldest == all.end()) return false;
  const auto gone = all.extract(oldest);
  gone.mapped().run->drop();
  return true;
}

// What waits longest for a client to come back goes first.
bool Plugin::has_room(const Request& request) {
  if (request.session && request.session->runs() >= most_of_a_session) return false;
  const std::string& caller = request.viewer.caller;
  const auto at = m_runs.find(caller);
  if (at == m_runs.end() || at->second.size() < most_of_a_caller) return true;
  const auto its = [&caller](const Kept& one) { return one.owner.caller == caller; };
  // Nor can anybody wait for the task of a session that is gone.
  return drop_oldest(m_parked, its) || drop_oldest(m_tasks, [&its](const Kept& one) {
           const Run& run = *one.run;
           return its(one) && !run.over() && !run.order().client.modern && run.order().session.expired();
         });
}

// What is parked is known by 128 random bits, to whoever it was parked for, and once.
bool Plugin::take_up(Request& request, const Order& order) {
  const Json state = request.message.params["requestState"];
  if (!state.is_string() || !request.client.modern) return false;
  const auto at = m_parked.find(state.get<std::string>());
  if (at == m_parked.end() || !(at->second.owner == owner_of(request.call, request.selection))) return false;
  const auto run = at->second.run;
  if (run->order().offer->operation != order.offer->operation || run->order().input != order.input) return false;
  auto stream = stream_of(request);
  attach(stream, request.call, run);
  if (!stream->attached()) return true;  // gone again: it may still come back
  m_parked.erase(at);
  run->go_on(request.call, order, stream);
  return true;
}

std::string Plugin::park(std::shared_ptr<Run> run) {
  if (m_parked.size() >= most_parked) drop_oldest(m_parked, [](const Kept&) { return true; });
  std::string state = random_name();
  const Owner owner = run->order().owner;
  m_parked[state] = {std::move(run), owner, std::chrono::steady_clock::now() + parked_time};
  return state;
}

void Plugin::ask(const std::shared_ptr<Run>& run, const std::string& key, const Json& request) {
  if (const auto session = run->order().session.lock()) session->ask(run, key, request);
}

void Plugin::ended(Run& run) {
  m_scripts.left(&run);
  const auto of_caller = m_runs.find(run.order().owner.caller);
  if (of_caller != m_runs.end()) {
    of_caller->second.erase(&run);
    if (of_caller->second.empty()) m_runs.erase(of_caller);
  }
  if (const auto session = run.order().session.lock()) session->end(run);
}

// For heartbeats. Most have ended long before the next one.
void Plugin::remember(const std::shared_ptr<Stream>& stream) {
  if (m_streams.size() >= m_tidy_at) {
    const auto over = [](const std::weak_ptr<Stream>& one) {
      const auto held = one.lock();
      return !held || held->ended();
    };
    m_streams.erase(std::remove_if(m_streams.begin(), m_streams.end(), over), m_streams.end());
    m_tidy_at = std::max<std::size_t>(256, 2 * m_streams.size());
  }
  m_streams.push_back(stream);
}

}  // namespace mcp
