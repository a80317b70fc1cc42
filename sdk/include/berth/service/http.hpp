// HTTP services of this machine that a plugin guards. In a `blocking` operation:
//
//   berth::HttpRequest question{"http://127.0.0.1:9222", "/json/version"};
//   const berth::HttpAnswer answer = m_http.ask(question);
//
// Anywhere, without waiting, with a body that comes as fast as it is taken: start(). Other machines are refused.
#ifndef BERTH_SERVICE_HTTP_HPP
#define BERTH_SERVICE_HTTP_HPP

#include <berth/service/http.h>
#include <berth/service/support.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace berth {

using HttpFields = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string target;  // "http://127.0.0.1:8080", "unix:/run/x.sock" (not from a confined process)
  std::string path = "/";
  std::string method = "GET";
  HttpFields fields = {};
  std::string body = {};
  std::chrono::milliseconds patience{30'000};
  std::uint64_t body_most = 16u << 20;
  bool beside = false;  // heard beside other calls
};

struct HttpAnswer {
  int status = 0;
  HttpFields fields;
  std::string body;
};

struct HttpEars {
  std::function<void(int status, const HttpFields&)> head = {};
  std::function<Flow(std::string_view)> piece = {};
  std::function<void(const std::optional<Error>&)> ended = {};  // nothing: the answer is whole
};

class Http {
 public:
  explicit Http(const berth_host* host) : m_host(host), m_api(detail::lent<berth_http>(host, BERTH_HTTP)) {}
  explicit Http(const Context& context) : Http(context.host) {}

  // Any thread; never blocks. The exchange's number. Throws Error(503) if 256 are open.
  std::uint64_t start(const HttpRequest& request, HttpEars ears) const {
    auto held = std::make_unique<Held>(Held{m_host, std::move(ears)});
    std::vector<berth_http_field> fields;
    for (const auto& [name, value] : request.fields) fields.push_back({detail::text(name), detail::text(value)});
    const berth_http_request raw{sizeof(berth_http_request),
                                 request.beside ? std::uint32_t{BERTH_HTTP_BESIDE} : 0u,
                                 detail::text(request.target),
                                 detail::text(request.method),
                                 detail::text(request.path),
                                 fields.data(),
                                 fields.size(),
                                 detail::text(request.body),
                                 static_cast<std::uint64_t>(std::max<std::int64_t>(0, request.patience.count())),
                                 request.body_most};
    const berth_http_ears heard{sizeof(berth_http_ears), 0, &on_head, &on_piece, &on_ended, &on_gone, held.get()};
    const auto exchange = m_api->start(m_host, &raw, &heard);
    if (exchange == 0)
      throw Error(503, "too_many_exchanges", "the plugin has 256 exchanges open already, or is ending");
    held.release();  // gone() has it now
    return exchange;
  }
  void resume(std::uint64_t exchange) const { m_api->resume(m_host, exchange); }
  void cancel(std::uint64_t exchange) const { m_api->cancel(m_host, exchange); }

  // In `blocking` operations: the whole answer, whatever its status. Throws Error if there is none.
  HttpAnswer ask(HttpRequest request) const {
    struct Got {
      HttpAnswer answer;
      std::optional<Error> failed;
    };
    request.beside = true;
    const auto got = std::make_shared<Got>();
    const auto exchange = start(request, {[got](int status, const HttpFields& fields) {
                                            got->answer.status = status;
                                            got->answer.fields = fields;
                                          },
                                          [got](std::string_view bytes) {
                                            got->answer.body += bytes;
                                            return Flow::ok;
                                          },
                                          [got](const std::optional<Error>& failed) {
                                            if (failed) got->failed.emplace(*failed);
                                          }});
    if (m_api->wait(m_host, exchange) != 1) {
      cancel(exchange);
      throw Error(500, "would_block", "an answer is waited for where nothing may block",
                  "declare the operation blocking()");
    }
    if (got->failed) throw *got->failed;
    return std::move(got->answer);
  }

 private:
  struct Held {
    const berth_host* host;
    HttpEars ears;
  };
  static void on_head(void* with, std::uint64_t, std::int32_t status, const berth_http_field* fields,
                      std::size_t count) {
    auto* held = static_cast<Held*>(with);
    if (!held->ears.head) return;
    detail::kept(held->host, "what hears an answer", [&] {
      HttpFields all;
      for (std::size_t i = 0; i < count; ++i)
        all.emplace_back(detail::copy(fields[i].name), detail::copy(fields[i].value));
      held->ears.head(status, all);
    });
  }
  static berth_flow on_piece(void* with, std::uint64_t, berth_text bytes) {
    auto* held = static_cast<Held*>(with);
    Flow flow = Flow::ok;
    if (held->ears.piece)
      detail::kept(held->host, "what hears an answer", [&] { flow = held->ears.piece({bytes.data, bytes.size}); });
    return static_cast<berth_flow>(flow);
  }
  static void on_ended(void* with, std::uint64_t, const berth_failure* why) {
    auto* held = static_cast<Held*>(with);
    if (!held->ears.ended) return;
    detail::kept(held->host, "what hears an answer end", [&] {
      std::optional<Error> failed;
      if (why)
        failed.emplace(why->status, detail::copy(why->code), detail::copy(why->message), detail::copy(why->hint));
      held->ears.ended(failed);
    });
  }
  static void on_gone(void* with) { delete static_cast<Held*>(with); }

  const berth_host* m_host;
  const berth_http* m_api;
};

}  // namespace berth

#endif
