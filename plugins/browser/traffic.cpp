// A page may ask for a hundred thousand things, and for things with names of megabytes: the oldest make room, and what
// is too long is cut.
#include "traffic.hpp"

#include <berth/output.hpp>

#include <utility>

namespace browser {

namespace {

constexpr std::size_t longest_url = 4000, longest_field = 4000, most_fields = 100, longest_post = 64'000;
constexpr std::size_t most_under_way = 20'000;

std::string cut(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  std::string begin = text.substr(0, most);
  begin.resize(berth::whole_size(begin));
  return begin + "…";
}

Json fields_of(const Json& given) {
  Json all = Json::object();
  if (!given.is_object()) return all;
  for (const auto& [name, value] : given.items()) {
    if (all.size() >= most_fields) break;
    if (value.is_string()) all[cut(name, 200)] = cut(value.get_ref<const std::string&>(), longest_field);
  }
  return all;
}

std::size_t size_of_fields(const Json& fields) {
  std::size_t size = 0;
  for (const auto& [name, value] : fields.items())
    size += name.size() + value.get_ref<const std::string&>().size() + 100;
  return size;
}

// What a page leaves open for as long as it is there.
bool stays_open(const std::string& type) {
  return type == "EventSource" || type == "WebSocket" || type == "Ping" || type == "Media";
}

}  // namespace

std::shared_ptr<Exchange> Traffic::under(const Json& params) const {
  const auto at = m_open.find(text_of(params, "requestId"));
  return at == m_open.end() ? nullptr : at->second;
}

void Traffic::weigh(Exchange& one) {
  const std::size_t now = sizeof one + one.url.size() + one.post.size() + size_of_fields(one.asked) +
                          size_of_fields(one.answered) + one.error.size() + 500;
  m_bytes += now - std::exchange(one.bytes, now);
  while (m_all.size() > 1 && (m_all.size() > most || m_bytes > most_bytes)) {
    const auto oldest = m_all.front();
    m_all.pop_front();
    m_bytes -= oldest->bytes;
    if (const auto at = m_open.find(oldest->id); at != m_open.end() && at->second == oldest) m_open.erase(at);
  }
}

void Traffic::begin(const std::string& session, const Json& params) {
  const Json& request = part(params, "request");
  const std::string url = text_of(request, "url"), id = text_of(params, "requestId"), type = text_of(params, "type");
  if (url.starts_with("data:")) return;
  if (const auto before = under(params)) {  // it was sent elsewhere
    answer(*before, part(params, "redirectResponse"));
    before->done = true;
    before->ended = number_of(params, "timestamp");
    weigh(*before);
  }
  const auto one = std::make_shared<Exchange>();
  one->number = ++m_last;
  one->id = id;
  one->session = session;
  one->method = cut(text_of(request, "method"), 40);
  one->url = cut(url, longest_url);
  one->type = type;
  one->post = berth::clean(text_of(request, "postData").substr(0, longest_post));
  one->asked = fields_of(part(request, "headers"));
  one->answered = Json::object();
  one->wall = number_of(params, "wallTime");
  one->begun = number_of(params, "timestamp");
  m_all.push_back(one);
  m_open[id] = one;
  weigh(*one);
  m_moved = Patience::Clock::now();
  if (!stays_open(type) && m_under_way.size() < most_under_way)
    m_under_way[id] = {session, type == "Document" ? text_of(params, "frameId") : ""};
}

void Traffic::answer(Exchange& one, const Json& response) {
  if (!response.is_object()) return;
  one.status = static_cast<int>(number_of(response, "status"));
  one.status_text = cut(text_of(response, "statusText"), 200);
  one.mime = cut(text_of(response, "mimeType"), 200);
  one.protocol = cut(text_of(response, "protocol"), 40);
  one.remote = cut(text_of(response, "remoteIPAddress"), 60);
  one.answered = fields_of(part(response, "headers"));
  one.cached = part(response, "fromDiskCache") == true;
  one.timing = part(response, "timing");
  if (one.timing.size() > 40) one.timing = Json();
}

void Traffic::end(const std::string& id, double at) {
  m_moved = Patience::Clock::now();
  m_under_way.erase(id);
  const auto found = m_open.find(id);
  if (found == m_open.end()) return;
  found->second->done = true;
  found->second->ended = at;
  m_open.erase(found);
}

void Traffic::event(const std::string& session, const std::string& method, const Json& params) {
  if (method == "Network.requestWillBeSent") return begin(session, params);
  const auto one = under(params);
  const std::string id = text_of(params, "requestId");
  if (method == "Network.responseReceived" && one) {
    answer(*one, part(params, "response"));
    if (one->type.empty()) one->type = text_of(params, "type");
    if (stays_open(text_of(params, "type"))) m_under_way.erase(id);
    weigh(*one);
  } else if (method == "Network.requestServedFromCache" && one) {
    one->cached = true;
  } else if (method == "Network.loadingFinished") {
    if (one) one->received = number_of(params, "encodedDataLength");
    end(id, number_of(params, "timestamp"));
  } else if (method == "Network.loadingFailed") {
    if (one) one->error = cut(text_of(params, "errorText"), 200);
    if (const std::string why = text_of(params, "blockedReason"); one && !why.empty()) one->error += " (" + why + ")";
    end(id, number_of(params, "timestamp"));
  }
}

std::shared_ptr<const Exchange> Traffic::find(std::uint64_t number) const {
  for (const auto& one : m_all)
    if (one->number == number) return one;
  return nullptr;
}

void Traffic::settled(const std::string& frame) {
  std::erase_if(m_under_way, [&](const auto& one) { return !frame.empty() && one.second.frame == frame; });
}

void Traffic::lost(const std::string& session) {
  m_moved = Patience::Clock::now();
  std::erase_if(m_under_way, [&](const auto& one) { return one.second.session == session; });
  std::erase_if(m_open, [&](const auto& one) {
    if (one.second->session != session) return false;
    one.second->done = true;
    one.second->ended = one.second->begun;
    one.second->error = "its page is gone";
    return true;
  });
}

bool Traffic::quiet(std::chrono::milliseconds time) const {
  return m_under_way.empty() && Patience::Clock::now() - m_moved >= time;
}

}  // namespace browser
