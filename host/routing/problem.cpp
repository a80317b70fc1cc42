// RFC 9457 texts.
#include "routing/problem.hpp"

#include "service/text.hpp"

namespace berth::routing {

using service::json_quote;

std::string_view reason_of(int status) {
  switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 418: return "I'm a teapot";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 499: return "Client Closed Request";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default: break;
  }
  return status >= 500 ? "Server Error" : status >= 400 ? "Client Error" : "OK";
}

std::string problem_json(const service::Error& error, std::string_view instance) {
  std::string out = "{\"type\":" + json_quote("urn:berth:problem:" + error.code) +
                    ",\"title\":" + json_quote(reason_of(error.status)) +
                    ",\"status\":" + std::to_string(error.status) + ",\"detail\":" + json_quote(error.message) +
                    ",\"instance\":" + json_quote(instance) + ",\"code\":" + json_quote(error.code);
  if (!error.hint.empty()) out += ",\"hint\":" + json_quote(error.hint);
  if (error.retry_after) out += ",\"retry_after\":" + std::to_string(error.retry_after->count());
  if (!error.misfits.empty()) {
    out += ",\"errors\":[";
    for (const auto& misfit : error.misfits) {
      if (out.back() != '[') out += ',';
      out += "{\"pointer\":" + json_quote(misfit.pointer) + ",\"expected\":" + json_quote(misfit.expected) +
             ",\"got\":" + json_quote(misfit.got) + "}";
    }
    out += ']';
  }
  return out + "}";
}

}  // namespace berth::routing
