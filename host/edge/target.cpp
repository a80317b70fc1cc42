// Decodes, checks and re-encodes a request target, segment by segment.
#include "edge/target.hpp"

#include <algorithm>
#include <optional>

#include "service/text.hpp"

namespace berth::edge {

using service::Error;
using service::Result;

namespace {

constexpr std::string_view sessions_prefix = "/sessions/";
constexpr std::string_view turns_path = "/turns";
constexpr std::string_view token_prefix = "/token/";

Error bad_target(std::string why) {
  return {400, "bad_target", std::move(why), "GET /operations lists the paths there are"};
}

bool plain(std::string_view segment) {
  return std::all_of(segment.begin(), segment.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
           c == '~';
  });
}

bool control(unsigned char c) { return c < 0x20 || c == 0x7f; }

std::optional<Error> check_segment(std::string_view decoded) {
  if (decoded.empty()) return bad_target("the path has an empty segment");
  if (decoded == "." || decoded == "..") return bad_target("the path has a dot segment");
  if (decoded.find_first_of("/\\") != std::string_view::npos) {
    return bad_target("a path segment holds an encoded slash or a backslash");
  }
  if (std::any_of(decoded.begin(), decoded.end(), control)) return bad_target("the path holds a control character");
  if (!service::valid_utf8(decoded)) return bad_target("the path is not UTF-8");
  return std::nullopt;
}

Result<std::string> canonical_path(std::string_view raw) {
  if (raw.size() > 1 && raw.ends_with('/')) raw.remove_suffix(1);
  if (raw == "/") return std::string("/");
  std::string path;
  path.reserve(raw.size());
  while (!raw.empty()) {
    raw.remove_prefix(1);
    const std::string_view segment = raw.substr(0, raw.find('/'));
    raw.remove_prefix(segment.size());
    path += '/';
    if (!segment.empty() && plain(segment)) {
      path += segment;
      continue;
    }
    const auto decoded = service::percent_decode(segment);
    if (!decoded) return Error{400, "bad_request", "the path has a broken percent-escape", "write % as %25"};
    if (auto error = check_segment(*decoded)) return *error;
    path += service::percent_encode(*decoded);
  }
  return path;
}

// "http://host/path?query" is what proxies are sent; the authority then takes the place of Host (RFC 9112 3.2.2).
std::string_view split_absolute(std::string_view text, Target& target) {
  const auto scheme = text.find("://");
  text.remove_prefix(scheme + 3);
  const auto slash = text.find_first_of("/?");
  target.authority = text.substr(0, slash);
  if (slash == std::string_view::npos) return "/";
  return text.substr(slash);
}

// For clients that can send no header. Whoever goes on sees the path without it, and so does every log.
void split_token(Target& target) {
  if (!target.path.starts_with(token_prefix)) return;
  const auto end = target.path.find('/', token_prefix.size());
  if (end == std::string::npos) return;
  target.token = target.path.substr(token_prefix.size(), end - token_prefix.size());
  target.path.erase(0, end);
}

// The session itself and its turns are the host's to answer for; what follows any other session's name is a path in it.
void split_session(Target& target) {
  if (!target.path.starts_with(sessions_prefix)) return;
  const auto end = std::min(target.path.find('/', sessions_prefix.size()), target.path.size());
  const auto id = target.path.substr(sessions_prefix.size(), end - sessions_prefix.size());
  target.session = service::percent_decode(id).value_or(id);
  if (end == target.path.size() || target.path.substr(end) == turns_path) return;
  target.prefix = target.path.substr(0, end);
  target.path.erase(0, end);
}

}  // namespace

Result<Target> parse_target(std::string_view method, std::string_view text) {
  Target target;
  if (text == "*" && method == "OPTIONS") {
    target.asterisk = true;
    return target;
  }
  if (text.starts_with("http://") || text.starts_with("https://")) {
    text = split_absolute(text, target);
    if (target.authority.empty() || target.authority.find('@') != std::string::npos) {
      return Error{400, "bad_request", "the absolute request target has no usable host", "send the path alone"};
    }
  }
  if (text.find('#') != std::string_view::npos) return bad_target("a request target has no fragment");
  const auto question = text.find('?');
  if (question != std::string_view::npos) target.query = text.substr(question + 1);
  text = text.substr(0, question);
  if (text.empty()) text = "/";
  if (!text.starts_with('/')) {
    return Error{400, "bad_request", "the request target is not a path", "this host is no proxy: send /path"};
  }
  auto path = canonical_path(text);
  if (!path) return path.error();
  target.path = std::move(*path);
  split_token(target);
  split_session(target);
  return target;
}

std::string_view unread_target(std::string_view text) {
  text = text.substr(0, text.find('?'));
  if (const auto token = text.find(token_prefix); token != text.npos)
    return text.substr(0, token + token_prefix.size());
  const auto scheme = text.find("://");
  const auto path = scheme == text.npos ? 0 : std::min(text.find('/', scheme + 3), text.size());
  const auto first = text.substr(path, text.find('/', path + 1) - path);
  const auto number = first.find('%');  // which may be how a letter of the prefix is written
  return number == first.npos ? text : text.substr(0, path + number);
}

}  // namespace berth::edge
