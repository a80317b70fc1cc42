// What a tab's pages have asked the network for, as a list, one by one, and as HAR.
#include <berth/base64.hpp>
#include <berth/output.hpp>

#include <algorithm>
#include <utility>

#include "plugin.hpp"

namespace browser {

using berth::Error;

namespace {

constexpr std::size_t largest_body_in_har = 1u << 20, most_bodies_in_har = 32u << 20;

Json in_few_words(const Exchange& one) {
  Json line =
      with("number", one.number, "method", one.method, "url", shortened(one.url.substr(0, 300)), "type", one.type);
  line["status"] = one.status > 0 ? Json(one.status) : Json();
  if (one.done) line["ms"] = static_cast<std::int64_t>(std::max(0.0, one.ended - one.begun) * 1000);
  if (one.done) line["bytes"] = static_cast<std::int64_t>(one.received);
  if (!one.error.empty()) line["error"] = one.error;
  return line;
}

bool is_failed(const Exchange& one) { return !one.error.empty() || one.status >= 400; }

Json all_of(const Exchange& one) {
  Json all = in_few_words(one);
  all["url"] = one.url;
  all["asked"] = one.asked;
  all["answered"] = one.answered;
  all["mime"] = one.mime;
  all["cached"] = one.cached;
  if (!one.post.empty()) all["post"] = one.post;
  return all;
}

}  // namespace

Task<Json> Plugin::network(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const Json& input = turn.input();
  const std::uint64_t after = input.value("after", 0u);
  const std::size_t most = input.value("most", 50u);
  const std::string url = input.value("url", "");
  const bool failed = input.value("failed", false);
  Json lines = Json::array();
  std::uint64_t left_out = 0;
  for (auto at = tab->traffic().all().rbegin(); at != tab->traffic().all().rend(); ++at) {
    const Exchange& one = **at;
    if (one.number <= after || (failed && !is_failed(one)) || one.url.find(url) == one.url.npos) continue;
    if (lines.size() < most)
      lines.push_back(in_few_words(one));
    else
      ++left_out;
  }
  std::reverse(lines.begin(), lines.end());
  co_return with("tab", tab->names().id, "requests", std::move(lines), "left_out", left_out, "in_all",
                 tab->traffic().begun());
}

// Null: the browser does not have it, or not any more.
Task<Json> Plugin::body_of(Turn& turn, std::shared_ptr<Tab> tab, std::shared_ptr<const Exchange> one) {
  const Json params = with("requestId", one->id);
  Json found;
  try {
    found = co_await Ask(tab->cdp(), turn.patience, one->session, "Network.getResponseBody", params);
  } catch (const Error& error) {
    if (error.code() != "browser_refused") throw;
  }
  co_return found;
}

Task<Json> Plugin::exchange(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const std::uint64_t number = turn.input().at("number");
  const std::size_t most = turn.input().value("max_bytes", 4000u);
  const auto one = tab->traffic().find(number);
  if (!one)
    throw Error(404, "no_request", "the tab has no request " + std::to_string(number) + " (any more)",
                "browser.network lists the last 1000");
  Json all = with("tab", tab->names().id, "request", all_of(*one));
  const Json found = co_await body_of(turn, tab, one);
  if (!found.is_object()) {
    all["no_body"] = one->done ? "the browser has not kept it" : "it is not there yet";
    co_return all;
  }
  std::string body = text_of(found, "body");
  const bool binary = part(found, "base64Encoded") == true;
  if (binary) body = berth::from_base64(body).value_or("");
  const std::size_t size = body.size();
  if (size > most) body.resize(binary ? most : berth::whole_size(std::string_view(body).substr(0, most)));
  all["left_out"] = size - body.size();
  if (binary)
    all["base64"] = berth::base64(body);
  else
    all["body"] = std::move(body);
  co_return all;
}

// What is too large, or not kept any more, is left out; the rest of the HAR is good without it.
Task<std::string> Plugin::har_text(Turn& turn, std::shared_ptr<Tab> tab, bool bodies) {
  std::map<std::uint64_t, Json> kept;
  std::size_t total = 0;
  const auto all = tab->traffic().all();
  for (auto at = all.begin(); bodies && at != all.end(); ++at) {
    const auto one = *at;
    if (!one->done || !one->error.empty() || one->received > largest_body_in_har) continue;
    const Json found = co_await body_of(turn, tab, one);
    std::string body = text_of(found, "body");
    if (body.empty() || body.size() > largest_body_in_har || total + body.size() > most_bodies_in_har) continue;
    total += body.size();
    Json content = with("text", std::move(body));
    if (part(found, "base64Encoded") == true) content["encoding"] = "base64";
    kept[one->number] = std::move(content);
  }
  co_return berth::json_text(har_of(tab->traffic(), kept, m_browser->version()));
}

Task<Json> Plugin::har(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const std::string text = co_await har_text(turn, tab, turn.input().value("bodies", false));
  give_file(turn.call, text, "application/json", "network.har");
  co_return nullptr;
}

}  // namespace browser
