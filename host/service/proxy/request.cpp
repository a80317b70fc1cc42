// The target decides, and everything else has to agree with it.
#include "service/proxy/request.hpp"

#include <algorithm>

#include "service/text.hpp"

namespace berth::service::proxy {

namespace {

Error wrong_request(std::string why, std::string hint) { return {400, "bad_request", std::move(why), std::move(hint)}; }

struct Line {
  std::string_view method, target, version;
};

Result<Line> parse_line(std::string_view start) {
  const auto first = start.find(' '), last = start.rfind(' ');
  if (first == start.npos || first == last) return wrong_request("the request line is none", "METHOD TARGET HTTP/1.1");
  const Line line{start.substr(0, first), start.substr(first + 1, last - first - 1), start.substr(last + 1)};
  if (!is_token(line.method)) return wrong_request("the method is none", "METHOD TARGET HTTP/1.1");
  if (line.target.empty() ||
      std::any_of(line.target.begin(), line.target.end(), [](char c) { return c <= ' ' || c > '~'; }))
    return wrong_request("the target holds what a URL cannot", "percent-encode blanks and letters beyond ASCII");
  if (line.version != "HTTP/1.1" && line.version != "HTTP/1.0")
    return Error{505, "version_not_supported", "the proxy speaks HTTP/1.1 and HTTP/1.0", "send plain HTTP/1.1"};
  return line;
}

// Takes http://AUTHORITY off the target.
Result<std::string_view> take_authority(std::string_view& target) {
  constexpr const char* hint = "send http://HOST/PATH, or CONNECT HOST:443 for https";
  const auto scheme = target.substr(0, target.find("://"));
  if (scheme.size() == target.size()) return wrong_request("this is a proxy, and the target names no host", hint);
  if (!equal_fold(scheme, "http")) return wrong_request("the proxy passes on http:// and CONNECT, nothing else", hint);
  target.remove_prefix(scheme.size() + 3);
  const auto authority = target.substr(0, target.find_first_of("/?#"));
  if (authority.find('@') != authority.npos)
    return wrong_request("the target holds a user's name", "send Authorization instead");
  target.remove_prefix(authority.size());
  if (target.find('#') != target.npos) return wrong_request("the target holds a fragment", "leave out what follows #");
  return authority;
}

// A Host that names another host than the target is somebody's trick on somebody.
std::optional<Error> check_host(const Head& head, const Request& request) {
  if (head.count("Host") > 1) return wrong_request("there are two Host fields", "send one");
  if (head.count("Host") == 0) return std::nullopt;
  const auto host = parse_authority(head.value("Host"));
  const std::uint16_t port = host && host->port ? *host->port : request.tunnel ? request.port : 80;
  if (host && host->host == request.to.host && port == request.port) return std::nullopt;
  return wrong_request("the Host field and the target name different hosts", "send the Host that the target names");
}

std::string head_for_server(const Line& line, std::string_view path, const Head& head, const Request& request) {
  std::string text(line.method);
  text.append(path.starts_with('/') ? " " : " /").append(path).append(" ").append(line.version).append("\r\nHost: ");
  Authority host = request.to;
  if (request.port == 80) host.port.reset();
  text.append(host.text())
      .append("\r\n")
      .append(passing_fields(head))
      .append("Via: 1.1 berth\r\nConnection: close\r\n");
  if (request.body.length) text.append("Content-Length: ").append(std::to_string(*request.body.length)).append("\r\n");
  if (request.body.chunked) text.append("Transfer-Encoding: chunked\r\n");
  return text.append("\r\n");
}

}  // namespace

Result<Request> parse_request(std::string_view bytes) {
  const auto head = parse_head(bytes);
  if (!head) return head.error();
  const auto line = parse_line(head->start);
  if (!line) return line.error();
  Request request;
  request.method = line->method;
  request.tunnel = line->method == "CONNECT";
  std::string_view target = line->target;
  const auto authority = request.tunnel ? Result<std::string_view>(target) : take_authority(target);
  if (!authority) return authority.error();
  auto to = parse_authority(*authority);
  if (!to) return to.error();
  request.to = std::move(*to);
  if (request.tunnel && !request.to.port)
    return wrong_request("CONNECT wants HOST:PORT", "CONNECT example.org:443 HTTP/1.1");
  request.port = request.to.port.value_or(80);
  if (auto error = check_host(*head, request)) return *error;
  const auto framing = framing_of(*head);
  if (!framing) return framing.error();
  request.body = *framing;
  if (request.tunnel && (framing->chunked || framing->length.value_or(0) > 0))
    return wrong_request("CONNECT has no body", "send what is for the server after the answer");
  if (framing->chunked && line->version == "HTTP/1.0") return wrong_request("HTTP/1.0 has no chunks", "send HTTP/1.1");
  if (!request.tunnel) request.head = head_for_server(*line, target, *head, request);
  return request;
}

}  // namespace berth::service::proxy
