// berth.http/1: the C structs to those of service::HttpClient and back.
#include <berth/service/http.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "loader/services/local.hpp"
#include "loader/services/tables.hpp"
#include "loader/services/texts.hpp"

namespace berth::loader {

namespace {

service::HttpRequest request_of(const berth_http_request& given) {
  constexpr std::uint64_t longest = 1ull << 40;
  service::HttpRequest request;
  request.target = copy(given.target);
  if (given.method.size > 0) request.method = copy(given.method);
  if (given.path.size > 0) request.path = copy(given.path);
  for (std::size_t i = 0; given.fields && i < given.field_count; ++i)
    request.fields.emplace_back(copy(given.fields[i].name), copy(given.fields[i].value));
  request.body = copy(given.body);
  if (given.patience_ms > 0) request.patience = std::chrono::milliseconds(std::min(given.patience_ms, longest));
  if (given.body_most > 0) request.body_most = given.body_most;
  return request;
}

// gone() comes once, and only for what was taken.
struct HeldExchange {
  explicit HeldExchange(const berth_http_ears& given) : ears(given) {}
  HeldExchange(const HeldExchange&) = delete;
  ~HeldExchange() {
    if (taken && ears.gone) ears.gone(ears.with);
  }
  const berth_http_ears ears;
  std::string target = {};
  bool taken = true;
};

// What confines a plugin's process lets it have no Unix sockets; whoever asked at one knows that by no other name.
service::Error in_words(service::Error failed, const std::string& target) {
  if (failed.code != "not_permitted") return failed;
  failed.code = "unreachable";
  failed.message = target + ": a confined plugin has no Unix sockets";
  failed.hint = "ask a service that listens at 127.0.0.1; or plugin \"…\" { confined = false } in berth.lua";
  return failed;
}

Exchanges::Ears exchange_ears(const std::shared_ptr<HeldExchange>& held) {
  return {[held](std::uint64_t exchange, int status, const service::HttpFields& fields) {
            std::vector<berth_http_field> raw;
            for (const auto& [name, value] : fields) raw.push_back({text_of(name), text_of(value)});
            if (held->ears.head) held->ears.head(held->ears.with, exchange, status, raw.data(), raw.size());
          },
          [held](std::uint64_t exchange, std::string_view piece) {
            return !held->ears.piece || held->ears.piece(held->ears.with, exchange, text_of(piece)) == BERTH_OK;
          },
          [held](std::uint64_t exchange, const std::optional<service::Error>& failed) {
            if (!failed) return held->ears.ended(held->ears.with, exchange, nullptr);
            const auto error = in_words(*failed, held->target);
            const auto raw = failure_of(error);
            held->ears.ended(held->ears.with, exchange, &raw);
          }};
}

std::uint64_t start_exchange(const berth_host* host, const berth_http_request* request, const berth_http_ears* ears) {
  Local* local = Local::of(host);
  if (!local || !request || !ears || request->size < sizeof *request || ears->size < sizeof *ears || !ears->ended)
    return 0;
  const auto held = std::make_shared<HeldExchange>(*ears);
  held->target = copy(request->target);
  const auto exchange =
      local->exchanges().start(request_of(*request), exchange_ears(held), (request->flags & BERTH_HTTP_BESIDE) != 0);
  if (exchange == 0) held->taken = false;
  return exchange;
}

void resume_exchange(const berth_host* host, std::uint64_t exchange) {
  if (Local* local = Local::of(host)) local->exchanges().resume(exchange);
}

void cancel_exchange(const berth_host* host, std::uint64_t exchange) {
  if (Local* local = Local::of(host)) local->exchanges().cancel(exchange);
}

int wait_for_exchange(const berth_host* host, std::uint64_t exchange) {
  Local* local = Local::of(host);
  return local && local->may_wait() && local->exchanges().wait(exchange) ? 1 : 0;
}

}  // namespace

const void* http_table() {
  static constexpr berth_http table{sizeof(berth_http), &start_exchange, &resume_exchange, &cancel_exchange,
                                    &wait_for_exchange};
  return &table;
}

}  // namespace berth::loader
